"""Files: the object that everything returns, and what the file endpoints take."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from .wire_base import Page, Read, Sent

FileType = Literal["IMAGE", "VIDEO", "AUDIO", "PDF", "SLIDESHOW", "TEXT", "LOTTIE"]


class FileSource(Read):
    """One rendition. status: pending, ready, failed, skipped. A ready one has a URL only while it is freshly signed."""

    status: str = ""
    url: str = ""
    expires_at: float | None = None
    width: int | None = None
    height: int | None = None
    file_bytes: int | None = None


class FileInfo(Read):
    """A stored file. transcript: a text in eras 0 and 1, an object since; kept as it comes."""

    file_id: str = ""
    scope: str = ""
    type: str = ""
    display_name: str = ""
    description: str = ""
    duration_seconds: float | None = None
    transcript: Any = None
    transcript_text: str = ""
    thumbnail_source: FileSource | None = None
    preview_source: FileSource | None = None
    download_source: FileSource | None = None
    hls_source: FileSource | None = None
    download_url: str = ""
    download_url_expires_at: float | None = None
    thumbnail_url: str = ""
    thumbnail_url_expires_at: float | None = None
    is_public_preview_enabled: bool = False
    static_public_preview_source: FileSource | None = None
    public_hls_url: str = ""
    public_playback_id: str = ""
    source_tool_type: str = ""
    source_tool_execution_id: str = ""
    file_analysis_metadata: dict[str, Any] | None = None

    def sources(self) -> list[FileSource]:
        """The renditions that say whether an upload is ready, in the order that matters."""
        found = (self.download_source, self.preview_source, self.thumbnail_source, self.hls_source)
        return [source for source in found if source]


class FileList(Page):
    files: list[FileInfo] = Field(default_factory=list)


class FileFound(Read):
    """similarity: 0 to 1, the highest first."""

    similarity: float = 0.0
    file: FileInfo = Field(default_factory=FileInfo)


class FilesFound(Read):
    results: list[FileFound] = Field(default_factory=list)


class UploadAnswer(Read):
    file_id: str = ""
    upload_url: str = ""


class FilesQuery(Sent):
    """GET /v1/files. Era 0 takes none of these, era 1 the first two."""

    limit: int | None = Field(default=None, ge=1, le=200)
    cursor: str | None = None
    self_only: bool | None = None
    include_export_files: bool | None = None
    include_project_files: bool | None = None


class SearchFiles(Sent):
    query: str
    num_results: int | None = Field(default=None, ge=1, le=100)
    self_only: bool | None = None


class TranscriptWord(Sent):
    start_seconds: float
    end_seconds: float
    word: str


class Transcript(Sent):
    language_code: str | None = None
    words: Annotated[list[TranscriptWord], Field(min_length=1)]


class CreateUpload(Sent):
    """POST /v1/files/upload. type: found out by VideoGen when left out."""

    display_name: str
    type: FileType | None = None
    is_temporary: bool | None = None
    transcript: Transcript | None = None
    hide_from_ui: bool | None = None
