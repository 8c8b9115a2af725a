"""Files in a bucket that speaks S3. Loaded only where S3_BUCKET names one.

A storage class of our own over boto3's client, because Django runs every request in a thread of its own: a client is made once and shared
by all threads, a boto3 resource (which ready-made storages use) would be made anew for each. What goes wrong is a FileNotFoundError for
a file that is not there, and StorageAway for everything else.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from time import monotonic
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.core.files.storage import Storage
from urllib3.exceptions import HTTPError

from config.storage import StorageAway, StorageRefuses
from studio.media.storing import SUFFIXES

LINKS_LAST_SECONDS = 7 * 24 * 3600
"""The longest that a signature of today's kind may hold."""
_AWAY = "The storage for files does not answer. Nothing is lost: try again in a minute."
_NO_BUCKET = "The storage for files has no bucket of the name in S3_BUCKET. Whoever runs this server has to correct it; nothing is lost."
_NO_ENTRY = (
    "The storage for files refuses this server's key. Whoever runs this server has to correct S3_ACCESS_KEY, S3_SECRET_KEY or what the"
    " key may do; nothing is lost."
)
_KEY_CODES = frozenset(
    {
        "403",
        "AccessDenied",
        "ExpiredToken",
        "InvalidAccessKeyId",
        "InvalidToken",
        "SignatureDoesNotMatch",
        "TokenRefreshRequired",
    }
)
_GONE_CODES = frozenset({"404", "NoSuchKey", "NotFound"})

_making = threading.Lock()


@cache
def _session() -> Any:
    """It holds the description of S3, a megabyte that is read once. Only to be used by one thread at a time."""
    return boto3.session.Session()


@contextmanager
def speaking(name: str = "") -> Iterator[None]:
    """Says what boto3's errors mean. `name`: the file that it is about."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if code in _GONE_CODES:
            raise FileNotFoundError(f"{name} is not in storage.") from error
        raise _meaning(code) from error
    except (BotoCoreError, HTTPError) as error:  # No connection, time-outs, bodies that break off.
        raise StorageAway(_AWAY) from error


def _meaning(code: str) -> StorageAway:
    if code == "NoSuchBucket":
        return StorageRefuses(_NO_BUCKET)
    if code in _KEY_CODES:
        return StorageRefuses(_NO_ENTRY)
    return StorageAway(
        f"The storage for files answers with an error ({code or 'without a name'}). Nothing is lost: try again in a minute."
    )


class BucketStorage(Storage):
    """Private objects under `prefix`, each written in one request: whole, or as if nothing had been sent.

    addressing: auto, path or virtual. gives_links: whether strangers can be sent to the endpoint with a signed link. Without keys the
    machine's own role is used; links would then end with its passing key, so there are none.
    """

    replaces_at_once = True
    """A second write of a name needs no deletion before it."""

    def __init__(
        self,
        *,
        bucket: str,
        endpoint: str = "",
        public_endpoint: str = "",
        region: str = "us-east-1",
        access_key: str = "",
        secret_key: str = "",
        prefix: str = "",
        addressing: str = "auto",
        gives_links: bool = False,
    ) -> None:
        self.bucket, self.prefix, self.gives_links = bucket, f"{prefix}/" if prefix else "", gives_links
        self._endpoint, self._public_endpoint = endpoint, public_endpoint or endpoint
        self._region, self._addressing = region, addressing
        self._keys = {"aws_access_key_id": access_key or None, "aws_secret_access_key": secret_key or None}
        self._seen_at = -_SURE_SECONDS
        self._clients: dict[tuple[int, str], Any] = {}

    @property
    def client(self) -> Any:
        return self._client(self._endpoint)

    def _client(self, endpoint: str) -> Any:
        """One for all threads of a process; a forked one makes its own, because connections are not to be shared."""
        here = os.getpid(), endpoint
        with _making:
            if here not in self._clients:
                self._clients[here] = _session().client(
                    "s3", endpoint_url=endpoint or None, region_name=self._region, config=self._config(), **self._keys
                )
            return self._clients[here]

    def _config(self) -> Config:
        return Config(
            signature_version="s3v4",
            s3={"addressing_style": self._addressing},
            connect_timeout=3,
            read_timeout=20,
            retries={"mode": "standard", "total_max_attempts": 2},
            max_pool_connections=32,
            # Every body is signed by its SHA-256; the newer checksums are unknown to many servers that speak S3.
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )

    def _key(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket, "Key": f"{self.prefix}{name}"}

    # -- Django's interface --------------------------------------------------------------------------------------------------------

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Names follow from ids: a second write of the same name is the same file, and takes the place of the first at one stroke."""
        return name

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            raise ValueError("Files in a bucket are opened for reading; to write one, save it.")
        source = ObjectReader(self, name)
        file: File[bytes] = File(io.BufferedReader(source, _BUFFER_BYTES), name)
        file.size = source.size
        return file

    def _save(self, name: str, content: File[bytes]) -> str:
        content.seek(0)
        media_type = _TYPES.get(os.path.splitext(name)[1], "application/octet-stream")
        with speaking(name):
            self.client.put_object(**self._key(name), Body=content, ContentLength=content.size, ContentType=media_type)
        return name

    def delete(self, name: str) -> None:
        with speaking(name):
            self.client.delete_object(**self._key(name))

    def exists(self, name: str) -> bool:
        try:
            self._head(name)
        except FileNotFoundError:
            return False
        return True

    def size(self, name: str) -> int:
        return int(self._head(name)["ContentLength"])

    def get_modified_time(self, name: str) -> datetime:
        modified: datetime = self._head(name)["LastModified"]
        return modified

    def _head(self, name: str) -> dict[str, Any]:
        """Raises FileNotFoundError, after making sure that the bucket itself is there: this answer alone does not tell."""
        try:
            with speaking(name):
                head: dict[str, Any] = self.client.head_object(**self._key(name))
            return head
        except FileNotFoundError:
            if monotonic() - self._seen_at > _SURE_SECONDS:
                self.check()
            raise

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """Folders and files right below. In a bucket an empty folder is one that does not exist."""
        under = f"{self.prefix}{path}/" if path else self.prefix
        folders: list[str] = []
        files: list[str] = []
        with speaking(path):
            for page in self._pages(Prefix=under, Delimiter="/"):
                folders += [it["Prefix"].removeprefix(under).rstrip("/") for it in page.get("CommonPrefixes", ())]
                files += [it["Key"].removeprefix(under) for it in page.get("Contents", ())]
        return folders, [name for name in files if name]

    def url(self, name: str | None) -> str:
        """A link by which anybody may read this file for seven days, made without asking the storage."""
        made: str = self._client(self._public_endpoint).generate_presigned_url(
            "get_object", Params=self._key(name or ""), ExpiresIn=LINKS_LAST_SECONDS
        )
        return made

    # -- Besides -------------------------------------------------------------------------------------------------------------------

    def walk(self, path: str) -> Iterator[tuple[str, datetime]]:
        """Every file below, by name, and when it was written: a thousand for each request, where `listdir` needs one for each folder."""
        under = f"{self.prefix}{path}/"
        pages = self._pages(Prefix=under)
        while True:
            with speaking(path):
                page = next(pages, None)
            if page is None:
                return
            for it in page.get("Contents", ()):
                yield it["Key"].removeprefix(self.prefix), it["LastModified"]

    def check(self) -> None:
        """Raises StorageAway where the bucket cannot be used."""
        try:
            with speaking():
                self.client.head_bucket(Bucket=self.bucket)
        except FileNotFoundError as error:
            raise StorageRefuses(_NO_BUCKET) from error
        self._seen_at = monotonic()

    def _pages(self, **asked: str) -> Iterator[dict[str, Any]]:
        return iter(self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, **asked))


_BUFFER_BYTES = 64 * 1024
_FIRST_BYTES = 256 * 1024
_MOST_BYTES = 16 << 20
_TRIES = 3
_SURE_SECONDS = 60.0
_TYPES = {suffix: media_type for media_type, suffix in SUFFIXES.items()}


class ObjectReader(io.RawIOBase):
    """One object, read by ranges from wherever it is asked: never whole in memory, and a broken connection goes on where it broke.

    The first range is small, which is all of a preview or of a player's probe; each that follows on from it is four times as long. `size`
    is known from the start, and so is that every range is of the same object.
    """

    def __init__(self, storage: BucketStorage, name: str) -> None:
        self._storage, self._name = storage, name
        self._at, self._left, self._span = 0, 0, _FIRST_BYTES
        self._body: Any = None
        self._etag = ""
        self.size = 0
        with suppress(_Empty):  # A range of nothing is refused; a size of 0 is all there is to say.
            self._ask()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        to = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if to < 0:
            raise ValueError("There is nothing before the beginning of a file.")
        if to != self._at:
            self._drop()
            self._at, self._span = to, _FIRST_BYTES
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        if not view or self._at >= self.size:
            return 0
        for attempt in range(_TRIES):
            if self._body is None:
                self._ask()
            try:
                with speaking(self._name):
                    piece = self._body.read(min(len(view), self._left))
            except StorageAway:
                if attempt + 1 == _TRIES:
                    raise
                piece = b""
            if piece:
                return self._take(view, piece)
            self._left = 0
            self._drop()  # The connection ended before its range did: it goes on over another one.
        raise StorageAway(_AWAY)

    def _take(self, view: memoryview, piece: bytes) -> int:
        view[: len(piece)] = piece
        self._at += len(piece)
        self._left -= len(piece)
        if self._left <= 0:
            self._drop()
            self._span = min(self._span * 4, _MOST_BYTES)
        return len(piece)

    def _ask(self) -> None:
        asked = {**self._storage._key(self._name), "Range": f"bytes={self._at}-{self._at + self._span - 1}"}
        if self._etag:
            asked["IfMatch"] = self._etag
        try:
            with speaking(self._name):
                answer = self._storage.client.get_object(**asked)
        except StorageAway as error:
            if _code_of(error) == "InvalidRange" and not self._etag:
                raise _Empty from error
            raise
        self._body, self._left, self._etag = answer["Body"], int(answer["ContentLength"]), answer["ETag"]
        total = str(answer.get("ContentRange", "")).rpartition("/")[2]
        self.size = int(total) if total.isdigit() else self._left

    def _drop(self) -> None:
        """Ends the range. A short rest is read: over a connection that is whole the next range comes sooner than over a new one."""
        if self._body is None:
            return
        if self._left <= _FIRST_BYTES:
            with suppress(StorageAway), speaking():
                self._body.read()
        self._body.close()
        self._body = None

    def close(self) -> None:
        self._drop()
        super().close()


class _Empty(Exception):
    """There is no byte in this object that could be asked for."""


def _code_of(error: StorageAway) -> str:
    cause = error.__cause__
    return str(cause.response["Error"]["Code"]) if isinstance(cause, ClientError) else ""
