"""Signed papers, the proof that somebody agreed: a photo or scan as `ingest` takes it, or a PDF.

A PDF is never opened here, so there is nothing in it that could do harm here: its first and last bytes are checked, it is kept byte for byte (a
signature in it stays whole), and it leaves only as an attachment, like everything that `serving.INLINE` does not name. No tool takes a file
of its kind, so that it is never given to a provider.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from django.core.files.uploadedfile import UploadedFile

from studio.media.decode import workplace
from studio.media.errors import MediaRefused
from studio.media.ingest import Ingested, clean_name, ingest_file
from studio.media.limits import MAX_PAPER_BYTES
from studio.media.sniff import HEAD_BYTES, PDF, SVG, Sniffed, sniff
from studio.media.storing import hash_of, store
from studio.models import Asset, Kind, Membership, Workspace

ADVICE = "Use a PDF, or a JPEG, PNG or HEIC picture of the paper."
_TAIL_BYTES = 70_000
"""A zip archive is read from its end, where a comment of up to 65,535 bytes may stand: the whole of it is looked through."""
_END, _ZIP_END = b"%%EOF", b"PK\x05\x06"
_BLANK = b" \t\r\n\x00\x0c"
_PAGES = (b"<html", b"<script", b"<!doctype", b"<svg", b"<?php")


def ingest_paper(membership: Membership, workspace: Workspace, upload: UploadedFile[bytes]) -> Ingested:
    """Raises MediaRefused with a sentence for the person. The same PDF in the same workspace is one asset."""
    name = clean_name(upload.name or "")
    upload.seek(0)
    found = sniff(upload.read(HEAD_BYTES))
    upload.seek(0)
    if found.is_picture or found.media_type in (SVG, "application/x-empty"):
        return ingest_file(membership, workspace, upload)
    if found.media_type != PDF:
        raise MediaRefused(f"{_claim(name, found)}. {ADVICE}")
    if (upload.size or 0) > MAX_PAPER_BYTES:
        megabytes, most = -(-(upload.size or 0) // 1_000_000), MAX_PAPER_BYTES // 1_000_000
        raise MediaRefused(f"This PDF has {megabytes:,} MB; the most is {most} MB. Scan it coarser.")
    _raise_for_pdf(upload)
    upload.seek(0)
    with workplace() as folder:
        path = folder / "paper"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        sha256 = hash_of(path)
        rows = Asset.objects.filter(team=membership.team_id, workspace=workspace, sha256=sha256, kind=Kind.FILE)
        known = rows.first()
        if known:
            return Ingested(known, known=True)
        asset = Asset(
            team_id=membership.team_id,
            workspace=workspace,
            kind=Kind.FILE,
            media_type=PDF,
            original_name=f"{PurePosixPath(name).stem or 'Signed paper'}.pdf",  # Whatever it claimed to be: it is saved under this.
            size_bytes=path.stat().st_size,
            sha256=sha256,
            created_by_id=membership.user_id,
        )
        return Ingested(store(asset, path))


def _claim(name: str, found: Sniffed) -> str:
    """What is wrong with it: `"This file is named .pdf but is a web page (HTML)"`."""
    suffix = PurePosixPath(name.lower()).suffix
    named = suffix in (".pdf", ".jpg", ".jpeg", ".png", ".heic", ".webp")
    return f"This file is named {suffix} but is {found.words}" if named else f"This is {found.words}"


def _raise_for_pdf(file: UploadedFile[bytes]) -> None:
    """A whole PDF and nothing else: a version at its beginning, its table's place and the end mark at its end, nothing behind that."""
    file.seek(0)
    head = file.read(1024)
    size = file.size or 0
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read()
    if not head[5:6].isdigit() or head[6:7] != b".":
        raise MediaRefused(f"This file begins like a PDF but says no version. Print it to a new PDF. {ADVICE}")
    if _is_zip(tail) or any(mark in head.lower() for mark in _PAGES):
        raise MediaRefused("This PDF is another kind of file as well. Print it to a new PDF, and use that.")
    before, end, behind = tail.rpartition(_END)
    if not end or b"startxref" not in before[-1024:]:
        raise MediaRefused("This PDF ends too early: it was not copied whole. Export or download it again.")
    if behind.strip(_BLANK):
        raise MediaRefused("There is something else behind the end of this PDF. Print it to a new PDF, and use that.")


def _is_zip(tail: bytes) -> bool:
    """Whether a program that reads archives from their end finds one here."""
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        comment = int.from_bytes(tail[at + 20 : at + 22], "little")
        if at + 22 + comment == len(tail):
            return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
