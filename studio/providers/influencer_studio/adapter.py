"""Influencer Studio: submit, poll, no cancel, no idempotency key, no signed webhook. https://influencerstudio.com/docs/api/v1

Five calls answer only when the work is done (`SECONDS`); they run on the long lane. A webhook only rings: its payload is documented nowhere.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

from studio.dialects.base import (
    Answer,
    Balance,
    Entry,
    Failed,
    Finished,
    Gone,
    Job,
    Link,
    NewVoice,
    Person,
    ProviderError,
    Reply,
    Request,
    Submitted,
    Unreadable,
)
from studio.dialects.influencer_studio import codec, codec_answers, codec_entries, wire_answers
from studio.dialects.influencer_studio.codec_errors import READ, SUBMIT, error_of
from studio.dialects.influencer_studio.wire import TopUp
from studio.providers.base import Bucket, RemoteProvider, Ticket, entry_of
from studio.providers.http import Wire
from studio.tools.offer import Offer
from studio.tools.values import Resolved

SUBMIT_SECONDS = 60.0
SECONDS: Mapping[str, float] = {
    "/influencers/create": 600.0,
    "/influencers/video": 600.0,
    "/videos/wan22": 1200.0,
    "/text/generate": 300.0,
    "/voices/generate": 300.0,
}
"""How long a submit may take that answers only after minutes. wan22: at least ten minutes, by the reference."""
READ_SECONDS = 20.0
CLOCK = timedelta(seconds=120)
"""How far its clock may be behind ours, when a listing is searched."""

LISTS: Mapping[str, tuple[str, Callable[[object], list[Job]]]] = {
    "/influencers/create": ("/influencers", codec_entries.influencer_jobs),
    "/music/generate": ("/music", codec_entries.track_jobs),
    "/voices/generate": ("/voices", codec_entries.voice_jobs),
}
"""Where a lost job of an endpoint would be listed."""


class InfluencerStudioProvider(RemoteProvider):
    key: ClassVar[str] = "influencer_studio"
    title: ClassVar[str] = "Influencer Studio"
    made_by: ClassVar[str] = "Made by Influencer Studio"
    base_url: ClassVar[str] = "https://influencerstudio.com/api/v1"
    key_url: ClassVar[str] = "https://influencerstudio.com/docs/api/v1"
    key_hint: ClassVar[str] = "from its account settings"
    can_cancel: ClassVar[bool] = False
    can_list: ClassVar = frozenset({"influencer", "music", "voice"})
    # Its pages name no limit at all. Four submits at once and a poll every 2 to 5 s a job are a modest guess, dated 2026-11.
    buckets: ClassVar = {"submit": Bucket(4, 3600), "poll": Bucket(60, 36_000)}

    def encode(self, offer: Offer, values: Resolved) -> Request:
        return codec.encode(offer, values)

    # -- A generation ----------------------------------------------------------------------------------------------------------

    async def submit(self, wire: Wire, ticket: Ticket) -> Submitted | Finished:
        """One POST. What its answer means: `codec_errors.SUBMIT`."""
        request = ticket.request
        seconds = SECONDS.get(request.path, SUBMIT_SECONDS)
        reply = await wire.request(request.method, request.path, body=request.body, seconds=seconds)
        return codec_answers.decode_submit(request.path, reply, request.json())

    async def poll(self, wire: Wire, ticket: Ticket) -> Answer:
        """Most jobs have a status of their own; an influencer in training is found in the list, a voice that was found again is read."""
        remote: dict[str, Any] = dict(ticket.remote)
        if "failed" in remote:
            return Failed("upstream", str(remote["failed"]))
        if "influencer_id" in remote:
            return codec_answers.decode_influencers(await _get(wire, "/influencers"), remote)
        if "voice_id" in remote:
            return codec_answers.decode_voice(await _get(wire, f"/voices/{remote['voice_id']}"))
        reply = await _get(wire, f"/generations/{remote['generation_id']}/status")
        return codec_answers.decode_status(reply, remote, count=ticket.count, since=ticket.first_sent_at)

    async def fresh_link(self, wire: Wire, ticket: Ticket, link: Link) -> Link | None:
        """A LoRA video was answered at once and has no handle: the status endpoint may know its job all the same."""
        remote = ticket.remote or ({"generation_id": link.remote_id} if link.remote_id else None)
        if remote is None:
            return None
        try:
            return await super().fresh_link(wire, replace(ticket, remote=remote), link)
        except Gone:
            return None

    async def fresh_sample(self, wire: Wire, result: Person | NewVoice) -> str:
        """The list of people and the page of a voice hand out fresh addresses."""
        answer: Answer
        if isinstance(result, NewVoice):
            answer = codec_answers.decode_voice(await _get(wire, f"/voices/{result.remote_id}"))
        else:
            wanted = {"influencer_id": result.remote_id}
            answer = codec_answers.decode_influencers(await _get(wire, "/influencers"), wanted)
        found = answer.results[0] if isinstance(answer, Finished) else None
        if isinstance(found, NewVoice):
            return found.preview_url
        return found.face_url if isinstance(found, Person) else ""

    async def jobs(self, wire: Wire, ticket: Ticket, since: datetime) -> list[Job]:
        """Jobs without a time are kept: whether they fit is asked next, and a person decides between several."""
        if ticket.request.path not in LISTS:
            return []
        place, read = LISTS[ticket.request.path]
        found = read(await _read(wire, _in_workspace(place, ticket.request)))
        made = [job for job in found if job.created_at is None or job.created_at >= since - CLOCK]
        return sorted(made, key=lambda job: job.created_at or since, reverse=True)

    def job_fits(self, ticket: Ticket, job: Job) -> bool:
        return codec_entries.job_fits(ticket.request.json(), job)

    # -- The account -----------------------------------------------------------------------------------------------------------

    async def test(self, wire: Wire) -> str:
        balance = await self.balance(wire)
        return f"Connected to Influencer Studio: {balance.amount.normalize():,f} credits."

    async def balance(self, wire: Wire) -> Balance:
        return Balance(wire_answers.credits_of(await _read(wire, "/billing/credits")), self.unit)

    async def catalogue(self, wire: Wire) -> list[Entry]:
        from studio.providers import shipped_offers

        today = datetime.now(UTC).date()
        images, videos, people, voices, tracks = await asyncio.gather(
            *(_read(wire, place) for place in ("/models/images", "/models/videos", "/influencers", "/voices", "/music"))
        )
        described = await _described(wire)
        shipped = shipped_offers(self.key)

        def known(tool: str) -> dict[str, dict[str, Any]]:
            return {str(offer.wire.get("model")): offer.snapshot() for offer in shipped if offer.tool == tool}

        found = [
            *codec_entries.described_entries(described, [offer.snapshot() for offer in shipped], today),
            *codec_entries.model_entries("image", images, known("image"), today),
            *codec_entries.model_entries("video", videos, known("video"), today),
            *codec_entries.influencer_entries(people),
            *codec_entries.voice_entries(voices),
            *codec_entries.track_entries(tracks),
        ]
        return list({(entry.kind, entry.remote_id): entry for entry in found}.values())

    async def people(self, wire: Wire) -> list[Entry]:
        return codec_entries.influencer_entries(await _read(wire, "/influencers"))

    async def listed_again(self, wire: Wire, kind: str, remote_id: str) -> Entry | None:
        """Voices and tracks by their ids, one call; the rest as everywhere."""
        if kind == "voice":
            found = codec_entries.voice_entries([await _read(wire, f"/voices/{remote_id}")])
        elif kind == "track":
            found = codec_entries.track_entries([await _read(wire, f"/music/{remote_id}")])
        else:
            found = await self.catalogue(wire)
        return entry_of(found, kind, remote_id)

    async def voice(self, wire: Wire, voice_id: str) -> wire_answers.Voice:
        """One voice, with its id at the provider of speech (`custom_voice_id`)."""
        return wire_answers.Voice.read(await _read(wire, f"/voices/{voice_id}"))

    async def track(self, wire: Wire, track_id: str) -> wire_answers.Track:
        return wire_answers.Track.read(await _read(wire, f"/music/{track_id}"))

    # -- Money -----------------------------------------------------------------------------------------------------------------

    async def plans(self, wire: Wire) -> list[wire_answers.Plan]:
        rows = wire_answers.rows_of(await _read(wire, "/billing/plans"), "plans")
        return [plan for row in rows if isinstance(row, dict) and (plan := wire_answers.Plan.read(row)).id]

    async def top_up(
        self,
        wire: Wire,
        plan_id: str,
        variant_id: str = "",
        *,
        success_url: str = "",
        cancel_url: str = "",
        dispute_policy_acknowledged: bool = False,
        signature_name: str = "",
    ) -> str:
        """Opens a checkout and returns its address: the only call that moves money. Only ever called because a person pressed a button.

        The two last are its newer fields: what the person acknowledged and signed.
        """
        order = TopUp(
            plan_id=plan_id,
            variant_id=variant_id or None,
            success_url=success_url or None,
            cancel_url=cancel_url or None,
            dispute_policy_acknowledged=True if dispute_policy_acknowledged else None,
            signature_name=signature_name or None,
        )
        reply = await wire.request("POST", "/billing/top-up", data=order.sent(), seconds=SUBMIT_SECONDS)
        if not 200 <= reply.status < 300:
            raise error_of(reply, SUBMIT)
        address = wire_answers.Checkout.read(reply.data).checkout_url
        if not address:
            raise Unreadable("Influencer Studio opened no checkout. Try again, or top up on its own page.")
        return address

    # -- Bells -----------------------------------------------------------------------------------------------------------------

    def read_webhook(self, headers: Mapping[str, str], body: bytes, secret: str) -> list[str]:
        """Nothing in a call can be believed: it carries no signature. It only says "look now" of the generation that the URL names."""
        return []


async def _get(wire: Wire, place: str) -> Reply:
    return await wire.request("GET", place, seconds=READ_SECONDS)


async def _read(wire: Wire, place: str) -> Any:
    """The JSON of a free GET. Raises by `codec_errors.READ`."""
    reply = await _get(wire, place)
    if not 200 <= reply.status < 300:
        raise error_of(reply, READ)
    if reply.data is None:
        raise Unreadable("Influencer Studio answered with something that is not JSON.")
    return reply.data


async def _described(wire: Wire) -> Any:
    """The service's OpenAPI document, None where it cannot be had: the page does not promise it."""
    try:
        return await _read(wire, "/swagger")
    except ProviderError:
        return None


def _in_workspace(place: str, request: Request) -> str:
    """Music can be listed by workspace; the parameter's name is documented nowhere, so that a service that ignores it does no harm."""
    workspace = (request.json() or {}).get("workspace_id") if place == "/music" else None
    return f"{place}?{urlencode({'workspace_id': workspace})}" if workspace else place
