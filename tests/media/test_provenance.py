"""What a file says of its making is kept beside it; the file itself no longer says it."""

from __future__ import annotations

import struct
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from studio.media.ingest import ingest_file
from studio.media.provenance import provenance_of
from studio.models import Asset, Kind

from .clips import film
from .conftest import House
from .files import chunk, encoded, heic_photo, jpeg, photo
from .hostile_clips import box
from .hostile_pictures import after_start, png

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
XMP = f"""<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:CreatorTool="Brushes &#38; Co 4.2"
 Iptc4xmpExt:DigitalSourceType="{SOURCE}"/></x:xmpmeta>""".encode()
UUID = b"\xd8\xfe\xc3\xd6\x1b\x0e\x48\x3c\x92\x97\x58\x28\x87\x7e\xc4\x81"
SAID = {"creator_tool": "Brushes & Co 4.2", "digital_source_type": "trainedAlgorithmicMedia"}


def text(words: str) -> bytes:
    """In CBOR."""
    data = words.encode()
    head = bytes((0x60 + len(data),)) if len(data) < 24 else b"\x78" + bytes((len(data),))
    return head + data


def credentials(version: int = 1) -> bytes:
    """The beginnings of a C2PA manifest store: its boxes and a claim."""
    if version == 1:
        claim = b"\xa2" + text("claim_generator") + text("Maker/2.1 (é)") + text("dc:title") + text("A")
    else:
        claim = (
            b"\xa1"
            + text("claim_generator_info")
            + b"\xa2"
            + text("name")
            + text("Maker 3 of a longer name still")
            + b"\x60\x60"
        )
    action = b"\xa1" + text("digitalSourceType") + text(SOURCE)
    kind = box(b"jumd", b"c2pa\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\x03c2pa\0")
    return box(b"jumb", kind + box(b"cbor", claim) + box(b"cbor", action))


def uploaded(house: House, data: bytes, name: str) -> Asset:
    accept = (Kind.IMAGE, Kind.VIDEO)
    return ingest_file(house.membership, house.workspace, SimpleUploadedFile(name, data), accept=accept).asset


def pictures() -> dict[str, bytes]:
    webp = encoded(photo(), "WEBP", xmp=XMP)
    return {
        "a.jpg": after_start(jpeg(), 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        "a.png": png(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)),
        "a.webp": webp,
        "a.avif": encoded(photo(), "AVIF", xmp=XMP),
        "a.heic": heic_photo(xmp=XMP),
    }


@pytest.mark.parametrize("name", pictures())
def test_program_and_kind_of_source_are_kept_aside(house: House, name: str) -> None:
    asset = uploaded(house, pictures()[name], name)
    assert asset.provenance == SAID
    with asset.file.open("rb") as file:
        kept = file.read()
    assert b"Brushes" not in kept
    assert b"iptc" not in kept


@pytest.mark.parametrize(("version", "generator"), [(1, "Maker/2.1 (é)"), (2, "Maker 3 of a longer name still")])
def test_signed_credentials_are_told(house: House, version: int, generator: str) -> None:
    store = credentials(version)
    segment = b"JP\0\1" + struct.pack(">I", 1) + store
    for name, data in (("a.jpg", after_start(jpeg(), 0xEB, segment)), ("a.png", png(chunk(b"caBX", store)))):
        said = uploaded(house, data, name).provenance
        Asset.objects.all().delete()
        assert said == {
            "c2pa": True,
            "claim_generator": generator,
            "digital_source_type": "trainedAlgorithmicMedia",
        }


def test_a_film_says_it_too_and_stays_as_it_is(house: House) -> None:
    data = film() + box(b"uuid", UUID + bytes(4) + b"manifest\0" + bytes(8) + credentials())
    asset = uploaded(house, data, "a.mp4")
    assert asset.provenance["claim_generator"] == "Maker/2.1 (é)"
    assert asset.size_bytes == len(data)


def test_most_files_say_nothing(house: House) -> None:
    assert uploaded(house, jpeg(), "a.jpg").provenance == {}


def said_by(data: bytes) -> dict[str, Any]:
    return provenance_of(BytesIO(data))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"<xmp:CreatorTool>\x00\x1b[31mRed\xff </xmp:CreatorTool>", {"creator_tool": "[31mRed"}),
        (b'xmp:CreatorTool="' + b"x" * 390 + b'"', {"creator_tool": "x" * 200}),
        (b'xmp:CreatorTool="' + b"x" * 9_000_000, {}),
        (b"\x6fclaim_generator\x79\xff\xffabc", {}),
        (b"\x6fclaim_generator\x60", {}),
        (b"\x6fclaim_generator\x78", {}),
        (b"claim_generator" * 200_000, {}),
        (bytes((1 << 20) - 9) + b'xmp:CreatorTool="Over the edge"', {"creator_tool": "Over the edge"}),
    ],
)
def test_what_is_said_is_short_and_plain(data: bytes, said: dict[str, Any]) -> None:
    assert said_by(data) == said
