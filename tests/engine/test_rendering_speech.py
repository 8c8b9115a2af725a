"""Speech through the lane that draws: the whole way with a real voice, and with stand-ins every turn it can take."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from studio.engine import rendering, steps
from studio.engine.briefs import NotOffered, submit_brief
from studio.engine.cancel import CancelOutcome, cancel
from studio.engine.resolve import Unresolved
from studio.models import Generation, Membership, Output, OutputState, RenderJob, RenderState, State, Voice, Workspace
from studio.providers.local import crafts, jobs
from studio.speech import model
from studio.tools import get_tool
from tests.engine.conftest import Submit, work_off
from tests.wait import until

pytestmark = pytest.mark.usefixtures("quick_renderer")

Speak = Callable[..., Generation]


@pytest.fixture
def speak(member: Membership, workspace: Workspace) -> Speak:
    """Submits a speech with these inputs."""

    def press(**inputs: object) -> Generation:
        tool = get_tool("speech")
        assert tool
        asked = tool.Inputs.model_validate({"text": "Slow mornings.", **inputs})
        return submit_brief(member, workspace, tool, asked, uuid.uuid4().hex).brief.generations.get()

    return press


@pytest.fixture
def quick_speaker(monkeypatch: pytest.MonkeyPatch) -> None:
    """The child is tests.engine.speakers, and everybody's turn is over after the first piece."""
    quick = replace(crafts.SPEECHES, module="tests.engine.speakers", turn_seconds=0.0)
    monkeypatch.setattr(crafts, "SPEECHES", quick)


@pytest.mark.database
def test_a_text_becomes_a_recording(speak: Speak, member: Membership) -> None:
    generation = work_off(speak(text="Slow mornings start here.", voice="local:am_michael", speed=1.2), seconds=180)
    assert generation.state == State.COMPLETED
    assert (generation.cost, generation.cost_unit) == (Decimal(0), "free")
    output = Output.objects.get()
    assert output.state == OutputState.READY, output.failure_reason
    assert output.asset
    assert (output.asset.kind, output.asset.media_type) == ("audio", "audio/mpeg")
    assert 0.8 < (output.asset.duration_seconds or 0) < 4
    assert not jobs.folder(generation.pk).exists()
    assert list((Path(settings.DATA_DIR) / "speech" / "said").glob("*.npy"))


@pytest.mark.parametrize(
    ("inputs", "field", "sentence"),
    [
        ({"text": "你好 and hello"}, "text", "“你好” is in letters"),
        ({"text": "Das ist unser neuer Kaffee für die ganze Familie und das Haus."}, "text", "reads like German"),
        ({"text": "😀 … 😀"}, "text", "nothing in it that can be spoken"),
        ({"language": "de"}, "language", "speak English"),
        ({"text": "a" * 4001}, "text", "at most 4,000"),
        ({"voice": "local:af_nobody"}, "voice", "not one of this server’s"),
    ],
)
def test_what_the_voices_cannot_read_is_refused_at_its_field(
    speak: Speak, inputs: dict[str, object], field: str, sentence: str
) -> None:
    with pytest.raises(Unresolved, match=sentence) as caught:
        speak(**inputs)
    assert [problem.field for problem in caught.value.problems] == [field]
    assert not Generation.objects.exists()


def test_a_persons_word_on_the_language_is_believed(speak: Speak) -> None:
    german = "Das ist unser neuer Kaffee für die ganze Familie und das Haus."
    assert speak(text=german, language="en-GB").state == State.QUEUED
    assert speak(text="Say 你好", replacements=[{"original": "你好", "replacement": "nee how"}]).state == State.QUEUED


def test_a_kept_voice_of_this_server_speaks_and_another_does_not(speak: Speak, member: Membership) -> None:
    ours = Voice.objects.create(team=member.team, name="Our narrator", kind="local", local_name="am_puck")
    other = Voice.objects.create(team=member.team, name="Cloned")
    generation = speak(voice=str(ours.pk))
    steps.advance(generation.pk)
    [part] = RenderJob.objects.get().job["speeches"]
    assert (part["voice"], part["speed"], part["spell_out"]) == ("am_puck", 1.0, True)
    with pytest.raises(Unresolved, match="not one of this server’s"):
        speak(voice=str(other.pk))


def test_without_the_model_the_offer_says_why(speak: Speak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PACKAGES", ("backlot_no_such_part",))
    model.problem.cache_clear()
    try:
        with pytest.raises(NotOffered, match="backlot-no-such-part is missing"):
            speak()
    finally:
        model.problem.cache_clear()


@pytest.mark.usefixtures("quick_speaker")
def test_ads_do_not_wait_for_a_long_text(speak: Speak, submit: Submit) -> None:
    speech, ad = speak(text="turns"), submit()[0]
    steps.advance(speech.pk)
    steps.advance(ad.pk)
    done = RenderJob.objects.filter(state=RenderState.DONE).order_by("ended_at").values_list("pk", flat=True)

    def both_done() -> bool:
        rendering.render_next()
        return done.count() == 2

    until(both_done, "both to be made", 60)
    assert list(done) == [ad.pk, speech.pk]
    assert RenderJob.objects.get(pk=speech.pk).attempts == 1, "letting others go first is no failed attempt"


@pytest.mark.usefixtures("quick_speaker")
@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ("refuse", "nothing in the text"),
        ("crash", "could not be spoken"),
        ("killed", "want of memory"),
        ("garbage", "cannot be read"),
    ],
)
def test_a_speech_that_goes_wrong_ends_with_a_reason(speak: Speak, how: str, sentence: str) -> None:
    generation = work_off(speak(text=how))
    assert (generation.state, generation.failure_code) == (State.FAILED, "render")
    assert sentence in generation.failure_reason


@pytest.mark.usefixtures("quick_speaker")
def test_a_cancel_ends_the_voice_within_two_seconds(speak: Speak, member: Membership) -> None:
    generation = speak(text="hang")
    steps.advance(generation.pk)

    def lane() -> None:
        rendering.render_next()
        connection.close()

    thread = threading.Thread(target=lane)
    thread.start()
    scratch = jobs.folder(generation.pk)
    until(lambda: list(scratch.glob("*/0-0/errors.txt")), "the voice to begin")
    began = time.monotonic()
    assert cancel(generation, member) == CancelOutcome.ASKED
    thread.join(10)
    assert time.monotonic() - began < 2
    assert RenderJob.objects.get().state == RenderState.CANCELED
    assert not list(scratch.glob("*/*"))
