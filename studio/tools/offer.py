"""A provider's way to run a tool, as data: what it takes, its limits, its price. Shipped in `offers.toml`, overlaid by each connection's catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal

Per = Literal["request", "result", "second"]
Address = Literal["none", "url", "upload", "inline"]
Lane = Literal["engine", "long"]


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to run a tool.

    key: `<provider>:<tool>:<name>`, stable, for ever. price: in `unit` for each request, result or second (`per`), None where unknown (never 0).
    takes: the tool's inputs that it can use; the form shows no other and one that was filled in all the same is refused, never dropped.
        Empty means all of them.
    limits: by input, what the form offers and the check enforces:
        {"count": {"max": 4}, "images": {"min": 2, "max": 2}, "duration": {"choices": [4, 6, 8]}, "prompt": {"required": true, "max_length": 600},
         "video": {"max_seconds": 15}, "quality": {"choices": […], "default": "high"}}.
    one_of: groups of inputs of which at least one must be filled. not_together: groups of which at most one may be.
    each rule may carry the page's sentence under `said` for the person: {"fields": [...], "said": "..."}.
    address: how it gets our files: "url" (a public address), "upload" (prepared before), "inline" (in the request), "none" (needs none).
    lane: "long" where the submit itself answers after minutes. wire: what the dialect needs and nobody else reads (model, variant, template).
    eras: connection eras in which it exists; empty means all.
    """

    key: str
    provider: str
    tool: str
    title: str
    price: Decimal | None
    unit: str
    typical_seconds: float
    source: str
    seen_on: date
    limits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    summary: str = ""
    per: Per = "request"
    takes: tuple[str, ...] = ()
    one_of: tuple[Mapping[str, Any], ...] = ()
    not_together: tuple[Mapping[str, Any], ...] = ()
    address: Address = "none"
    lane: Lane = "engine"
    wire: Mapping[str, Any] = field(default_factory=dict)
    eras: tuple[str, ...] = ()

    def snapshot(self) -> dict[str, Any]:
        """What a generation keeps of the offer that it was made with, as JSON; `from_snapshot` reads it back."""
        return {
            "key": self.key,
            "provider": self.provider,
            "tool": self.tool,
            "title": self.title,
            "summary": self.summary,
            "price": None if self.price is None else str(self.price),
            "per": self.per,
            "unit": self.unit,
            "typical_seconds": self.typical_seconds,
            "source": self.source,
            "seen_on": self.seen_on.isoformat(),
            "limits": {name: dict(limit) for name, limit in self.limits.items()},
            "takes": list(self.takes),
            "one_of": [dict(rule) for rule in self.one_of],
            "not_together": [dict(rule) for rule in self.not_together],
            "address": self.address,
            "lane": self.lane,
            "wire": dict(self.wire),
            "eras": list(self.eras),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any], provider: str = "") -> Offer:
        """A row of `offers.toml`, a catalogue row or a snapshot. Raises KeyError or ValueError where it is none."""
        price, seen_on = data.get("price"), data["seen_on"]
        return cls(
            key=data["key"],
            provider=data.get("provider") or provider,
            tool=data["tool"],
            title=data["title"],
            price=None if price is None else Decimal(price),
            unit=data["unit"],
            typical_seconds=float(data["typical_seconds"]),
            source=data["source"],
            seen_on=seen_on if isinstance(seen_on, date) else date.fromisoformat(seen_on),
            limits=data.get("limits", {}),
            summary=data.get("summary", ""),
            per=data.get("per", "request"),
            takes=tuple(data.get("takes", ())),
            one_of=tuple(data.get("one_of", ())),
            not_together=tuple(data.get("not_together", ())),
            address=data.get("address", "none"),
            lane=data.get("lane", "engine"),
            wire=data.get("wire", {}),
            eras=tuple(data.get("eras", ())),
        )

    def takes_input(self, name: str) -> bool:
        return not self.takes or name in self.takes
