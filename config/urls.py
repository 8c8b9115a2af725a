"""The site map. Each page module lists its own addresses."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("studio.pages.urls"))]

handler400 = "studio.pages.errors.bad_request"
handler403 = "studio.pages.errors.forbidden"
handler404 = "studio.pages.errors.not_found"
handler500 = "studio.pages.errors.server_error"
