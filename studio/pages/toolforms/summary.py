"""What pressing the button will make: how many, in which shapes, how soon. Taken from the declaration and the offer, so it costs no query."""

from __future__ import annotations

from dataclasses import dataclass

from studio.providers import get_provider, offers_for
from studio.providers.base import Offer
from studio.tools import Inputs, Tool
from studio.tools.fields import pixels


@dataclass(frozen=True, slots=True)
class Summary:
    """count: results of all requests together. lines: (term, words) for the facts. cost, promise: what is charged, and by whom."""

    count: int
    label: str
    lines: tuple[tuple[str, str], ...]
    cost: str
    promise: str


def in_words(seconds: float) -> str:
    """`in_words(75) == "about 1 min 15 s"`."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"about {rest} s"
    return f"about {minutes} min {rest} s" if rest else f"about {minutes} min"


def summary(tool: Tool, inputs: Inputs, brand_name: str) -> Summary:
    """What the inputs ask for. `inputs` has no `auto` left."""
    requests = inputs.requests()
    expected = [result for request in requests for result in tool.expected(request)]
    shapes = list(dict.fromkeys(result.ratio_label for result in expected))
    count = len(expected)
    singular, plural = tool.noun
    offer = next(iter(offers_for(tool.slug)), None)
    resolution = getattr(inputs, "resolution", "")
    lines = [
        (f"{count} {tool.makes}{'' if count == 1 else 's'}", ", ".join(shapes)),
        ("Size", _size(shapes, resolution)),
        ("Brand", brand_name or "No brand"),
        ("Ready in", in_words(offer.typical_seconds * count) if offer else ""),
    ]
    label = f"Generate {count} {singular if count == 1 else plural}"
    return Summary(count, label, tuple(line for line in lines if line[1]), *_charge(offer))


def _charge(offer: Offer | None) -> tuple[str, str]:
    if offer is None:
        return "Unknown", "No connected service makes this yet."
    made_by = get_provider(offer.provider).made_by
    if offer.price == 0:
        return "Free", f"{made_by}. Nothing is charged."
    return (f"{offer.price} {offer.unit} each" if offer.price is not None else "Unknown"), f"{made_by}."


def _size(shapes: list[str], resolution: str) -> str:
    if not resolution or not shapes:
        return ""
    if len(shapes) > 1:
        return resolution
    width, height = pixels(shapes[0], resolution)
    return f"{width} × {height} px"
