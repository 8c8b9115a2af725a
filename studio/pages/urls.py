"""All pages. Each module lists its own addresses under its prefix."""

from __future__ import annotations

from . import (
    account,
    assets,
    brands,
    connections,
    create,
    gallery,
    health,
    hooks,
    invitations,
    live,
    outputs,
    people,
    profile,
    relay,
    rescue,
    settings,
    spend,
    used,
    welcome,
    workspaces,
)

urlpatterns = [
    *gallery.urlpatterns,
    *create.urlpatterns,
    *outputs.urlpatterns,
    *rescue.urlpatterns,
    *brands.urlpatterns,
    *assets.urlpatterns,
    *used.urlpatterns,
    *spend.urlpatterns,
    *settings.urlpatterns,
    *profile.urlpatterns,
    *people.urlpatterns,
    *workspaces.urlpatterns,
    *connections.urlpatterns,
    *account.urlpatterns,
    *welcome.urlpatterns,
    *invitations.urlpatterns,
    *health.urlpatterns,
    *hooks.urlpatterns,
    *live.urlpatterns,
    *relay.urlpatterns,
]
