"""What a file says of its own making, read before it is stripped: signed credentials (C2PA), the kind of source (IPTC), the program (XMP).

Found by marks in the bytes, whatever the container: few, small and not believed, only kept. Runs inside `studio.media.child` only.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Any, BinaryIO

_PIECE = 1 << 20
_OVERLAP = 4096
_MOST_BYTES = 256 << 20
_LONGEST = 200
# ISO 19566-5 (JUMBF): a description box whose type is that of a C2PA manifest store.
_C2PA = b"jumdc2pa\x00\x11\x00\x10\x80\x00\x00\xaa\x00\x38\x9b\x71"
_SOURCE_TYPE = re.compile(rb"cv\.iptc\.org/newscodes/digitalsourcetype/([A-Za-z]{3,60})")
_CREATOR_TOOL = re.compile(rb"<?xmp:CreatorTool(?:\s*=\s*[\"']([^\"'<]{1,400})[\"']|>([^<]{1,400})<)")
# CBOR (RFC 8949): a text of up to 65,535 bytes, after the key that names it. The second form is that of claims of version 2.
_TEXT = rb"(?:[\x60-\x77]|\x78.|\x79..)"
_GENERATORS = (
    re.compile(rb"\x6fclaim_generator(" + _TEXT + rb")", re.S),
    re.compile(rb"\x74claim_generator_info[\x80-\x9f\xa0-\xbf].{0,400}?\x64name(" + _TEXT + rb")", re.S),
)


def provenance_of(file: BinaryIO) -> dict[str, Any]:
    """c2pa (True), claim_generator, digital_source_type (the last word of its IPTC address), creator_tool: those that were found.

    The file is read in pieces and left at its beginning.
    """
    found: dict[str, Any] = {}
    rest = b""
    file.seek(0)
    for _ in range(_MOST_BYTES // _PIECE):
        piece = file.read(_PIECE)
        if not piece:
            break
        _look(rest + piece, found)
        rest = piece[-_OVERLAP:]
    file.seek(0)
    return found


def _look(data: bytes, found: dict[str, Any]) -> None:
    """Adds what this piece says; the first word on each counts."""
    if _C2PA in data:
        found["c2pa"] = True
    if "digital_source_type" not in found and (source := _SOURCE_TYPE.search(data)):
        found["digital_source_type"] = source[1].decode()
    if "creator_tool" not in found and (tool := _CREATOR_TOOL.search(data)):
        _add(found, "creator_tool", tool[1] or tool[2])
    if "claim_generator" not in found and b"claim_generator" in data:
        for generator in _GENERATORS:
            if text := generator.search(data):
                _add(found, "claim_generator", _after_head(data, text[1], text.end(1)))
                break


def _after_head(data: bytes, head: bytes, start: int) -> bytes:
    """The text; nothing where it goes on in the next piece, which repeats it."""
    length = head[0] - 0x60 if len(head) == 1 else int.from_bytes(head[1:], "big")
    text = data[start : start + min(length, _LONGEST)]
    return text if len(text) == min(length, _LONGEST) else b""


def _add(found: dict[str, Any], name: str, value: bytes) -> None:
    shown = "".join(part for part in unescape(value.decode(errors="ignore")) if part.isprintable()).strip()[:_LONGEST]
    if shown:
        found[name] = shown
