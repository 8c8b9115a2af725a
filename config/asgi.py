"""The server's front door. Live streams are answered before Django: a Django view would hold a thread for every open tab."""

from __future__ import annotations

import os
from typing import Any, cast

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# django-stubs gives it narrower dictionaries than the ASGI callables of the two layers before it.
django_application = cast(Any, get_asgi_application())

from studio.live.stream import LiveStream  # noqa: E402  (needs the apps loaded)
from studio.media.uploads import BodyLimit  # noqa: E402

application = LiveStream(BodyLimit(django_application))
