"""After the crash test: the books of the services against our rows. Every sentence that comes out is a broken promise."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bench.crash_plan import Planned
from bench.crash_services import LOSING

KILL_SECONDS = 5.0
"""An answer that came so shortly before a death may not have been written down any more."""
NEIGHBOUR_SECONDS = 120.0
"""Two lost submits of the same kind so close to each other cannot be told apart in a list without times."""
SAME_CALL = {"image-edit": "image"}
"""Tools of VideoGen that one endpoint makes."""


@dataclass
class Story:
    """One generation as both sides tell it. payments: answers for which a service took something; jobs: what was taken."""

    plan: Planned
    row: Any
    payments: list[dict[str, Any]] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    lost: bool = False
    canceled: bool = False

    @property
    def provider(self) -> str:
        return self.plan.kind.provider

    @property
    def state(self) -> str:
        return str(self.row.state)

    @property
    def files(self) -> list[str]:
        return [sha for job in self.jobs for sha in job["files"]]

    @property
    def finished(self) -> bool:
        return any(job["state"] == "finished" for job in self.jobs)

    def __str__(self) -> str:
        row = self.row
        return (
            f"{self.plan.mark} ({row.offer_key}, {row.id}, {row.state}, paid {len(self.payments)}, faults {self.faults}, "
            f"{row.failure_reason!r}, {row.step!r}, {len(row.candidates)} candidates)"
        )


def tell(
    plans: Iterable[Planned], books: dict[str, dict[str, Any]], deaths: list[tuple[float, str]], seen: set[str]
) -> list[Story]:
    """Brings rows, payments, faults and deaths together by mark, key and job. seen: nonces of those that once were uncertain."""
    from studio.models import Generation

    by_nonce = {row.brief.nonce: row for row in Generation.objects.select_related("brief").defer("request", "inputs")}
    stories = {plan.mark: Story(plan, by_nonce[plan.nonce]) for plan in plans if plan.nonce in by_nonce}
    by_key = {story.row.id.hex: story for story in stories.values()}
    for service, book in books.items():
        mark_of: dict[str, str] = {}
        for payment in book["payments"]:
            found = stories.get(payment["mark"]) or by_key.get(payment["key"])
            if found is None or found.provider != service:
                raise SystemExit(f"{service} was paid for something that nobody asked for: {payment}")
            found.payments.append(payment)
            found.jobs += [book["outcomes"][job] for job in payment["jobs"]]
            mark_of |= dict.fromkeys(payment["jobs"], found.plan.mark)
        for fault in book["faults"]:
            mark = fault["mark"] or mark_of.get(fault["job"], "")
            if mark in stories:
                stories[mark].faults.append(fault["kind"])
        calls: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for call in book["calls"]:
            calls[call["mark"]].append(call)
        for story in stories.values():
            if story.provider == service:
                doubted = story.plan.nonce in seen or story.state == "uncertain"
                story.lost = _is_lost(story, calls[story.plan.mark], deaths, doubted)
    return list(stories.values())


def _is_lost(story: Story, calls: list[dict[str, Any]], deaths: list[tuple[float, str]], doubted: bool) -> bool:
    """Whether an answer to its submit was lost on the line, or died with its worker (as did one that was committed and never sent)."""
    if any(kind.removeprefix("submit ") in LOSING for kind in story.faults if kind.startswith("submit ")):
        return True
    if not doubted or story.row.first_sent_at is None or "forgotten" in story.faults:
        return False
    sent = story.row.first_sent_at.timestamp()
    spans = [(sent - 0.5, sent + KILL_SECONDS)] + [(it["at"] - 0.5, it["done_at"] + KILL_SECONDS) for it in calls]
    return any(start <= at <= end for at, _ in deaths for start, end in spans)


def broken(stories: list[Story]) -> list[str]:
    """The promises that do not hold, as sentences."""
    checks = (_paid, _bytes, _uncertain, _reconciled, _offered, _completed, _not_taken, _ended, _agreed)
    return [*(sentence for check in checks for sentence in check(stories)), *_ledger()]


def _remote(stories: list[Story]) -> list[Story]:
    return [story for story in stories if story.provider != "local"]


def _paid(stories: list[Story]) -> list[str]:
    said = [f"Paid {len(it.payments)} times: {it}" for it in stories if len(it.payments) > 1]
    for story in stories:
        if story.provider == "videotok":
            asked = 1 if story.row.tool == "slideshow" else story.plan.count if story.plan.kind.most > 1 else 1
            if len(story.jobs) > asked:
                said.append(f"More jobs than results were paid ({len(story.jobs)} for {asked}): {story}")
    for provider, those in _by_provider(stories).items():
        paid = sum(bool(it.payments) for it in those)
        if paid > len(those):
            said.append(f"{provider}: {paid} paid for {len(those)} generations.")
    return said


def _bytes(stories: list[Story]) -> list[str]:
    """Every paid and finished job that is not uncertain is here, byte for byte, and nothing else is."""
    said = []
    for story in _remote(stories):
        if story.state == "uncertain" or not story.finished:
            continue
        if story.state != "completed":
            said.append(f"Paid and finished, but {story.state}: {story}")
            continue
        here, there = Counter(stored(story.row)), Counter(story.files)
        if here != there:
            said.append(f"Other bytes than were made ({len(here)} here, {len(there)} there): {story}")
    return said


def stored(row: Any) -> list[str]:
    """The sha256 of the results as they lie in storage now; of a person, whose face is our own photo, the name that the service gave it."""
    from django.core.files.storage import default_storage

    from studio.models import Output, RemoteCopy

    if row.tool == "influencer":
        made = Output.objects.filter(generation=row.pk, state="ready").values_list("influencer", flat=True)
        return list(
            RemoteCopy.objects.filter(object_id__in=made, kind="influencer").values_list("remote_id", flat=True)
        )
    found = []
    for output in Output.objects.filter(generation=row.pk, state="ready").select_related("asset"):
        if output.asset is None:
            found.append("no file")
            continue
        try:
            with default_storage.open(str(output.asset.file.name), "rb") as file:
                found.append(hashlib.file_digest(file, "sha256").hexdigest())
        except FileNotFoundError:
            found.append("a row without its file")
    return found


def _uncertain(stories: list[Story]) -> list[str]:
    said = [f"Uncertain at Videotok: {it}" for it in stories if it.provider == "videotok" and it.state == "uncertain"]
    rest = [it for it in _remote(stories) if it.provider != "videotok" and it.state == "uncertain"]
    for story in rest:
        if not story.lost and "forgotten" not in story.faults:
            said.append(f"Uncertain, though no answer was lost: {story}")
    return said


def unambiguous(stories: list[Story]) -> list[Story]:
    """VideoGen's jobs whose answer was lost, and that no other lost generation of the same tool and number of results could be.

    One that made a part of what was asked for does not have its number of results any more: it is shown, see `_offered`.
    """
    lost = [it for it in stories if it.provider == "videogen" and it.lost and it.row.first_sent_at]
    return [
        it
        for it in lost
        if it.jobs
        and it.row.tool != "text"
        and not {"forgotten", "partial"} & set(it.faults)
        and not any(
            other is not it
            and _call(other) == _call(it)
            and abs((other.row.first_sent_at - it.row.first_sent_at).total_seconds()) < NEIGHBOUR_SECONDS
            for other in lost
        )
    ]


def _call(story: Story) -> tuple[str, int]:
    """All that the list of jobs tells of one."""
    return SAME_CALL.get(story.row.tool, story.row.tool), story.plan.count if story.plan.kind.most > 1 else 1


def _reconciled(stories: list[Story]) -> list[str]:
    alone = unambiguous(stories)
    found = [it for it in alone if it.state != "uncertain"]
    if len(found) < 0.95 * len(alone):
        names = ", ".join(str(it) for it in alone if it.state == "uncertain")
        return [f"Only {len(found)} of {len(alone)} unambiguous lost jobs of VideoGen were found again: {names}"]
    return []


def _offered(stories: list[Story]) -> list[str]:
    """A lost job of VideoGen that made a part of what was asked for stands among the jobs that a person may choose from."""
    from studio.engine.reconcile import MOST_CANDIDATES

    partly = [it for it in stories if it.provider == "videogen" and it.lost and it.jobs and "partial" in it.faults]
    taken = {it.row.remote["execution"] for it in stories if it.provider == "videogen" and it.row.remote}
    said = []
    for story in partly:
        shown = [candidate["remote_id"] for candidate in story.row.candidates]
        job = next(job for payment in story.payments for job in payment["jobs"])
        left = story.state == "uncertain" and "forgotten" not in story.faults and job not in taken
        if left and job not in shown and len(shown) < MOST_CANDIDATES:
            said.append(f"Not offered, though a part was made: {story}")
    return said


def unfaulted(stories: list[Story]) -> list[Story]:
    return [it for it in stories if not it.faults and not it.lost and not it.canceled]


def _completed(stories: list[Story]) -> list[str]:
    those = unfaulted(stories)
    done = [it for it in those if it.state == "completed"]
    if len(done) >= 0.97 * len(those):
        return []
    rest = "; ".join(str(it) for it in those if it.state != "completed")
    return [f"Only {len(done)} of {len(those)} without any fault were completed: {rest}"]


def _not_taken(stories: list[Story]) -> list[str]:
    those = [it for it in _remote(stories) if set(it.faults) == {"submit limited"} and not (it.lost or it.canceled)]
    return [
        f"Certainly not taken at first, and not made once in the end: {it}"
        for it in those
        if len(it.payments) != 1 or it.state != "completed"
    ]


def _ended(stories: list[Story]) -> list[str]:
    return [f"Not settled: {it}" for it in stories if it.state not in ("completed", "failed", "canceled", "uncertain")]


def _agreed(stories: list[Story]) -> list[str]:
    """No voice is copied without the yes of its press, and the voice that came carries it on."""
    from studio.models import Output

    those = [it for it in stories if it.plan.kind.copies]
    made = dict(Output.objects.filter(voice__isnull=False).values_list("generation", "voice__consent_by"))
    said = [f"Nobody said that its speaker agreed: {it}" for it in those if not it.row.consent.get("by")]
    lost = [it for it in those if it.state == "completed" and made.get(it.row.pk) is None]
    return [*said, *(f"The yes was lost on the way to the voice: {it}" for it in lost)]


def _ledger() -> list[str]:
    from studio.engine.ledger import recount
    from studio.models import LedgerEntry, MonthSpend

    counted = {key: (it.held, it.spent, it.maybe) for key, it in recount(LedgerEntry.objects.all()).items()}
    kept = {
        (row.workspace_id, row.provider, row.unit, row.month): (row.held, row.spent, row.maybe)
        for row in MonthSpend.objects.all()
    }
    wrong = {key for key in counted.keys() | kept.keys() if counted.get(key) != kept.get(key)}
    return [f"The month's sums of {key[1]} are {kept.get(key)}, the ledger's {counted.get(key)}." for key in wrong]


def _by_provider(stories: list[Story]) -> dict[str, list[Story]]:
    found: dict[str, list[Story]] = defaultdict(list)
    for story in _remote(stories):
        found[story.provider].append(story)
    return dict(found)


def figures(stories: list[Story]) -> dict[str, dict[str, int]]:
    """Per provider, for people and as JSON."""
    return {
        provider: {
            "generations": len(those),
            "paid": sum(len(it.payments) for it in those),
            "lost_answers": sum(it.lost for it in those),
            "forgotten": sum("forgotten" in it.faults for it in those),
            "uncertain": sum(it.state == "uncertain" for it in those),
            "completed": sum(it.state == "completed" for it in those),
            "failed": sum(it.state == "failed" for it in those),
            "canceled": sum(it.state == "canceled" for it in those),
        }
        for provider, those in sorted(_by_provider(stories).items())
    }
