"""The jobs of the scripted Influencer Studio: when they end, and what they say until then."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.upstreams.common import Script

MEDIA = {"image": "image", "video": "video", "audio": "audio", "model3d": "model"}


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Item:
    id: str
    type: str
    made_at: float
    failed: bool = False
    word: str = ""
    """A status of the test's own, in place of the usual one."""


@dataclass
class Job:
    """ends_at: when it is finished by itself, None until a test says so. word: a status of the test's own."""

    id: str
    path: str
    items: list[Item]
    taken_at: float
    ends_at: float | None
    credits: float = 0
    webhook: str = ""
    word: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.ends_at is not None and time.time() >= self.ends_at

    def status(self) -> str:
        if self.word:
            return self.word
        if not self.over:
            return "queued" if time.time() - self.taken_at < 0.05 else "processing"
        return "failed" if all(it.failed for it in self.items) else "completed"

    def body(self, script: Script) -> dict[str, Any]:
        """As `GET /generations/{id}/status` answers: the job's status in lower case, the items' in upper case."""
        items = [self._item(it, script) for it in self.items]
        return {
            "generation_id": self.id,
            "status": self.status(),
            "result_urls": [it["url"] for it in items if it["url"]],
            "credits_used": self.credits,
            "total_items": len(items),
            "completed_items": sum(it["status"] == "COMPLETED" for it in items),
            "failed_items": sum(it["status"] == "FAILED" for it in items),
            "items": items,
        }

    def _item(self, item: Item, script: Script) -> dict[str, Any]:
        done = self.over and not item.failed
        usual = ("FAILED" if item.failed else "COMPLETED") if self.over else "PROCESSING"
        return {
            "id": item.id,
            "type": item.type,
            "status": item.word or usual,
            "url": script.media(MEDIA[item.type], item.id) if done else None,
            "created_at": iso(item.made_at),
            "updated_at": iso(time.time()),
        }

    def ring(self, script: Script) -> None:
        """Posts the status to the webhook, from a thread: payload, method and signature are documented nowhere."""
        body = json.dumps(self.body(script)).encode()

        def post() -> None:
            headers = {"content-type": "application/json"}
            with suppress(OSError):
                urllib.request.urlopen(urllib.request.Request(self.webhook, body, headers), timeout=5).close()

        threading.Thread(target=post, daemon=True).start()
