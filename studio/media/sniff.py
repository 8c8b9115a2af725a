"""What a file is, read from its first bytes. Its name and the type that a browser claims are never believed."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from studio.media.errors import MediaRefused
from studio.models import Kind

HEAD_BYTES = 4096
LONG_HEAD_BYTES = 128 * 1024
"""Where the first bytes are all licence and comments: drawing programs write a lot before the first element."""
HEIC = "image/heic"
SVG = "image/svg+xml"
GLB = "model/gltf-binary"
SAFETENSORS = "application/x-safetensors"
PDF = "application/pdf"
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", HEIC)
TAKEN = {
    Kind.IMAGE: (*PICTURES, SVG),
    Kind.VIDEO: ("video/mp4", "video/quicktime", "video/webm"),
    Kind.AUDIO: ("audio/mpeg", "audio/wav", "audio/mp4", "audio/ogg", "audio/flac", "audio/aac"),
    Kind.MODEL: (GLB,),
    Kind.TEXT: ("text/plain",),
    Kind.FILE: (SAFETENSORS,),
}
"""What people may upload. Results of an upstream are kept whatever they are."""
MAYBE_SOUND = ("video/mp4", "video/quicktime", "video/webm")
"""Containers that often hold sound alone; only opening them tells."""

_ADVICE = {
    Kind.IMAGE: "a JPEG, PNG, HEIC, WebP, AVIF, GIF or SVG picture",
    Kind.VIDEO: "an MP4, MOV or WebM video",
    Kind.AUDIO: "an MP3, WAV, M4A, OGG or FLAC sound file",
    Kind.MODEL: "a GLB model",
    Kind.TEXT: "a text in UTF-8",
    Kind.FILE: "a .safetensors file",
}
_BRANDS = {
    b"avif": ("image/avif", "an AVIF picture"),
    b"avis": ("image/avif", "an AVIF picture"),
    b"heic": (HEIC, "an HEIC photo"),
    b"heix": (HEIC, "an HEIC photo"),
    b"heim": (HEIC, "an HEIC photo"),
    b"heis": (HEIC, "an HEIC photo"),
    b"hevc": (HEIC, "an HEIC photo"),
    b"hevx": (HEIC, "an HEIC photo"),
    b"mif1": (HEIC, "an HEIF photo"),
    b"msf1": (HEIC, "an HEIF photo"),
    b"M4A ": ("audio/mp4", "an M4A sound file"),
    b"M4B ": ("audio/mp4", "an M4B sound file"),
    b"qt  ": ("video/quicktime", "a QuickTime video"),
    b"crx ": ("image/x-canon-cr3", "a Canon camera raw file"),
}
_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", "a JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "a PNG picture"),
    (b"GIF87a", "image/gif", "a GIF picture"),
    (b"GIF89a", "image/gif", "a GIF picture"),
    (b"BM", "image/bmp", "a BMP picture"),
    (b"II*\x00", "image/tiff", "a TIFF picture or camera raw file"),
    (b"MM\x00*", "image/tiff", "a TIFF picture or camera raw file"),
    (b"8BPS", "image/vnd.adobe.photoshop", "a Photoshop document"),
    (b"%PDF-", PDF, "a PDF document"),
    (b"%!PS", "application/postscript", "an EPS or Illustrator file"),
    (b"PK\x03\x04", "application/zip", "a zip archive or an Office document"),
    (b"Rar!", "application/vnd.rar", "a RAR archive"),
    (b"7z\xbc\xaf", "application/x-7z-compressed", "a 7-Zip archive"),
    (b"\x1f\x8b", "application/gzip", "a gzip archive"),
    (b"ID3", "audio/mpeg", "an MP3 sound file"),
    (b"fLaC", "audio/flac", "a FLAC sound file"),
    (b"glTF", GLB, "a GLB model"),
    (b"\x00\x00\x01\x00", "image/x-icon", "an icon file"),
    (b"\xff\x0a", "image/jxl", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "image/jxl", "a JPEG XL picture"),
    (b"MZ", "application/x-msdownload", "a Windows program"),
    (b"\x7fELF", "application/x-executable", "a program"),
)
_RIFF = {
    b"WEBP": ("image/webp", "a WebP picture"),
    b"WAVE": ("audio/wav", "a WAV sound file"),
    b"AVI ": ("video/x-msvideo", "an AVI video"),
}
_SVG_ELEMENT = re.compile(rb"<([a-z]{1,20}:)?svg[\s/>]", re.I)
_LONGEST_TAG = 32
_MARK = b"\xef\xbb\xbf"
_SPACE = re.compile(rb"\s*")
_HTML_ELEMENT = re.compile(rb"<(!doctype html|html|head|body|script)", re.I)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """media_type: what the bytes say. words: the same for people, with its article: "a JPEG picture"."""

    media_type: str
    words: str

    @property
    def is_picture(self) -> bool:
        return self.media_type in PICTURES


def sniff_file(file: BinaryIO) -> Sniffed:
    """The type of a file that stands at its beginning."""
    head = file.read(HEAD_BYTES)
    while is_undecided(head) and (more := file.read(LONG_HEAD_BYTES - len(head))):
        head += more
    return sniff(head)


def is_undecided(head: bytes) -> bool:
    """Whether more than these first bytes is needed to tell: they end before the first element of what may be a drawing."""
    text = head.removeprefix(_MARK)
    if not HEAD_BYTES <= len(head) < LONG_HEAD_BYTES or text[_after_space(text, 0) :][:1] not in (b"", b"<"):
        return False
    at = _end_of_prolog(text)
    return at is None or len(text) - at < _LONGEST_TAG


def sniff(head: bytes) -> Sniffed:
    """The type of a file by its first HEAD_BYTES (fewer where it is shorter; more where `is_undecided`)."""
    if not head:
        return Sniffed("application/x-empty", "empty (0 bytes)")
    for magic, media_type, words in _MAGIC:
        if head.startswith(magic):
            return Sniffed(media_type, words)
    if head[:4] == b"RIFF" and head[8:12] in _RIFF:
        return Sniffed(*_RIFF[head[8:12]])
    if head[4:8] == b"ftyp":
        return _by_brand(head)
    if head[:4] == b"OggS":
        film = b"theora" in head[:512]
        return Sniffed("video/ogg", "an Ogg video") if film else Sniffed("audio/ogg", "an Ogg sound file")
    if head[:4] == b"\x1aE\xdf\xa3":
        webm = b"webm" in head[:64]
        return Sniffed("video/webm", "a WebM video") if webm else Sniffed("video/x-matroska", "an MKV video")
    if head[:2] in (b"\xff\xf1", b"\xff\xf9"):
        return Sniffed("audio/aac", "an AAC sound file")
    if head[:2] in (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3", b"\xff\xf2", b"\xff\xe3"):
        return Sniffed("audio/mpeg", "an MP3 sound file")
    if _is_safetensors(head):
        return Sniffed(SAFETENSORS, "a .safetensors file")
    return _by_text(head)


def _is_safetensors(head: bytes) -> bool:
    """The length of a JSON object, then the object; zeros in a length of less than 2^32 keep any text apart."""
    return len(head) >= 10 and head[4:8] == bytes(4) and head[8:9] == b"{" and head[9:10] in b'"} \n\t'


def kinds_of(media_type: str) -> frozenset[Kind]:
    """What a file of this type may turn out to be once it is opened."""
    kind = kind_of(media_type)
    return frozenset({kind, Kind.AUDIO}) if media_type in MAYBE_SOUND else frozenset({kind})


def kind_of(media_type: str) -> Kind:
    """Which kind of asset a file of this type is. A drawing is a picture; what we cannot name is a file."""
    if media_type in PICTURES or media_type == SVG:
        return Kind.IMAGE
    if media_type == GLB:
        return Kind.MODEL
    return {"video": Kind.VIDEO, "audio": Kind.AUDIO, "text/plain": Kind.TEXT}.get(
        media_type if media_type == "text/plain" else media_type.partition("/")[0], Kind.FILE
    )


def _by_brand(head: bytes) -> Sniffed:
    """ISO base media files name their brands in the first box: the major one, a version, then the compatible ones."""
    length = min(int.from_bytes(head[:4], "big"), len(head))
    brands = [head[8:12], *(head[at : at + 4] for at in range(16, length - 3, 4))]
    if brands[0] in (b"mif1", b"msf1") and {b"avif", b"avis"} & set(brands):
        return Sniffed(*_BRANDS[b"avif"])
    return Sniffed(*_BRANDS.get(brands[0], ("video/mp4", "an MP4 video")))


def _by_text(head: bytes) -> Sniffed:
    start = head.removeprefix(_MARK)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return Sniffed("text/plain", "text in UTF-16")
    at = _end_of_prolog(start)
    if at is None:
        long = len(head) >= LONG_HEAD_BYTES
        words = (
            f"begins with more than {LONG_HEAD_BYTES // 1024} KB of comments or" if long else "begins with comments or"
        )
        return Sniffed("application/xml", f"a document that {words} declarations{'' if long else ' that do not end'}")
    element = start[at:]
    if _SVG_ELEMENT.match(element):
        return Sniffed(SVG, "an SVG drawing")
    if _HTML_ELEMENT.match(element):
        return Sniffed("text/html", "a web page (HTML)")
    if start.lstrip().startswith(b"<?xml"):
        return Sniffed("application/xml", "an XML document")
    if b"\x00" not in start and _is_utf8(start):
        return Sniffed("text/plain", "plain text")
    return Sniffed("application/octet-stream", "no kind of file that we know")


def _end_of_prolog(text: bytes) -> int | None:
    """Where the XML declaration, comments and document type are over; None where they are not. By hand and in one pass: a pattern for it
    can backtrack for ever.
    """
    at = _after_space(text, 0)
    while True:
        if text.startswith(b"<?", at):
            end = _after(text, b"?>", at)
        elif text.startswith(b"<!--", at):
            end = _after(text, b"-->", at + 4)
        elif text[at : at + 9].lower() == b"<!doctype" and text[at + 9 : at + 14].lower() != b" html":
            end = _after(text, b">", at)
            if end is not None and b"[" in text[at:end]:
                inner = _after(text, b"]", at)
                end = None if inner is None else _after(text, b">", inner)
        else:
            return at
        if end is None:
            return None
        at = _after_space(text, end)


def _after(text: bytes, mark: bytes, start: int) -> int | None:
    found = text.find(mark, start)
    return None if found < 0 else found + len(mark)


def _after_space(text: bytes, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found else start


def _is_utf8(start: bytes) -> bool:
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(start) - 3  # A character cut in two by the end of the head.
    return True


def raise_for_type(found: Sniffed, name: str, *, accept: Collection[Kind] = (Kind.IMAGE,)) -> None:
    """Refuses, with what the file really is, anything but the accepted kinds. Raises MediaRefused."""
    if any(found.media_type in TAKEN.get(kind, ()) for kind in accept):
        return
    if Kind.AUDIO in accept and found.media_type in MAYBE_SOUND:
        return
    if found.media_type == "application/x-empty":
        raise MediaRefused("This file is empty (0 bytes). Export or download it again.")
    suffix = PurePosixPath(name.lower()).suffix
    claim = (
        f"This file is named {suffix} but is" if _NAMED.get(suffix, found.media_type) != found.media_type else "This is"
    )
    advice = " or ".join(_ADVICE[kind] for kind in Kind if kind in accept)
    raise MediaRefused(f"{claim} {found.words}. Use {advice}.")


_NAMED = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".heic": HEIC,
    ".heif": HEIC,
    ".svg": SVG,
    ".svgz": SVG,
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".flac": "audio/flac",
    ".glb": GLB,
    ".txt": "text/plain",
    ".safetensors": SAFETENSORS,
}
"""What a file of this name says that it is."""
