"""Films and recordings that lie, name other files or hold nothing. FILES: what, name, family of the refusal ("": taken), maker."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache

from .clips import film, recording
from .hostile_pictures import SCRIPT


@cache
def mp4() -> bytes:
    return film(sound=True)


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def patched(data: bytes, mark: bytes, offset: int, content: bytes) -> bytes:
    """Bytes written over, so many after the beginning of every mark."""
    out, at = bytearray(data), data.find(mark)
    assert at >= 0, mark
    while at >= 0:
        out[at + offset : at + offset + len(content)] = content
        at = data.find(mark, at + 1)
    return bytes(out)


def elsewhere(address: bytes) -> bytes:
    """A film whose pictures lie in another file, as QuickTime lets it say."""
    data = mp4()
    old = box(b"dref", bytes(4) + struct.pack(">I", 1) + box(b"url ", b"\0\0\0\1"))
    assert old in data
    named = box(b"url ", b"\0\0\0\0" + address.ljust(40, b"\0"))
    new = box(b"dref", bytes(4) + struct.pack(">I", 1) + named)
    return nested(data, old, new)


def nested(data: bytes, old: bytes, new: bytes) -> bytes:
    """Every box around the changed one grows with it."""
    kinds = (b"moov", b"trak", b"mdia", b"minf", b"dinf")

    def grown(content: bytes) -> bytes:
        out, at = b"", 0
        while at + 8 <= len(content):
            length, kind = struct.unpack(">I4s", content[at : at + 8])
            inside = content[at + 8 : at + length]
            whole = content[at : at + length]
            out += new if whole == old else box(kind, grown(inside)) if kind in kinds else whole
            at += max(8, length)
        return out

    return grown(data)


def wav(seconds: int, samples: bytes = b"", rate: int = 48_000, claimed: int | None = None) -> bytes:
    length = seconds * rate * 2 if claimed is None else claimed
    head = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2, 2, 16)
    return (
        b"RIFF"
        + struct.pack("<I", min(2**32 - 1, length + 36))
        + b"WAVE"
        + head
        + b"data"
        + struct.pack("<I", length)
        + samples
    )


def deep() -> bytes:
    content = b""
    for _ in range(4000):
        content = box(b"moov", content)
    return box(b"ftyp", b"isom\0\0\0\0isom") + content


def playlist(head: bytes) -> bytes:
    return head + b"#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"


def silent_ogg() -> bytes:
    return b"OggS\0\2" + bytes(8) + b"abcd" + bytes(4) + b"sum!" + b"\1\x13OpusHead\1\1" + bytes(9)


FTYP = box(b"ftyp", b"isom\0\0\2\0isom")
FILES: tuple[tuple[str, str, str, Callable[[], bytes]], ...] = (
    # Cut short, or a beginning alone.
    ("MP4 cut short", "a.mp4", "cut", lambda: mp4()[:-400]),
    ("MOV cut short", "a.mov", "cut", lambda: film("mov")[:-400]),
    ("WebM cut short", "a.webm", "unplayable", lambda: film("webm")[:300]),
    ("M4A cut short", "a.m4a", "cut", lambda: recording("m4a")[:-200]),
    ("WAV of a header alone", "a.wav", "unplayable", lambda: wav(0)),
    ("FLAC of a header alone", "a.flac", "unplayable", lambda: recording("flac")[:60]),
    ("Ogg of a header alone", "a.ogg", "unplayable | no streams", silent_ogg),
    ("MP3 of a tag alone", "a.mp3", "unplayable", lambda: b"ID3\4\0\0\0\0\0\x0a" + bytes(10)),
    ("MP3 whose tag claims 256 MB", "a.mp3", "unplayable", lambda: b"ID3\4\0\0\x7f\x7f\x7f\x7f" + bytes(5000)),
    ("MP3 of noise", "a.mp3", "unplayable", lambda: b"\xff\xfb" + bytes((n * 73 + n // 9) % 251 for n in range(4000))),
    ("AAC of zeros", "a.aac", "unplayable", lambda: b"\xff\xf1" + bytes(4000)),
    # Nothing in them, or what nobody plays.
    ("MP4 of no frames", "a.mp4", "unplayable | no streams", lambda: FTYP + box(b"moov", box(b"mvhd", bytes(100))) + box(b"mdat", b"")),
    ("MP4 of zeros", "a.mp4", "unplayable", lambda: FTYP + bytes(5000)),
    ("film in a form of its own", "a.mp4", "unknown", lambda: mp4().replace(b"avc1", b"zzzz").replace(b"avcC", b"zzzC").replace(b"mp4a", b"yyyy")),
    ("sound in a form of its own", "a.m4a", " | unknown", lambda: recording("m4a").replace(b"mp4a", b"yyyy")),
    ("MP4 whose pictures are noise", "a.mp4", "unplayable", lambda: patched(film(), b"mdat", 4, bytes((n * 37) % 256 for n in range(400)))),
    ("film of 8,208 pixels across", "a.mp4", "sides", lambda: film(size=(8208, 32), seconds=0.2)),
    ("film of 8 pixels", "a.mp4", "sides", lambda: film(size=(16, 8), seconds=0.2)),
    ("MKV as WebM", "a.webm", "kind", lambda: film("webm").replace(b"webm", b"matr", 1)),
    ("AVI as MP4", "a.mp4", "kind", lambda: b"RIFF" + struct.pack("<I", 500) + b"AVI LIST" + bytes(500)),
    ("Flash as MP4", "a.mp4", "kind", lambda: b"FWS\x08" + bytes(500)),
    # They name other files.
    ("playlist as MP4", "a.mp4", "kind", lambda: playlist(b"")),
    ("playlist in a film's clothes", "a.mp4", "cut", lambda: playlist(box(b"ftyp", b"isom\0\0\0\0"))),
    ("playlist in a sound's clothes", "a.mp3", "unplayable", lambda: playlist(b"ID3\3\0\0\0\0\0\0")),
    ("film whose pictures are a file of the server", "a.mp4", " | unplayable", lambda: elsewhere(b"file:///etc/passwd")),
    ("film whose pictures are in the network", "a.mov", " | unplayable", lambda: elsewhere(b"http://169.254.169.254/")),
    ("list for concatenation as MP4", "a.mp4", "kind", lambda: b"ffconcat version 1.0\nfile /etc/passwd\n"),
    # They lie about time and numbers.
    ("WAV that claims ten hours", "a.wav", "", lambda: wav(36_000, bytes(96_000), rate=16_000)),
    ("WAV that claims four billion bytes", "a.wav", "", lambda: wav(0, bytes(96_000), claimed=2**32 - 1)),
    ("WAV of no rate", "a.wav", "unplayable", lambda: wav(1, bytes(9600), rate=0)),
    ("MP4 of negative length", "a.mp4", "", lambda: patched(mp4(), b"mvhd", 20, b"\xff\xff\xff\xf0")),
    ("MP4 of no time scale", "a.mp4", " | unplayable", lambda: patched(mp4(), b"mdhd", 16, bytes(4))),
    ("MP4 of four billion samples", "a.mp4", " | unplayable", lambda: patched(mp4(), b"stsz", 12, b"\xff\xff\xff\xff")),
    ("MP4 of four billion times", "a.mp4", " | unplayable", lambda: patched(mp4(), b"stts", 8, b"\xff\xff\xff\xff")),
    ("MP4 of four billion pieces", "a.mp4", " | unplayable", lambda: patched(mp4(), b"stco", 8, b"\xff\xff\xff\xff")),
    ("MP4 of boxes 4,000 deep", "a.mp4", "unplayable | no streams", deep),
    ("MP4 of a box without size", "a.mp4", "unplayable | no streams", lambda: FTYP + b"\0\0\0\2moov" + bytes(500)),
    ("MP4 of a box of 2^63", "a.mp4", "cut", lambda: FTYP + b"\0\0\0\1mdat\x7f" + b"\xff" * 7 + bytes(500)),
    ("WebM of an element of 2^56", "a.webm", "unplayable", lambda: film("webm")[:60] + b"\xec\x01" + b"\xff" * 7 + bytes(500)),
    # Words that somebody might run.
    ("MP3 that is a page", "a.mp3", "", lambda: b"ID3\3\0\0\0\0\0\x31TIT2\0\0\0\x27\0\0\0" + SCRIPT[:38] + recording("mp3")),
    ("MP4 that is a page", "a.html.mp4", "", lambda: mp4() + box(b"free", SCRIPT)),
)  # fmt: skip
