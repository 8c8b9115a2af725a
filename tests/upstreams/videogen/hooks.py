"""Webhook endpoints and deliveries, signed as Standard Webhooks says."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from typing import Any

from tests.upstreams.common import Answer, Recorded

from .files import Files
from .jobs import paged


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mac = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(mac).decode()}"


class Hooks(Files):
    """insecure_hooks: lets a test register an http address of this machine."""

    endpoints: dict[str, dict[str, Any]]
    insecure_hooks: bool

    def list_hooks(self, request: Recorded) -> Answer:
        shown = [
            {name: value for name, value in known.items() if name != "signingSecret"}
            for known in self.endpoints.values()
        ]
        return Answer(paged(shown, request, "endpoints"))

    def create_hook(self, request: Recorded) -> Answer:
        body = self.read_json(request) or {}
        url, events = body.get("url"), body.get("events")
        if not isinstance(url, str) or not (url.startswith("https://") or self.insecure_hooks):
            return self.refuse(400, "url must be an HTTPS address.", "invalid_request")
        if not isinstance(events, list) or not events:
            return self.refuse(400, "events needs at least one event.", "invalid_request")
        if set(body) - {"url", "events", "description"}:
            return self.refuse(400, "Unrecognized key.", "invalid_request")
        endpoint_id = self.script.new_id("ep_", 6)
        secret = "whsec_" + base64.b64encode(hashlib.sha256(endpoint_id.encode()).digest()[:24]).decode()
        self.endpoints[endpoint_id] = {
            "endpointId": endpoint_id,
            "url": url,
            "events": events,
            "description": body.get("description"),
            "createdAt": int(time.time()),
            "signingSecret": secret,
            "signingSecretLast4": secret[-4:],
        }
        return Answer(self.endpoints[endpoint_id], 201)

    def delete_hook(self, request: Recorded, endpoint: str) -> Answer:
        if self.endpoints.pop(endpoint, None) is None:
            return self.refuse(404, "Webhook endpoint not found.", "not_found")
        return Answer(b"", 204)

    def delivery(
        self, job: str, endpoint: str = "", *, forged: bool = False, age_seconds: float = 0, message_id: str = ""
    ) -> tuple[dict[str, str], bytes]:
        """Headers and body of the event about an ended job. forged: signed with another secret."""
        known = self.jobs[job]
        body: dict[str, Any] = {
            "event": f"tool_execution.{known.status}",
            "toolExecutionId": job,
            "toolType": known.tool_type,
            "occurredAt": int(time.time()),
        }
        if known.status == "succeeded":
            body["results"] = [self.result_of(known, file_id, hydrated=True) for file_id in known.results]
        if known.status == "failed":
            body["error"] = known.error
        raw = json.dumps(body).encode()
        endpoint_id = endpoint or next(iter(self.endpoints))
        secret = "whsec_Zm9yZ2VkLWZvcmdlZC1mb3JnZWQh" if forged else self.endpoints[endpoint_id]["signingSecret"]
        message, timestamp = message_id or f"msg_{job}", int(time.time() - age_seconds)
        headers = {
            "content-type": "application/json",
            "webhook-id": message,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(secret, message, timestamp, raw),
        }
        return headers, raw

    def ring(self, job: str, copies: int = 1, forged: bool = False) -> list[int]:
        """Delivers it to every endpoint that asked for it, as often as told; the statuses that came back."""
        answers = []
        for endpoint_id, endpoint in list(self.endpoints.items()):
            if f"tool_execution.{self.jobs[job].status}" not in endpoint["events"]:
                continue
            headers, body = self.delivery(job, endpoint_id, forged=forged)
            for _ in range(copies):
                asked = urllib.request.Request(endpoint["url"], body, headers)
                try:
                    with urllib.request.urlopen(asked, timeout=10) as answer:
                        answers.append(int(answer.status))
                except urllib.error.HTTPError as refusal:
                    answers.append(refusal.code)
        return answers
