"""What the Connections page shows of each service: one card a provider, read with a constant number of queries."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from studio.engine import catalogue, connections, public_address, secrets, webhooks
from studio.live.health import SEEN_WITHIN, lane_ages
from studio.models import (
    UNDER_WAY,
    CatalogueItem,
    Connection,
    ConnectionState,
    EntryKind,
    Generation,
    LedgerEntry,
    RemoteCopy,
    RenderJob,
    RenderState,
    State,
    Team,
    Workspace,
)
from studio.providers import REMOTE, get_remote
from studio.providers.base import RemoteProvider

PURPOSES: Mapping[str, str] = {
    "influencer_studio": "Influencers, shoots, talking heads, music, 3D",
    "videotok": "UGC and video ads, static ads, slideshows",
    "videogen": "Clips, voices, avatars, motion graphics, upscale",
}
ICONS: Mapping[str, str] = {"influencer_studio": "users", "videotok": "smartphone", "videogen": "clapperboard"}
WATERMARKS = (
    ("auto", "As your plan has it", "VideoGen leaves its mark out where your plan allows that, and adds it elsewhere."),
    ("none", "Never", "Without a plan that allows it VideoGen refuses the request. Nothing is charged then."),
    ("videogen", "Always", "Every picture and film carries VideoGen's mark."),
)
TELLS = frozenset({"influencer_studio", "videogen"})
"""Services that ring when something is done."""
A_DAY = timedelta(days=1)
FEW_RESULTS = 10
RECENT = 20


@dataclass(frozen=True, slots=True)
class Pill:
    kind: str
    icon: str
    text: str


@dataclass(slots=True)
class Card:
    """A service and the team's connection to it. errors: sentences by field of the form that was refused. opened: which part stands open.
    since: when a reading of what it lists was asked for that may not have happened yet."""

    provider: RemoteProvider
    connection: Connection | None
    may_manage: bool
    under_way: int = 0
    listed: Sequence[tuple[int, str]] = ()
    worth: int | None = None
    bell: str = ""
    workspaces: Sequence[tuple[Workspace, str]] = ()
    era_refusal: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    opened: str = ""
    since: datetime | None = None

    @property
    def key(self) -> str:
        return self.provider.key

    @property
    def purpose(self) -> str:
        return PURPOSES.get(self.key, "")

    @property
    def icon(self) -> str:
        return ICONS.get(self.key, "plug")

    @property
    def problem(self) -> str:
        return connections.problem_of(self.connection) if self.connection else ""

    @property
    def is_unreadable(self) -> bool:
        try:
            return bool(self.connection and self.connection.key and not secrets.reveal(self.connection.key))
        except secrets.UnreadableSecret:
            return True

    @property
    def is_low(self) -> bool:
        known = self.connection.balance if self.connection else None
        return known is not None and (known <= 0 or (self.worth is not None and self.worth < FEW_RESULTS))

    @property
    def pill(self) -> Pill:
        connection = self.connection
        if connection is None:
            return Pill("", "unplug", "Not connected")
        if connection.state == ConnectionState.DISABLED:
            return Pill("", "pause", "Paused")
        if self.is_unreadable:
            return Pill("bad", "lock", "Key unreadable")
        if connection.state == ConnectionState.REFUSED:
            return Pill("bad", "circle-x", "Key refused")
        if connection.balance is not None and connection.balance <= 0:
            return Pill("bad", "wallet", "No credits")
        if connection.is_paused(timezone.now()):
            return Pill("warn", "clock", "Waiting")
        if connection.test_passed is None:
            return Pill("warn", "triangle-alert", "Not tested")
        if self.is_low:
            return Pill("warn", "triangle-alert", "Low balance")
        return Pill("ok", "check", "Connected")

    @property
    def balance(self) -> str:
        known = self.connection.balance if self.connection else None
        return "—" if known is None else in_figures(known)

    @property
    def balance_words(self) -> str:
        """Under the figure: the unit and how old it is, or why there is none."""
        connection = self.connection
        if connection is None or connection.balance is None:
            return "balance unknown"
        return f"{connection.balance_unit or self.provider.unit}, {ago(connection.balance_at)}"

    @property
    def tested(self) -> str:
        return ago(self.connection.tested_at) if self.connection and self.connection.tested_at else ""

    @property
    def read(self) -> str:
        return ago(self.connection.catalogue_at) if self.connection and self.connection.catalogue_at else ""

    @property
    def is_being_read(self) -> bool:
        """What it lists is about to change: a worker was told to read it, and has neither done so nor said why it could not."""
        connection = self.connection
        if connection is None or connection.state != ConnectionState.ACTIVE or self.is_unreadable:
            return False
        read = connection.catalogue_at
        return not connection.catalogue_message and (read is None or (self.since is not None and read < self.since))

    @property
    def pace(self) -> str:
        bucket = self.provider.buckets.get("submit")
        return f"{bucket.burst} at once, {bucket.per_hour:,} an hour" if bucket else "as fast as the service takes it"

    @property
    def eras(self) -> list[tuple[str, str, bool]]:
        now = connections.facts_of(self.connection)["era"] if self.connection else ""
        return [(era, words, era == now) for era, words in self.provider.eras]

    @property
    def watermarks(self) -> list[tuple[str, str, str, bool]]:
        if self.key != "videogen" or self.connection is None:
            return []
        now = connections.facts_of(self.connection)["watermark"]
        return [(value, label, words, value == now) for value, label, words in WATERMARKS]

    @property
    def has_choices(self) -> bool:
        return bool(self.eras or self.watermarks or self.workspaces)

    @property
    def base_url(self) -> str:
        kept = self.connection.base_url if self.connection else ""
        return self.typed.get("base_url", kept)


@dataclass(frozen=True, slots=True)
class LocalCard:
    """The renderer of this installation."""

    is_seen: bool
    waiting: int
    last: str
    disk: str
    disk_is_low: bool


def cards_of(team: Team, *, may_manage: bool) -> list[Card]:
    """Every service, connected or not, in the order of the table of providers."""
    known = {connection.provider: connection for connection in connections.of_team(team.pk)}
    found = [Card(get_remote(key), known.get(key), may_manage) for key in REMOTE]
    fill(team, found)
    return found


def card_of(team: Team, provider: str, **fields: Any) -> Card:
    """One of them, as it is now."""
    known = {connection.provider: connection for connection in connections.of_team(team.pk)}
    card = Card(get_remote(provider), known.get(provider), **fields)
    fill(team, [card])
    return card


def fill(team: Team, cards: Sequence[Card]) -> None:
    """What rows of other tables say about the connections."""
    pks = [card.connection.pk for card in cards if card.connection]
    if not pks:
        return
    busy = Generation.objects.filter(connection__in=pks, state__in=[state.value for state in UNDER_WAY])
    under_way = dict(busy.values_list("connection").annotate(n=Count("pk")).order_by())
    listed: dict[Any, list[tuple[int, str]]] = defaultdict(list)
    items = CatalogueItem.objects.filter(connection__in=pks, gone_at=None)
    counted = items.values_list("connection", "kind").annotate(n=Count("pk")).order_by()
    numbers = {(pk, kind): number for pk, kind, number in counted}
    for pk in pks:
        for kind, words in catalogue.WORDS.items():
            if number := numbers.get((pk, kind)):
                listed[pk].append((number, words[number != 1]))
    named = Generation.objects.filter(connection__in=pks, failure_code="era", ended_at__gt=timezone.now() - A_DAY)
    refusals = dict(named.order_by("ended_at").values_list("connection", "failure_reason"))
    address = public_address.public_address(team)
    for card in cards:
        connection = card.connection
        if connection is None:
            continue
        connection.team = team
        card.under_way, card.listed = under_way.get(connection.pk, 0), listed[connection.pk]
        card.worth = _worth(connection) if connection.balance is not None else None
        card.bell = _bell(card, address)
        card.era_refusal = refusals.get(connection.pk, "") if card.provider.eras else ""
        if card.key == "influencer_studio":
            card.workspaces = _workspaces(team, connection)


def local_card(team: Team) -> LocalCard:
    seen = lane_ages().get("render")
    last = (
        Generation.objects.filter(team=team, provider="local", state=State.COMPLETED, started_at__isnull=False)
        .order_by("-ended_at")
        .first()
    )
    disk = shutil.disk_usage(settings.DATA_DIR)
    used, total = (round(size / 1e9) for size in (disk.total - disk.free, disk.total))
    return LocalCard(
        is_seen=seen is not None and seen <= SEEN_WITHIN.total_seconds(),
        waiting=RenderJob.objects.filter(state=RenderState.WAITING).count(),
        last=_rendered(last) if last else "none yet",
        disk=f"{used:,} of {total:,} GB used",
        disk_is_low=disk.free < 5e9,
    )


def ago(moment: datetime | None) -> str:
    if moment is None:
        return ""
    seconds = (timezone.now() - moment).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min ago"
    if seconds < 129_600:
        return f"{seconds / 3600:.0f} h ago"
    return f"{seconds / 86_400:.0f} days ago"


def in_figures(amount: Decimal) -> str:
    """1,234 or 4.30: no more places than it has, two at most."""
    rounded = amount.quantize(Decimal("0.01"))
    return f"{rounded:,.0f}" if rounded == rounded.to_integral_value() else f"{rounded:,.2f}"


def _rendered(generation: Generation) -> str:
    name = str(generation.drawn_inputs.get("headline") or generation.drawn_inputs.get("prompt") or "").replace("*", "")
    took = ""
    if generation.started_at and generation.ended_at:
        took = f"{(generation.ended_at - generation.started_at).total_seconds():.1f} s"
    return ", ".join(part for part in (name[:40].rstrip(" ."), took) if part)


def _worth(connection: Connection) -> int | None:
    """How many more results like the last ones the balance is worth; None where none was paid yet."""
    settled = LedgerEntry.objects.filter(connection=connection, kind=EntryKind.SETTLE, amount__gt=0)
    amounts: Iterable[Decimal | None] = settled.order_by("-created_at").values_list("amount", flat=True)[:RECENT]
    paid = [amount for amount in amounts if amount]
    if not paid or connection.balance is None:
        return None
    return int(connection.balance * len(paid) / sum(paid))


def _bell(card: Card, address: str) -> str:
    if card.key not in TELLS:
        return "checked every few seconds"
    if not address:
        return "checked every few seconds; with a public address it tells us at once"
    if webhooks.has_bell(card.provider) and not (card.connection and card.connection.webhook_id):
        return "checked every few seconds until it is set up to tell us"
    return "it tells us when something is done"


def _workspaces(team: Team, connection: Connection) -> list[tuple[Workspace, str]]:
    known = dict(
        RemoteCopy.objects.filter(connection=connection, object_kind="workspace", kind="workspace").values_list(
            "object_id", "remote_id"
        )
    )
    return [(workspace, known.get(workspace.pk, "")) for workspace in team.workspaces.filter(archived_at=None)]
