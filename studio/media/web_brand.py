"""Reads one web page, at a person's wish, for what a brand could be made of: a draft that nobody has confirmed, so nothing of it is kept.

Everything is fetched through the address-checking client, bounded in number, bytes and time; pages and pictures are opened in the limited
child. Pictures come back small, for looking at; whoever confirms one has it fetched anew.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image

from studio.media.address import AddressRefused
from studio.media.decode import LOGO, PICTURE, Limits, run_child, workplace
from studio.media.dial import checked_client
from studio.media.errors import MediaRefused
from studio.media.fetch import FetchError, Patience, WrongType, fetch_to
from studio.media.sniff import HEAD_BYTES, PICTURES, SVG, sniff
from studio.media.web_page import MOST_BYTES, Page
from studio.render import colours, tones

logger = logging.getLogger(__name__)

PAGE_SECONDS = 12.0
REST_SECONDS = 12.0
"""For everything that the page refers to, all at once."""
STYLE_BYTES, PICTURE_BYTES = 800_000, 6_000_000
MOST_LOGOS, MOST_MARKS, MOST_PHOTOS = 3, 1, 6
SMALL_SIDE_PX = 320
PATIENCE = Patience(tries=1, silence_seconds=6.0)
LIMITS = Limits(
    memory_mb=1024,
    cpu_seconds=4,
    wall_seconds=12,
    too_much="This page takes too long to read. Try a smaller one, such as the page about the company.",
)
BUSY = "Two pages are being read at the moment. Try again in a few seconds."
_places = threading.BoundedSemaphore(2)

_VARIABLE = re.compile(r"--([\w-]{1,60})\s*:\s*(#[0-9a-fA-F]{3,8}|rgba?\([\d.,%\s/]{3,40}\))")
_ANY_COLOUR = re.compile(r"(?<![\w&#])#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})(?![\w-])")
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})")
_SPEAKING = re.compile(r"primary|brand|accent|secondary|highlight|cta|button", re.I)


class PageRefused(Exception):
    """`str(error)` is a sentence for the person who gave the address."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture of the page, small. address: where it is fetched again. image: WebP or PNG bytes. colours: its main ones."""

    address: str
    image: bytes
    width: int
    height: int
    colours: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """name: what the page calls its maker. named: colours by the names that the page gives them. products: name, price, link, facts, photo."""

    address: str
    name: str
    description: str
    colours: tuple[str, ...]
    named: tuple[tuple[str, str], ...]
    logos: tuple[Seen, ...]
    marks: tuple[Seen, ...]
    products: tuple[dict[str, str], ...]
    photos: dict[str, Seen]


def read_page(address: str) -> Found:
    """Raises PageRefused. Takes up to half a minute; two at once in a process."""
    if not _places.acquire(timeout=3):
        raise PageRefused(BUSY)
    try:
        with workplace() as folder:
            page, final = asyncio.run(_page(address, folder))
            fetched = asyncio.run(_rest(page, folder))
            return _found(page, final, fetched, folder)
    except (FetchError, AddressRefused, MediaRefused) as refusal:
        raise PageRefused(str(refusal)) from refusal
    finally:
        _places.release()


def look_at(addresses: Iterable[str]) -> dict[str, Seen]:
    """Pictures by address, small; those that cannot be had are left out. For a draft that is shown again."""
    wanted = list(dict.fromkeys(addresses))[: MOST_LOGOS + MOST_MARKS + MOST_PHOTOS]
    if not wanted or not _places.acquire(timeout=3):
        return {}
    try:
        with workplace() as folder:
            return _seen(asyncio.run(_pictures(wanted, folder)), folder)
    finally:
        _places.release()


async def fetch_picture(address: str, path: Path) -> None:
    """A picture that the person confirmed, whole. Raises FetchError or AddressRefused."""
    async with checked_client(connections=1) as client:
        await _fetch(client, address, path, PICTURE_BYTES)


# -- Fetching ----------------------------------------------------------------------------------------------------------------------


async def _page(address: str, folder: Path) -> tuple[Page, str]:
    path = folder / "page"
    async with checked_client(connections=1) as client:
        got = await fetch_to(
            client, address, path, max_bytes=MOST_BYTES, deadline_seconds=PAGE_SECONDS, patience=PATIENCE
        )
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not _is_page(got.media_type, head):
        raise WrongType(f"This address leads to {sniff(head).words}, not to a web page. Paste the address of a page.")
    facts = await asyncio.to_thread(run_child, {"do": "page", "address": got.final_url}, path, folder, LIMITS)
    facts.pop("peak_mb", None)
    return Page(**facts), got.final_url


def _is_page(media_type: str, head: bytes) -> bool:
    if media_type == "text/html":
        return True
    plain = media_type in ("text/plain", "application/xml", "application/octet-stream")
    return plain and bool(re.search(rb"<(html|head|body|title|meta|link|script|div|h1|p)[\s>]", head, re.I))


@dataclass(frozen=True, slots=True)
class _Fetched:
    styles: list[str]
    manifest: dict[str, Any]
    pictures: dict[str, Path]


async def _rest(page: Page, folder: Path) -> _Fetched:
    """Style sheets, manifest and pictures, all at once; whatever does not come in time is done without."""
    wanted = [*page.logos[:MOST_LOGOS], *page.marks[:MOST_MARKS], *page.pictures[:1]]
    wanted += [product["photo"] for product in page.products if product["photo"]][:MOST_PHOTOS]
    async with checked_client(connections=8, per_host=6) as client:
        jobs = [
            *(
                _some_text(client, link, folder / f"style-{n}", STYLE_BYTES)
                for n, link in enumerate(page.stylesheets[:4])
            ),
            _some_text(client, page.manifest, folder / "manifest", 200_000),
        ]
        texts, pictures = await asyncio.gather(asyncio.gather(*jobs), _pictures(wanted, folder))
    return _Fetched(texts[:-1], _read_manifest(texts[-1]), pictures)


async def _pictures(addresses: list[str], folder: Path) -> dict[str, Path]:
    paths = {address: folder / f"picture-{n}" for n, address in enumerate(dict.fromkeys(addresses))}
    async with checked_client(connections=8, per_host=6) as client:
        done = await asyncio.gather(*(_had(client, address, path) for address, path in paths.items()))
    return {address: path for (address, path), had in zip(paths.items(), done, strict=True) if had}


async def _had(client: Any, address: str, path: Path) -> bool:
    try:
        await _fetch(client, address, path, PICTURE_BYTES)
    except (FetchError, AddressRefused, OSError) as error:
        logger.info("A picture of a page was left out: %s", type(error).__name__)
        return False
    return True


async def _some_text(client: Any, address: str, path: Path, most: int) -> str:
    if not address:
        return ""
    try:
        await _fetch(client, address, path, most)
    except (FetchError, AddressRefused, OSError) as error:
        logger.info("A part of a page was left out: %s", type(error).__name__)
        return ""
    return path.read_text("utf-8", "replace")


async def _fetch(client: Any, address: str, path: Path, most: int) -> None:
    await fetch_to(client, address, path, max_bytes=most, deadline_seconds=REST_SECONDS, patience=PATIENCE)


def _read_manifest(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


# -- What it comes to --------------------------------------------------------------------------------------------------------------


def _found(page: Page, final: str, fetched: _Fetched, folder: Path) -> Found:
    seen = _seen(fetched.pictures, folder)
    logos = tuple(seen[it] for it in page.logos[:MOST_LOGOS] if it in seen)
    marks = tuple(seen[it] for it in page.marks[:MOST_MARKS] if it in seen)
    styles = "\n".join([page.styles, *fetched.styles])
    theme = [*page.theme_colours, *(it for it in (fetched.manifest.get("theme_color"),) if isinstance(it, str))]
    found, named = colours_of(theme, styles, [it.colours for it in (*logos[:1], *marks[:1])])
    name = page.name or _manifest_name(fetched.manifest) or re.split(r"\s+[|·–—-]\s+", page.title)[0]
    return Found(final, name[:80], page.description, found, named, logos, marks, tuple(page.products), seen)


def _manifest_name(manifest: dict[str, Any]) -> str:
    return next((it for key in ("name", "short_name") if isinstance(it := manifest.get(key), str)), "")


def colours_of(
    theme: Iterable[str], styles: str, pictures: Iterable[Iterable[str]]
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """(the colours, the most telling first; colours with the names that the page gives them). Greys come last: everybody has them."""
    score: Counter[str] = Counter()
    named: dict[str, str] = {}
    for value in theme:
        score[_hex(value)] += 40
    for variable, value in _VARIABLE.findall(styles):
        code = _hex(value)
        if code:
            speaks = bool(_SPEAKING.search(variable))
            score[code] += 20 if speaks else 3
            if colours.to_oklch(code)[1] > 0.03 and len(named) < 40:
                named.setdefault(code, _words(variable))
    for palette in pictures:
        for place, code in enumerate(palette):
            score[code] += 12 - 2 * min(place, 5)
    for digits in _ANY_COLOUR.findall(styles[:1_500_000]):
        score[_hex(f"#{digits}")] += 1
    score.pop("", None)
    vivid = [code for code, _ in score.most_common(60) if colours.to_oklch(code)[1] > 0.03]
    greys = [code for code, _ in score.most_common(60) if code not in vivid]
    return (*vivid[:10], *greys[:6]), tuple((words, code) for code, words in named.items())


def _hex(value: str) -> str:
    """`#rrggbb` of a colour as style sheets write it; empty for what is none, or is see-through."""
    text = value.strip().lower()
    rgb = _RGB.match(text)
    if rgb:
        parts = [int(it) for it in rgb.groups()]
        return "#" + "".join(f"{it:02x}" for it in parts) if max(parts) < 256 else ""
    digits = text.removeprefix("#")
    if not text.startswith("#") or re.search(r"[^0-9a-f]", digits) or len(digits) not in (3, 6, 8):
        return ""
    if len(digits) == 8 and digits[6:] < "f0":
        return ""
    return "#" + ("".join(it * 2 for it in digits) if len(digits) == 3 else digits[:6])


def _words(variable: str) -> str:
    """`--color-sage-500` is called Sage 500."""
    plain = re.sub(
        r"^(colou?r|clr|c|wp|bs|tw|md|preset|theme)-+|(?<=-)(colou?r)(?=-|$)", "", variable.strip("-").lower()
    )
    return re.sub(r"[-_]+", " ", plain).strip()[:40].capitalize() or "Colour"


def _seen(pictures: dict[str, Path], folder: Path) -> dict[str, Seen]:
    found = {}
    for number, (address, path) in enumerate(pictures.items()):
        room = folder / f"room-{number}"
        room.mkdir(exist_ok=True)
        try:
            found[address] = _small(address, path, room)
        except (MediaRefused, OSError):
            continue  # An icon of an old kind, or none at all.
    return found


def _small(address: str, path: Path, room: Path) -> Seen:
    """Drawn or normalised in the child; what is opened here is the child's own picture."""
    with path.open("rb") as file:
        media_type = sniff(file.read(HEAD_BYTES)).media_type
    if media_type == SVG:
        run_child({"do": "logo"}, path, room, LOGO)
    elif media_type in PICTURES:
        run_child({"do": "normalise", "media_type": media_type}, path, room, PICTURE)
    else:
        raise MediaRefused("This is no picture that we can open.")
    with PIL.Image.open(room / "picture") as image:
        width, height = image.size
        image.thumbnail((SMALL_SIDE_PX, SMALL_SIDE_PX))
        out = BytesIO()
        image.save(out, "WEBP", quality=80)
        return Seen(address, out.getvalue(), width, height, tuple(tones.palette(image, 5)))
