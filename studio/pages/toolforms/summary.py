"""What pressing the button will make and cost: how many, in which shapes, how soon, for how much. Said before anything is paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from studio.engine.offers import TeamOffer
from studio.models import Membership, Workspace
from studio.pages.spend_balance import BalanceCard, balance_card
from studio.providers import get_provider
from studio.tools import Tool
from studio.tools.base import Expected
from studio.tools.fields import SHORT_SIDE_PX, pixels
from studio.tools.values import Resolved

from .offered import Picked, in_words

MOST_FRAMES = 6


@dataclass(frozen=True, slots=True)
class Frame:
    """The place of one result: its kind, its shape (width over height), and what is written in it."""

    kind: str
    ratio: float
    label: str


@dataclass(frozen=True, slots=True)
class Summary:
    """count: results of all requests together. lines: (term, words) for the facts. label: on the button. why_not: why it cannot be pressed,
    empty where it can. confirm: pressing goes over the budget, which this person may. promise: what is charged, and by whom.
    """

    count: int
    label: str
    lines: tuple[tuple[str, str], ...]
    balance: BalanceCard
    promise: str
    why_not: str = ""
    confirm: bool = False
    frames: tuple[Frame, ...] = ()
    not_shown: int = 0


def summary(membership: Membership, workspace: Workspace, tool: Tool, values: Resolved, picked: Picked) -> Summary:
    """What the inputs ask for. `values.inputs` has no `auto` left. At most five queries."""
    inputs = values.inputs
    expected = [result for request in inputs.requests() for result in tool.expected(request)]
    count = len(expected)
    noun = tool.noun[count != 1]
    chosen = picked.chosen
    price = estimate(chosen, values) if chosen else None
    balance = balance_card(membership, workspace, chosen, price, count) if chosen else BalanceCard("", "Unknown")
    if chosen and balance.said in (chosen.warning, chosen.why_not):
        balance = replace(balance, said="")  # Its card says it.
    confirm = balance.is_over and membership.may_manage
    why_not = picked.missing or (balance.said if balance.is_over and not confirm else "")
    label = _label(tool, picked, count, why_not, confirm)
    lines = [
        (f"{count} {noun}", _shapes(tool, expected)),
        ("Size", _size(expected, _taken(values, chosen, "resolution"), chosen)),
        ("Length", _length(_taken(values, chosen, "duration"))),
        ("Brand", _brand(values, chosen)),
        ("Made by", _maker(chosen)),
        ("Ready in", in_words(chosen.offer.typical_seconds * _in_turn(chosen, count)) if chosen else ""),
    ]
    return Summary(
        count,
        label,
        tuple(line for line in lines if line[1] or line[0].startswith(str(count))),
        balance,
        _promise(chosen),
        why_not,
        confirm,
        tuple(_frame(it) for it in expected[:MOST_FRAMES]),
        max(0, count - MOST_FRAMES),
    )


def _label(tool: Tool, picked: Picked, count: int, why_not: str, confirm: bool) -> str:
    """What stands on the button."""
    made = f"Generate {count} {tool.noun[count != 1]}"
    if picked.missing:
        connected = bool(picked.chosen and picked.chosen.connection)
        title = picked.chosen.provider_title if picked.chosen else ""
        return f"{title} cannot make this now" if connected else "Connect a service first"
    if why_not:
        return "Needs approval"
    return f"{made} over the budget" if confirm else made


def estimate(chosen: TeamOffer, values: Resolved) -> Decimal | None:
    """Of all requests together; None where one is unknown."""
    provider = get_provider(chosen.offer.provider)
    prices = [provider.estimate(chosen.offer, replace(values, inputs=request)) for request in values.inputs.requests()]
    known = [price for price in prices if price is not None]
    return sum(known, Decimal(0)) if len(known) == len(prices) else None


def _shapes(tool: Tool, expected: Sequence[Expected]) -> str:
    shapes = ", ".join(dict.fromkeys(it.ratio_label for it in expected if it.ratio_label))
    return shapes or ("Usual shape" if tool.makes in ("image", "video") else "")


def _brand(values: Resolved, chosen: TeamOffer | None) -> str:
    if not hasattr(values.inputs, "brand") or (chosen and not chosen.offer.takes_input("brand")):
        return ""
    return values.brand.name or "One of the service's" if values.brand else "No brand"


def _taken(values: Resolved, chosen: TeamOffer | None, name: str) -> Any:
    """An input as far as the offer takes it: whatever else the form holds by default is not sent."""
    taken = chosen is None or chosen.offer.takes_input(name)
    return getattr(values.inputs, name, None) if taken else None


def _in_turn(chosen: TeamOffer, count: int) -> int:
    """The local renderer draws one after the other; services work at once."""
    return count if chosen.connection is None else 1


def _maker(chosen: TeamOffer | None) -> str:
    if chosen is None or get_provider(chosen.offer.provider).drawn_here:
        return ""
    title = chosen.offer.title
    return title if chosen.provider_title in title else f"{chosen.provider_title}, {title}"


def _promise(chosen: TeamOffer | None) -> str:
    if chosen is None:
        return "No connected service makes this yet."
    made_by = get_provider(chosen.offer.provider).made(chosen.offer.tool)
    if chosen.offer.price == 0:
        return f"{made_by}. Nothing is charged."
    return f"{made_by}. You are told what was charged."


def _frame(result: Expected) -> Frame:
    return Frame(result.kind, result.ratio, result.ratio_label)


def _length(seconds: object) -> str:
    return f"{seconds:g} s" if isinstance(seconds, int | float) else ""


def _size(expected: Sequence[Expected], resolution: str | None, chosen: TeamOffer | None) -> str:
    """Pixels only of what is drawn here: what a service makes of "1K" is its own."""
    shapes = list(dict.fromkeys(it.ratio_label for it in expected if it.ratio_label))
    is_ours = chosen is not None and get_provider(chosen.offer.provider).drawn_here
    if not is_ours or not resolution or resolution not in SHORT_SIDE_PX or len(shapes) != 1:
        return resolution or ""
    width, height = pixels(shapes[0], resolution)
    return f"{width} × {height} px"
