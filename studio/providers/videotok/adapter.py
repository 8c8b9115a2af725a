"""Videotok: submit with an idempotency key, poll, no cancel, no webhook, no listing of jobs. https://www.videotok.app/docs/api/generations"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urlsplit

from studio.dialects.base import (
    Answer,
    Entry,
    NotConfigured,
    NotTaken,
    ProviderError,
    Reply,
    Request,
    Submitted,
    Uncertain,
    Unreadable,
    UnsupportedInput,
)
from studio.dialects.videotok import codec, codec_answers, codec_entries, codec_references, reading
from studio.dialects.videotok.codec_errors import READ, error_of
from studio.dialects.videotok.wire import Category, MediaKind
from studio.providers.base import Bucket, RemoteProvider, Ticket, entry_of
from studio.providers.http import Wire
from studio.tools import get_tool
from studio.tools.offer import Offer
from studio.tools.values import ReferenceValue, Resolved

SUBMIT_SECONDS = 60.0
READ_SECONDS = 20.0
MOST_PAGES = 20
HOLD_KEY = timedelta(minutes=10)
"""How long the same bytes may be sent again under the same key. How long Videotok remembers a key, its pages do not say."""


class VideotokProvider(RemoteProvider):
    key: ClassVar[str] = "videotok"
    title: ClassVar[str] = "Videotok"
    made_by: ClassVar[str] = "Made by Videotok"
    base_url: ClassVar[str] = "https://videotok.app/api/v1"
    key_url: ClassVar[str] = "https://www.videotok.app/docs/api/authentication"
    key_hint: ClassVar[str] = "vt_live_…"
    # Its pages give no figure, only the code `rate_limited`. Four at a time and sixty a minute are a modest guess, dated 2026-11.
    buckets: ClassVar = {"submit": Bucket(4, 3600), "poll": Bucket(60, 36_000)}

    def encode(self, offer: Offer, values: Resolved) -> Request:
        return codec.encode(offer, values)

    def may_send_again_within(self) -> timedelta:
        return HOLD_KEY

    def estimate(self, offer: Offer, values: Resolved) -> Decimal | None:
        """Where the price depends on the quality tier, that of the chosen one; unknown while none is chosen."""
        by_quality = offer.wire.get("prices", {})
        price = by_quality.get(getattr(values.inputs, "quality", None) or "")
        if price is None:
            return super().estimate(offer, values)
        return Decimal(price) * len(values.tool.expected(values.inputs))

    # -- A generation ----------------------------------------------------------------------------------------------------------

    async def submit(self, wire: Wire, ticket: Ticket) -> Submitted:
        """One POST under the generation's key. What its answer means: `codec_errors.SUBMIT`."""
        request = ticket.request
        headers = {"Idempotency-Key": ticket.idempotency_key}
        reply = await wire.request(
            request.method, request.path, body=request.body, headers=headers, seconds=SUBMIT_SECONDS
        )
        return codec_answers.decode_submit(
            reply,
            count=ticket.count,
            makes=_makes(ticket),
            slideshow=request.path == codec.SLIDESHOWS,
            age_seconds=_age(ticket),
        )

    async def poll(self, wire: Wire, ticket: Ticket) -> Answer:
        """Asks about the jobs that are not settled, all at once; once the last is, about the others too, for addresses that are fresh."""
        remote: dict[str, Any] = dict(ticket.remote)
        seen, error = await self._ask(wire, remote, codec_answers.ids_to_ask(remote))
        if error and (not seen or isinstance(error, NotConfigured)):
            raise error
        remote = codec_answers.after(remote, seen)
        if codec_answers.ids_to_ask(remote):
            answer = codec_answers.progress(remote, seen, makes=_makes(ticket), age_seconds=_age(ticket))
            later = error.retry_after_seconds if isinstance(error, NotTaken) else 0.0
            return replace(answer, poll_in_seconds=max(answer.poll_in_seconds, later))
        asked = {it.id for it in seen}
        others, error = await self._ask(wire, remote, [job for job in remote["ids"] if job not in asked])
        if error:
            raise error
        by_id = {it.id: it for it in (*seen, *others)}
        return codec_answers.settled(remote, [by_id[job] for job in remote["ids"]], ticket.count)

    async def _ask(
        self, wire: Wire, remote: dict[str, Any], jobs: list[str]
    ) -> tuple[list[codec_answers.Seen], ProviderError | None]:
        """One GET for each job: what was answered, and the first error, so that one busy answer holds up no other job."""
        slideshow = bool(remote.get("slideshow"))
        place = codec.SLIDESHOWS if slideshow else codec.GENERATIONS

        async def ask(job: str) -> codec_answers.Seen | ProviderError:
            try:
                reply = await wire.request("GET", f"{place}/{quote(job, safe='')}", seconds=READ_SECONDS)
                if not 200 <= reply.status < 300 and reply.status != 404:
                    return error_of(reply, READ)
                return codec_answers.decode_job(reply, job, slideshow)
            except ProviderError as error:
                return error

        answers = await asyncio.gather(*(ask(job) for job in jobs))
        errors = [it for it in answers if isinstance(it, ProviderError)]
        return [it for it in answers if isinstance(it, codec_answers.Seen)], next(iter(errors), None)

    # -- The account -----------------------------------------------------------------------------------------------------------

    async def test(self, wire: Wire) -> str:
        entries = codec_entries.asset_entries(await _read(wire, "/assets"))
        kits, avatars = (sum(it.kind == kind for it in entries) for kind in ("brand_kit", "avatar"))
        return f"Connected to Videotok: {_many(kits, 'brand kit')}, {_many(avatars, 'avatar')}."

    async def catalogue(self, wire: Wire) -> list[Entry]:
        today = datetime.now(UTC).date()
        models, assets = await _read(wire, "/models"), await self.assets(wire)
        offers, presets = codec_entries.offer_entries(models, today), codec_entries.preset_entries(models)
        found = [*offers, *presets, *assets, *await self.references(wire)]
        return list({(entry.kind, entry.remote_id): entry for entry in found}.values())

    async def assets(self, wire: Wire) -> list[Entry]:
        """Brand kits, avatars and media of the workspace, and targets."""
        return await _pages(wire, "/assets", codec_entries.asset_entries)

    # -- Reference inspirations ------------------------------------------------------------------------------------------------

    async def references(self, wire: Wire) -> list[Entry]:
        """Saved references and the targets that another may be filed under."""

        def entries(data: object) -> list[Entry]:
            return [*codec_entries.reference_entries(data), *codec_entries.target_entries(data)]

        return await _pages(wire, codec_references.list_path(), entries)

    async def suggest(self, wire: Wire, media_kind: MediaKind, description: str = "") -> list[Entry]:
        """Targets that suit an inspiration, best first."""
        data = await _read(wire, codec_references.suggest_path(media_kind, description))
        found = codec_entries.target_entries(data)
        return sorted(found, key=lambda entry: -_score(entry))

    async def recommend(self, wire: Wire, slug: str, category: Category, media_kind: MediaKind) -> list[Entry]:
        """Saved references that suit a template, best first."""
        data = await _read(wire, codec_references.recommend_path(slug, category, media_kind))
        return sorted(codec_entries.reference_entries(data), key=lambda entry: -_score(entry))

    async def save_reference(self, wire: Wire, values: Resolved) -> str:
        """Saves it, free of charge. A lost answer is looked for in the listing before it is sent once more, under the same key."""
        if values.reference is None:
            raise UnsupportedInput("There is no reference to save.", "reference")
        return await self._saved(wire, codec_references.encode_reference(values.reference))

    async def publish_reference(self, wire: Wire, reference: ReferenceValue) -> str:
        """Saves it so that all of Videotok's users may see it once their people have looked at it. The same care as `save_reference`."""
        return await self._saved(wire, codec_references.encode_reference(reference, "public"))

    async def review_of(self, wire: Wire, remote_id: str) -> Entry | None:
        """How a saved reference stands there: visibility and review_status in its data. None where it is not listed."""
        return await self.listed_again(wire, "reference", remote_id)

    async def listed_again(self, wire: Wire, kind: str, remote_id: str) -> Entry | None:
        """Out of the one listing that has its kind."""
        listed = await (self.references(wire) if kind == "reference" else self.assets(wire))
        return entry_of(listed, kind, remote_id)

    async def _saved(self, wire: Wire, request: Request) -> str:
        # The same reference in the same state is saved once; after a change it is another.
        headers = {"Idempotency-Key": f"reference-{hashlib.sha256(request.to_bytes()).hexdigest()[:40]}"}
        since = datetime.now(UTC) - timedelta(minutes=5)
        try:
            return await self._save(wire, request, headers)
        except (Uncertain, Unreadable):
            listed = await _read(wire, codec_references.list_path())
            if found := codec_references.saved_before(listed, request, since):
                return found
        try:
            return await self._save(wire, request, headers)
        except (Uncertain, Unreadable) as error:
            # Nothing is paid for this, so that a later try is harmless.
            raise NotTaken("Videotok did not say whether it saved the reference.", 15) from error

    async def _save(self, wire: Wire, request: Request, headers: dict[str, str]) -> str:
        reply = await wire.request(
            request.method, request.path, body=request.body, headers=headers, seconds=SUBMIT_SECONDS
        )
        if reply.status >= 500:
            raise Uncertain("Videotok failed while it saved the reference.")
        return codec_references.reference_id(_successful(reply))


def _makes(ticket: Ticket) -> str:
    tool = get_tool(str(ticket.offer.get("tool", "")))
    return "image" if tool and tool.makes == "image" else "video"


def _age(ticket: Ticket) -> float:
    """Seconds since the request first went out."""
    return max((datetime.now(UTC) - ticket.first_sent_at).total_seconds(), 0.0)


def _successful(reply: Reply) -> Reply:
    if 200 <= reply.status < 300:
        return reply
    raise error_of(reply, READ)


async def _read(wire: Wire, path: str) -> Any:
    """The JSON of a GET. Raises ProviderErrors; a broken line is asked again later, as nothing is paid."""
    try:
        reply = await wire.request("GET", path, seconds=READ_SECONDS)
    except Uncertain as error:
        raise NotTaken(str(error)) from error
    data = _successful(reply).data
    if data is None:
        raise Unreadable("Videotok's answer cannot be read. Is the base URL of the connection right?")
    return data


async def _pages(wire: Wire, path: str, entries: Callable[[object], list[Entry]]) -> list[Entry]:
    """A list and the pages that follow it. Only pages of the same API are asked for: the key goes nowhere else."""
    found: dict[tuple[str, str], Entry] = {}
    asked: set[str] = set()
    here = path
    while here and here not in asked and len(asked) < MOST_PAGES:
        asked.add(here)
        data = await _read(wire, here)
        for entry in entries(data):
            found.setdefault((entry.kind, entry.remote_id), entry)
        here = _next_path(wire, path, reading.next_page(data))
    return list(found.values())


def _next_path(wire: Wire, path: str, following: str) -> str:
    if not following:
        return ""
    if following.startswith(f"{wire.base_url}/"):
        return following[len(wire.base_url) :]
    if following.startswith(f"{urlsplit(wire.base_url).path}/"):
        return following[len(urlsplit(wire.base_url).path) :]
    return "" if "/" in following else f"{path}?{urlencode({'cursor': following})}"


def _score(entry: Entry) -> float:
    return next(iter(reading.numbers(entry.data.get("score"))), 0.0)


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
