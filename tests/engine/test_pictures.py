from __future__ import annotations

import fcntl
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from studio.engine import pictures, sweep
from studio.models import Asset, Event, Generation, Output, State
from tests.wait import until

from .conftest import Submit, work_off

NOW = timedelta(0)


def fresh(photo: Asset) -> None:
    Asset.objects.filter(pk=photo.pk).update(analysed_at=None, preview_small="", preview_large="")


def test_a_picture_without_a_preview_is_found_again(photo: Asset) -> None:
    fresh(photo)
    assert list(pictures.without_previews(timedelta(seconds=30))) == []
    assert list(pictures.without_previews(NOW)) == [photo.pk]
    Asset.objects.update(preview_small="made.webp")
    assert list(pictures.without_previews(NOW)) == []


def test_previews_come_with_a_closer_look(photo: Asset) -> None:
    fresh(photo)
    pictures.make_previews(photo.pk)
    photo.refresh_from_db()
    assert photo.preview_small
    assert photo.preview_large
    assert photo.analysed_at
    assert photo.cutout
    assert Event.objects.filter(kind="asset", subject=str(photo.pk)).count() == 2


def test_one_picture_at_a_time_is_looked_at(photo: Asset) -> None:
    """While another process looks, this one makes the previews and leaves the look to the other, or to the sweep."""
    fresh(photo)
    with (Path(settings.DATA_DIR) / "looking.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        pictures.make_previews(photo.pk)
        photo.refresh_from_db()
        assert photo.preview_small
        assert photo.analysed_at is None
    assert list(pictures.unlooked(NOW)) == [photo.pk]
    pictures.look()
    assert list(pictures.unlooked(NOW)) == []


def test_a_finished_ad_gets_previews_and_no_look(submit: Submit) -> None:
    generation = work_off(submit()[0])
    assert generation.state == State.COMPLETED
    asset = Output.objects.get(generation=generation).asset
    assert asset is not None
    pictures.make_previews(asset.pk)
    asset.refresh_from_db()
    assert asset.preview_small
    assert asset.analysed_at is None
    assert asset.pk not in set(pictures.unlooked(NOW))
    assert Generation.objects.count() == 1


@pytest.mark.usefixtures("member")
def test_a_sweep_with_nothing_to_do_does_nothing() -> None:
    until(lambda: sweep.sweep() == 0, "an idle sweep")


@pytest.mark.parametrize(
    ("kind", "done"), [("image", {"preview_small": "x"}), ("video", {"preview_small": "x"}), ("audio", {"peaks": [4]})]
)
def test_a_lost_bell_is_healed_for_whatever_has_a_preview(photo: Asset, kind: str, done: dict[str, object]) -> None:
    Asset.objects.filter(pk=photo.pk).update(kind=kind, preview_small="", peaks=[])
    assert list(pictures.without_previews(NOW)) == [photo.pk]
    Asset.objects.update(**done)
    assert list(pictures.without_previews(NOW)) == []


@pytest.mark.parametrize("kind", ["model", "text", "file"])
def test_what_has_no_preview_is_left_alone(photo: Asset, kind: str) -> None:
    Asset.objects.filter(pk=photo.pk).update(kind=kind, preview_small="")
    assert list(pictures.without_previews(NOW)) == []
