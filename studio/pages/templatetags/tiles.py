"""`{% tile output as t %}`: an output as its tile shows it, whatever state it is in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID, uuid4

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from studio.media.downloads import suffix_of
from studio.media.sniff import SVG
from studio.models import Asset, Generation, Kind, Output, OutputState, RenderJob, RenderState, State, Verdict
from studio.pages.costs import charged, may_be_charged, share
from studio.providers import get_provider
from studio.tools import get_tool

register = template.Library()


class Drawn(Protocol):
    """An asset, or whatever else has a waveform: loudness from 0 to 100."""

    peaks: list[int]


LONGEST_LINE = 20
"""How far into the line of waiting jobs anybody is told their place."""

_PLACES = ("Next", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


@dataclass(frozen=True, slots=True)
class Tile:
    """look: the state as the CSS knows it. since: when the clock started. blur: the picture that the running tile hides behind.
    frames: first pictures of a video that is still being made.
    where: the query that tells the server where this tile stands, so that every answer brings the same tile again.
    """

    look: str
    word: str
    sentence: str = ""
    charge: str = ""
    since: datetime | None = None
    typical_seconds: float | None = None
    progress: float = 0
    blur: str = ""
    frames: tuple[str, ...] = ()
    can_cancel: bool = False
    where: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it will still change by itself."""
        return self.look not in ("ready", "failed", "canceled")

    @property
    def nonce(self) -> str:
        """For "run again": a double click sends the same one and makes one brief."""
        return uuid4().hex

    @property
    def typical_clock(self) -> str:
        seconds = round(self.typical_seconds or 0)
        return f"{seconds // 60}:{seconds % 60:02d}" if seconds else ""


@register.simple_tag(takes_context=True)
def tile(context: template.Context, output: Output) -> Tile:
    """Needs `output.generation`. The line of waiting jobs is read once for a page, and only if something on it is waiting."""
    return replace(_tile(context, output), where=_where(context, output))


def _where(context: template.Context, output: Output) -> str:
    filters = context.get("filters")
    if filters:
        return f"?on=wall&{filters.query}"
    return "?on=trash" if output.deleted_at else ""


def _tile(context: template.Context, output: Output) -> Tile:
    generation = output.generation
    if output.state == OutputState.READY:
        return Tile("ready", "Ready", charge=share(generation))
    if output.state == OutputState.CANCELED:
        return Tile("canceled", "Canceled", "Stopped before it was made.", charged(generation))
    if output.state == OutputState.FAILED:
        reason = output.failure_reason or generation.failure_reason or "This one did not come."
        # Where others of the same request came, its charge is theirs; the sentence says what is known of this one.
        others_came = generation.state == State.COMPLETED
        return Tile("failed", "Failed", reason, "" if others_came else charged(generation))
    if generation.state == State.UNCERTAIN:
        said = (generation.failure_reason or "No answer came after it was sent.", generation.step)
        return Tile("uncertain", State.UNCERTAIN.label, " ".join(filter(None, said)), may_be_charged(generation))
    return _under_way(generation, waiting_line(context.get("request")))


def _under_way(generation: Generation, line: list[UUID]) -> Tile:
    canceling = generation.cancel_requested_at is not None
    if generation.pk in line or generation.state == State.QUEUED:
        if canceling:
            return Tile("queued", "Canceling")
        return Tile("queued", "Queued", _place(generation, line), can_cancel=True)
    collecting = generation.state in (State.COLLECTING, State.COMPLETED)
    look = "collecting" if collecting else generation.state
    word = "Canceling" if canceling else _word(generation, look)
    return Tile(
        look,
        word,
        get_provider(generation.provider).made(generation.tool),
        since=generation.started_at or generation.first_sent_at or generation.created_at,
        typical_seconds=generation.typical_seconds,
        progress=generation.progress,
        blur=_source_picture(generation),
        frames=tuple(reverse("media", args=[UUID(pk), "small"]) for pk in generation.frame_assets),
        can_cancel=not canceling and not collecting,
    )


def _word(generation: Generation, look: str) -> str:
    if look == "collecting":
        return State.COLLECTING.label
    doing = get_provider(generation.provider).doing(generation.tool) if look == "running" else ""
    return doing or str(State(generation.state).label)


def waiting_line(request: HttpRequest | None) -> list[UUID]:
    """The generations whose local render nobody has begun, oldest first, as far as places are told. One small query a request."""
    known: list[UUID] | None = getattr(request, "waiting_line", None)
    if known is None:
        waiting = RenderJob.objects.filter(due_at__lte=timezone.now(), state=RenderState.WAITING).order_by("due_at")
        known = list(waiting.values_list("pk", flat=True)[:LONGEST_LINE])
        if request is not None:
            request.waiting_line = known  # type: ignore[attr-defined]
    return known


def _place(generation: Generation, line: list[UUID]) -> str:
    if generation.pk not in line:
        return "Starts in a moment." if len(line) < LONGEST_LINE else f"More than {LONGEST_LINE} are ahead of it."
    at = line.index(generation.pk)
    place = f"{_PLACES[at]} in line." if at < len(_PLACES) else f"Number {at + 1} in line."
    seconds = round((at + 1) * (generation.typical_seconds or 0))
    return f"{place} Starts in about {seconds} s." if at and seconds else place


def _source_picture(generation: Generation) -> str:
    """The first picture that it was given, if it is one of ours: whoever may not see it gets no picture."""
    for reference in generation.inputs.get("images") or ():
        try:
            return reverse("media", args=[UUID(str(reference)), "small"])
        except ValueError:
            continue
    return ""


@register.simple_tag
def wave(asset: Drawn | None, bars: int = 72) -> SafeString:
    """The waveform of a sound as bars, once in grey and once, clipped to what was played, in the accent."""
    peaks = (asset.peaks if asset else None) or [8]
    heights = [
        max(6, min(100, int(max(peaks[_cut(i, bars, peaks) : _cut(i + 1, bars, peaks) + 1])))) for i in range(bars)
    ]
    path = "".join(f"M{4 * i + 2} {50 - h / 2:g}v{h}" for i, h in enumerate(heights))
    drawn = f'<path d="{path}"/>'
    return mark_safe(  # noqa: S308  (numbers only)
        f'<svg class="wave" viewBox="0 0 {4 * bars} 100" preserveAspectRatio="none" aria-hidden="true">{drawn}'
        f'<g class="played">{drawn}</g></svg>'
    )


def _cut(at: int, bars: int, peaks: list[int]) -> int:
    return min(len(peaks) - 1, at * len(peaks) // bars)


@register.filter
def clock(seconds: float | None) -> str:
    """`clock(83.2) == "1:23"`; empty where it is not known."""
    whole = round(seconds or 0)
    return f"{whole // 60}:{whole % 60:02d}" if whole else ""


@register.filter
def solid_facts(asset: Asset | None) -> str:
    """A 3D model in a few words: "3D model, 30,000 triangles"."""
    count = asset.solid.get("triangles") if asset else None
    if not isinstance(count, int) or not count:
        return "3D model"
    return f"3D model, {count:,} triangle{'' if count == 1 else 's'}"


@register.filter
def is_picture(asset: Asset | None) -> bool:
    """Whether there is something to show in an `<img>`: a picture (of a drawing only its preview), or the poster of a clip."""
    return asset is not None and (bool(asset.preview_small) or (asset.kind == Kind.IMAGE and asset.media_type != SVG))


@register.filter
def is_drawing(asset: Asset | None) -> bool:
    """An SVG leaves the server only as a download: its raster preview is what one looks at."""
    return asset is not None and asset.media_type == SVG


@register.filter
def suffix(asset: Asset) -> str:
    """`suffix(clip) == "MP4"`."""
    return suffix_of(asset)[1:].upper()


@register.filter
def is_bare(asset: Asset | None) -> bool:
    """Whether its preview or waveform is still to come."""
    if asset is None:
        return False
    return (
        not asset.peaks
        if asset.kind == Kind.AUDIO
        else asset.kind in (Kind.IMAGE, Kind.VIDEO) and not asset.preview_small
    )


_KIND_ICONS = {
    "audio": "audio-lines",
    "voice": "mic",
    "text": "text",
    "model": "box",
    "video": "film",
    "influencer": "user-round",
}


@register.filter
def kind_icon(kind: str) -> str:
    return _KIND_ICONS.get(kind, "file")


@register.filter
def tool_icon(slug: str) -> str:
    tool = get_tool(slug)
    return tool.icon if tool else "image"


@register.filter
def tool_title(slug: str) -> str:
    tool = get_tool(slug)
    return tool.title if tool else slug.replace("-", " ").capitalize()


@register.filter
def spoken_verdict(verdict: str) -> str:
    return str(Verdict(verdict).label)
