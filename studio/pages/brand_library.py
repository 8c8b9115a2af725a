"""What the brand pages show: rows with their figures, in a fixed number of queries, and suggestions drawn from pictures."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from PIL import Image, UnidentifiedImageError

from config.storage import StorageAway
from studio.models import Asset, Brand, Membership, Output, Product, ProductPhoto, Workspace
from studio.render import colours
from studio.render.fonts import FONTS, OWN, font, key_of

from .access import MemberRequest
from .forms_brand import ROLES, FontChoice

PAGE = 24
SIBLINGS = 4
MOST_PRODUCTS = 60
MOST_PICTURES = 6


def tenths(contrast: float) -> float:
    """As it is shown: cut, never rounded up, so that 4.46 does not pass for the 4.5 that small text needs."""
    return math.floor(contrast * 10) / 10


@dataclass(frozen=True, slots=True)
class BrandCard:
    brand: Brand
    products: int
    results: int

    @property
    def look(self) -> Look:
        return Look(self.brand)


@dataclass(frozen=True, slots=True)
class Swatch:
    """One colour of a brand. best: whichever of the brand's dark and light reads better on it, with that contrast."""

    role: str
    label: str
    note: str
    colour: str
    best: str
    contrast: float

    @property
    def enough(self) -> bool:
        return self.contrast >= 4.5


@dataclass(frozen=True, slots=True)
class Pair:
    """One colour as text on another, with its exact contrast."""

    label: str
    ink: str
    contrast: float

    @property
    def shown(self) -> float:
        return tenths(self.contrast)

    @property
    def verdict(self) -> str:
        """What may be written so, by WCAG: 4.5 for any text, 3 for large text."""
        return "any text" if self.contrast >= 4.5 else "large text only" if self.contrast >= 3 else "no text"


@dataclass(frozen=True, slots=True)
class Ground:
    """A half of the logo card: which logo, on which ground, in which ink the name stands there where there is no logo."""

    field: str
    label: str
    asset: Asset | None
    stands_in: Asset | None
    ground: str
    ink: str

    @property
    def shown(self) -> Asset | None:
        return self.asset or self.stands_in


@dataclass(frozen=True, slots=True)
class Look:
    """What a template asks of a brand's appearance."""

    brand: Brand

    def swatches(self) -> list[Swatch]:
        """The four roles, then the further colours by their names."""
        brand = self.brand
        more = []
        for row in brand.more_colours:
            best = max((brand.dark, brand.light), key=lambda ink: colours.contrast(ink, row["hex"]))
            more.append(Swatch("", row["name"], "", row["hex"], best, tenths(colours.contrast(best, row["hex"]))))
        return swatches({name: getattr(brand, name) for name, _, _ in ROLES}) + more

    def pairs(self) -> list[tuple[Swatch, list[Pair]]]:
        """Each colour as a ground, with every colour as text on it."""
        every = self.swatches()
        return [
            (
                ground,
                [Pair(ink.label, ink.colour, colours.contrast(ink.colour, ground.colour)) for ink in every],
            )
            for ground in every
        ]

    @property
    def cover(self) -> Ground:
        """The list's card: on the light ground, or on the dark one where the only logo is made for it."""
        light, dark = self.grounds()
        return dark if light.asset is None and dark.asset else light

    def grounds(self) -> tuple[Ground, Ground]:
        """The two logos, each on its ground."""
        brand = self.brand
        return (
            self._ground("logo", "On light", brand.logo, brand.logo_dark, brand.light, brand.dark, brand.primary),
            self._ground("logo_dark", "On dark", brand.logo_dark, brand.logo, brand.dark, brand.light, brand.accent),
        )

    @staticmethod
    def _ground(
        field: str, label: str, asset: Asset | None, other: Asset | None, ground: str, opposite: str, liked: str
    ) -> Ground:
        return Ground(field, label, asset, other, ground, colours.readable_on(ground, opposite, liked))

    @property
    def own_fonts(self) -> list[str]:
        return list(own_fonts(self.brand))

    def mark(self) -> Ground:
        brand = self.brand
        ink = colours.readable_on(brand.primary, brand.light, brand.dark)
        return Ground("logo_mark", "Mark", brand.logo_mark, None, brand.primary, ink)

    def every_ground(self) -> tuple[Ground, Ground, Ground]:
        return (*self.grounds(), self.mark())

    @property
    def on_primary(self) -> str:
        return colours.readable_on(self.brand.primary, self.brand.light, self.brand.dark)

    @property
    def heading(self) -> FontChoice:
        return font_choice(self.brand, self.brand.heading_font)

    @property
    def body(self) -> FontChoice:
        return font_choice(self.brand, self.brand.body_font)

    @property
    def heading_specimen(self) -> str:
        """For the list too: it needs no file of the font."""
        return _specimen(self.brand, self.brand.heading_font)

    @property
    def version(self) -> str:
        """Changes whenever a drawing of the brand would: it stands in that drawing's address."""
        brand = self.brand
        products = [[p.name, [str(photo.asset_id) for photo in p.photos.all()[:1]]] for p in brand.products.all()[:1]]
        told = [brand.name, brand.colours, brand.heading_font, brand.body_font, products]
        told += [asset.sha256 if asset else "" for asset in (brand.logo, brand.logo_dark)]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:12]


def own_fonts(brand: Brand) -> dict[str, Asset]:
    """The brand's own font files by key."""
    return {key_of(file.sha256): file for file in (brand.heading_font_file, brand.body_font_file) if file}


def font_choice(brand: Brand, key: str) -> FontChoice:
    """How a font of this brand is shown; Inter where its file is gone."""
    own = own_fonts(brand).get(key)
    if own:
        sentence = f"{brand.name}'s own font. Letters that it lacks are set in Inter."
        return FontChoice(key, own.description, sentence, _specimen(brand, key), face=key)
    found = font("inter" if key.startswith(OWN) else key)
    return FontChoice(found.key, found.title, found.sentence, _specimen(brand, found.key))


def font_choices(brand: Brand) -> list[FontChoice]:
    """The brand's own fonts, then the shipped ones."""
    shipped = [key for key in FONTS if not key.startswith(OWN)]
    return [font_choice(brand, key) for key in (*own_fonts(brand), *shipped)]


def _specimen(brand: Brand, key: str) -> str:
    if key.startswith(OWN):
        return reverse("brand_specimen", args=[brand.pk, key])
    return reverse("font_specimen", args=[font(key).key])


def swatches(chosen: dict[str, str]) -> list[Swatch]:
    """Each of the four colours with the better reading of the brand's dark and light on it."""
    found = []
    for role, label, note in ROLES:
        colour = chosen[role]
        inks = [chosen[ink] for ink in ("dark", "light") if ink != role]
        best = max(inks, key=lambda ink: colours.contrast(ink, colour))
        found.append(Swatch(role, label, note, colour, best, tenths(colours.contrast(best, colour))))
    return found


def visible(membership: Membership, workspace: Workspace) -> QuerySet[Brand]:
    """The brands of this screen: those of the whole team and those of its workspace, archived ones too."""
    return Brand.objects.seen_by(membership).filter(Q(workspace=None) | Q(workspace=workspace))


def find_brand(request: MemberRequest, brand_id: UUID) -> Brand:
    """A brand that this person may see in any workspace, with what its page draws. Raises Http404."""
    photos = ProductPhoto.objects.select_related("asset")
    files = ("logo", "logo_dark", "logo_mark", "heading_font_file", "body_font_file")
    rows = Brand.objects.seen_by(request.membership).select_related(*files, "workspace", "created_by")
    brand = rows.prefetch_related(Prefetch("products__photos", photos)).filter(pk=brand_id).first()
    if brand is None:
        raise Http404
    return brand


def is_usable(request: MemberRequest, brand: Brand) -> bool:
    """Whether ads can be made with it in the present workspace."""
    return brand.archived_at is None and brand.workspace_id in (None, request.workspace.pk)


def cards(brands: Sequence[Brand], workspace: Workspace) -> list[BrandCard]:
    """The brands with their figures: two grouped queries for all of them."""
    keys = [brand.pk for brand in brands]
    products = _counted(Product.objects.filter(brand__in=keys))
    results = _counted(Output.objects.filter(workspace=workspace, brand__in=keys, deleted_at=None))
    return [BrandCard(brand, products.get(brand.pk, 0), results.get(brand.pk, 0)) for brand in brands]


def _counted(rows: QuerySet[Any]) -> dict[UUID, int]:
    return {row["brand"]: row["n"] for row in rows.order_by().values("brand").annotate(n=Count("pk"))}


def siblings(membership: Membership, workspace: Workspace, brand: Brand) -> tuple[list[Brand], int]:
    """A few brands to switch to, this one among them and in the order of names, and how many there are."""
    rows = visible(membership, workspace).filter(archived_at=None)
    near = [other for other in rows.order_by("name", "id")[: SIBLINGS + 1] if other.pk != brand.pk][: SIBLINGS - 1]
    return sorted([*near, brand], key=lambda one: (one.name.casefold(), one.pk)), rows.count()


@dataclass(frozen=True, slots=True)
class Palette:
    """The main colours of one of the brand's pictures."""

    asset: Asset
    colours: tuple[str, ...]

    def proposed(self) -> dict[str, str]:
        """The four roles filled from the picture: lightest and darkest for the grounds, the most colourful for the rest."""
        vivid = sorted(self.colours, key=lambda colour: -colours.to_oklch(colour)[1])
        return {"primary": vivid[0], "accent": vivid[1 % len(vivid)], **_grounds_of(self.colours)}


def _grounds_of(found: Sequence[str]) -> dict[str, str]:
    by_light = sorted(found, key=lambda colour: colours.to_oklch(colour)[0])
    dark, light = by_light[0], by_light[-1]
    # Grounds must be grounds: a photo's darkest brown may still be a middle tone.
    if colours.to_oklch(dark)[0] > 0.32:
        dark = colours.with_lightness(dark, 0.24, 0.8)
    if colours.to_oklch(light)[0] < 0.92:
        light = colours.with_lightness(light, 0.95, 0.4)
    return {"dark": dark, "light": light}


def proposed_roles(found: Sequence[str]) -> dict[str, str]:
    """The four roles out of colours of which the first are the most telling; nothing where there are none."""
    if not found:
        return {}
    vivid = [colour for colour in found if colours.to_oklch(colour)[1] > 0.03] or list(found)
    hue = colours.to_oklch(vivid[0])[2]
    other = (it for it in vivid[1:] if abs((colours.to_oklch(it)[2] - hue + 180) % 360 - 180) > 25)
    return {"primary": vivid[0], "accent": next(other, vivid[0]), **_grounds_of(found)}


def palettes(brand: Brand) -> list[Palette]:
    """The logo's colours and those of the products' photos."""
    found = [Palette(asset, _palette(asset)) for asset in pictures_of(brand)]
    return [palette for palette in found if palette.colours]


def pictures_of(brand: Brand) -> list[Asset]:
    """Logos first, then the first photo of each product, the same picture once."""
    logos: Iterable[Asset | None] = (brand.logo, brand.logo_dark, brand.logo_mark)
    photos = [photo.asset for product in brand.products.all() for photo in list(product.photos.all())[:1]]
    every = {asset.pk: asset for asset in [*(logo for logo in logos if logo), *photos]}
    return list(every.values())[:MOST_PICTURES]


def _palette(asset: Asset) -> tuple[str, ...]:
    """From the small preview; until that is made there is only the dominant colour."""
    if asset.preview_small:
        with suppress(StorageAway):  # The colours are a help; the page does without.
            found = _read_palette(asset.preview_small)
            if found:
                return found
    return (asset.dominant_colour,) if asset.dominant_colour else ()


@lru_cache(maxsize=512)
def _read_palette(name: str) -> tuple[str, ...]:
    """Of a preview, which is a file of our own making: nothing foreign is decoded here. Its name never gets another picture."""
    from studio.render import tones  # Loads numpy: only whoever picks colours waits for it.

    try:
        with default_storage.open(name, "rb") as file, Image.open(file) as image:
            return tuple(tones.palette(image, 5))
    except (OSError, UnidentifiedImageError):
        return ()
