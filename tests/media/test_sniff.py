from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from studio.media.sniff import LONG_HEAD_BYTES, sniff, sniff_file

from . import files


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (files.jpeg(), "image/jpeg"),
        (files.palette_png(), "image/png"),
        (files.moving("GIF"), "image/gif"),
        (files.moving("WEBP"), "image/webp"),
        (files.encoded(Image.new("RGB", (32, 32)), "AVIF"), "image/avif"),
        (files.heic(), "image/heic"),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", "image/avif"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isommp42", "video/mp4"),
        (b"<svg/>", "image/svg+xml"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- by hand -->\n<svg xmlns='x'>", "image/svg+xml"),
        (b"<!DOCTYPE svg PUBLIC 'a' 'b' [<!ENTITY x 'y'>]><svg >", "image/svg+xml"),
        (b"<ns:svg >", "image/svg+xml"),
        (b"  <!DOCTYPE HTML>", "text/html"),
        (b"<?xml version='1.0'?><rss>", "application/xml"),
        ("Größe".encode()[:3], "text/plain"),
        (b"\xff\xfeh\0i\0", "text/plain"),
        (bytes(range(256)), "application/octet-stream"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"", "application/x-empty"),
    ],
)
def test_types_are_read_from_the_bytes(head: bytes, media_type: str) -> None:
    assert sniff(head[:4096]).media_type == media_type


@pytest.mark.parametrize(
    ("text", "media_type", "words"),
    [
        (b"<?xml version='1.0'?><!--" + b"x" * 5000 + b"--><svg>", "image/svg+xml", "an SVG drawing"),
        (b"<!-- " + b"x" * 4083 + b"--> <svg xmlns='x'></svg>", "image/svg+xml", "an SVG drawing"),
        (b"\xef\xbb\xbf" + b" " * 9000 + b"<html>", "text/html", "a web page (HTML)"),
        (b"<!--" + b"x" * 5000 + b"--><rss>" + b"x" * 200, "text/plain", "plain text"),
        (b"<!--" + b"x" * 5000, "application/xml", "a document that begins with comments or declarations that do not end"),
        (b"<!---->" * 20_000 + b"<svg>", "application/xml", "a document that begins with more than 128 KB of comments or declarations"),
    ],
)  # fmt: skip
def test_a_long_beginning_is_read_on(text: bytes, media_type: str, words: str) -> None:
    file = BytesIO(text)
    found = sniff_file(file)
    assert (found.media_type, found.words) == (media_type, words)
    assert file.tell() <= LONG_HEAD_BYTES


def test_a_long_comment_does_not_take_long() -> None:
    """Patterns over strangers' bytes must not backtrack for ever."""
    for hostile in (b"<!--" * 1000, b"<?xml " * 700, b"<!DOCTYPE [" * 400, b" " * 4096, b"<!---->" * 580):
        assert sniff(hostile[:4096]).media_type in ("text/plain", "application/xml", "text/html", "image/svg+xml")
