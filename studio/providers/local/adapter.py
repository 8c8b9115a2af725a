"""What is made on this server behind the contract: `submit` writes a job, `poll` reads it, the render lane does the work."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from studio.models import RenderJob, RenderState
from studio.providers.base import (
    Answer,
    Canceled,
    Failed,
    Finished,
    HereProvider,
    LocalFile,
    Missing,
    Offer,
    Progress,
    ProviderError,
    Refused,
    Request,
    Submitted,
    Ticket,
)
from studio.speech import model
from studio.tools import get_tool
from studio.tools.values import Resolved

from . import drawing, jobs, speaking

POLL_SECONDS = 1.0
FREE = Decimal(0)


class LocalProvider(HereProvider):
    key: ClassVar[str] = "local"
    title: ClassVar[str] = "This server"
    made_by: ClassVar[str] = "Rendered locally"
    verb: ClassVar[str] = "Rendering"
    drawn_here: ClassVar[bool] = True

    def made(self, tool: str) -> str:
        return "Spoken on this server" if _is_sound(tool) else self.made_by

    def doing(self, tool: str) -> str:
        return "Speaking" if _is_sound(tool) else self.verb

    def why_not(self, offer: Offer) -> str:
        return model.problem() if offer.tool == "speech" else ""

    def encode(self, offer: Offer, values: Resolved) -> Request:
        if offer.tool == "speech":
            speech = {"speeches": [speaking.encode_speech(values)]}
            return Request("SPEAK", "", json.dumps(speech, ensure_ascii=False, sort_keys=True).encode())
        ads = [drawing.encode_ad(drawing.build_ad(values, variant=take)) for take in range(_count(values))]
        return Request("DRAW", "", json.dumps({"ads": ads}, ensure_ascii=False, sort_keys=True).encode())

    def submit(self, ticket: Ticket) -> Submitted:
        try:
            job = ticket.request.json()
        except ValueError as error:
            raise Refused("The stored request cannot be read. Run it again.") from error
        jobs.create(ticket.generation_id, job)
        return Submitted({"job": str(ticket.generation_id)}, POLL_SECONDS)

    def poll(self, tickets: Sequence[Ticket]) -> dict[UUID, Answer | ProviderError]:
        found = RenderJob.objects.defer("job").in_bulk([ticket.generation_id for ticket in tickets])
        return {ticket.generation_id: self._answer(found.get(ticket.generation_id)) for ticket in tickets}

    def _answer(self, job: RenderJob | None) -> Answer:
        if job is None:
            return Failed("lost", "This server no longer knows the job. Run it again.")
        if job.state == RenderState.DONE:
            results = tuple(_result(job, entry) for entry in job.results)
            if any(isinstance(result, LocalFile) and not result.path.exists() for result in results):
                jobs.render_again(job.pk)
                return Progress(0, "Once more", POLL_SECONDS)
            return Finished(results, FREE)
        if job.state == RenderState.FAILED:
            return Failed("render", job.error)
        if job.state == RenderState.CANCELED:
            return Canceled()
        step = "Waiting for the renderer" if job.state == RenderState.WAITING else job.step
        return Progress(job.progress, step, POLL_SECONDS)

    def cancel(self, ticket: Ticket) -> None:
        jobs.cancel(ticket.generation_id)

    def forget(self, ticket: Ticket) -> None:
        shutil.rmtree(jobs.folder(ticket.generation_id), ignore_errors=True)

    def may_send_again_within(self) -> timedelta:
        """Always: there is one job per generation."""
        return timedelta.max


def _count(values: Resolved) -> int:
    return len(values.tool.expected(values.inputs))


def _result(job: RenderJob, entry: dict[str, Any]) -> LocalFile | Missing:
    if "error" in entry:
        return Missing(entry["position"], entry["error"])
    return LocalFile(entry["position"], jobs.folder(job.pk) / entry["file"], tuple(entry["notes"]))


def _is_sound(slug: str) -> bool:
    tool = get_tool(slug)
    return tool is not None and tool.makes == "audio"
