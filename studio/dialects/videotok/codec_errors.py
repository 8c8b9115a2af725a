"""What an error answer of Videotok means. The tables are read from the top; the first row that fits decides.

A conflict (409) that does not name its reason is taken for a first try still at work: our key is used for one request alone, whose bytes
never change, so that sending them again can only bring the answer to that very request. It is `StillTaking` with waits of 2, 4, 8 and
16 seconds: the engine keeps the state `submitting` and sends the same bytes under the same key, inside of the window, never under a new key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.dialects.base import Gone, NotConfigured, NotTaken, ProviderError, Refused, Reply, StillTaking, Uncertain

from .reading import Problem, problem_of

Means = Literal["not configured", "refused", "not taken", "still taking", "uncertain", "gone"]

LONGEST_WAIT_SECONDS = 60.0
WAITS = (2.0, 4.0, 8.0, 16.0)
NEEDED = "generations:write"


@dataclass(frozen=True, slots=True)
class Row:
    """statuses: first and last. code, reason: of the envelope, "" is any. retryable: None is any. ends: the stable code of a refusal."""

    statuses: tuple[int, int]
    means: Means
    sentence: str
    code: str = ""
    reason: str = ""
    retryable: bool | None = None
    ends: str = "refused"

    def fits(self, problem: Problem) -> bool:
        return (
            self.statuses[0] <= problem.status <= self.statuses[1]
            and self.code in ("", problem.code)
            and self.reason in ("", problem.context.get("reason"))
            and self.retryable in (None, problem.retryable)
        )


BAD_KEY = "Videotok does not accept this key. Put in a working one under Settings, Connections."
NO_SCOPE = f"This Videotok key may not do that: it lacks the scope {NEEDED}. Make a key that has it."
NO_PLAN = "The Videotok workspace of this key has no paid plan. Choose one there, then run this again."
NO_CREDITS = "There are not enough credits at Videotok. Top up there, then run this again."
MOVED = "Videotok answered with a redirect. Correct the connection's base URL; the usual one is https://videotok.app/api/v1."
BUSY = "Videotok is busy."

SUBMIT: tuple[Row, ...] = (
    Row((300, 399), "not configured", MOVED),
    Row((400, 499), "refused", NO_CREDITS, code="insufficient_credits", ends="credits"),
    Row((400, 499), "refused", NO_PLAN, code="payment_required", ends="plan"),
    Row((401, 401), "not configured", BAD_KEY),
    Row((403, 403), "not configured", NO_SCOPE),
    Row((404, 404), "refused", "Videotok does not know something in this request.", ends="missing"),
    Row((408, 408), "uncertain", "Videotok gave up while it read this, so it may have been started."),
    Row(
        (409, 409),
        "uncertain",
        "Videotok knows this request under other contents, so an earlier one may have been started.",
        reason="payload_mismatch",
    ),
    Row((409, 409), "still taking", "Videotok is still taking this."),
    Row((429, 429), "not taken", BUSY),
    Row((413, 413), "refused", "This is too large for Videotok.", ends="input"),
    Row((400, 499), "refused", "Videotok refused these inputs.", code="bad_request", ends="input"),
    Row((400, 499), "not taken", BUSY, retryable=True),
    Row((400, 499), "refused", "Videotok refused this.", ends="input"),
    # Its pages say that credits come back when queueing fails, but not that every 5xx is such a case.
    Row((500, 599), "uncertain", "Videotok failed while it took this, so it may have been started."),
)
"""The answer to a paid POST."""

READ: tuple[Row, ...] = (
    Row((300, 399), "not configured", MOVED),
    Row((400, 499), "refused", NO_PLAN, code="payment_required", ends="plan"),
    Row((401, 401), "not configured", BAD_KEY),
    Row((402, 402), "refused", NO_PLAN, ends="plan"),
    Row((403, 403), "not configured", NO_SCOPE),
    Row((404, 404), "gone", "Videotok does not know this."),
    Row((408, 409), "not taken", BUSY),
    Row((429, 429), "not taken", BUSY),
    Row((400, 499), "not taken", BUSY, retryable=True),
    Row((400, 499), "refused", "Videotok refused this.", ends="input"),
    Row((500, 599), "not taken", "Videotok has a problem of its own."),
)
"""The answer to a GET, or to saving a reference: neither is ever paid."""


def error_of(reply: Reply, table: tuple[Row, ...], age_seconds: float = 0.0) -> ProviderError:
    """The error that an answer outside of 200 to 299 stands for. age_seconds: since the request was first sent."""
    problem = problem_of(reply.status, reply.data, reply.text)
    row = next((row for row in table if row.fits(problem)), None)
    if row is None:
        return Uncertain(f"Videotok answered with status {reply.status}.")
    return _made(row, problem, reply, age_seconds)


def _made(row: Row, problem: Problem, reply: Reply, age_seconds: float) -> ProviderError:
    sentence = _with_detail(row.sentence, problem)
    if row.means == "refused":
        return Refused(sentence, row.ends)
    if row.means == "not configured":
        return NotConfigured(sentence)
    if row.means == "still taking":
        return StillTaking(sentence, wait(reply, _nth_wait(age_seconds)))
    if row.means == "not taken":
        return NotTaken(sentence, wait(reply, 5.0))
    return Gone(sentence) if row.means == "gone" else Uncertain(sentence)


def wait(reply: Reply, otherwise: float) -> float:
    """Seconds until the next try: theirs, at most a minute, else ours."""
    asked = reply.retry_after_seconds
    return otherwise if asked is None else min(asked, LONGEST_WAIT_SECONDS)


def _nth_wait(age_seconds: float) -> float:
    """2, 4, 8, then 16 s: the first wait that, with those before it, reaches beyond the request's age."""
    until = 0.0
    for seconds in WAITS:
        until += seconds
        if age_seconds < until - seconds / 2:
            return seconds
    return WAITS[-1]


def _with_detail(sentence: str, problem: Problem) -> str:
    """Our sentence and theirs, or the figures of a lack of credits."""
    needed, there = (problem.context.get(name) for name in ("credits_required", "credits_available"))
    if needed is not None and there is not None:
        return f"{sentence} It needs {needed}, there are {there}."
    field = problem.context.get("field")
    said = f"{problem.said[:300]}{f' ({field})' if field else ''}" if problem.said else ""
    return f"{sentence} It says: {said}" if said else sentence
