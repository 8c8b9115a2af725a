"""VideoGen's files, asked for while a person waits: listed, found by what is in them, imported, archived, shown to anybody or to nobody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass

from studio.dialects.videogen import wire as messages
from studio.models import Connection, Kind, Membership, Workspace
from studio.providers.base import Gone, Wire
from studio.providers.videogen.adapter import VideoGenProvider

from .theirs import SHELVES, Brought, Trouble, ask, here, keep_file

PAGE = 24
NARROWED_PAGE, MOST_PAGES = 48, 3
"""VideoGen does not narrow its list by kind: so many pages are looked through at once for enough of one."""
FOUND = 60
PROVIDER = "videogen"
_KINDS = {"IMAGE": Kind.IMAGE, "VIDEO": Kind.VIDEO, "AUDIO": Kind.AUDIO}
_SHELF = SHELVES["file"]
_provider = VideoGenProvider()


@dataclass(frozen=True, slots=True)
class TheirFile:
    """kind: of asset, "" for what the library does not keep. picture: an address of it where the list brought one; has_picture: there is one,
    at `picture_of` where not. public_url: where anybody can see it, "" where nobody can, or not yet."""

    id: str
    title: str
    type: str
    kind: str
    seconds: float | None
    picture: str
    has_picture: bool
    is_public: bool
    public_url: str
    about: str


@dataclass(frozen=True, slots=True)
class Listed:
    """next: the cursor of the page that follows, "" at the end."""

    files: list[TheirFile]
    next: str = ""


def listed(connection: Connection, cursor: str = "", kinds: Collection[str] = ()) -> Listed:
    """A page, the most recently changed first, without archived ones. Raises Trouble.

    kinds: only files of these kinds of asset; the page may be short, or empty with another one after it.
    """

    async def question(wire: Wire) -> Listed:
        files: list[TheirFile] = []
        following = cursor
        for _ in range(MOST_PAGES if kinds else 1):
            here = following
            page, following = await _provider.file_page(wire, here, NARROWED_PAGE if kinds else PAGE)
            files += [it for it in map(shown, page) if not kinds or it.kind in kinds]
            if following == here or not page:  # A list that leads to itself, or on and on through nothing, has ended.
                following = ""
            if len(files) >= PAGE or not following:
                break
        return Listed(_once(files), following)

    return ask(connection, question)


def found(connection: Connection, words: str) -> Listed:
    """By meaning, the closest first; only what VideoGen has looked through. Raises Trouble."""

    async def question(wire: Wire) -> Listed:
        hits = await _provider.search_files(wire, messages.SearchFiles(query=words, num_results=FOUND))
        return Listed(_once(shown(hit.file) for hit in hits))

    return ask(connection, question)


def _once(files: Iterable[TheirFile]) -> list[TheirFile]:
    """What has an id, each once, whatever the service lists."""
    return list({file.id: file for file in files if file.id}.values())


def bring(actor: Membership, workspace: Workspace, connection: Connection, file_id: str) -> Brought:
    """One file into the library of a workspace. Pressed again it is only found, and nobody is asked. Raises Trouble."""
    known = here(actor, connection, _SHELF, [file_id]).get(file_id)
    if known:
        return Brought(known, known=True)
    file = ask(connection, lambda wire: _provider.hydrate(wire, file_id))
    kind = _KINDS.get(file.type)
    if kind is None:
        raise Trouble("The library keeps pictures, films and sounds. This file is something else; open it at VideoGen.")
    url = _address(file)
    if not url:
        raise Trouble("VideoGen is still preparing this file. Try again in a minute.")
    return keep_file(actor, workspace, connection, _SHELF, file_id, file.display_name or file_id, url, (kind,))


def _address(file: messages.FileInfo) -> str:
    sources = (file.download_source, file.preview_source)
    return file.download_url or next((it.url for it in sources if it and it.status == "ready" and it.url), "")


def archive(connection: Connection, file_id: str) -> TheirFile:
    """For good: VideoGen's API has no way back. Raises Trouble."""
    return _changed(connection, lambda wire: _provider.archive_file(wire, file_id))


def set_public(connection: Connection, file_id: str, on: bool) -> TheirFile:
    """Lets anybody with the link see it, or nobody any more. Raises Trouble."""
    return _changed(connection, lambda wire: _provider.set_public_preview(wire, file_id, on))


def _changed(connection: Connection, act: Callable[[Wire], Awaitable[messages.FileInfo]]) -> TheirFile:
    return shown(ask(connection, act))


def shown(file: messages.FileInfo) -> TheirFile:
    static = file.static_public_preview_source
    public = (static.url if static else "") or file.public_hls_url
    return TheirFile(
        id=file.file_id,
        title=file.display_name or file.file_id,
        type=file.type,
        kind=str(_KINDS.get(file.type, "")),
        seconds=file.duration_seconds,
        picture=_picture(file),
        has_picture=_has_picture(file),
        is_public=file.is_public_preview_enabled,
        public_url=public if file.is_public_preview_enabled and public.startswith(("https://", "http://")) else "",
        about=file.description,
    )


def picture_of(connection: Connection, file_id: str) -> str:
    """Where a file's small picture is just now; "" where there is none, or nobody can be asked. The list need not bring addresses."""
    try:
        return _picture(ask(connection, lambda wire: _provider.hydrate(wire, file_id)))
    except Trouble:
        return ""


def _has_picture(file: messages.FileInfo) -> bool:
    drawn = file.thumbnail_source.status if file.thumbnail_source else "ready"
    return bool(_picture(file)) or (file.type in ("IMAGE", "VIDEO") and drawn == "ready")


def _picture(file: messages.FileInfo) -> str:
    return file.thumbnail_url or (file.thumbnail_source.url if file.thumbnail_source else "")


__all__ = ["Gone", "Listed", "TheirFile", "archive", "bring", "found", "listed", "picture_of", "set_public"]
