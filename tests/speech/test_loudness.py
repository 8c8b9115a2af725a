from __future__ import annotations

import numpy as np
import pytest

from studio.speech import loudness

RATE = 24_000


def tone(hertz: float, level: float, seconds: float = 3.0) -> loudness.Sound:
    return (level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)).astype(np.float32)


def test_a_tone_of_full_scale_measures_as_the_standard_says() -> None:
    """BS.1770: 997 Hz at full scale in one channel is -3.01 LUFS."""
    assert loudness.lufs(tone(997, 1.0), RATE) == pytest.approx(-3.01, abs=0.1)
    assert loudness.lufs(tone(997, 0.1), RATE) == pytest.approx(-23.01, abs=0.1)


def test_low_tones_count_less_and_pauses_not_at_all() -> None:
    assert loudness.lufs(tone(40, 0.5), RATE) < loudness.lufs(tone(997, 0.5), RATE) - 3
    paused = np.concatenate([tone(997, 0.5), np.zeros(RATE * 6, np.float32), tone(997, 0.5)])
    assert loudness.lufs(paused, RATE) == pytest.approx(loudness.lufs(tone(997, 0.5), RATE), abs=0.3)
    assert loudness.lufs(np.zeros(RATE, np.float32), RATE) == float("-inf")


@pytest.mark.parametrize("level", [0.003, 0.2, 3.0])
def test_everything_comes_out_equally_loud(level: float) -> None:
    noise = np.random.default_rng(7).normal(0, 0.1, RATE * 3).astype(np.float32)
    made = loudness.levelled(noise * level, RATE)
    assert loudness.lufs(made, RATE) == pytest.approx(loudness.TARGET_LUFS, abs=0.5)
    assert np.abs(made).max() <= loudness.CEILING + 1e-6


def test_a_peak_is_held_without_touching_what_is_far_from_it() -> None:
    sound = tone(300, 0.3)
    sound[36_000:36_010] = 2.0
    made = loudness.held(sound, RATE)
    assert np.abs(made).max() <= loudness.CEILING + 1e-6
    assert np.array_equal(made[:30_000], sound[:30_000])
    assert made.dtype == np.float32


def test_silence_stays_silence() -> None:
    assert not loudness.levelled(np.zeros(RATE, np.float32), RATE).any()
    assert len(loudness.levelled(np.zeros(0, np.float32), RATE)) == 0
