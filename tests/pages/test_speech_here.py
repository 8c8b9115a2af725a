"""A voice of this server from the form to the player, by a real voice, with nothing connected."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from studio.engine import rendering, steps
from studio.models import Generation, Output, OutputState, User, Workspace
from studio.speech import model
from studio.speech.voices import VOICES
from tests.wait import until

SignIn = Callable[[Client, User], Client]


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def test_from_the_form_to_the_player(maker: Client, workspace: Workspace) -> None:
    form = maker.get("/create/speech/").text
    assert "Nothing is charged" in form
    assert all(f'value="{voice.reference}"' in form for voice in VOICES)
    asked = {
        "text": "Good morning, Halden.",
        "voice": "local:am_michael",
        "nonce": uuid4().hex,
        "offer": "local/speech",
    }
    assert maker.post("/create/speech/preview", asked).status_code == 200
    assert maker.post("/create/speech/", asked).status_code == 302
    generation = Generation.objects.get()

    def ended() -> bool:
        steps.advance(generation.pk)
        rendering.render_next()
        generation.refresh_from_db()
        return not generation.is_under_way

    until(ended, "the recording", 180)
    output = Output.objects.get()
    assert output.state == OutputState.READY, output.failure_reason
    tile = maker.get("/").text
    assert f"/outputs/{output.pk}/" in tile
    page = maker.get(f"/outputs/{output.pk}/").text
    assert "<audio" in page
    assert "<dd>Michael</dd>" in page
    assert "Spoken on this server" in page
    assert "Rendered locally" not in page
    played = maker.get(f"/media/{output.asset_id}/original")
    assert played.headers["Content-Type"] == "audio/mpeg"


def test_what_it_cannot_read_stands_at_the_field(maker: Client) -> None:
    asked = {"text": "你好, Halden", "nonce": uuid4().hex, "offer": "local/speech"}
    answer = maker.post("/create/speech/", asked)
    assert answer.status_code == 422
    assert "The voices of this server speak English. “你好” is in letters" in answer.text


def test_the_drawer_lists_the_voices_of_this_server_with_their_samples(maker: Client) -> None:
    asked = {"tool": "speech", "place": "voice", "offer": "local/speech"}
    assert "On this server" in maker.get("/picker/", asked).text
    found = maker.get("/picker/items/", {**asked, "tab": "theirs"}).text
    assert found.count("data-hear") == len(VOICES)
    assert "/static/voices/af_heart" in found
    found = maker.get("/picker/items/", {**asked, "tab": "theirs", "q": "male calm"}).text
    assert "Michael" in found
    assert "Heart" not in found


def test_without_the_model_the_form_says_why(maker: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "PACKAGES", ("backlot_no_such_part",))
    model.problem.cache_clear()
    try:
        form = maker.get("/create/speech/").text
    finally:
        model.problem.cache_clear()
    assert "Speech is not installed here" in form
