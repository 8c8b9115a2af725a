"""A brand's own fonts, and how its files are named."""

from __future__ import annotations

from dataclasses import asdict

from django.utils import timezone

from config.storage import StorageAway
from studio.media import naming
from studio.media.errors import MediaRefused
from studio.media.fonts import ingest_font
from studio.media.uploads import refused_uploads, too_large
from studio.models import Brand
from studio.render.fonts import key_of

from .access import MemberRequest

FIELDS = {"heading_font_file": "heading_font", "body_font_file": "body_font"}
"""The column of a font's file, and that of the font which is used."""
SHIPPED = {"heading_font": "bricolage", "body_font": "inter"}


def save_font(request: MemberRequest, brand: Brand, step: str) -> str:
    """Takes a font in and uses it at once (a file in `heading_font_file` or `body_font_file`), or one out (`remove:<column>`). Returns what
    is wrong, "" when all is well."""
    removed = step.removeprefix("remove:")
    if removed in FIELDS:
        _take_out(brand, removed)
        return ""
    if any(field in FIELDS for field, _ in refused_uploads(request)):
        return too_large()
    for column, used in FIELDS.items():
        upload = request.FILES.get(column)
        if upload is None:
            continue
        try:
            asset = ingest_font(request.membership, request.workspace, upload)
        except (MediaRefused, StorageAway) as refusal:
            return f"{upload.name}: {refusal}"
        setattr(brand, column, asset)
        setattr(brand, used, key_of(asset.sha256))
        brand.save(update_fields=(column, used))
        return ""
    return "Choose a font file first: WOFF2, WOFF, TTF or OTF."


def _take_out(brand: Brand, column: str) -> None:
    """Whatever used the file goes back to a shipped font, unless the other column holds the same file."""
    file = getattr(brand, column)
    setattr(brand, column, None)
    left = {key_of(getattr(brand, other).sha256) for other in FIELDS if getattr(brand, other)}
    key = key_of(file.sha256) if file else ""
    for used, shipped in SHIPPED.items():
        if getattr(brand, used) == key and key not in left:
            setattr(brand, used, shipped)
    brand.save(update_fields=(column, *SHIPPED))


def _example(brand: Brand) -> naming.Facts:
    product = next((product.name for product in brand.products.all()), "Daily Serum")
    ratio = next(iter(brand.default_ratios), "4:5")
    today = timezone.localdate()
    return naming.Facts(brand.name, product, "Slow mornings", "static-ad", str(ratio).replace(":", "x"), today)


def file_example(brand: Brand) -> str:
    """What a picture of this brand would be called."""
    return f"{naming.stem(brand.file_name_template or '{brand}-{title}-{ratio}', _example(brand))}.png"


def example_facts(brand: Brand) -> dict[str, str]:
    """The words behind each part, for the example that follows one's typing."""
    facts = _example(brand)
    return {part: facts.value(part, 1) for part in naming.TOKENS if part in asdict(facts) or part in ("date", "n")}
