"""`{% live_meta %}`: tells static/js/stream.js where the stream is and what this page has already seen."""

from __future__ import annotations

import json

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from studio.live.outbox import latest_id
from studio.live.stream import PATH

register = template.Library()


@register.simple_tag(takes_context=True)
def live_meta(context: template.Context) -> SafeString:
    """Empty where nobody is signed in. Put it into the head, before anything is read from the database for the body."""
    workspace = getattr(context.get("request"), "workspace", None)
    if workspace is None:
        return SafeString("")
    content = {
        "worker": static("js/stream-worker.js"),
        "stream": PATH,
        "changes": reverse("live_changes"),
        "workspace": str(workspace.pk),
        "after": latest_id(),
    }
    return format_html('<meta name="backlot-live" content="{}">', json.dumps(content))
