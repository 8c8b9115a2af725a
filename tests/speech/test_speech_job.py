"""Real speech by the real model, offline: what comes out is as long, as loud and as rich as speech is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from studio.speech import cache, job, loudness, sentences, voices, words
from tests.speech.conftest import speak

LINE = "Slow mornings start with a cup of Halden. Save 20% until Friday."


def test_a_line_becomes_a_recording(speech_folder: Path, tmp_path: Path) -> None:
    heard = speak(speech_folder, tmp_path, text=f"{LINE} 😀")
    assert heard.code == 0, heard.lines
    sound, rate = heard.recording()
    assert rate == 24_000
    assert 3.5 < heard.facts["seconds"] < 7.5
    assert len(sound) / rate == pytest.approx(heard.facts["seconds"], abs=0.15)
    assert heard.facts["notes"] == ["Left out, as it cannot be spoken: 😀"]
    assert loudness.lufs(sound, rate) == pytest.approx(-16, abs=1)
    assert 0.3 < np.abs(sound).max() < 1.0
    spectrum, hertz = np.abs(np.fft.rfft(sound)) ** 2, np.fft.rfftfreq(len(sound), 1 / rate)
    share = {
        low: float(spectrum[(hertz >= low) & (hertz < high)].sum() / spectrum.sum())
        for low, high in ((80, 4000), (8000, 10_000))
    }
    assert share[80] > 0.7, "the voice itself"
    assert share[8000] > 0.0005, "its sibilants"
    steps = [line["progress"] for line in heard.lines]
    assert steps == sorted(steps)
    assert [line["step"] for line in heard.lines if line["kept"]] == ["Speaking, 1 of 2", "Speaking, 2 of 2"]
    assert heard.peak_bytes < 600 << 20


def test_the_same_words_are_the_same_sound_and_are_said_once(speech_folder: Path, tmp_path: Path) -> None:
    first = speak(speech_folder, tmp_path / "a", text=LINE, voice="am_puck")
    again = speak(speech_folder, tmp_path / "b", text=LINE, voice="am_puck")
    assert any(line["kept"] for line in first.lines)
    assert not any(line["kept"] for line in again.lines)
    assert (first.out / "out.mp3").read_bytes() == (again.out / "out.mp3").read_bytes()
    assert again.peak_bytes < first.peak_bytes / 2, "the model is not even loaded"
    for path in (speech_folder / "said").glob("*.npy"):
        path.write_bytes(b"broken")
    mended = speak(speech_folder, tmp_path / "c", text=LINE, voice="am_puck")
    assert (mended.out / "out.mp3").read_bytes() == (first.out / "out.mp3").read_bytes()


def test_speed_and_own_words_are_heard(speech_folder: Path, tmp_path: Path) -> None:
    plain = speak(speech_folder, tmp_path / "a", text="Halden is here.")
    fast = speak(speech_folder, tmp_path / "b", text="Halden is here.", speed=1.5)
    longer = speak(
        speech_folder, tmp_path / "c", text="Halden is here.", replacements=[["Halden", "The house of good coffee"]]
    )
    assert fast.facts["seconds"] < plain.facts["seconds"] * 0.85
    assert longer.facts["seconds"] > plain.facts["seconds"] * 1.3


def test_the_longest_text_at_the_slowest_speed_is_put_together_in_the_memory(
    speech_folder: Path, tmp_path: Path
) -> None:
    """Nine minutes, each piece of it said before."""
    text = "".join(f"Every cup begins on a farm, at number {number}, above the sea. " for number in range(70))
    assert 3900 < len(text) < 4000
    hiss = np.random.default_rng(1).normal(0, 0.1, 24_000 * 7).astype(np.float32)
    for piece in sentences.pieces(words.spoken(text), 0.5):
        cache.Sounds(speech_folder / "said").put(piece.text, "af_heart", 0.5, hiss)
    heard = speak(speech_folder, tmp_path, text=text, speed=0.5)
    assert heard.code == 0, heard.lines
    assert heard.facts["seconds"] > 450
    assert not any(line["kept"] for line in heard.lines)
    assert heard.peak_bytes < 500 << 20


def test_the_longest_piece_of_the_slowest_speech_fits_into_the_memory(speech_folder: Path, tmp_path: Path) -> None:
    """With words of no dictionary, for which a network of its own is loaded."""
    text = (
        "Xqzt kestrelling oruvian haldenish brimfold wazzlewick, " * 2
        + "and everything that a slow morning is made of."
    )
    for speed in (1.0, 0.5):
        heard = speak(speech_folder, tmp_path / str(speed), text=text, speed=speed, voice="af_nicole")
        assert heard.code == 0, heard.lines
        assert heard.peak_bytes < 700 << 20


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": "… 😀 …"}, "nothing in the text that can be spoken"),
        ({"voice": "af_nobody"}, "does not have that voice"),
        ({"text": "a" * (job.MAX_CHARACTERS + 1)}, "up to 5,000 characters"),
        ({"speed": 9}, "speed from 0.5 to 2"),
        ({"replacements": 3}, "does not hold a speech"),
    ],
)
def test_what_cannot_be_spoken_ends_with_a_sentence(
    speech_folder: Path, tmp_path: Path, changes: dict[str, object], sentence: str
) -> None:
    heard = speak(speech_folder, tmp_path, **changes)
    assert heard.code == 2
    assert sentence in heard.lines[-1]["error"]
    assert not (tmp_path / "out.mp3").exists()


def test_every_voice_ships_whole_with_its_sample_and_its_licence() -> None:
    listed = {entry["file"]: entry for entry in json.loads((voices.DATA / "MANIFEST.json").read_text())["files"]}
    assert (
        {voice.vector.name for voice in voices.VOICES} == set(listed) == {it.name for it in voices.DATA.glob("*.bin")}
    )
    for voice in voices.VOICES:
        assert listed[voice.vector.name]["sha256"] == voice.sha256
        assert (voices.DATA / listed[voice.vector.name]["licence_file"]).is_file()
        sample = Path(__file__).resolve().parents[2] / "static" / voice.sample
        assert 5_000 < sample.stat().st_size <= 40_000
        assert voices.find(voice.reference) == voices.find(voice.name) == voice
    assert voices.find("") == voices.DEFAULT
    assert voices.find("local:nobody") is None


def test_what_was_not_heard_for_longest_goes_first(tmp_path: Path) -> None:
    sounds = cache.Sounds(tmp_path)
    for name in ("one", "two", "three"):
        sounds.put(name, "af_heart", 1.0, np.full(1000, 0.25, np.float32))
    found = sounds.get("one", "af_heart", 1.0)
    assert found is not None
    assert np.allclose(found, 0.25)
    assert sounds.get("one", "af_heart", 1.1) is None
    sounds.tidy(5000)
    assert sounds.get("two", "af_heart", 1.0) is None
    assert sounds.get("one", "af_heart", 1.0) is not None
