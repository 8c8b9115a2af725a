"""VideoGen behind the wire. Its API: https://docs.videogen.io; what we know of it: docs/upstreams/videogen.md."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar

from pydantic import ValidationError

from studio.dialects.base import (
    Answer,
    Entry,
    Finished,
    Gone,
    Job,
    Link,
    Missing,
    NotTaken,
    Progress,
    Refused,
    Request,
    Result,
    Submitted,
    Unreadable,
)
from studio.dialects.videogen import wire as messages
from studio.dialects.videogen.codec import decode_execution, decode_jobs, decode_submit, encode, link_of, refusal
from studio.dialects.videogen.codec_answers import poll_error, tool_word
from studio.dialects.videogen.codec_encode import pictures_of
from studio.dialects.videogen.eras import TITLES, has_endpoint
from studio.dialects.videogen.signature import verify
from studio.providers.base import Bucket, Offer, RemoteProvider, Ticket
from studio.providers.http import Wire
from studio.tools.values import MediaValue, Resolved

from . import files, library
from .calls import ask, era_of, part, read, with_query

EXECUTIONS = "/v1/tools/executions"
WEBHOOKS = "/v1/webhooks/endpoints"
START_SECONDS = 60.0
TEXT_SECONDS = 180.0
LISTED_AT_ONCE = 50
"""An execution may carry a hundred hydrated results: more of them would not fit into an answer that we read."""
LISTED_PAGES = 8


class VideoGenProvider(files.FileMethods, RemoteProvider):
    key: ClassVar[str] = "videogen"
    title: ClassVar[str] = "VideoGen"
    made_by: ClassVar[str] = "Made with VideoGen"
    base_url: ClassVar[str] = "https://api.videogen.io"
    key_url: ClassVar[str] = "https://app.videogen.io/developers"
    key_hint: ClassVar[str] = "sk_videogen_live_…"
    can_cancel: ClassVar[bool] = True
    can_list: ClassVar[frozenset[str]] = frozenset(
        {
            "image",
            "image-edit",
            "influencer-shoot",
            "video",
            "video-edit",
            "speech",
            "sound-effect",
            "music",
            "motion-graphic",
            "avatar-clip",
            "vectorize",
            "image-cutout",
            "video-cutout",
            "image-upscale",
            "video-upscale",
            "image-3d",
        }
    )
    # Per key and hour, from the rate-limit page as of 2026-10-02.
    buckets: ClassVar[Mapping[str, Bucket]] = {
        "submit": Bucket(20, 500),
        "poll": Bucket(100, 5000),
        "hydrate": Bucket(50, 2500),
        "upload": Bucket(20, 500),
        "cancel": Bucket(20, 250),
    }
    eras: ClassVar[tuple[tuple[str, str], ...]] = tuple(TITLES.items())

    # -- Paid ------------------------------------------------------------------------------------------------------------------

    def encode(self, offer: Offer, values: Resolved) -> Request:
        return encode(offer, values)

    async def submit(self, wire: Wire, ticket: Ticket) -> Submitted | Finished:
        sent = ticket.request
        seconds = TEXT_SECONDS if sent.path == "/v1/text/generate" else START_SECONDS
        reply = await wire.request(sent.method, sent.path, body=sent.body, seconds=seconds)
        return decode_submit(reply, sent.path, era_of(wire))

    # -- Asking ----------------------------------------------------------------------------------------------------------------

    async def poll(self, wire: Wire, ticket: Ticket) -> Answer:
        reply = await wire.request("GET", f"{EXECUTIONS}/{part(ticket.remote['execution'])}")
        answer = decode_execution(reply, ticket.count)
        return await self._with_links(wire, ticket, answer) if isinstance(answer, Finished) else answer

    async def _with_links(self, wire: Wire, ticket: Ticket, answer: Finished) -> Answer:
        """Files that came without an address (earlier eras give none) are hydrated; one that is not ready keeps the whole waiting."""
        found: list[Result] = []
        for result in answer.results:
            if isinstance(result, Link) and not result.url:
                if result.position in ticket.settled:
                    continue
                result = await self._hydrated(wire, result.position, result.remote_id)
                if isinstance(result, Link) and not result.url:
                    return Progress(1.0, "VideoGen is storing the file", 5.0)
            found.append(result)
        return replace(answer, results=tuple(found))

    async def _hydrated(self, wire: Wire, position: int, file_id: str) -> Link | Missing:
        try:
            return link_of(position, await files.hydrate(wire, file_id))
        except Gone:
            return Missing(position, "VideoGen no longer has this file.")

    async def fresh_link(self, wire: Wire, ticket: Ticket, link: Link) -> Link | None:
        if not link.remote_id:
            return await super().fresh_link(wire, ticket, link)
        fresh = await self._hydrated(wire, link.position, link.remote_id)
        if isinstance(fresh, Link) and not fresh.url:
            raise NotTaken("VideoGen is preparing the file again.", 10)
        return fresh if isinstance(fresh, Link) else None

    async def cancel(self, wire: Wire, ticket: Ticket) -> None:
        """Asks it to stop. What an ended execution answers is unknown; a conflict is taken as one."""
        reply = await wire.request("POST", f"{EXECUTIONS}/{part(ticket.remote['execution'])}/cancel")
        if not (200 <= reply.status < 300 or reply.status in (400, 404, 409)):
            raise poll_error(reply)

    # -- Before ----------------------------------------------------------------------------------------------------------------

    def uploads(self, offer: Offer, values: Resolved) -> Sequence[MediaValue]:
        people = pictures_of(values) if offer.wire["path"] == "/v1/tools/generate-image" else []
        wanted = [*(media for group in values.media.values() for media in group), *people]
        missing = {media.id: media for media in wanted if "file" not in media.remote}
        return tuple(missing.values())

    async def upload(self, wire: Wire, media: MediaValue, known_id: str = "") -> str:
        return await files.upload(wire, media, known_id)

    # -- Lost and found --------------------------------------------------------------------------------------------------------

    async def jobs(self, wire: Wire, ticket: Ticket, since: datetime) -> list[Job]:
        """Those of this key's owner, newest first. Era 0 has no list; no era tells when a job was started.

        Other tools' jobs are listed too: those that we know are all that tells when their neighbours were started.
        """
        if not has_endpoint(EXECUTIONS, era_of(wire)):
            return []
        found: list[Job] = []
        cursor = ""
        for _ in range(LISTED_PAGES):
            asked = messages.ExecutionsQuery(limit=LISTED_AT_ONCE, cursor=cursor or None, self_only=True)
            page, cursor = decode_jobs(await wire.request("GET", with_query(EXECUTIONS, asked, era_of(wire))))
            found += page
            if not cursor:
                break
        return [job for job in found if job.created_at is None or job.created_at >= since]

    def job_fits(self, ticket: Ticket, job: Job) -> bool:
        return job.fits.get("tool") == tool_word(ticket.request.path)

    # -- The key and what it opens -----------------------------------------------------------------------------------------------

    async def test(self, wire: Wire) -> str:
        if not has_endpoint("/v1/me", era_of(wire)):
            await self._first_voice(wire)
            return "Connected to VideoGen."
        reply = await wire.request("GET", "/v1/me")
        if reply.status == 404:
            raise Refused(
                "VideoGen's address knows no accounts: it may speak the names of 0.x. Switch the era, then test again.",
                "era",
            )
        if not 200 <= reply.status < 300:
            raise refusal(reply, "/v1/me", era_of(wire))
        me = read(reply, messages.Me)
        if not (me.api_key_id or me.team_id or me.email):
            raise Refused("Something answers at this address, and it is not VideoGen. Check the address.", "refused")
        key = f" with the key “{me.api_key_nickname}”" if me.api_key_nickname else ""
        return f"Connected as {me.display_name or me.email or 'your team'}{key}."

    async def _first_voice(self, wire: Wire) -> None:
        """Era 0 has no account call: its list of voices needs the key as well."""
        reply = await wire.request("GET", "/v1/resources/tts-voices")
        if not 200 <= reply.status < 300:
            raise refusal(reply, "/v1/resources/tts-voices", era_of(wire))
        if "tts_voices" not in read(reply, messages.VoiceList).model_fields_set:
            raise Refused("Something answers at this address, and it is not VideoGen. Check the address.", "refused")

    async def catalogue(self, wire: Wire) -> list[Entry]:
        return await library.catalogue(wire)

    # -- Webhooks --------------------------------------------------------------------------------------------------------------

    async def register_webhook(self, wire: Wire, url: str) -> tuple[str, str] | None:
        said = messages.CreateWebhook(url=url, events=list(messages.TOOL_EVENTS), description="Backlot")
        reply = await wire.request("POST", WEBHOOKS, data=said.to_wire())
        if not 200 <= reply.status < 300:
            raise refusal(reply, WEBHOOKS, era_of(wire))
        made = read(reply, messages.WebhookEndpoint)
        if not made.endpoint_id or not made.signing_secret:
            raise Unreadable("VideoGen registered the webhook and named no secret for it.")
        return made.endpoint_id, made.signing_secret

    async def remove_webhook(self, wire: Wire, webhook_id: str) -> None:
        reply = await wire.request("DELETE", f"{WEBHOOKS}/{part(webhook_id)}")
        if not (200 <= reply.status < 300 or reply.status == 404):
            raise refusal(reply, WEBHOOKS, era_of(wire))

    async def webhooks(self, wire: Wire, query: messages.WebhooksQuery | None = None) -> list[messages.WebhookEndpoint]:
        """One page of what is registered, whoever registered it."""
        path = with_query(WEBHOOKS, query or messages.WebhooksQuery(), era_of(wire))
        return (await ask(wire, "GET", path, messages.WebhookList)).endpoints

    def read_webhook(self, headers: Mapping[str, str], body: bytes, secret: str, now: float | None = None) -> list[str]:
        """Empty for a genuine event that is about no execution."""
        verify(headers, body, secret, time.time() if now is None else now)
        try:
            event = messages.Event.model_validate_json(body)
        except ValidationError as error:
            raise ValueError("This delivery cannot be read.") from error
        return [event.tool_execution_id] if event.tool_execution_id else []
