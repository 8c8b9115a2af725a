"""Whether a `.safetensors` file is what it says: its header, never its numbers. Runs inside `studio.media.child` only.

Format: https://github.com/huggingface/safetensors#format. Nothing in it can be run; nothing of it is run here.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator
from typing import Any, BinaryIO

from studio.media.errors import MediaRefused

_MOST_HEADER_BYTES = 8 << 20
_MOST_DIMENSIONS = 32
_BITS = {
    **dict.fromkeys(("F64", "I64", "U64", "C64"), 64),
    **dict.fromkeys(("F32", "I32", "U32"), 32),
    **dict.fromkeys(("F16", "BF16", "I16", "U16"), 16),
    **dict.fromkeys(("I8", "U8", "BOOL", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"), 8),
    "F6_E2M3": 6,
    "F6_E3M2": 6,
    "F4": 4,
}
_BROKEN = "This .safetensors file is damaged: its header does not fit its contents. Download it again."
_CUT_SHORT = "The file ends too early: it was not copied whole. Download it again."


def check(file: BinaryIO) -> dict[str, Any]:
    """{"tensors": how many}. Raises MediaRefused unless the header is JSON and its tensors fill the file, without gap or overlap."""
    size = os.fstat(file.fileno()).st_size
    length = int.from_bytes(file.read(8), "little")
    if length > _MOST_HEADER_BYTES:
        raise MediaRefused(_BROKEN)
    if 8 + length > size:
        raise MediaRefused(_CUT_SHORT)
    try:
        header = json.loads(file.read(length).decode(), object_pairs_hook=_once)
        spans = sorted(_spans(header))
    except (ValueError, RecursionError, TypeError, KeyError) as error:
        raise MediaRefused(_BROKEN) from error
    end = 0
    for start, stop in spans:
        if start != end:
            raise MediaRefused(_BROKEN)
        end = stop
    if 8 + length + end != size:
        raise MediaRefused(_CUT_SHORT if 8 + length + end > size else _BROKEN)
    if not spans:
        raise MediaRefused("This .safetensors file has no weights in it. Download it again.")
    return {"tensors": len(spans)}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two readers may disagree on a name that is there twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name is there twice.")
    return found


def _spans(header: Any) -> Iterator[tuple[int, int]]:
    """First byte and end of every tensor, each as long as its type and shape need. Raises ValueError, TypeError or KeyError."""
    if not isinstance(header, dict):
        raise ValueError("The header is no object.")
    notes = header.pop("__metadata__", {})
    if not isinstance(notes, dict) or not all(isinstance(note, str) for note in notes.values()):
        raise ValueError("The notes are not texts.")
    for tensor in header.values():
        shape, (start, stop) = tensor["shape"], tensor["data_offsets"]
        if len(shape) > _MOST_DIMENSIONS or not all(_is_count(number) for number in (*shape, start, stop)):
            raise ValueError("A number is no count.")
        if (stop - start) * 8 != math.prod(shape) * _BITS[tensor["dtype"]]:
            raise ValueError("A tensor is not as long as its shape.")
        yield start, stop


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number < 1 << 48
