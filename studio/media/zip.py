"""A selection of outputs as one zip, made while it is sent: its length is known at the start and its files are never in memory whole."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from zipstream import ZIP_STORED, ZipStream

from studio.media import naming
from studio.media.downloads import safe_stem, suffix_of
from studio.media.serving import PIECE_BYTES, protect
from studio.media.storing import stored_pieces
from studio.models import Output, Verdict

COLUMNS = ("file", "title", "prompt", "template", "ratio", "decision", "sha256", "made at", "made by")
LOOKS_AT_ONCE = 8


def zip_response(outputs: Iterable[Output], makers: Mapping[str, str], filename: str = "") -> StreamingHttpResponse:
    """The ready ones of these outputs as a zip with a manifest.csv. Load them with `select_related("asset", "brand", "generation")`.

    makers: by provider, what people call it. filename: without suffix; by default it says when. Needs ASGI, where it uses a few hundred kilobytes whatever the selection.
    """
    ready = [output for output in outputs if output.asset is not None]
    archive = build_zip(ready, makers)
    response = StreamingHttpResponse(_async_pieces(iter(archive)), content_type="application/zip")
    response["Content-Length"] = str(len(archive))
    stem = safe_stem(filename) if filename else f"backlot-{timezone.localtime():%Y-%m-%d-%H%M}"
    response["Content-Disposition"] = content_disposition_header(True, f"{stem}.zip") or "attachment"
    response["Cache-Control"] = "private, no-store"
    protect(response)
    return response


def build_zip(outputs: Sequence[Output], makers: Mapping[str, str]) -> Any:
    """A sized ZipStream, stored without compression (media is compressed already). A file that is gone from storage is told in the manifest."""
    archive = ZipStream(compress_type=ZIP_STORED, sized=True)
    rows = []
    with ThreadPoolExecutor(LOOKS_AT_ONCE) as pool:  # In a bucket each look is a request.
        found = list(pool.map(default_storage.exists, [_stored(output) for output in outputs]))
    for output, name, there in zip(outputs, names(outputs), found, strict=True):
        assert output.asset is not None
        if there:
            archive.add(stored_pieces(_stored(output)), name, size=output.asset.size_bytes)
        rows.append(_row(output, name if there else "missing from storage", makers))
    archive.add(_manifest(rows), "manifest.csv")
    return archive


def _stored(output: Output) -> str:
    assert output.asset is not None
    return str(output.asset.file.name)


def names(outputs: Sequence[Output]) -> list[str]:
    """As the output's brand names its files, else `title-4x5-01.jpg`: unique, numbered within the same name, safe on every system."""
    counts: dict[str, int] = {}
    products = naming.products_of(outputs)
    made = []
    for output in outputs:
        template = naming.template_of(output) or naming.PLAIN
        facts = naming.facts_of(output, products.get(output.pk, ""))
        base = naming.stem(template, facts)
        # Systems differ on whether case tells names apart, so it does not here.
        counts[base.casefold()] = number = counts.get(base.casefold(), 0) + 1
        assert output.asset is not None
        made.append(f"{naming.numbered(template, facts, number)}{suffix_of(output.asset)}")
    return made


def _row(output: Output, file: str, makers: Mapping[str, str]) -> tuple[str, ...]:
    asset, generation = output.asset, output.generation
    taken = generation.offer.get("takes")
    inputs = {name: value for name, value in generation.inputs.items() if not taken or name in taken}
    assert asset is not None
    made_at: datetime = output.ready_at or asset.created_at
    return (
        file,
        output.title,
        str(inputs.get("prompt") or ""),
        str(inputs.get("template") or ""),
        output.ratio_label,
        str(Verdict(output.verdict).label),
        asset.sha256,
        made_at.isoformat(timespec="seconds"),
        makers.get(generation.provider, generation.provider),
    )


def _manifest(rows: Sequence[tuple[str, ...]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([[_cell(value) for value in row] for row in rows])
    # With the mark that makes spreadsheets read it as UTF-8.
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cell(value: str) -> str:
    """Spreadsheets run what begins like a formula; an apostrophe makes it text."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


async def _async_pieces(archive: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The archive in steps of 256 KiB, each made in a thread. Django collects a plain iterator whole before it sends anything."""
    while step := await asyncio.to_thread(_step, archive):
        yield step


def _step(archive: Iterator[bytes]) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while size < PIECE_BYTES and (piece := next(archive, None)) is not None:
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)
