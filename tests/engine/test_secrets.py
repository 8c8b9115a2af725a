from __future__ import annotations

import traceback

import pytest
from pytest_django import Settings

from studio.engine import secrets

KEY = "vt_live_0123456789abcdef"


def test_a_key_comes_back_and_cannot_be_read_in_between() -> None:
    kept = secrets.conceal(KEY)
    assert KEY not in kept
    assert secrets.reveal(kept) == KEY
    assert secrets.conceal(KEY) != kept
    assert secrets.conceal("") == secrets.reveal("") == ""


def test_an_earlier_encryption_key_still_opens_and_can_be_left_behind(settings: Settings) -> None:
    settings.ENCRYPTION_KEY = "a" * 40
    kept = secrets.conceal(KEY)
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEY_FALLBACKS = "b" * 40, ["a" * 40]
    assert secrets.reveal(kept) == KEY
    assert not secrets.is_of_today(kept)
    renewed = secrets.renew(kept)
    settings.ENCRYPTION_KEY_FALLBACKS = []
    assert secrets.is_of_today(renewed)
    assert secrets.reveal(renewed) == KEY
    with pytest.raises(secrets.UnreadableSecret):
        secrets.renew(kept)


@pytest.mark.parametrize("kept", ["made up", "gAAAAAB", "ä", "x" * 200])
def test_what_cannot_be_opened_says_what_to_do_and_repeats_nothing(kept: str) -> None:
    with pytest.raises(secrets.UnreadableSecret, match="Type it again") as refusal:
        secrets.reveal(kept)
    assert kept not in "".join(traceback.format_exception_only(refusal.value))
    assert refusal.value.__cause__ is None
