"""No voice is copied before somebody said that its speaker agreed; who said so, and when, stays with the recording and with the request."""

from __future__ import annotations

from uuid import uuid4

import pytest

from studio.engine import consents
from studio.engine.again import run_again
from studio.engine.briefs import submit_brief
from studio.engine.resolve import Unresolved
from studio.models import Asset, Brief, Generation, Kind, Membership, User, Workspace
from studio.tools import get_tool

from .paid import connect

TOOL = get_tool("voice")
LINK = "https://files.example.com/lina.mp3"
pytestmark = pytest.mark.database


@pytest.fixture
def recording(member: Membership, workspace: Workspace) -> Asset:
    member.team.public_url = "https://studio.example.com"
    member.team.save()
    connect(workspace, "influencer_studio")
    return Asset.objects.create(
        team=member.team,
        workspace=workspace,
        kind=Kind.AUDIO,
        media_type="audio/mpeg",
        file="t/lina.mp3",
        original_name="lina.mp3",
        size_bytes=1,
        sha256="0" * 64,
        duration_seconds=12.0,
    )


def press(
    member: Membership, workspace: Workspace, audio: str, by: User | None = None, method: str = "clone"
) -> Generation:
    assert TOOL
    inputs = TOOL.Inputs.model_validate({"method": method, "audio": audio, "prompt": "Warm", "name": "Lina"})
    said = consents.said(by) if by else None
    return submit_brief(member, workspace, TOOL, inputs, uuid4().hex, consent=said).brief.generations.get()


def test_neither_a_file_nor_a_link_is_copied_without_a_yes(
    member: Membership, workspace: Workspace, recording: Asset
) -> None:
    for audio in (str(recording.pk), LINK):
        with pytest.raises(Unresolved) as refused:
            press(member, workspace, audio)
        assert [(it.field, it.sentence) for it in refused.value.problems] == [("audio", consents.NOBODY_AGREED)], audio
    assert not Brief.objects.exists()
    assert press(member, workspace, LINK, method="design").consent == {}


def test_the_yes_of_a_link_stays_with_the_request_and_its_voice(
    member: Membership, workspace: Workspace, recording: Asset
) -> None:
    made = press(member, workspace, LINK, by=member.user)
    made.refresh_from_db()
    assert (made.consent["by"], made.consent["words"]) == (member.user.pk, consents.WORDS)
    carried = consents.of_voice(made)
    assert (carried["recording"], carried["consent_by"]) == (None, member.user)
    assert carried["consent_at"].isoformat() == made.consent["at"]
    with pytest.raises(Unresolved):
        press(member, workspace, LINK)  # What it leads to may be another voice by now.


def test_what_runs_again_carries_the_yes_that_it_had(
    member: Membership, workspace: Workspace, recording: Asset
) -> None:
    made = press(member, workspace, LINK, by=member.user)
    again = run_again(made, member, uuid4().hex).brief.generations.get()
    assert again.consent == made.consent
    Generation.objects.filter(pk=made.pk).update(consent={})
    made.refresh_from_db()
    with pytest.raises(Unresolved):
        run_again(made, member, uuid4().hex)


def test_the_first_yes_to_a_recording_stands_for_all_its_copies(
    member: Membership, workspace: Workspace, recording: Asset
) -> None:
    first = press(member, workspace, str(recording.pk), by=member.user)
    recording.refresh_from_db()
    assert recording.provenance["consent"] == first.consent
    other = User.objects.create_user("bo@example.com", "Bo")
    assert press(member, workspace, str(recording.pk), by=other).consent == first.consent
    assert press(member, workspace, str(recording.pk)).consent == first.consent
    recording.refresh_from_db()
    assert recording.provenance["consent"]["by"] == member.user.pk


def test_a_request_from_before_has_it_beside_its_recording(
    member: Membership, workspace: Workspace, recording: Asset
) -> None:
    made = press(member, workspace, str(recording.pk), by=member.user)
    Generation.objects.filter(pk=made.pk).update(consent={})
    made.refresh_from_db()
    carried = consents.of_voice(made)
    assert (carried["recording"], carried["consent_by"]) == (recording, member.user)


def test_what_only_the_service_has_is_refused_with_what_to_do(
    member: Membership, workspace: Workspace, recording: Asset
) -> None:
    with pytest.raises(Unresolved) as refused:
        press(member, workspace, "influencer_studio:track_1", by=member.user)
    assert [it.field for it in refused.value.problems] == ["audio"]
    assert "Import it under At your providers" in refused.value.problems[0].sentence
