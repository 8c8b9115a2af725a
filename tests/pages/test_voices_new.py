"""New voices: a recording is taken, judged and held for nothing; a press is one brief, with the consent that was given."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from studio.engine import consents, secrets
from studio.models import Asset, Brief, Connection, Generation, Team, User, Workspace
from studio.pages.voices_make import prompt_of
from tests.media.test_recordings import spoken

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
CONSENT = "I agree that Northbeam copies my voice and lets it speak."


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


@pytest.fixture
def service(team: Team) -> Connection:
    Team.objects.filter(pk=team.pk).update(public_url="https://studio.example.com")
    return Connection.objects.create(
        team=team, provider="influencer_studio", key=secrets.conceal("is_key"), last4="_key"
    )


def upload(maker: Client, data: bytes, name: str = "me.wav", **headers: str) -> str:
    return maker.post(
        "/voices/recording/", {"file": SimpleUploadedFile(name, data, "audio/wav")}, headers=headers or HTMX
    ).text


def typed(**more: str) -> dict[str, str]:
    return {"way": "clone", "nonce": uuid4().hex, "name": "Mara", "consent": "yes", **more}


@pytest.mark.django_db
def test_a_recording_is_held_with_advice_and_costs_nothing(maker: Client, service: Connection) -> None:
    answer = upload(maker, spoken(6))
    asset = Asset.objects.get()
    assert f'name="audio" value="{asset.pk}"' in answer
    assert "From 10 s on" in answer
    assert not Brief.objects.exists()
    plain = maker.post("/voices/recording/", {"file": SimpleUploadedFile("me.wav", spoken(6), "audio/wav")})
    assert plain["Location"] == f"/voices/new/?way=clone&recording={asset.pk}"
    assert f'value="{asset.pk}"' in maker.get(plain["Location"]).text


@pytest.mark.django_db
def test_what_is_no_sound_is_refused_with_a_sentence(maker: Client) -> None:
    assert "Use " in upload(maker, b"\x89PNG\r\n\x1a\n" + bytes(60), "me.png")
    nothing = maker.post("/voices/recording/", headers=HTMX)
    assert nothing.status_code == 422
    assert "Record something" in nothing.text
    assert not Asset.objects.exists()


@pytest.mark.django_db
def test_a_clone_needs_a_name_a_yes_and_a_recording_that_can_work(maker: Client, service: Connection) -> None:
    upload(maker, spoken(12))
    audio = str(Asset.objects.get().pk)
    upload(maker, spoken(5, level=0, noise=0), "silent.wav")
    silent = str(Asset.objects.exclude(pk=audio).get().pk)
    for sent, said in (
        (typed(audio=audio, name=" "), "Give the voice a name"),
        (typed(audio=audio, consent=""), "Without their yes"),
        (typed(), "Record something"),
        (typed(audio=str(uuid4())), "Record something"),
        (typed(audio=silent), "Nothing can be heard"),
        (typed(audio=audio, nonce=""), "double sending"),
    ):
        answer = maker.post("/voices/new/", sent, headers=HTMX)
        assert answer.status_code == 422, said
        assert said in answer.text
    assert not Brief.objects.exists()


@pytest.mark.django_db
def test_a_press_is_one_brief_and_its_voice_carries_the_consent(
    maker: Client, service: Connection, creator: User
) -> None:
    upload(maker, spoken(12))
    asset = Asset.objects.get()
    sent = typed(audio=str(asset.pk))
    for _ in range(2):
        answer = maker.post("/voices/new/", sent, headers=HTMX)
        assert answer.status_code == 200, answer.text
    assert Brief.objects.count() == 1
    assert 'hx-swap-oob="afterbegin:#strip"' in answer.text
    generation = Generation.objects.get()
    assert generation.inputs["audio"] == str(asset.pk)
    carried = consents.of_voice(generation)
    assert carried["recording"] == asset
    assert carried["consent_by"] == creator
    assert carried["consent_at"] is not None
    asset.refresh_from_db()
    assert asset.provenance["consent"]["words"] == CONSENT


@pytest.mark.django_db
def test_no_other_way_copies_a_voice_without_a_yes(maker: Client, service: Connection) -> None:
    upload(maker, spoken(12))
    audio = str(Asset.objects.get().pk)
    sent = {"nonce": uuid4().hex, "method": "clone", "audio": audio, "name": "Mara"}
    answer = maker.post("/create/voice/", sent, headers=HTMX)
    assert answer.status_code == 422
    assert consents.NOBODY_AGREED in answer.text
    maker.post("/voices/new/", typed(audio=audio))
    assert maker.post("/create/voice/", sent).status_code == 302
    assert Brief.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [HTMX, {}])
def test_the_form_asks_for_the_yes_to_a_link_too(
    maker: Client, service: Connection, creator: User, headers: dict[str, str]
) -> None:
    assert consents.WORDS in maker.get("/create/voice/").text
    assert 'name="agreed"' not in maker.get("/create/speech/").text
    sent = {"nonce": uuid4().hex, "method": "clone", "audio": "https://files.example.com/lina.mp3", "name": "Lina"}
    answer = maker.post("/create/voice/", sent, headers=headers)
    assert answer.status_code == 422
    assert consents.NOBODY_AGREED in answer.text
    assert not Brief.objects.exists()
    answer = maker.post("/create/voice/", sent | {"agreed": "yes"}, headers=headers)
    assert answer.status_code == (200 if headers else 302)
    made = Generation.objects.get()
    assert made.consent["by"] == creator.pk
    if headers:  # The next press asks again.
        assert 'id="agreed-box" hx-swap-oob="true"' in answer.text
        assert not re.search(r'name="agreed"[^>]* checked', answer.text)
    assert made.inputs["audio"] == sent["audio"]
    assert "agreed" not in made.inputs


@pytest.mark.django_db
def test_a_small_step_without_script_keeps_the_tick(maker: Client, service: Connection) -> None:
    sent = {"nonce": uuid4().hex, "method": "clone", "agreed": "yes", "do": "preview"}
    assert re.search(r'name="agreed"[^>]* checked', maker.post("/create/voice/", sent).text)


@pytest.mark.django_db
def test_a_design_sends_the_words_and_what_was_chosen(maker: Client, service: Connection) -> None:
    sent = typed(way="design", prompt="Low and dry", pace="slow", energy="calm", age="fifties", line="Eight percent.")
    assert maker.post("/voices/new/", sent).status_code == 302
    generation = Generation.objects.get()
    assert generation.inputs["prompt"] == "Low and dry. Slow pace, calm energy, in their fifties."
    assert consents.of_voice(generation) == {"description": "Low and dry. Slow pace, calm energy, in their fifties."}
    assert maker.session["voice_line"] == "Eight percent."


def test_what_is_left_open_is_not_said() -> None:
    assert prompt_of({"prompt": " Warm!  ", "pace": "", "energy": "odd"}) == "Warm!"


@pytest.mark.django_db
def test_without_a_service_the_press_leads_to_connections(maker: Client, workspace: Workspace) -> None:
    page = maker.get("/voices/").text
    assert "is not connected" in page or "needs a connection" in page
    answer = maker.post("/voices/new/", typed(way="design", prompt="Warm"), headers=HTMX)
    assert answer.status_code == 422
    assert not Brief.objects.exists()


@pytest.mark.django_db
def test_the_microphone_is_for_the_pages_that_record(maker: Client) -> None:
    for path, may in (("/voices/", "(self)"), ("/voices/new/", "(self)"), ("/", "()"), ("/brands/", "()")):
        assert maker.get(path).headers["Permissions-Policy"].endswith(f"microphone={may}")
