"""Music and voices."""

from __future__ import annotations

from . import wire
from .codec_parts import Endpoint, File, Plain, Who

ENDPOINTS = (
    Endpoint(
        "/music/generate",
        "music",
        wire.GenerateMusic,
        (
            Plain("title", "title"),
            Plain("style", "style"),
            Plain("lyrics", "lyrics"),
            Plain("instrumental", "instrumental"),
            Plain("vocal_gender", "vocal_gender"),
        ),
    ),
    Endpoint(
        "/voices/generate",
        "voice",
        wire.GenerateVoice,
        (
            Plain("method", "method"),
            Who("influencer_id", "influencer"),
            File("audio_url", "audio"),
            Plain("prompt", "prompt"),
            Plain("name", "name"),
        ),
        sync=True,
    ),
)
