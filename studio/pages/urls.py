"""All pages. Each module lists its own addresses under its prefix."""

from __future__ import annotations

from . import account, assets, brands, create, gallery, health, live, outputs, settings

urlpatterns = [
    *gallery.urlpatterns,
    *create.urlpatterns,
    *outputs.urlpatterns,
    *brands.urlpatterns,
    *assets.urlpatterns,
    *settings.urlpatterns,
    *account.urlpatterns,
    *health.urlpatterns,
    *live.urlpatterns,
]
