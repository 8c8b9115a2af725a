"""Files that came with the form itself, as browsers without script send them."""

from __future__ import annotations

from django.http import QueryDict

from studio.media.uploads import refused_uploads
from studio.pages.access import MemberRequest
from studio.pages.assets import take_files
from studio.tools import Tool

from .derive import Form, filled, parsed

FILES = "product_files"


def parsed_with_uploads(request: MemberRequest, tool: Tool) -> Form:
    """What was sent, its files among the pictures. They are kept whatever else is wrong, so nobody chooses a file twice."""
    name = filled(tool).named("images")
    sent = bool(request.FILES.getlist(FILES)) or any(field == FILES for field, _ in refused_uploads(request))
    if not sent or not name:
        return parsed(tool, request.POST)
    data: QueryDict = request.POST.copy()
    problems: list[str] = []
    for answer in take_files(request, FILES):
        if answer.taken:
            data.appendlist(name, str(answer.taken.asset.pk))
        else:
            problems.append(f"{answer.file_name}: {answer.sentence}" if answer.file_name else answer.sentence)
    form = parsed(tool, data)
    return form.with_errors({name: problems}) if problems else form
