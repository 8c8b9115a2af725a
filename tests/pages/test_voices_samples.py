"""How samples look in the list: those of this server at once, those of a service once somebody listened to them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from studio.engine import catalogue, secrets, their_sounds
from studio.media import samples
from studio.media.decode import CLIP, run_child, workplace
from studio.models import CatalogueItem, Connection, Event, Team, User
from studio.speech.introductions import introductions
from studio.speech.voices import VOICES
from tests.upstreams.common import serve
from tests.upstreams.influencer_studio.upstream import InfluencerStudio

SignIn = Callable[[Client, User], Client]
KEY = "is_key_0123456789"
LIBRARY = "/voices/?where=library"


@pytest.fixture
def studio(settings: Settings, team: Team, tmp_path: Path) -> Iterator[InfluencerStudio]:
    fake = InfluencerStudio(KEY)
    fake.own_voice("Narrator")
    with serve(fake):
        settings.DATA_DIR = tmp_path
        settings.PRIVATE_HOSTS = [fake.script.url.removeprefix("http://")]
        connection = Connection.objects.create(
            team=team,
            provider="influencer_studio",
            key=secrets.conceal(KEY),
            base_url=f"{fake.script.url}/api/v1",
        )
        assert catalogue.refresh(connection), connection.catalogue_message
        yield fake


def narrator() -> CatalogueItem:
    return CatalogueItem.objects.get(kind="voice")


def row_of(page: str) -> tuple[int, str]:
    """How many different bars its waveform has, and its length."""
    drawn = re.search(r'<svg class="wave".*?<path d="([^"]+)"', page)
    length = re.search(r'class="length num">([^<]*)<', page)
    assert drawn
    assert length
    return len(set(re.findall(r"v([\d.]+)", drawn[1]))), length[1]


@pytest.mark.django_db
def test_what_was_listened_to_shows_its_length_and_waveform(
    client: Client, creator: User, sign_in: SignIn, studio: InfluencerStudio
) -> None:
    page = sign_in(client, creator)
    assert row_of(page.get(LIBRARY).text)[1] == ""
    assert f'data-unheard="{narrator().pk}"' in page.get(LIBRARY).text
    heard = page.get(f"/create/sample/{narrator().pk}/sound")
    assert heard.headers["Content-Type"] == "audio/mpeg"
    their_sounds.listen(narrator().pk)
    found = page.get(LIBRARY).text
    assert re.fullmatch(r"0:0[1-9]", row_of(found)[1])
    assert "data-unheard" not in found
    assert their_sounds.peaks_of(narrator())
    assert Event.objects.filter(kind="sound", subject=str(narrator().pk)).count() == 1
    asked = len(studio.script.requests)
    their_sounds.listen(narrator().pk)
    assert Event.objects.filter(kind="sound").count() == 1
    assert len(studio.script.requests) == asked


@pytest.mark.django_db
def test_the_list_read_anew_keeps_what_was_measured(studio: InfluencerStudio) -> None:
    their_sounds.listen(narrator().pk)
    before = their_sounds.peaks_of(narrator())
    assert len(before) == their_sounds.PEAKS
    assert catalogue.refresh(Connection.objects.get())
    assert their_sounds.peaks_of(narrator()) == before


@pytest.mark.django_db
def test_what_cannot_be_drawn_is_tried_once(studio: InfluencerStudio) -> None:
    item = narrator()
    assert samples.sample(item, "sound")
    kept = next(path for path in (Path(django_settings.DATA_DIR) / "samples").glob("*/*"))
    kept.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00" + bytes(400))
    their_sounds.listen(item.pk)
    assert narrator().data["heard"] == {"bytes": 410}
    assert their_sounds.peaks_of(narrator()) == []
    assert their_sounds.seconds_of(narrator()) is None


@pytest.mark.django_db
def test_a_sample_that_is_gone_changes_nothing(studio: InfluencerStudio) -> None:
    studio.script.expire_media()
    their_sounds.listen(narrator().pk)
    assert "heard" not in narrator().data
    CatalogueItem.objects.all().delete()
    their_sounds.listen(uuid4())


def test_what_a_service_calls_heard_is_none_of_ours() -> None:
    item = CatalogueItem(kind="voice", remote_id="v1", sound="https://x.example/a.mp3", data={"heard": {"peaks": "no"}})
    their_sounds.carry_over([item], {})
    assert their_sounds.peaks_of(item) == []


@pytest.mark.django_db
def test_this_servers_voices_show_theirs_kept_or_not(client: Client, creator: User, sign_in: SignIn) -> None:
    page = sign_in(client, creator)
    assert row_of(page.get("/voices/?where=local").text) == row_of(page.get("/voices/?where=local&style=warm").text)
    bars, length = row_of(page.get("/voices/?where=local").text)
    assert bars > 10
    assert length == "0:04"
    page.post("/voices/keep", {"name": VOICES[0].name})
    kept = page.get("/voices/?where=local").text
    assert row_of(kept) == (bars, length)


@pytest.mark.parametrize("name", [voice.name for voice in VOICES])
def test_introductions_are_those_of_the_recordings(name: str) -> None:
    voice = next(it for it in VOICES if it.name == name)
    path = Path(django_settings.BASE_DIR) / "static" / voice.sample
    with workplace() as folder:
        facts = run_child({"do": "waveform", "media_type": "audio/mpeg"}, path, folder, CLIP)
    told = introductions()[name]
    assert abs(facts["duration_seconds"] - told.duration_seconds) < 0.1
    measured = their_sounds.fewer(facts["peaks"])
    assert sum(abs(a - b) for a, b in zip(measured, told.peaks, strict=True)) / len(measured) < 12
