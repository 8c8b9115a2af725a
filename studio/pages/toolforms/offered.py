"""Which ways to make something the form offers: what each costs, how long it takes, and why one cannot be used, before anything is typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse

from studio.engine.amounts import plain
from studio.engine.budgets import people_who_may
from studio.engine.connection_state import doubt_of
from studio.engine.offers import TeamOffer, best, team_offers
from studio.models import Membership
from studio.providers import PROVIDERS
from studio.providers.base import Offer
from studio.tools import Tool

AT_ONCE = 5
"""More models than this fold behind "More models"."""
MARKS = {
    "local": ("L", "--s4"),
    "influencer_studio": ("IS", "--s1"),
    "videotok": ("VT", "--s2"),
    "videogen": ("VG", "--s3"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One radio of the provider group, or a whole service that is not connected. key: what it sends."""

    key: str
    title: str
    provider: str
    mark: str
    colour: str
    note: str
    price: str
    time: str
    usable: bool
    why_not: str = ""
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """chosen: with what the form is derived; None where the tool has no offer at all. missing: why nothing can be made now, empty where
    something can. note: that what was asked for is not there, and what took its place; or that its service does not answer."""

    offers: Sequence[TeamOffer]
    chosen: TeamOffer | None
    missing: str = ""
    note: str = ""
    fix: str = ""
    cards: tuple[Card, ...] = ()
    folded: tuple[Card, ...] = ()

    @property
    def offer(self) -> Offer | None:
        return self.chosen.offer if self.chosen else None

    @property
    def key(self) -> str:
        return self.chosen.offer.key if self.chosen else ""


def picked(membership: Membership, tool: Tool, asked: str = "") -> Picked:
    """The offers of the team for this tool, and the asked one or else the first usable. Three queries, and one more where none is usable."""
    offers = team_offers(membership.team_id, tool.slug)
    wanted = next((it for it in offers if it.offer.key == asked), None) if asked else None
    chosen = wanted or best(offers) or next(iter(offers), None)
    note = ""
    if asked and wanted is None and chosen:
        note = f"What this was made with is not offered any more. {chosen.offer.title} is chosen now."
    elif chosen and chosen.usable and chosen.connection:
        note = doubt_of(chosen.connection)
    cards = _cards(offers, chosen)
    shown, folded = _folded(cards, chosen)
    missing, fix = "", ""
    if chosen is None or not chosen.usable:
        missing = _missing(membership, tool, offers, chosen)
        fix = reverse("connections") if membership.may_manage else ""
    return Picked(offers, chosen, missing, note, fix, shown, folded)


def _missing(membership: Membership, tool: Tool, offers: Sequence[TeamOffer], chosen: TeamOffer | None) -> str:
    if chosen is None:
        return f"No service that this studio knows makes “{tool.title}”."
    if best(offers):
        return chosen.why_not
    without_key = (it for it in offers if it.connection is None and it.offer.provider != "local")
    unconnected = list(dict.fromkeys(it.provider_title for it in without_key))
    refused = next((it.why_not for it in offers if it.connection is not None), "")
    if refused or not unconnected:
        return refused or (chosen.why_not if chosen else "")
    names = f"{', '.join(unconnected[:-1])} or {unconnected[-1]}" if len(unconnected) > 1 else unconnected[0]
    if membership.may_manage:
        return f"Connect {names} to make this. It takes a minute: paste your team's key."
    who = " or ".join(people_who_may(membership.team_id)[:3]) or "an admin of your team"
    return f"This needs a connection to {names}. Ask {who} to connect it."


def _cards(offers: Iterable[TeamOffer], chosen: TeamOffer | None) -> list[Card]:
    """Usable ones first. A service without a key is one card, whatever it could make."""
    usable: list[Card] = []
    refused: list[Card] = []
    said: set[str] = set()
    unconnected: dict[str, list[TeamOffer]] = {}
    for it in offers:
        if it.usable:
            usable.append(_card(it))
        elif it.connection is None and it.offer.provider != "local":
            unconnected.setdefault(it.offer.provider, []).append(it)
        else:
            # A reason that holds for a whole service is said once.
            card = _card(it)
            refused.append(replace(card, note="For the same reason.") if card.why_not in said else card)
            said.add(card.why_not)
    return [*usable, *refused, *(_service(key, group, chosen) for key, group in unconnected.items())]


def _card(it: TeamOffer) -> Card:
    mark, colour = MARKS.get(it.offer.provider, (it.provider_title[:2], "--s4"))
    local = it.offer.provider == "local"
    note = it.why_not or it.offer.summary or ("Templates, drawn on this server" if local else "")
    return Card(
        it.offer.key,
        it.offer.title,
        "" if local else it.provider_title,
        mark,
        colour,
        note,
        price_of(it.offer),
        in_words(it.offer.typical_seconds),
        it.usable,
        it.why_not,
        it.warning,
    )


def _service(key: str, group: Sequence[TeamOffer], chosen: TeamOffer | None) -> Card:
    mark, colour = MARKS.get(key, (key[:2].upper(), "--s4"))
    titles = list(dict.fromkeys(it.offer.title for it in group))
    names = ", ".join(titles[:3]) + (f" and {len(titles) - 3} more" if len(titles) > 3 else "")
    title = PROVIDERS[key][0]
    mine = chosen if chosen in group else group[0]
    return Card(mine.offer.key if mine else "", title, "", mark, colour, names, "", "", False, "Not connected")


def _folded(cards: Sequence[Card], chosen: TeamOffer | None) -> tuple[tuple[Card, ...], tuple[Card, ...]]:
    """Shown at once: the first few of what is usable with the chosen one, and services without a key. All else folds."""
    services = [card for card in cards if not card.usable and card.why_not == "Not connected"]
    models = [card for card in cards if card not in services]
    if len(models) <= AT_ONCE + 1:
        return (*models, *services), ()
    first = models[:AT_ONCE]
    if chosen and chosen.offer.key not in {card.key for card in first}:
        mine = next((card for card in models if card.key == chosen.offer.key), None)
        first = [*first[: AT_ONCE - 1], mine] if mine else first
    keys = {card.key for card in first}
    return (*first, *services), tuple(card for card in models if card.key not in keys)


def price_of(offer: Offer) -> str:
    """`price_of(offer) == "250 credits"`; an unknown price is said to be unknown."""
    if offer.price is None:
        return "Price unknown"
    if offer.price == 0:
        return "Free"
    each = {"result": " each", "second": " a second"}.get(offer.per, "")
    return f"{plain(Decimal(offer.price))} {offer.unit}{each}"


def in_words(seconds: float) -> str:
    """`in_words(75) == "about 1 min 15 s"`."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    if not minutes:
        return f"about {rest} s"
    return f"about {minutes} min {rest} s" if rest and minutes < 5 else f"about {minutes} min"
