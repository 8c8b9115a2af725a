"""Never pay twice, never lose a result: kill -9 at the places where money is at stake, with each of the three services behind the wire.

Every other point, with a service that can be anything: test_outbound_crashes.py. `bench/crash.py` proves all of it in the large; a small
run of that is the last test here.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone

from bench.crash import BASE
from bench.crash_briefs import Presser
from bench.crash_checks import stored
from bench.crash_plan import KEYS, KINDS, Given, Kind, Planned, planned, submit
from bench.crash_services import SERVICES, Books
from studio.engine import consents, courier, long, sending
from studio.engine.faults import BRIEF_POINTS
from studio.media.ingest import ingest_result
from studio.models import Asset, Connection, Generation, Membership, RemoteCopy, State, Workspace
from studio.providers.influencer_studio import adapter as influencer_studio
from studio.providers.videogen import adapter as videogen
from studio.providers.videotok import adapter as videotok
from tests.engine import remote
from tests.engine.remote import sweep_until, work_off
from tests.engine.test_crashes import environment
from tests.upstreams.common import serve
from tests.upstreams.media import mp3

SHIP = {kind.offer: kind for kind in KINDS if not kind.copies}
[COPY] = (kind for kind in KINDS if kind.copies)
VIDEOTOK, VIDEOGEN, CLIP, TEXT, EDIT, VOICE = (
    SHIP[offer]
    for offer in (
        "videotok:static-ad:product-shoot",
        "videogen:image:generate",
        "videogen:video:clip",
        "influencer_studio:text:gpt-5.4",
        "videogen:image-edit:generate",
        "influencer_studio:voice:clone-or-design",
    )
)
Press = Callable[..., Generation]


@pytest.fixture
def services(member: Membership) -> Iterator[dict[str, Books]]:
    """All three, calm and quick, connected with the member's team."""
    made = {name: make() for name, make in SERVICES.items()}
    with ExitStack() as stack:
        for name, service in made.items():
            service.script.allow(KEYS[name])
            setattr(service, "work_seconds" if name == "videotok" else "seconds", 0.1)
            url = stack.enter_context(serve(service))
            remote.connect(member.team, url + BASE[name], name, KEYS[name])
        yield made
        courier.stop_here(3)


@pytest.fixture
def hosts(services: dict[str, Books], settings: Any) -> str:
    found = [urlsplit(service.script.url).netloc for service in services.values()]
    settings.PRIVATE_HOSTS = found
    return ",".join(found)


@pytest.fixture
def recording(member: Membership, workspace: Workspace, services: dict[str, Books], tmp_path: Path) -> Asset:
    """Somebody speaks; the service that copies voices can fetch it already."""
    path = tmp_path / "lina.mp3"
    path.write_bytes(mp3("lina"))
    asset = ingest_result(team=member.team, workspace=workspace, path=path, original_name=path.name)
    RemoteCopy.objects.create(
        team=member.team,
        connection=Connection.objects.get(provider="influencer_studio"),
        object_kind="asset",
        object_id=asset.pk,
        kind="url",
        remote_id=f"{services['influencer_studio'].script.url}/media/lina.mp3",
        data={"expires_at": (timezone.now() + timedelta(days=2)).isoformat()},
        seen_at=timezone.now(),
    )
    return asset


@pytest.fixture
def press(services: dict[str, Books], hosts: str, workspace: Workspace, photo: Asset, recording: Asset) -> Press:
    def pressed(kind: Kind, count: int = 1, number: int = 1) -> Generation:
        plan = Planned(number, f"mark-{number:06d}", kind, count, 0, None)
        submit(plan, workspace, Given(photos=[str(photo.pk)], person="", recording=str(recording.pk)))
        return Generation.objects.get(brief__nonce=plan.nonce)

    return pressed


def work(hosts: str, folder: Path, seconds: float = 40) -> int:
    """The lanes' work in another process, until nothing is under way."""
    env = environment(BACKLOT_FAULTS=str(folder), BACKLOT_PRIVATE_HOSTS=hosts)
    command = [sys.executable, "-m", "tests.engine.outbound_worker", str(seconds)]
    return subprocess.run(command, cwd=settings.BASE_DIR, env=env, timeout=seconds + 30).returncode


def let_time_pass() -> None:
    """As if every lease had ended, and the time to look for what is uncertain had come."""
    past = timezone.now() - timedelta(seconds=1)
    Generation.objects.filter(next_poll_at__isnull=False).update(next_poll_at=past, lease_until=past)


def killed_at(point: str, hosts: str, folder: Path) -> None:
    (folder / f"{point}.kill").touch()
    assert work(hosts, folder) == -signal.SIGKILL
    assert (folder / f"{point}.met").exists()
    let_time_pass()
    assert work(hosts, folder) == 0


def is_here(generation: Generation, service: Books) -> None:
    """Completed, paid once, with the very bytes that were made."""
    generation.refresh_from_db()
    assert (generation.state, generation.failure_reason) == (State.COMPLETED, "")
    assert len(service.payments) == 1
    made = [sha for job in service.payments[0].jobs for sha in service.outcome(job).files]
    assert Counter(stored(generation)) == Counter(made)


@pytest.mark.parametrize("point", ["after_commit_submit", "after_sending", "after_send"])
def test_videotok_is_asked_again_and_paid_once(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path, point: str
) -> None:
    generation = press(VIDEOTOK, count=3)
    killed_at(point, hosts, tmp_path)
    is_here(generation, services["videotok"])


@pytest.mark.parametrize("point", ["preparing", "preparing_after_upload", "preparing_after_copy"])
def test_a_file_is_given_again_and_the_rest_paid_once(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path, point: str
) -> None:
    generation = press(EDIT, count=2)
    killed_at(point, hosts, tmp_path)
    is_here(generation, services["videogen"])


@pytest.mark.parametrize("point", ["after_sending", "after_send"])
def test_a_lost_job_of_videogen_is_found_in_its_list(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path, point: str
) -> None:
    generation = press(VIDEOGEN, count=2)
    killed_at(point, hosts, tmp_path)
    generation.refresh_from_db()
    assert generation.state == State.UNCERTAIN
    let_time_pass()
    work_off(generation, seconds=40)
    is_here(generation, services["videogen"])


def test_what_was_never_sent_to_videogen_is_not_sent_again_by_itself(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path
) -> None:
    generation = press(VIDEOGEN)
    killed_at("after_commit_submit", hosts, tmp_path)
    let_time_pass()

    def looked() -> bool:
        generation.refresh_from_db()
        return "lists nothing" in generation.step

    sweep_until(looked, "a look at the list")
    assert generation.state == State.UNCERTAIN
    assert services["videogen"].payments == []


def test_a_killed_cancel_is_told_again(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path, member: Membership
) -> None:
    from studio.engine.cancel import cancel

    service = services["videogen"]
    service.steer({"do": "set", "with": {"seconds": 600}})
    generation = press(VIDEOGEN)

    def runs() -> bool:
        generation.refresh_from_db()
        return generation.state == State.RUNNING

    sweep_until(runs, "a running job")
    courier.stop_here(3)
    cancel(generation, member)
    killed_at("canceling", hosts, tmp_path)
    generation.refresh_from_db()
    assert (generation.state, len(service.payments)) == (State.CANCELED, 1)


@pytest.mark.parametrize("point", ["after_commit_submit", "after_sending", "before_commit_finished"])
def test_a_long_call_that_died_is_uncertain_and_never_sent_again(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path, point: str
) -> None:
    generation = press(TEXT)
    killed_at(point, hosts, tmp_path)
    generation.refresh_from_db()
    assert generation.state == State.UNCERTAIN
    assert len(services["influencer_studio"].payments) == (0 if point == "after_commit_submit" else 1)


@pytest.mark.parametrize("point", ["after_commit_finished", "collecting_before_row"])
def test_a_long_answer_that_was_written_down_is_kept(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path, point: str
) -> None:
    generation = press(TEXT)
    killed_at(point, hosts, tmp_path)
    is_here(generation, services["influencer_studio"])


@pytest.mark.parametrize("point", BRIEF_POINTS)
def test_the_yes_to_a_copied_voice_is_stored_with_its_brief_or_not_at_all(
    services: dict[str, Books], hosts: str, workspace: Workspace, recording: Asset, tmp_path: Path, point: str
) -> None:
    """Whoever presses dies on the way and presses again: one request, made once, with the yes that it was made under."""
    facts = tmp_path / "facts.json"
    given = Given(photos=[], person="", recording=str(recording.pk))
    facts.write_text(json.dumps({"workspace": str(workspace.pk), **given}))
    plan = next(it for it in (planned(1, number) for number in range(1000)) if it.kind is COPY)
    (tmp_path / f"{point}.kill").touch()
    with Presser(1, facts, environment(BACKLOT_FAULTS=str(tmp_path), BACKLOT_PRIVATE_HOSTS=hosts)) as presser:
        presser.press(plan.number)
        assert presser.deaths == 1
    assert (tmp_path / f"{point}.met").exists()
    generation = Generation.objects.get()
    assert (generation.brief.nonce, generation.consent["words"]) == (plan.nonce, consents.WORDS)
    assert work(hosts, tmp_path) == 0
    is_here(generation, services["influencer_studio"])
    voice = generation.outputs.get().voice
    assert voice
    assert voice.consent_by_id == generation.consent["by"]


@pytest.mark.parametrize("point", ["after_commit_submit", "before_commit_finished"])
def test_a_copied_voice_that_was_lost_keeps_its_yes(
    press: Press, services: dict[str, Books], hosts: str, tmp_path: Path, point: str
) -> None:
    generation = press(COPY)
    said = generation.consent
    killed_at(point, hosts, tmp_path)
    generation.refresh_from_db()
    assert (generation.state, generation.consent) == (State.UNCERTAIN, said)
    assert said["words"] == consents.WORDS
    assert len(services["influencer_studio"].payments) == (0 if point == "after_commit_submit" else 1)


# -- What was found on the way -------------------------------------------------------------------------------------------------


def test_no_paid_answer_is_cut_off_before_its_adapter_gives_up() -> None:
    """Whoever stops waiting first decides, and only the adapter knows how long its service may take."""
    assert max(influencer_studio.SECONDS.values()) < long.CALL_SECONDS
    assert videogen.TEXT_SECONDS < long.CALL_SECONDS
    quick = (influencer_studio.SUBMIT_SECONDS, videotok.SUBMIT_SECONDS, videogen.START_SECONDS)
    assert max(quick) < sending.SUBMIT_SECONDS


def test_a_busy_answer_is_no_word_that_a_file_is_gone(press: Press, services: dict[str, Books]) -> None:
    """The addresses have expired, and while fresh ones are asked for, one of the jobs cannot be read at once."""
    service = services["videotok"]
    generation = press(VIDEOTOK, count=3)
    service.script.next(path="/media/*", times=3, status=410)
    service.script.next(method="GET", path="/api/v1/generations/*", times=3)  # The first look goes well.
    service.script.next(method="GET", path="/api/v1/generations/*", times=2, status=503)

    def ended() -> bool:
        Generation.objects.filter(pk=generation.pk, lease_until=None).update(next_poll_at=timezone.now())
        generation.refresh_from_db()
        return not generation.is_under_way

    sweep_until(ended, "the end", 30)
    is_here(generation, service)


def test_a_voice_gets_its_sample_though_the_first_address_expired(press: Press, services: dict[str, Books]) -> None:
    """The service still has the sample and hands out a fresh address of it; a stumble in between is no last word."""
    service = services["influencer_studio"]
    service.script.next(path="/media/*", times=2, status=410)
    service.script.next(method="GET", path="/api/v1/voices/*", times=1, status=503)
    generation = press(VOICE)

    def ended() -> bool:
        Generation.objects.filter(pk=generation.pk, lease_until=None).update(next_poll_at=timezone.now())
        generation.refresh_from_db()
        if generation.lane == "long" and generation.state == State.QUEUED:
            long.submit(generation.pk)
        return not generation.is_under_way

    sweep_until(ended, "the end", 30)
    is_here(generation, service)
    made = generation.outputs.get()
    assert made.voice
    assert made.voice.preview == made.asset


def test_a_job_is_unknown_only_once_that_was_said_for_a_while(press: Press, services: dict[str, Books]) -> None:
    """Its address has expired, and the service says 404 of a job that it finished: once is not believed."""
    service = services["videotok"]
    generation = press(VIDEOTOK)
    service.script.next(path="/media/*", times=1, status=410)
    service.script.next(method="GET", path="/api/v1/generations/*", times=1)
    service.script.next(method="GET", path="/api/v1/generations/*", times=4, status=404)

    def ended() -> bool:
        Generation.objects.filter(pk=generation.pk, lease_until=None).update(next_poll_at=timezone.now())
        generation.refresh_from_db()
        return not generation.is_under_way

    sweep_until(ended, "the end", 30)
    is_here(generation, service)


def test_jobs_of_other_tools_tell_when_a_lost_one_was_started(press: Press, services: dict[str, Books]) -> None:
    """Two lost clips, minutes apart, and a picture between them: the list has no times but those of its neighbours."""
    service = services["videogen"]
    made = []
    for number, (kind, lost) in enumerate(((CLIP, True), (VIDEOGEN, False), (CLIP, True)), start=1):
        if lost:
            service.script.next(path="/v1/tools/generate-video-clip", drop="after")
        generation = press(kind, number=number)
        wanted = State.UNCERTAIN if lost else State.COMPLETED
        sweep_until(lambda it=generation, state=wanted: is_in(it, state), wanted)  # type: ignore[misc]
        earlier = timedelta(minutes=10 - 4 * number)
        rows = Generation.objects.filter(pk=generation.pk)
        for name in ("first_sent_at", "started_at", "uncertain_since"):
            rows.exclude(**{name: None}).update(**{name: F(name) - earlier})
        made.append(generation)
    Generation.objects.filter(state=State.UNCERTAIN).update(next_poll_at=timezone.now())
    work_off(made[0], made[2], seconds=40)
    first, _, last = [job for payment in service.payments for job in payment.jobs]
    assert (made[0].remote_key, made[2].remote_key) == (first, last)


def is_in(generation: Generation, state: State) -> bool:
    generation.refresh_from_db()
    return generation.state == state


# -- All of it -----------------------------------------------------------------------------------------------------------------


def test_a_small_crash_test_keeps_every_promise(tmp_path: Path) -> None:
    words = "--generations 40 --points 1 --seconds 30 --rate 1.5 --lane-seconds 6 --point-seconds 1.5 --scale 1.5 --seed 3 --short"
    command = [sys.executable, "-m", "bench.crash", *words.split()]
    env = {name: value for name, value in os.environ.items() if not name.startswith("BACKLOT")}
    done = subprocess.run(
        command,
        cwd=settings.BASE_DIR,
        env={**env, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=420,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    facts = json.loads(done.stdout.splitlines()[-1])
    assert facts["generations"] >= 20
    assert facts["broken"] == 0
