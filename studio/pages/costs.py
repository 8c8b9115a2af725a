"""What a generation cost, in words. No figure stands without its meaning: an estimate says "about", a batch for how many it is."""

from __future__ import annotations

from decimal import Decimal

from studio.engine.amounts import plain
from studio.engine.spend import NOT_TOLD
from studio.models import Generation, State
from studio.providers import get_provider

_CENT = Decimal("0.01")


def told(generation: Generation, results: int) -> str:
    """The cost on the page of one of its outputs. results: how many outputs the generation has."""
    ended_without = generation.state in (State.FAILED, State.CANCELED)
    if generation.state == State.UNCERTAIN:
        words = may_be_charged(generation)
    elif ended_without:
        words = charged(generation)
    elif is_free(generation):
        return "Free"
    elif generation.cost is not None:
        words = _words(generation, generation.cost) if generation.cost else "Not charged"
    elif generation.state == State.COMPLETED:
        words = may_be_charged(generation) if generation.estimate else NOT_TOLD
    elif generation.estimate is not None:
        words = f"About {_words(generation, generation.estimate)}"
    else:
        words = "Not known yet"
    has_figure = any(letter.isdigit() for letter in words)
    return f"{words} {_for(results, 0 if ended_without else generation.missing)}".strip() if has_figure else words


def share(generation: Generation) -> str:
    """The price under one result: its own, or that of all of its batch where it cannot be shared out exactly. Empty where it is not known."""
    if is_free(generation):
        return "free"
    amount = generation.cost if generation.cost is not None else generation.estimate
    if amount is None:
        return ""
    about = "" if generation.cost is not None else "about "
    asked = generation.inputs.get("count") or generation.inputs.get("slide_count") or 1
    came = asked - generation.missing if isinstance(asked, int) else 1
    if (came < 2 and not generation.missing) or not amount:
        return about + _words(generation, amount)
    each = (amount / max(came, 1)).quantize(_CENT)
    if generation.missing or each * came != amount:
        return f"{about}{_words(generation, amount)} for {came}"
    return f"{about}{_words(generation, each)} each"


def charged(generation: Generation) -> str:
    """Whether money was taken, in one of three phrases."""
    if generation.cost_unit == "free" or generation.first_sent_at is None or generation.cost == 0:
        return "Not charged"
    if generation.cost is None:
        return "May have been charged"
    return f"Charged {_words(generation, generation.cost)}"


def may_be_charged(generation: Generation) -> str:
    """The same while nobody knows how it ended, with the amount that is at stake."""
    if generation.cost:
        return charged(generation)
    if generation.estimate is None:
        return "May have been charged"
    return f"May have been charged {_words(generation, generation.estimate)}"


def is_free(generation: Generation) -> bool:
    amount = generation.cost if generation.cost is not None else generation.estimate
    return generation.cost_unit == "free" or (amount == 0 and get_provider(generation.provider).drawn_here)


def _words(generation: Generation, amount: Decimal) -> str:
    return f"{plain(amount)} {generation.cost_unit}".strip()


def _for(results: int, missing: int) -> str:
    if results < 2:
        return ""
    if missing:
        return f"for {max(results - missing, 0)} of {results}"
    return "for both" if results == 2 else f"for all {results}"
