"""From values to what is spoken here, as the JSON of a job. What the voices cannot read is refused at its field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.conf import settings

from studio.providers.base import UnsupportedInput
from studio.render.copywriting import language_code
from studio.speech import voices, words
from studio.tools.speech import SpeechInputs
from studio.tools.values import Resolved

ENGLISH = frozenset({"en", "eng", "english"})
LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "he": "Hebrew",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pt": "Portuguese",
    "zh": "Chinese",
}
FEWEST_WORDS = 5
"""A language is not told from less."""

ENGLISH_ONLY = "The voices of this server speak English."


def folder() -> Path:
    """Where the model is put together and what was said is kept; made again when it is gone."""
    return Path(settings.DATA_DIR) / "speech"


def encode_speech(values: Resolved) -> dict[str, Any]:
    """Pure. Raises UnsupportedInput at the field that cannot be used here."""
    inputs = values.inputs
    if not isinstance(inputs, SpeechInputs):
        raise UnsupportedInput(f"{values.tool.title} cannot be made on this server.")
    _check_language(inputs)
    _check_text(inputs)
    voice = voices.find(values.voice.remote.get("voice", "?") if values.voice else "")
    if voice is None:
        raise UnsupportedInput("That voice is not one of this server’s. Pick one of those, or another model.", "voice")
    return {
        "text": inputs.text,
        "voice": voice.name,
        "speed": inputs.speed or 1.0,
        "replacements": [[it.original, it.replacement] for it in inputs.replacements],
        "spell_out": inputs.spell_out is not False,
    }


def _check_language(inputs: SpeechInputs) -> None:
    asked = inputs.language.lower().replace("_", "-").partition("-")[0].strip()
    if asked and asked not in ENGLISH:
        raise UnsupportedInput(f"{ENGLISH_ONLY} Write en or leave it open, or choose another model.", "language")


def _check_text(inputs: SpeechInputs) -> None:
    """The text as it will be read, with the person's own replacements: those may be the way to say a foreign name."""
    said = words.replace(inputs.text, [(it.original, it.replacement) for it in inputs.replacements])
    foreign = words.other_script(said)
    if foreign:
        raise UnsupportedInput(
            f"{ENGLISH_ONLY} “{foreign}” is in letters that they cannot read: write it in Latin letters, or choose another model.",
            "text",
        )
    if not words.is_speakable(said):
        raise UnsupportedInput("There is nothing in it that can be spoken. Write it in words.", "text")
    language = LANGUAGES.get(language_code(said), "")
    if language and not inputs.language and len(said.split()) >= FEWEST_WORDS:
        raise UnsupportedInput(
            f"{ENGLISH_ONLY} This reads like {language}: choose another model, or write en under “Language” if it is English.",
            "text",
        )


def write_speech(part: dict[str, Any], out: Path) -> Path:
    """The job file for `studio.speech.job`."""
    path = out / "job.json"
    path.write_text(json.dumps({**part, "folder": str(folder())}, ensure_ascii=False), "utf-8")
    return path
