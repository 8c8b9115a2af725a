"""Signed papers: PDFs are taken whole or refused with a sentence, leave only as attachments, and are given to no tool."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from studio.engine.resolve import Unresolved, resolve
from studio.media.errors import MediaRefused
from studio.media.limits import MAX_PAPER_BYTES
from studio.media.papers import ingest_paper
from studio.media.serving import SANDBOX
from studio.models import Asset, Kind
from studio.tools import all_tools
from studio.tools.fields import widget_of
from tests.factories import picture

from .conftest import House

pytestmark = pytest.mark.django_db
BODY = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
PDF = BODY + b"xref\n0 1\ntrailer\n<< /Root 1 0 R >>\nstartxref\n57\n%%EOF\n"


def paper(data: bytes, name: str = "release.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/pdf")


def zipped(comment: bytes = b"") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("run.js", "alert(1)")
        archive.comment = comment
    return buffer.getvalue()


def test_a_pdf_is_kept_byte_for_byte_and_once(house: House) -> None:
    first = ingest_paper(house.membership, house.workspace, paper(PDF))
    again = ingest_paper(house.membership, house.workspace, paper(PDF, "copy.pdf"))
    assert (again.asset, again.known, Asset.objects.count()) == (first.asset, True, 1)
    assert (first.asset.kind, first.asset.media_type) == (Kind.FILE, "application/pdf")
    assert first.asset.original_name == "release.pdf"
    with first.asset.file.open("rb") as file:
        assert file.read() == PDF


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r\n\x00\x00\x00"])
def test_padding_behind_the_end_is_no_harm(house: House, ending: bytes) -> None:
    assert ingest_paper(house.membership, house.workspace, paper(PDF.rstrip() + ending)).asset.pk


def test_a_pdf_signed_again_has_two_ends(house: House) -> None:
    assert ingest_paper(house.membership, house.workspace, paper(PDF + PDF[len(BODY) :])).asset.pk


def test_a_photo_of_the_paper_is_taken_as_any_photo(house: House) -> None:
    taken = ingest_paper(house.membership, house.workspace, paper(picture(), "scan.pdf")).asset
    assert (taken.kind, taken.media_type) == (Kind.IMAGE, "image/png")


HOSTILE: list[tuple[str, str, Callable[[], bytes], str]] = [
    ("web page with a PDF's name", "a.pdf", lambda: b"<!doctype html><script>alert(1)</script>", "but is a web page"),
    ("archive with a PDF's name", "a.pdf", zipped, "but is a zip archive"),
    ("program with a PDF's name", "a.pdf", lambda: b"MZ\x90\x00" + bytes(200), "but is a Windows program"),
    ("Word document", "a.docx", zipped, "Use a PDF, or"),
    ("text with a PDF's name", "a.pdf", lambda: b"I agree. Lina", "but is plain text"),
    ("mark of a PDF further in", "a.pdf", lambda: b"\0\0GIF" + PDF, "no kind of file that we know"),
    ("PDF and archive", "a.pdf", lambda: PDF + zipped(), "another kind of file as well"),
    ("archive whose comment ends the PDF", "a.pdf", lambda: BODY + zipped(PDF[len(BODY) :]), "another kind of file"),
    (
        "archive whose comment is long",
        "a.pdf",
        lambda: BODY + zipped(PDF[len(BODY) :].rjust(65_000)),
        "another kind of file as well",
    ),
    ("PDF and web page", "a.pdf", lambda: b"%PDF-1.4\n<script>alert(1)</script>\n" + PDF, "another kind of file"),
    ("PDF with a page behind it", "a.pdf", lambda: PDF + b"<script>alert(1)</script>", "another kind of file"),
    ("PDF with words behind it", "a.pdf", lambda: PDF + b"#" * 2000, "something else behind"),
    ("PDF with a program behind it", "a.pdf", lambda: PDF + b"MZ\x90\x00" + bytes(90), "something else behind"),
    ("cut off", "a.pdf", lambda: PDF[:-30], "ends too early"),
    ("end mark alone", "a.pdf", lambda: b"%PDF-1.7\n%%EOF", "ends too early"),
    ("magic alone", "a.pdf", lambda: b"%PDF-", "says no version"),
    ("script behind the magic", "a.pdf", lambda: b"%PDF-alert(1)\n" + PDF, "says no version"),
    ("empty", "a.pdf", lambda: b"", "is empty"),
    ("too large", "a.pdf", lambda: BODY + bytes(MAX_PAPER_BYTES) + PDF, "21 MB; the most is 20 MB"),
]


@pytest.mark.parametrize(("name", "make", "sentence"), [it[1:] for it in HOSTILE], ids=[it[0] for it in HOSTILE])
def test_what_is_no_plain_pdf_is_refused(house: House, name: str, make: Callable[[], bytes], sentence: str) -> None:
    with pytest.raises(MediaRefused, match=re.escape(sentence)):
        ingest_paper(house.membership, house.workspace, paper(make(), name))
    assert not Asset.objects.exists()


@pytest.mark.parametrize("name", ["release.html", "release.exe", "release.svg", "../../release.js", ""])
def test_it_is_only_ever_saved_as_a_pdf(house: House, client: Client, name: str) -> None:
    asset = ingest_paper(house.membership, house.workspace, paper(PDF, name or "x")).asset
    client.force_login(house.membership.user)
    for variant in ("original", "small", "large"):
        answer = client.get(reverse("media", args=(asset.pk, variant)))
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert '.pdf"' in answer["Content-Disposition"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == SANDBOX


def test_no_field_of_any_tool_takes_it(house: House) -> None:
    """So that it is never given to a provider, whoever sends its id."""
    asset = ingest_paper(house.membership, house.workspace, paper(PDF)).asset
    tried = 0
    for tool in all_tools().values():
        for name, info in tool.Inputs.model_fields.items():
            widget = widget_of(info.metadata).name
            if widget not in ("image", "images", "photos", "video", "videos", "audio", "audios", "files"):
                continue
            value = str(asset.pk) if widget in ("image", "video", "audio") else (str(asset.pk),)
            inputs = tool.Inputs.model_construct(None, **{name: value})
            with pytest.raises(Unresolved) as refused:
                resolve(tool, inputs, house.membership, house.workspace.pk)
            assert name in [problem.field for problem in refused.value.problems]
            tried += 1
    assert tried > 20
