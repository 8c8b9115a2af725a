"""A real S3 server in a process of its own, on a free port: moto's, behind a gate that checks every signature as S3 does.

`python -m tests.media.s3_server` prints its port. The gate is written from the description of "Signature Version 4", not with the library
that signs our requests.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, quote

ACCESS_KEY, SECRET_KEY = "AKIATESTKEY", "a secret that only tests know"
REGION = "eu-central-1"

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]

_HEADER = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})")


class Gate:
    """Lets through what is signed with the one key; everything else gets S3's own refusals."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        code = refusal(environ)
        if not code:
            return self.app(environ, start)
        body = f'<?xml version="1.0"?><Error><Code>{code}</Code><Message>Refused</Message></Error>'.encode()
        start("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def refusal(environ: Environ) -> str:
    """S3's code for what is wrong with a request's signature, or ""."""
    query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
    header = _HEADER.fullmatch(environ.get("HTTP_AUTHORIZATION", ""))
    if header:
        credential, names, signature = header.groups()
        moment, payload = environ["HTTP_X_AMZ_DATE"], environ["HTTP_X_AMZ_CONTENT_SHA256"]
        lasts = timedelta(minutes=15)
    elif "X-Amz-Signature" in query:
        credential, names = query["X-Amz-Credential"], query["X-Amz-SignedHeaders"]
        signature, moment, payload = query.pop("X-Amz-Signature"), query["X-Amz-Date"], "UNSIGNED-PAYLOAD"
        lasts = timedelta(seconds=int(query["X-Amz-Expires"]))
        if lasts > timedelta(days=7):
            return "AuthorizationQueryParametersError"
    else:
        return "AccessDenied"
    key, day, region, service, _ = credential.split("/")
    if key != ACCESS_KEY:
        return "InvalidAccessKeyId"
    canonical = "\n".join(
        (
            environ["REQUEST_METHOD"],
            environ["RAW_URI"].partition("?")[0],
            "&".join(f"{quote(name, '-_.~')}={quote(value, '-_.~')}" for name, value in sorted(query.items())),
            *(f"{name}:{_header(environ, name)}" for name in names.split(";")),
            "",
            names,
            payload,
        )
    )
    scope = f"{day}/{region}/{service}/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    if not hmac.compare_digest(_signature(text, day, region, service), signature):
        return "SignatureDoesNotMatch"
    begun = datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return "" if begun - timedelta(minutes=15) < datetime.now(UTC) < begun + lasts else "AccessDenied"


def _header(environ: Environ, name: str) -> str:
    known = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
    return " ".join(str(environ[known.get(name, f"HTTP_{name.upper().replace('-', '_')}")]).split())


def _signature(text: str, *scope: str) -> str:
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (*scope, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


@contextmanager
def running() -> Iterator[str]:
    """The address of a server that is there as long as the block."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.media.s3_server"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    with process, process.stdout as said:
        try:
            yield f"http://127.0.0.1:{int(said.readline())}"
        finally:
            process.terminate()
            process.wait(10)


def main() -> None:
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    app = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, Gate(app), threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
