"""A GLB file, made here: a triangle in a box of a given size."""

from __future__ import annotations

import json
import struct
from typing import Any


def scene(**more: Any) -> dict[str, Any]:
    return {
        "asset": {"version": "2.0"},
        "meshes": [
            {"primitives": [{"attributes": {"POSITION": 0}, "indices": 1}, {"attributes": {"POSITION": 0}, "mode": 5}]}
        ],
        "accessors": [{"count": 8, "min": [-1, 0, -0.5], "max": [1, 3, 0.5]}, {"count": 36}],
        "materials": [{}],
        "animations": [{}, {}],
        **more,
    }


def glb(content: Any = None, *, version: int = 2, length: int | None = None, data: bytes = b"") -> bytes:
    """data: of its second part, where corners and textures lie."""
    text = content if isinstance(content, bytes) else json.dumps(scene() if content is None else content).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<II", len(text), 0x4E4F534A) + text
    if data:
        body += struct.pack("<II", len(data), 0x004E4942) + data
    return struct.pack("<4sII", b"glTF", version, 12 + len(body) if length is None else length) + body
