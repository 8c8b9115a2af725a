"""What an error answer of Influencer Studio means. The tables are read from the top; the first row that fits decides.

Error bodies are documented nowhere: the status decides alone, except that a 429 which speaks of credits is a lack of them, and that the
synchronous LoRA video documents 500 as "generation failed". Nothing says that any 5xx starts nothing, so all of them are uncertain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.dialects.base import Gone, NotConfigured, NotTaken, ProviderError, Refused, Reply, Uncertain

from .wire_answers import said_of

Means = Literal["not configured", "refused", "not taken", "uncertain", "gone"]

LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Row:
    """statuses: first and last. words: one of them stands in the answer ("" is any). ends: the stable code of a refusal."""

    statuses: tuple[int, int]
    means: Means
    sentence: str
    words: tuple[str, ...] = ()
    ends: str = "refused"

    def fits(self, status: int, said: str) -> bool:
        return self.statuses[0] <= status <= self.statuses[1] and (
            not self.words or any(word in said.lower() for word in self.words)
        )


BAD_KEY = "Influencer Studio does not accept this key. Put in a working one under Settings, Connections."
NO_CREDITS = "There are not enough credits at Influencer Studio. Top up there, then run this again."
WRONG_WORKSPACE = "The Influencer Studio workspace set for this connection does not belong to its key. Correct it under Settings, Connections."
MOVED = (
    "Influencer Studio answered with a redirect. Correct the connection's base URL; "
    "the usual one is https://influencerstudio.com/api/v1."
)
BUSY = "Influencer Studio is busy."
UNKNOWN = "Influencer Studio does not know something in this request: an influencer, a voice, a workspace, a template or a job."

SUBMIT: tuple[Row, ...] = (
    Row((300, 399), "not configured", MOVED),
    Row((400, 400), "refused", "Influencer Studio refused these inputs.", ends="input"),
    Row((401, 401), "not configured", BAD_KEY),
    Row((402, 402), "refused", NO_CREDITS, ends="credits"),
    Row((403, 403), "refused", WRONG_WORKSPACE, ends="missing"),
    Row((404, 404), "refused", UNKNOWN, ends="missing"),
    Row((408, 409), "uncertain", "Influencer Studio gave up on this request, so it may have been started."),
    Row((413, 413), "refused", "This is too large for Influencer Studio.", ends="input"),
    Row((422, 422), "refused", "Influencer Studio refused these inputs.", ends="input"),
    Row((429, 429), "refused", NO_CREDITS, words=("credit", "balance"), ends="credits"),
    Row((429, 429), "not taken", BUSY),
    Row((400, 499), "refused", "Influencer Studio refused this."),
    Row((500, 599), "uncertain", "Influencer Studio failed while it took this, so it may have been started."),
)
"""The answer to a paid POST."""

READ: tuple[Row, ...] = (
    Row((300, 399), "not configured", MOVED),
    Row((401, 401), "not configured", BAD_KEY),
    Row((403, 403), "not configured", WRONG_WORKSPACE),
    Row((404, 404), "gone", "Influencer Studio does not know this."),
    Row((408, 408), "not taken", BUSY),
    Row((429, 429), "not taken", BUSY),
    Row((400, 499), "refused", "Influencer Studio refused this."),
    Row((500, 599), "not taken", "Influencer Studio has a problem of its own."),
)
"""The answer to a GET: never paid. 401, 403 and 404 end a poll; the rest is asked again."""


def error_of(reply: Reply, table: tuple[Row, ...]) -> ProviderError:
    """The error that an answer outside of 200 to 299 stands for."""
    said = said_of(reply.data, reply.text)
    row = next((row for row in table if row.fits(reply.status, said)), None)
    if row is None:
        return Uncertain(f"Influencer Studio answered with status {reply.status}.")
    sentence = f"{row.sentence} It says: {said}" if said else row.sentence
    if row.means == "refused":
        return Refused(sentence, row.ends)
    if row.means == "not configured":
        return NotConfigured(sentence)
    if row.means == "not taken":
        asked = reply.retry_after_seconds
        return NotTaken(sentence, 5.0 if asked is None else min(asked, LONGEST_WAIT_SECONDS))
    return Gone(sentence) if row.means == "gone" else Uncertain(sentence)
