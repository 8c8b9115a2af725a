"""Facts of a 3D model in a GLB file (glTF 2.0, binary). Runs inside `studio.media.child` only; nothing of it is drawn here."""

from __future__ import annotations

import json
import os
import struct
from typing import Any, BinaryIO

from studio.media.errors import MediaRefused

_MOST_JSON_BYTES = 16 << 20
_JSON_CHUNK = 0x4E4F534A
_TRIANGLES, _STRIP, _FAN = 4, 5, 6
_BROKEN = "This GLB file is damaged: its parts do not fit together. Export it again."


def probe(file: BinaryIO) -> dict[str, Any]:
    """{"solid": facts}: meshes, triangles, vertices, materials, textures, animations (counts), extent ([x, y, z], the longest sides of
    its meshes in metres, before their nodes move them; [] unknown), external (whether it names files outside itself).
    """
    scene = _scene(file)
    primitives = [part for mesh in _list(scene, "meshes") for part in _list(mesh, "primitives")]
    accessors = _list(scene, "accessors")
    positions = [accessor for part in primitives if (accessor := _position(part, accessors))]
    named = [*_list(scene, "buffers"), *_list(scene, "images")]
    return {
        "solid": {
            "meshes": len(_list(scene, "meshes")),
            "triangles": sum(_triangles(part, accessors) for part in primitives),
            "vertices": sum(_count(accessor) for accessor in positions),
            "materials": len(_list(scene, "materials")),
            "textures": len(_list(scene, "textures")),
            "animations": len(_list(scene, "animations")),
            "extent": _extent(positions),
            "external": any(not str(part.get("uri", "data:")).startswith("data:") for part in named),
        }
    }


def _scene(file: BinaryIO) -> dict[str, Any]:
    """The JSON chunk, after the header's word about the file was checked against the file."""
    size = os.fstat(file.fileno()).st_size
    head = file.read(20)
    if len(head) < 20:
        raise MediaRefused(_BROKEN)
    magic, version, length, chunk, kind = struct.unpack("<4sIIII", head)
    if magic != b"glTF" or version != 2:
        raise MediaRefused(f"This is a GLB file of version {version}. Export it as glTF 2.0.")
    if length > size:
        raise MediaRefused("The file ends too early: it was not copied whole. Export or download it again.")
    if length != size or kind != _JSON_CHUNK or chunk > length - 20 or chunk > _MOST_JSON_BYTES:
        raise MediaRefused(_BROKEN)
    try:
        scene = json.loads(file.read(chunk))
    except (ValueError, RecursionError) as error:
        raise MediaRefused(_BROKEN) from error
    if not isinstance(scene, dict):
        raise MediaRefused(_BROKEN)
    return scene


def _list(of: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = of.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _accessor(index: Any, accessors: list[dict[str, Any]]) -> dict[str, Any] | None:
    return accessors[index] if isinstance(index, int) and 0 <= index < len(accessors) else None


def _position(part: dict[str, Any], accessors: list[dict[str, Any]]) -> dict[str, Any] | None:
    attributes = part.get("attributes")
    return _accessor(attributes.get("POSITION"), accessors) if isinstance(attributes, dict) else None


def _count(accessor: dict[str, Any] | None) -> int:
    count = accessor.get("count") if accessor else 0
    return count if isinstance(count, int) and 0 < count < 2**32 else 0


def _triangles(part: dict[str, Any], accessors: list[dict[str, Any]]) -> int:
    corners = _count(_accessor(part.get("indices"), accessors) or _position(part, accessors))
    mode = part.get("mode", _TRIANGLES)
    if mode == _TRIANGLES:
        return corners // 3
    return max(0, corners - 2) if mode in (_STRIP, _FAN) else 0


def _extent(positions: list[dict[str, Any]]) -> list[float]:
    bounds = [
        (low, high) for part in positions if (low := _point(part.get("min"))) and (high := _point(part.get("max")))
    ]
    if not bounds:
        return []
    return [round(max(high[axis] for _, high in bounds) - min(low[axis] for low, _ in bounds), 4) for axis in range(3)]


def _point(value: Any) -> list[float] | None:
    numbers = isinstance(value, list) and len(value) == 3 and all(isinstance(part, int | float) for part in value)
    return [float(part) for part in value] if numbers else None
