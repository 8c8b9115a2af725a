"""Executions: started, carried on by time or by command, listed and cancelled."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from tests.upstreams.common import Answer, Recorded, Upstream

from .rules import FIELDS, RESULT_KINDS, complaint, files_named

ENDED = ("succeeded", "failed", "cancelled")


@dataclass
class Job:
    """status, once set, holds; before that time decides. foreign: started by somebody else, "key" under the same key, "team" by another
    member of the team."""

    id: str
    tool: str
    count: int
    started: float
    body: dict[str, Any]
    foreign: str = ""
    status: str = ""
    progress: float | None = None
    attempt: int = 0
    results: list[str] = field(default_factory=list)
    error: dict[str, Any] | None = None

    @property
    def tool_type(self) -> str:
        return self.tool.replace("-", "_").upper()


def paged(items: list[Any], request: Recorded, name: str) -> dict[str, Any]:
    """limit 1 to 200 (50); the cursor is where the next page begins."""
    limit = int(request.query.get("limit", ["50"])[0])
    start = int(request.query.get("cursor", ["c0"])[0][1:])
    more = len(items) > start + limit
    return {name: items[start : start + limit], "hasMore": more, "nextCursor": f"c{start + limit}" if more else None}


class Jobs(Upstream, ABC):
    """seconds: how long a job takes; None: until it is told. era: whose answers these are; "any" accepts all names and answers as "2"."""

    era: str
    seconds: float | None
    jobs: dict[str, Job]
    credits: float | None
    out_of_credits_status: int
    may_drop_watermark: bool

    def refuse(self, status: int, message: str, code: str | None = None, requirement: Any = None) -> Answer:
        return Answer({"message": message, "code": code, "requirement": requirement, "internalErrorCode": None}, status)

    def knows(self, *eras: str) -> bool:
        return self.era == "any" or self.era in eras

    def start(self, request: Recorded, tool: str) -> Answer:
        if tool not in RESULT_KINDS or not self.knows(*FIELDS[tool]):
            return self.not_found()
        body = self.read_json(request)
        wrong = complaint(tool, body, self.era)
        if wrong:
            return self.refuse(400, wrong, "invalid_request" if self.era in ("2", "any") else "invalid_parameters")
        for file_id in files_named(body):
            if not self.has_file(file_id):
                return self.refuse(404, f"{file_id} was not found.", "not_found")
        if body.get("watermarkMode") == "NONE" and not self.may_drop_watermark:
            kind = "purchase_add_on" if self.era == "0" else "upgrade_plan"
            return self.refuse(403, "Removing the watermark needs another plan.", "not_authorized", {"type": kind})
        count = int(body.get("numResults") or 1)
        short = self.take_credits(count)
        if short:
            return short
        job = self.add_job(tool, count, body)
        self.script.pay(request, job.id, count)
        return Answer({"toolExecutionId": job.id}, 202)

    def take_credits(self, count: float) -> Answer | None:
        if self.credits is None:
            return None
        if self.credits < count:
            return self.refuse(
                self.out_of_credits_status, "You do not have enough credits for this.", "insufficient_credits"
            )
        self.credits -= count
        return None

    def read_json(self, request: Recorded) -> Any:
        try:
            return request.json
        except ValueError:
            return None

    @abstractmethod
    def has_file(self, file_id: str) -> bool:
        """Whether it was uploaded here, or made."""

    @abstractmethod
    def result_of(self, job: Job, file_id: str, *, hydrated: bool) -> dict[str, Any]:
        """How an answer tells of one result."""

    @abstractmethod
    def make_result(self, job: Job, number: int) -> str:
        """Makes one result; returns the id of its file."""

    # -- Orders of a test ----------------------------------------------------------------------------------------------------

    def add_job(self, tool: str, count: int = 1, body: dict[str, Any] | None = None, *, foreign: str = "") -> Job:
        prefix = "vg_exec_" if self.era == "0" else "vg_tool_"
        job = Job(self.script.new_id(prefix, 14), tool, count, time.time(), body or {}, foreign)
        self.jobs[job.id] = job
        return job

    def foreign(self, tool: str, count: int = 1, who: str = "key") -> str:
        """A job that somebody else started under the same key, or ("team") with one of the same team; it costs us nothing."""
        return self.add_job(tool, count, foreign=who).id

    def progress(self, job: str, percent: float, attempt: int = 0) -> None:
        self.jobs[job].status, self.jobs[job].progress, self.jobs[job].attempt = "running", percent, attempt

    def say(self, job: str, status: str) -> None:
        """Any status, a new one too."""
        self.jobs[job].status = status

    def finish(self, job: str, results: int | None = None) -> None:
        """Done, with all results or only some."""
        known = self.jobs[job]
        known.status = "succeeded"
        known.results = [
            self.make_result(known, number) for number in range(known.count if results is None else results)
        ]

    def fail(self, job: str, message: str = "The prompt was refused.", code: str | None = "some_code") -> None:
        self.jobs[job].status = "failed"
        self.jobs[job].error = {"message": message, "code": code, "requirement": None, "internalErrorCode": "i-1"}

    def forget(self, job: str) -> None:
        """The upstream no longer knows it."""
        del self.jobs[job]

    def settle(self, job: Job) -> Job:
        """Carries it on as far as time says."""
        if not job.status and self.seconds is not None and time.time() - job.started >= self.seconds:
            self.finish(job.id)
        return job

    # -- Asking ----------------------------------------------------------------------------------------------------------------

    def execution(self, request: Recorded, job: str) -> Answer:
        if job not in self.jobs:
            return self.refuse(404, "Tool execution not found.", "not_found")
        return Answer(self.told(self.settle(self.jobs[job])))

    def executions(self, request: Recorded) -> Answer:
        if not self.knows("1", "2"):
            return self.not_found()
        own_only = request.query.get("selfOnly") == ["true"]
        newest = sorted(self.jobs.values(), key=lambda job: job.started, reverse=True)
        mine = [job for job in newest if not (own_only and job.foreign == "team")]
        page = paged(mine, request, "toolExecutions")
        return Answer({**page, "toolExecutions": [self.told(self.settle(job)) for job in page["toolExecutions"]]})

    def cancel(self, request: Recorded, job: str) -> Answer:
        if job not in self.jobs:
            return self.refuse(404, "Tool execution not found.", "not_found")
        known = self.settle(self.jobs[job])
        if known.status not in ENDED:
            known.status = "cancelled"
        return Answer({"toolExecutionId": job}, 202)

    def told(self, job: Job) -> dict[str, Any]:
        elapsed = time.time() - job.started
        share = min(elapsed / self.seconds, 0.99) if self.seconds else 0.0
        status = job.status or ("running" if share > 0.2 else "pending")
        percent = 100 if status == "succeeded" else job.progress if job.progress is not None else round(share * 100)
        told: dict[str, Any] = {"toolExecutionId": job.id, "status": status, "toolType": job.tool_type}
        if self.era == "0":  # Fields come only when they have something to say.
            if job.results:
                told["results"] = [self.result_of(job, file_id, hydrated=False) for file_id in job.results]
            return {**told, "error": job.error} if job.error else told
        results = [self.result_of(job, file_id, hydrated=self.era != "1") for file_id in job.results]
        return {
            **told,
            "progressPercentage": percent,
            "attemptIndex": job.attempt,
            "results": results,
            "error": job.error,
        }
