"""Real small files that scripted upstreams hand out. Each seed gives other bytes of the same picture, clip, sound or model, so that a test
can tell whose result landed where."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from functools import cache
from pathlib import Path

FILES = Path(__file__).parent / "files"
KINDS: dict[str, tuple[str, str]] = {
    "image": ("png", "image/png"),
    "video": ("mp4", "video/mp4"),
    "audio": ("mp3", "audio/mpeg"),
    "model": ("glb", "model/gltf-binary"),
    "svg": ("svg", "image/svg+xml"),
}
"""Kind -> file ending, media type."""


def media_bytes(kind: str, seed: str) -> bytes:
    """A decodable file: a 48 x 64 PNG, a 2 s MP4 of 90 x 160 (H.264 and AAC), a 2 s MP3, a GLB triangle or an SVG."""
    return {"image": png, "video": mp4, "audio": mp3, "model": glb, "svg": svg}[kind](seed)


def png(seed: str, width: int = 48, height: int = 64) -> bytes:
    red, green, blue = hashlib.sha256(seed.encode()).digest()[:3]
    rows = b"".join(b"\x00" + bytes((red, green, (blue + row) % 256)) * width for row in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"tEXt", b"Comment\x00" + seed.encode("latin-1", "replace")),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in parts
    )


def mp4(seed: str) -> bytes:
    """The clip with a `free` box behind it, which players skip."""
    mark = seed.encode()
    return _file("clip.mp4") + struct.pack(">I", len(mark) + 8) + b"free" + mark


def mp3(seed: str) -> bytes:
    """The tone with an ID3v2.4 comment of its own."""
    text = b"\x03" + b"eng" + b"\x00" + seed.encode() + b"\x00"
    frame = b"COMM" + _synchsafe(len(text)) + b"\x00\x00" + text
    sound = _file("tone.mp3")
    if sound.startswith(b"ID3"):
        sound = sound[10 + _from_synchsafe(sound[6:10]) :]
    return b"ID3\x04\x00\x00" + _synchsafe(len(frame)) + frame + sound


def glb(seed: str) -> bytes:
    points = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
    facts = {
        "asset": {"version": "2.0", "extras": {"seed": seed}},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}
        ],
        "bufferViews": [{"buffer": 0, "byteLength": len(points)}],
        "buffers": [{"byteLength": len(points)}],
    }
    text = json.dumps(facts, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(points), b"BIN\x00") + points
    return b"glTF" + struct.pack("<II", 2, 12 + len(body)) + body


def svg(seed: str) -> bytes:
    colour = hashlib.sha256(seed.encode()).hexdigest()[:6]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 64">'
        f'<title>{seed}</title><rect width="48" height="64" fill="#{colour}"/></svg>'
    ).encode()


@cache
def _file(name: str) -> bytes:
    return (FILES / name).read_bytes()


def _synchsafe(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


def _from_synchsafe(data: bytes) -> int:
    return sum(byte << shift for byte, shift in zip(data, (21, 14, 7, 0), strict=True))
