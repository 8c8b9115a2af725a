"""Files for a field: those that came with the form itself, as browsers without script send them, and those that scripts send one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from config.storage import StorageAway
from studio.engine import bells
from studio.media.errors import MediaRefused
from studio.media.ingest import ingest_file
from studio.media.uploads import refused_uploads, too_large
from studio.models import Asset, Kind
from studio.pages.access import MemberRequest
from studio.tools import Tool
from studio.tools.offer import Offer

from .derive import Form
from .held import kinds_of
from .sent import parsed

BEGINS = "upload-"
MOST_FILES = 20


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of one file: an asset with notes about what was done to it, or a sentence why not."""

    file_name: str
    asset: Asset | None = None
    notes: tuple[str, ...] = ()
    sentence: str = ""


def take(request: MemberRequest, field: str, widget: str) -> list[Taken]:
    """Brings the files of one form field into the library, where they are of a kind that the widget takes. The role must have been checked."""
    sent = request.FILES.getlist(field)
    found = [_take(request, upload, widget) for upload in sent[:MOST_FILES]]
    found += [Taken(name, sentence=too_large()) for at, name in refused_uploads(request) if at == field]
    if len(sent) > MOST_FILES:
        found.append(Taken("", sentence=f"At most {MOST_FILES} files at once; the others were left out."))
    return found


def _take(request: MemberRequest, upload: UploadedFile[bytes], widget: str) -> Taken:
    name = upload.name or ""
    accept = [Kind(kind) for kind in kinds_of(widget)]
    try:
        taken = ingest_file(request.membership, request.workspace, upload, accept=accept)
    except (MediaRefused, StorageAway) as refusal:
        return Taken(name, sentence=str(refusal))
    if not taken.known or not taken.asset.preview_small:
        bells.ring_previews(taken.asset.pk)
    notes = (*taken.notes, *(("It was already in your library.",) if taken.known else ()))
    return Taken(name, taken.asset, notes)


def parsed_with_uploads(request: MemberRequest, tool: Tool, offer: Offer | None) -> Form:
    """What was sent, with the files that it brought along. They are kept whatever else is wrong, so nobody chooses a file twice."""
    form = parsed(tool, request.POST, offer)
    names = {*request.FILES, *(field for field, _ in refused_uploads(request))}
    wanted = [it for it in form.every_field() if f"{BEGINS}{it.name}" in names and kinds_of(it.widget)]
    if not wanted:
        return form
    data: QueryDict = request.POST.copy()
    errors: dict[str, list[str]] = {}
    for bound in wanted:
        for answer in take(request, f"{BEGINS}{bound.name}", bound.widget):
            if answer.asset is None:
                said = f"{answer.file_name}: {answer.sentence}" if answer.file_name else answer.sentence
                errors.setdefault(bound.name, []).append(said)
            elif bound.many:
                data.appendlist(bound.name, str(answer.asset.pk))
            else:
                data[bound.name] = str(answer.asset.pk)
    form = parsed(tool, data, offer)
    return replace(form.with_errors(errors), refused=errors) if errors else form
