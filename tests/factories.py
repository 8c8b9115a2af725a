"""Rows as the engine leaves them: outputs in every state, their assets as real small files in storage."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image

from studio.models import (
    Asset,
    Brand,
    Brief,
    Connection,
    Generation,
    Kind,
    Output,
    OutputState,
    Reference,
    ReferenceMedia,
    RenderJob,
    RenderState,
    State,
    Team,
    User,
    Workspace,
    uuid7,
)
from studio.tools.fields import RATIOS

SETTLES = {
    State.COMPLETED: OutputState.READY,
    State.FAILED: OutputState.FAILED,
    State.CANCELED: OutputState.CANCELED,
}


@cache
def picture(width: int = 64, height: int = 80, colour: str = "#c98d5a") -> bytes:
    """A small PNG."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def make_asset(workspace: Workspace, data: bytes | None = None, name: str = "ad.png", **fields: Any) -> Asset:
    """A stored picture; its previews are the same pixels as WebP."""
    data = data or picture()
    image = Image.open(io.BytesIO(data))
    asset = Asset(
        team_id=workspace.team_id,
        workspace=workspace,
        kind=Kind.IMAGE,
        original_name=name,
        media_type="image/png" if image.format == "PNG" else "image/jpeg",
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        width=image.width,
        height=image.height,
        dominant_colour="#c98d5a",
        analysed_at=timezone.now(),
    )
    for key, value in fields.items():
        setattr(asset, key, value)
    asset.file.save(name, ContentFile(data), save=False)
    folder = Path(str(asset.file.name)).parent
    for field, longest in (("preview_small", 480), ("preview_large", 1600)):
        small = image.convert("RGB")
        small.thumbnail((longest, longest))
        buffer = io.BytesIO()
        small.save(buffer, "WEBP")
        setattr(asset, field, default_storage.save(str(folder / f"{field}.webp"), ContentFile(buffer.getvalue())))
    asset.save()
    return asset


def make_reference(workspace: Workspace, asset: Asset | None = None, **fields: Any) -> Reference:
    """A saved inspiration of one picture, already looked at."""
    values: dict[str, Any] = {"label": "Calm light", "look": {"version": 0}}
    reference = Reference.objects.create(team_id=workspace.team_id, workspace=workspace, **(values | fields))
    reference.search_text = reference.label.lower()
    reference.save(update_fields=("search_text",))
    ReferenceMedia.objects.create(reference=reference, asset=asset or make_asset(workspace))
    return reference


def make_generation(
    workspace: Workspace, by: User | None = None, state: State = State.COMPLETED, **fields: Any
) -> Generation:
    """A generation of a brief of its own, unless `brief` is given."""
    inputs = {
        "template": "split",
        "prompt": "A serum for calm skin",
        "headline": "Calm skin, in 14 days",
        "aspect_ratio": ["4:5"],
    }
    inputs |= fields.pop("inputs", {})
    brief = fields.pop("brief", None) or Brief.objects.create(
        team_id=workspace.team_id,
        workspace=workspace,
        tool="static-ad",
        inputs=inputs,
        nonce=uuid7().hex,
        created_by=by,
    )
    began = timezone.now() - timedelta(seconds=4)
    defaults: dict[str, Any] = {
        "tool": "static-ad",
        "provider": "local",
        "offer_key": "local/static-ad",
        "typical_seconds": 3.0,
        "estimate": Decimal(0),
        "cost_unit": "free",
        "started_at": None if state in (State.QUEUED, State.PREPARING) else began,
        "ended_at": timezone.now() if state in SETTLES else None,
    }
    return Generation.objects.create(
        team_id=workspace.team_id,
        workspace=workspace,
        brief=brief,
        inputs=inputs,
        state=state,
        **(defaults | fields),
    )


def make_output(
    workspace: Workspace,
    by: User | None = None,
    *,
    state: State = State.COMPLETED,
    asset: Asset | None = None,
    brand: Brand | None = None,
    title: str = "Calm skin, in 14 days",
    ratio: str = "4:5",
    made_at: datetime | None = None,
    generation: Generation | None = None,
    **fields: Any,
) -> Output:
    """One output as its generation's state has it: ready with a file, waiting, failed or canceled. made_at: for older days."""
    generation = generation or make_generation(workspace, by, state)
    settled = SETTLES.get(state, OutputState.WAITING)
    if settled == OutputState.READY and asset is None:
        asset = make_asset(workspace)
    width, height = RATIOS[ratio]
    values: dict[str, Any] = {
        "kind": Kind.IMAGE,
        "tool": "static-ad",
        "search_text": f"{title} {brand.name if brand else ''}".lower(),
        "ready_at": timezone.now() if settled == OutputState.READY else None,
        "failure_reason": "The product picture could not be read." if settled == OutputState.FAILED else "",
    }
    output = Output.objects.create(
        id=fields.pop("id", None) or (id_at(made_at) if made_at else uuid7()),
        team_id=workspace.team_id,
        workspace=workspace,
        generation=generation,
        brand=brand,
        title=title,
        ratio=width / height,
        ratio_label=ratio,
        state=settled,
        asset=asset if settled == OutputState.READY else None,
        created_by=by,
        **(values | fields),
    )
    if made_at:
        Output.objects.filter(pk=output.pk).update(created_at=made_at)
        output.created_at = made_at
    return output


def make_lost(workspace: Workspace, connection: Connection, by: User | None = None, **fields: Any) -> Output:
    """The tile of a generation of which nobody knows whether the service took it."""
    now = timezone.now()
    values: dict[str, Any] = {
        "provider": connection.provider,
        "connection": connection,
        "offer_key": f"{connection.provider}:static-ad:test",
        "request": b"POST /v1/tools/generate-image\n{}",
        "first_sent_at": now,
        "uncertain_since": now,
        "next_poll_at": now + timedelta(minutes=1),
        "failure_reason": "The connection broke before it answered.",
        "estimate": Decimal(12),
        "cost_unit": "credits",
    }
    title = fields.pop("title", f"Lost in {workspace}")
    generation = make_generation(workspace, by, State.UNCERTAIN, **(values | fields))
    return make_output(workspace, by, state=State.UNCERTAIN, generation=generation, title=title)


def make_outputs(
    workspace: Workspace,
    count: int,
    by: User | None = None,
    *,
    fields_of: Callable[[int], dict[str, Any]] = lambda index: {},
    end: datetime | None = None,
    minutes_apart: float = 20,
) -> list[Output]:
    """Many finished outputs in a few statements, all of one picture: for lists, benchmarks and query counts. Newest last."""
    asset = make_asset(workspace)
    generation = make_generation(workspace, by)
    end = end or timezone.now()
    made = []
    for index in range(count):
        made_at = end - timedelta(minutes=minutes_apart * (count - index))
        values: dict[str, Any] = {
            "id": id_at(made_at),
            "kind": Kind.IMAGE,
            "tool": "static-ad",
            "title": f"Output {index}",
            "search_text": f"output {index} calm skin",
            "ratio": 0.8,
            "ratio_label": "4:5",
            "state": OutputState.READY,
            "asset": asset,
            "created_by": by,
            "created_at": made_at,
            "ready_at": made_at,
        }
        values |= fields_of(index)
        made.append(
            Output(team_id=workspace.team_id, workspace=workspace, generation=generation, position=index + 1, **values)
        )
    times = {output.pk: output.created_at for output in made}
    Output.objects.bulk_create(made, batch_size=500)
    for output in made:
        output.created_at = times[output.pk]
    Output.objects.bulk_update(made, ["created_at"], batch_size=500)
    return made


def make_brand(team: Team, name: str = "Halden", **fields: Any) -> Brand:
    return Brand.objects.create(team=team, name=name, **fields)


def queue_render(generation: Generation, state: RenderState = RenderState.WAITING) -> RenderJob:
    """The local renderer's job of a generation, so that its tile has a place in line."""
    return RenderJob.objects.create(generation=generation, job={}, state=state)


def id_at(when: datetime) -> UUID:
    """An id that sorts as if it had been made at that time."""
    milliseconds = int(when.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (uuid7().int & ((1 << 80) - 1)))
