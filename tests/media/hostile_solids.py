"""Models and weights that lie about themselves, or are something else. FILES: what, name, family of the refusal ("": taken), maker."""

from __future__ import annotations

import io
import json
import pickle
import struct
import zipfile
from collections.abc import Callable
from typing import Any

from .models import glb, scene


def safetensors(header: Any, data: bytes = bytes(16), length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(start: int = 0, end: int = 16, dtype: str = "F32", shape: Any = (2, 2)) -> dict[str, Any]:
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(20):
            file.writestr(f"{number}.glb", bytes(5_000_000))
    return out.getvalue()


FILES: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
    ("zip bomb as GLB", "a.glb", "kind", bomb),
    ("program as GLB", "a.glb", "kind", lambda: b"\x7fELF" + bytes(200)),
    ("GLB of another version", "a.glb", "glb version", lambda: glb(version=1)),
    ("GLB cut short", "a.glb", "cut", lambda: glb(length=99_999)),
    ("GLB longer than it says", "a.glb", "glb", lambda: glb() + bytes(64)),
    ("GLB of a header alone", "a.glb", "glb", lambda: b"glTF\2\0\0\0"),
    ("GLB whose scene is longer than itself", "a.glb", "glb", lambda: glb()[:12] + b"\xff\xff\xff\x7f" + glb()[16:]),
    ("GLB of no JSON", "a.glb", "glb", lambda: glb(b"{not json")),
    ("GLB of 100,000 brackets", "a.glb", "glb", lambda: glb(b"[" * 100_000)),
    ("GLB of a file of the server", "a.glb", "", lambda: glb(scene(images=[{"uri": "file:///etc/passwd"}]))),
    ("GLB of 10^40 corners", "a.glb", "", lambda: glb(scene(accessors=[{"count": 10**40}, {"count": -5}]))),
    ("GLB of a script", "a.glb", "", lambda: glb(scene(extras={"x": "<script>alert(1)</script>"}))),
    ("weights of a header longer than the file", "a.safetensors", "cut", lambda: safetensors({"a": tensor()}, length=5000)),
    ("weights of a header of 4 GB", "a.safetensors", "weights", lambda: safetensors({"a": tensor()}, length=2**32 - 1)),
    ("weights cut short", "a.safetensors", "cut", lambda: safetensors({"a": tensor()}, bytes(9))),
    ("weights with a program behind them", "a.safetensors", "weights", lambda: safetensors({"a": tensor()}, bytes(16) + b"MZ")),
    ("weights over each other", "a.safetensors", "weights", lambda: safetensors({"a": tensor(), "b": tensor()})),
    ("weights with a gap", "a.safetensors", "weights", lambda: safetensors({"a": tensor(0, 4, "F32", [1]), "b": tensor(8, 16, "F32", [2])})),
    ("weights before their beginning", "a.safetensors", "weights", lambda: safetensors({"a": tensor(-8, 8)})),
    ("weights of another shape", "a.safetensors", "weights", lambda: safetensors({"a": tensor(shape=[3, 3])})),
    ("weights of 2^200 numbers", "a.safetensors", "weights", lambda: safetensors({"a": tensor(shape=[2**40] * 5)})),
    ("weights of a type of their own", "a.safetensors", "weights", lambda: safetensors({"a": tensor(dtype="PY")})),
    ("weights of one name twice", "a.safetensors", "weights", lambda: safetensors(b'{"a":%b,"a":%b}' % ((json.dumps(tensor()).encode(),) * 2))),
    ("weights of 100,000 brackets", "a.safetensors", "weights", lambda: safetensors(b'{"a":' + b"[" * 100_000)),
    ("weights of no header", "a.safetensors", "weights", lambda: safetensors(b'{"a":1}')),
    ("no weights", "a.safetensors", "no weights", lambda: safetensors({}, b"")),
    ("pickle as weights", "a.safetensors", "kind", lambda: pickle.dumps(print, protocol=4) + bytes(64)),
    ("pickle in a zip as weights", "a.safetensors", "kind", lambda: b"PK\3\4" + bytes(26) + b"archive/data.pkl"),
)  # fmt: skip
