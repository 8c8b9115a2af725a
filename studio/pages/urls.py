"""All pages. Each module lists its own addresses under its prefix."""

from __future__ import annotations

from . import (
    account,
    assets,
    brands,
    create,
    gallery,
    health,
    invitations,
    live,
    outputs,
    people,
    profile,
    settings,
    welcome,
    workspaces,
)

urlpatterns = [
    *gallery.urlpatterns,
    *create.urlpatterns,
    *outputs.urlpatterns,
    *brands.urlpatterns,
    *assets.urlpatterns,
    *settings.urlpatterns,
    *profile.urlpatterns,
    *people.urlpatterns,
    *workspaces.urlpatterns,
    *account.urlpatterns,
    *welcome.urlpatterns,
    *invitations.urlpatterns,
    *health.urlpatterns,
    *live.urlpatterns,
]
