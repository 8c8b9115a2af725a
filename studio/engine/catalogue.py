"""What a service lists for a team's key: models, voices, presenters, presets. Read daily and on demand, kept as rows, with what changed."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

from django.db import transaction
from django.utils import timezone

from studio.dialects.base import EntryKind
from studio.live import outbox
from studio.models import CatalogueItem, Connection, ConnectionState
from studio.providers import get_remote
from studio.providers.base import Offer
from studio.tools import all_tools

from . import secrets, their_sounds
from .connection_checks import explain, plain, with_wire
from .connections import base_url_of, facts_of

log = logging.getLogger(__name__)

EVERY = timedelta(hours=22)
"""A day less some, so that it does not wander round the clock; `is_due` spreads connections over two hours."""
SPREAD_MINUTES = 120
WITHIN_SECONDS = 40.0
WHILE_SOMEBODY_WAITS = 15.0
AT_ONCE = 500
MOST_ITEMS = 20_000
LARGEST_DATA = 64 * 1024
MOST_SENTENCES = 12
MOST_NAMES = 3

WORDS: Mapping[str, tuple[str, str]] = {
    "offer": ("model", "models"),
    "preset": ("preset", "presets"),
    "brand_kit": ("brand kit", "brand kits"),
    "avatar": ("avatar", "avatars"),
    "presenter": ("presenter", "presenters"),
    "entity": ("entity", "entities"),
    "voice": ("voice", "voices"),
    "influencer": ("influencer", "influencers"),
    "reference": ("reference", "references"),
    "target": ("template", "templates"),
    "track": ("track", "tracks"),
    "file": ("file", "files"),
    "media": ("saved file", "saved files"),
}
QUIET = frozenset({"file", "media", "track"})
"""They come and go with every job, and are no news."""


@dataclass(slots=True)
class Changes:
    """By kind, titles: what is listed for the first time, what is not listed any more. priced: whole sentences about offers."""

    new: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    altered: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        said = [_counted(kind, titles, "new") for kind, titles in self.new.items() if kind not in QUIET]
        said += [_counted(kind, titles, "gone") for kind, titles in self.gone.items() if kind not in QUIET]
        said += self.altered
        if len(said) > MOST_SENTENCES:
            said = [*said[: MOST_SENTENCES - 1], f"And {len(said) - MOST_SENTENCES + 1} more changes."]
        return said


def is_due(connection: Connection) -> bool:
    """Whether the daily reading should happen now. Each connection has its own minute."""
    if connection.state != ConnectionState.ACTIVE:
        return False
    spread = timedelta(minutes=connection.pk.int % SPREAD_MINUTES)
    return connection.catalogue_at is None or timezone.now() - connection.catalogue_at > EVERY + spread


def refresh(connection: Connection, within_seconds: float = WITHIN_SECONDS) -> bool:
    """Reads the whole catalogue and keeps it. False, with the sentence in `catalogue_message`, where the service did not give it: then all
    stays as it was. A few statements for each 500 entries, whatever changed."""
    provider = get_remote(connection.provider)
    try:
        key = secrets.reveal(connection.key)
    except secrets.UnreadableSecret as unreadable:
        return _failed(connection, str(unreadable))
    url = base_url_of(connection)
    answer, seen = with_wire(provider, url, key, facts_of(connection), provider.catalogue, within_seconds)
    if isinstance(answer, Exception):
        return _failed(connection, explain(provider, url, answer, seen, within_seconds)[1])
    items = list(_readable(answer, connection))
    with transaction.atomic():
        here = Connection.objects.select_for_update().exclude(state=ConnectionState.REMOVED).filter(pk=connection.pk)
        if not here.exists():
            return _failed(connection, "It was removed meanwhile.")
        now = timezone.now()
        changes = _changes(connection, items)
        first = connection.catalogue_at is None
        for start in range(0, len(items), AT_ONCE):
            _keep(connection, items[start : start + AT_ONCE], now)
        connection.items.filter(gone_at=None, seen_at__lt=now).update(gone_at=now)
        said = [_summary(items)] if first and items else changes.sentences()
        connection.catalogue_at, connection.catalogue_message, connection.catalogue_changes = now, "", said
        connection.save(update_fields=("catalogue_at", "catalogue_message", "catalogue_changes"))
        _tell(connection)
    return True


def _failed(connection: Connection, sentence: str) -> bool:
    connection.catalogue_message = sentence[:500]
    connection.save(update_fields=("catalogue_message",))
    _tell(connection)
    return False


def _tell(connection: Connection) -> None:
    """Pages that show this connection: its list was read, or could not be."""
    outbox.append("connection", connection.pk, team_id=connection.team_id)


def _readable(entries: Iterable[Any], connection: Connection) -> Iterable[CatalogueItem]:
    """Entries as rows; what cannot be kept is left out with a line in the log, and never stops the rest."""
    taken: set[tuple[str, str]] = set()
    for number, entry in enumerate(entries):
        if number >= MOST_ITEMS:
            log.warning("%s lists more than %s things; the rest is left out", connection.provider, MOST_ITEMS)
            return
        try:
            item = _row(entry, connection)
        except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation) as error:
            log.warning("%s lists something that cannot be kept: %r", connection.provider, error)
            continue
        if (item.kind, item.remote_id) not in taken:
            taken.add((item.kind, item.remote_id))
            yield item


def _row(entry: Any, connection: Connection) -> CatalogueItem:
    kind, remote_id, title = entry.kind, _plain(entry.remote_id), _plain(entry.title)
    if kind not in get_args(EntryKind):
        raise ValueError(f"{kind!r} is no kind of entry.")
    if not remote_id or len(remote_id) > 300:
        raise ValueError(f"An id of {len(remote_id)} characters.")
    data = _kept(json.loads(json.dumps(dict(entry.data), default=str, allow_nan=False)))
    if len(json.dumps(data)) > LARGEST_DATA:
        raise ValueError(f"The facts of {remote_id} are endless.")
    if kind == "offer":
        offer = Offer.from_data(data, connection.provider)
        if offer.tool not in all_tools():
            raise ValueError(f"The offer {remote_id} is for {offer.tool!r}, which is no tool.")
    words = [title, remote_id, *(value for value in data.values() if isinstance(value, str))]
    return CatalogueItem(
        team_id=connection.team_id,
        connection=connection,
        kind=kind,
        remote_id=remote_id,
        title=(title or remote_id)[:200],
        search_text=" ".join(words).lower()[:4000],
        data=data,
        picture=_plain(entry.picture),
        sound=_plain(entry.sound),
    )


def _plain(text: Any) -> str:
    return plain(text).strip()


def _kept(value: Any) -> Any:
    """JSON whose texts every database keeps."""
    if isinstance(value, dict):
        return {plain(name): _kept(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_kept(inner) for inner in value]
    return plain(value) if isinstance(value, str) else value


def _keep(connection: Connection, items: Sequence[CatalogueItem], now: Any) -> None:
    for item in items:
        item.seen_at, item.gone_at = now, None
    CatalogueItem.objects.bulk_create(
        items,
        update_conflicts=True,
        unique_fields=("connection", "kind", "remote_id"),
        update_fields=("title", "search_text", "data", "picture", "sound", "seen_at", "gone_at"),
    )


def _changes(connection: Connection, items: Sequence[CatalogueItem]) -> Changes:
    known = {
        (kind, remote_id): (title, data)
        for kind, remote_id, title, data in connection.items.filter(gone_at=None).values_list(
            "kind", "remote_id", "title", "data"
        )
    }
    their_sounds.carry_over(items, {key: data for key, (_, data) in known.items()})
    changes, listed = Changes(), set()
    for item in items:
        listed.add((item.kind, item.remote_id))
        if (item.kind, item.remote_id) not in known:
            changes.new[item.kind].append(item.title)
        elif item.kind == "offer":
            changes.altered += _altered(item.title, known[item.kind, item.remote_id][1], item.data)
    for (kind, remote_id), (title, _) in known.items():
        if (kind, remote_id) not in listed:
            changes.gone[kind].append(title)
    return changes


def _altered(title: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    was, price = _price(before), _price(now)
    if was != price:
        unit = str(now.get("unit") or before.get("unit") or "credits")
        old = "an unknown price" if was is None else f"{was:f}"
        return [f"{title} costs {'an unknown number of' if price is None else f'{price:f}'} {unit} now, before {old}."]
    rules = ("limits", "takes", "one_of", "not_together")
    if any((before.get(name) or None) != (now.get(name) or None) for name in rules):
        return [f"{title} has other limits now."]
    return []


def _price(data: Mapping[str, Any]) -> Decimal | None:
    price = data.get("price")
    return None if price is None else Decimal(str(price)).normalize()


def _counted(kind: str, titles: Sequence[str], what: str) -> str:
    number = len(titles)
    names = ", ".join(titles[:MOST_NAMES]) + (f" and {number - MOST_NAMES} more" if number > MOST_NAMES else "")
    return f"{number} {WORDS[kind][number != 1]} {what}: {names}."


def _summary(items: Sequence[CatalogueItem]) -> str:
    found: dict[str, int] = defaultdict(int)
    for item in items:
        found[item.kind] += 1
    parts = [f"{number:,} {WORDS[kind][number != 1]}" for kind, number in found.items()]
    return f"Read for the first time: {', '.join(parts)}."
