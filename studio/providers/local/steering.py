"""How a saved reference steers a static ad that is drawn here: its colours, its layout, how much is written. Each can be switched off.

What is taken is told to the person by the same rules that draw it, so that the form and the ad never disagree.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from studio.render import colours
from studio.render.spec import StaticAd
from studio.tools.static_ad import TEMPLATES, USES
from studio.tools.values import ReferenceValue, Resolved

Density = Literal["none", "little", "some", "much"]
_SCALES: dict[Density, float] = {"none": 0.72, "little": 0.72, "some": 0.88, "much": 1.0}
"""How large a headline may be set beside its layout's own largest size."""
_LEFT_OUT: dict[Density, tuple[str, ...]] = {"none": ("subline", "badge"), "little": ("subline", "badge"), "some": ("badge",), "much": ()}  # fmt: skip
"""What of the words that the studio wrote stays away. Words that a person typed always stay."""
_SENTENCES: dict[Density, str] = {
    "none": "No words in it: a small headline, and nothing is written for you beside it",
    "little": "Few words: a small headline, and nothing is written for you beside it",
    "some": "Some words: a headline of middle size, and no badge is written for you",
    "much": "Many words: as large as the layout allows, with everything written",
}
_MIRRORED = ("split", "editorial")
"""Layouts whose odd takes have the words on the right."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One thing that was taken. use: its key in `reference_uses`. colours: for the palette."""

    use: str
    title: str
    sentence: str
    colours: tuple[str, ...] = ()


def taken(values: Resolved) -> list[Taken]:
    """What of the chosen reference an ad can follow; nothing while its look is unknown."""
    look = _look(values.reference)
    if not look:
        return []
    layout = look["layout"]
    above = "as chosen above" if layout == getattr(values.inputs, "template", "") else "instead of the template above"
    side = ", words on the right" if layout in _MIRRORED and look.get("side") == "right" else ""
    return [
        Taken("palette", USES["palette"], "In place of the brand’s colours", tuple(roles(look).values())),
        Taken("layout", USES["layout"], f"{TEMPLATES[layout][0]}{side}, {above}"),
        Taken("density", USES["density"], _SENTENCES[density_of(look)]),
    ]


def steered(ad: StaticAd, values: Resolved, uses: Collection[str]) -> StaticAd:
    """The ad with what is ticked of the reference; as it is without a reference, or with one that nobody has looked at yet."""
    look = _look(values.reference)
    if not look:
        return ad
    if "palette" in uses:
        own: dict[str, Any] = dict(roles(look))
        ad = replace(ad, brand=replace(ad.brand, **own))
    if "layout" in uses:
        ad = replace(ad, template=look["layout"], variant=_take(look, ad.variant))
    if "density" in uses:
        density = density_of(look)
        ours: dict[str, Any] = {name: "" for name in _LEFT_OUT[density] if name in values.filled_in}
        ad = replace(ad, type_scale=_SCALES[density], **ours)
    return ad


def _look(reference: ReferenceValue | None) -> Mapping[str, Any]:
    """The look of a reference, if it has all that is needed."""
    look: Mapping[str, Any] = reference.look if reference else {}
    return look if look.get("layout") in TEMPLATES and look.get("palette") else {}


def _take(look: Mapping[str, Any], variant: int) -> int:
    if look["layout"] not in _MIRRORED:
        return variant
    return 2 * variant + (1 if look.get("side") == "right" else 0)


def density_of(look: Mapping[str, Any]) -> Density:
    """As `media.looks.density_of` says it in words."""
    share = float(look.get("density", 0.0))
    if share < 0.01:
        return "none"
    return "little" if share < 0.09 else "some" if share < 0.2 else "much"


def roles(look: Mapping[str, Any]) -> dict[str, str]:
    """The brand's four colours out of a palette: its ground stays a ground, the most colourful ones lead."""
    palette = list(dict.fromkeys(look["palette"]))
    by_light = sorted([*palette, look.get("ground") or palette[0]], key=lambda colour: colours.to_oklch(colour)[0])
    dark, light = by_light[0], by_light[-1]
    # Grounds must be grounds: a photo's darkest brown may still be a middle tone.
    if colours.to_oklch(dark)[0] > 0.32:
        dark = colours.with_lightness(dark, 0.24, 0.8)
    if colours.to_oklch(light)[0] < 0.88:
        light = colours.with_lightness(light, 0.95, 0.4)
    vivid = sorted(palette, key=lambda colour: -colours.to_oklch(colour)[1])
    return {"primary": vivid[0], "accent": vivid[1 % len(vivid)], "dark": dark, "light": light}
