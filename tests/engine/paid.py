"""Paid work without a wire: a connection, an offer with a price, briefs that hold it."""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from studio.engine import secrets
from studio.engine.briefs import submit_brief
from studio.engine.offers import TeamOffer
from studio.engine.reach import Actor
from studio.models import Connection, Generation, Workspace
from studio.providers.base import Offer
from studio.tools import get_tool


def connect(workspace: Workspace, provider: str = "videotok", **fields: Any) -> Connection:
    values = {"key": secrets.conceal("test-key-1234"), "last4": "1234", **fields}
    return Connection.objects.create(team_id=workspace.team_id, provider=provider, **values)


WIRES: dict[str, dict[str, str]] = {
    "videotok": {"type": "ai_model", "model_slug": "test", "variant_id": "image"},
    "videogen": {"path": "/v1/tools/generate-image"},
}


def offer_at(price: str | None, provider: str = "videotok", **fields: Any) -> Offer:
    """An image at a price, in credits for each request."""
    values: dict[str, Any] = {
        "key": f"{provider}:image:test",
        "tool": "image",
        "title": "Test model",
        "unit": "credits",
        "typical_seconds": 10,
        "source": "tests",
        "wire": WIRES[provider],
        "seen_on": date(2026, 11, 21),
        "price": None if price is None else Decimal(price),
    }
    return Offer(provider=provider, **values | fields)


def pay(
    actor: Actor, workspace: Workspace, offer: TeamOffer, *, admin_ok: bool = False, **inputs: Any
) -> list[Generation]:
    tool = get_tool(offer.offer.tool)
    assert tool
    model = tool.Inputs.model_validate({"prompt": "A quiet harbour", **inputs})
    brief = submit_brief(actor, workspace, tool, model, uuid.uuid4().hex, offer=offer, admin_ok=admin_ok).brief
    return list(brief.generations.order_by("position"))
