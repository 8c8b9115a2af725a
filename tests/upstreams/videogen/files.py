"""Files: the upload flow, renditions that are signed on hydration, search, archive, previews."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from tests.upstreams.common import Answer, Recorded

from .jobs import Job, Jobs, paged
from .rules import RESULT_KINDS

TYPES = ("IMAGE", "VIDEO", "AUDIO", "PDF", "SLIDESHOW", "TEXT", "LOTTIE")
SIGNED_SECONDS = 7 * 86400


@dataclass
class File:
    """data: what was put; None until then. hydrates_left: how many hydrations until its renditions are ready."""

    id: str
    name: str
    type: str | None
    kind: str
    scope: str = "GLOBAL"
    data: bytes | None = None
    hydrates_left: int = 0
    broken: bool = False
    archived: bool = False
    preview: bool = False
    updated: float = field(default_factory=time.time)
    told: dict[str, Any] = field(default_factory=dict)
    source: Job | None = None


class Files(Jobs):
    """hydrates: how many hydrations an upload needs before it is ready."""

    files: dict[str, File]
    hydrates: int

    def has_file(self, file_id: str) -> bool:
        return file_id in self.files and self.files[file_id].data is not None

    def add_file(self, name: str = "photo.png", kind: str = "image") -> str:
        """A file that was there before us."""
        return self.shelve(File(self.script.new_id("vg_file_", 12), name, kind.upper(), kind, data=b"there")).id

    def shelve(self, file: File) -> File:
        self.files[file.id] = file
        return file

    def break_upload(self, file_id: str) -> None:
        self.files[file_id].broken = True

    def make_result(self, job: Job, number: int) -> str:
        kind = RESULT_KINDS[job.tool]
        file_id = f"vg_file_{job.id.rpartition('_')[2]}_{number}"
        scope = "TEMPORARY" if job.body.get("isOutputTemporary") else "GLOBAL"
        file = File(file_id, f"{job.tool} {number}", {"svg": "IMAGE"}.get(kind, kind.upper()), kind, scope, b"made")
        file.source = job
        return self.shelve(file).id

    # -- Endpoints -------------------------------------------------------------------------------------------------------------

    def list_files(self, request: Recorded) -> Answer:
        newest = sorted(self.files.values(), key=lambda file: file.updated, reverse=True)
        listed = [self.shown(file) for file in newest if not file.archived]
        return Answer({"files": listed} if self.era == "0" else paged(listed, request, "files"))

    def search_files(self, request: Recorded) -> Answer:
        body = self.read_json(request)
        if not isinstance(body, dict) or not isinstance(body.get("query"), str):
            return self.refuse(400, "query is required.", "invalid_request")
        if set(body) - {"query", "numResults", "selfOnly"}:
            return self.refuse(400, "Unrecognized key.", "invalid_request")
        found = [file for file in self.files.values() if body["query"].lower() in file.name.lower()]
        hits = [{"similarity": 0.9 - place / 100, "file": self.shown(file)} for place, file in enumerate(found)]
        return Answer({"results": hits[: body.get("numResults", 10)]})

    def one_file(self, request: Recorded, file: str) -> Answer:
        return self.of_file(file, lambda known: self.shown(known))

    def upload(self, request: Recorded) -> Answer:
        body = self.read_json(request)
        told = {name: value for name, value in (body or {}).items() if value is not None}
        if not isinstance(told.get("displayName"), str):
            return self.refuse(400, "displayName is required.", "invalid_request")
        allowed = {"displayName", "type", "isTemporary"} | ({"transcript", "hideFromUi"} if self.knows("2") else set())
        if set(told) - allowed:
            return self.refuse(400, f"Unrecognized key: {sorted(set(told) - allowed)[0]}.", "invalid_request")
        kind = str(told.get("type", "IMAGE"))
        if kind not in TYPES:
            return self.refuse(400, "type is not valid.", "invalid_request")
        file = File(self.script.new_id("vg_file_", 12), told["displayName"], told.get("type"), kind.lower(), told=told)
        file.scope = "TEMPORARY" if told.get("isTemporary") else "GLOBAL"
        file.hydrates_left = self.hydrates
        self.shelve(file)
        return Answer({"fileId": file.id, "uploadUrl": f"{self.script.url}/put/{file.id}?sig=1"})

    def put(self, request: Recorded, file: str) -> Answer:
        """The pre-signed storage address: neither a key nor a content type, and a length, or the signature does not fit."""
        forbidden = {"authorization", "content-type", "transfer-encoding"} & set(request.headers)
        if forbidden or "content-length" not in request.headers:
            return Answer(
                b"<Error><Code>SignatureDoesNotMatch</Code></Error>", 403, {"content-type": "application/xml"}
            )
        known = self.files[file]
        known.data, known.updated = request.body, time.time()
        known.type = known.type or "IMAGE"
        return Answer(b"", 200)

    def hydrate(self, request: Recorded, file: str) -> Answer:
        def fresh(known: File) -> dict[str, Any]:
            ready = known.data is not None and known.hydrates_left <= 0
            known.hydrates_left -= 1
            return self.shown(known, "ready" if ready else "pending")

        return self.of_file(file, fresh)

    def archive(self, request: Recorded, file: str) -> Answer:
        def away(known: File) -> dict[str, Any]:
            known.archived = True
            return self.shown(known)

        return self.of_file(file, away)

    def preview_on(self, request: Recorded, file: str) -> Answer:
        return self.of_file(file, lambda known: self.set_preview(known, True))

    def preview_off(self, request: Recorded, file: str) -> Answer:
        return self.of_file(file, lambda known: self.set_preview(known, False))

    def set_preview(self, file: File, on: bool) -> dict[str, Any]:
        file.preview = on
        return self.shown(file)

    def of_file(self, file: str, do: Any) -> Answer:
        if file not in self.files:
            return self.refuse(404, "File not found.", "not_found")
        return Answer(do(self.files[file]))

    # -- What a file looks like --------------------------------------------------------------------------------------------------

    def shown(self, file: File, signed: str = "") -> dict[str, Any]:
        """signed: "ready" with addresses, "pending", or "" for an object that was not hydrated."""
        expires = int(time.time()) + SIGNED_SECONDS
        source: dict[str, Any] = {"status": signed or "ready"}
        if file.broken:
            source = {"status": "failed"}
        download = dict(source)
        if signed == "ready" and not file.broken:
            download |= {"url": self.script.media(file.kind, file.id), "expiresAt": expires, "fileBytes": 1234}
        visual = file.kind in ("image", "video", "svg")
        small = dict(source)
        if signed == "ready" and visual and not file.broken:
            small |= {"url": self.script.media("image", f"{file.id}-small"), "expiresAt": expires, "width": 320}
        told: dict[str, Any] = {
            "fileId": file.id,
            "type": file.type,
            "scope": file.scope,
            "displayName": file.name,
            "description": None,
            "durationSeconds": 2.0 if file.kind in ("audio", "video") else None,
            "transcript": None,
            "thumbnailSource": small if visual else {"status": "skipped"},
            "previewSource": dict(source) if visual else {"status": "skipped"},
            "downloadSource": download,
            "hlsSource": {"status": "skipped"},
            "isPublicPreviewEnabled": file.preview,
        }
        if file.preview:
            static = {"status": "ready", "url": f"{self.script.url}/media/public-{file.id}", "expiresAt": None}
            told |= {"staticPublicPreviewSource": static, "publicPlaybackId": "vg_play_1"}
        if file.source:
            told |= {"sourceToolType": file.source.tool_type, "sourceToolExecutionId": file.source.id}
        return told

    def result_of(self, job: Job, file_id: str, *, hydrated: bool) -> dict[str, Any]:
        file = self.files[file_id]
        told: dict[str, Any] = {"fileId": file_id, "type": file.type}
        if not hydrated:
            return told
        shown = self.shown(file, "ready")
        download = shown["downloadSource"]
        return {
            **told,
            "downloadUrl": download.get("url"),
            "downloadUrlExpiresAt": download.get("expiresAt"),
            "thumbnailUrl": None,
            "thumbnailUrlExpiresAt": None,
            "file": shown,
        }
