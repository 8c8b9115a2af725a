"""3D models and text."""

from __future__ import annotations

from . import wire
from .codec_parts import Endpoint, File, Plain

ENDPOINTS = (
    Endpoint(
        "/models-3d/generate",
        "model-3d",
        wire.GenerateModel,
        (
            Plain("prompt", "prompt"),
            File("init_image", "image"),
            Plain("settings.mode", "mode"),
            Plain("settings.art_style", "art_style"),
            Plain("settings.topology", "topology"),
            Plain("settings.target_polycount", "polycount"),
            Plain("settings.symmetry_mode", "symmetry"),
            Plain("settings.should_remesh", "remesh"),
            Plain("settings.is_a_t_pose", "t_pose"),
            Plain("settings.enable_pbr", "pbr"),
            Plain("settings.enable_prompt_expansion", "expand_prompt"),
        ),
    ),
    Endpoint(
        "/text/generate",
        "text",
        wire.GenerateText,
        (
            Plain("prompt", "prompt"),
            Plain("settings.temperature", "temperature"),
            Plain("settings.max_tokens", "max_tokens"),
            Plain("settings.system_prompt", "system_prompt"),
        ),
        sync=True,
    ),
)
