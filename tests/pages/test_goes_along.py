"""What of a brand goes to whoever makes it: told from the request itself, for every offer that takes a brand."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any
from uuid import uuid4

import pytest

from studio.engine.offers import TeamOffer
from studio.engine.reach import SystemActor
from studio.engine.resolve import resolve
from studio.models import Asset, Brand, Team, Workspace
from studio.pages.toolforms.derive import filled, lenient
from studio.pages.toolforms.goes_along import _CHANGED, NEVER_SENT, PARTS, goes_along, parts_sent
from studio.pages.toolforms.offered import Picked
from studio.providers import PROVIDERS, get_provider, shipped_offers
from studio.tools import get_tool
from studio.tools.offer import Offer
from studio.tools.values import At, BrandValue, MediaValue, Resolved
from tests.brand_rows import COLOURS, brand, photo

__all__ = ["brand"]


SAID: dict[str, Any] = {
    "say": ("in 14 days",),
    "never_say": ("miracle",),
    "claims": ("Fragrance free",),
    "legal_line": "Halden AS, Oslo.",
}


def offers() -> list[Offer]:
    """Every shipped offer whose form has a brand."""
    return [
        offer
        for key in PROVIDERS
        for offer in shipped_offers(key)
        if (tool := get_tool(offer.tool)) and "brand" in tool.Inputs.model_fields and offer.takes_input("brand")
    ]


def house(kit: str = "") -> BrandValue:
    logo = MediaValue(uuid4(), "ab" * 32, "image/png", 60, 40, "logo.png")
    looks: dict[str, Any] = {**COLOURS, "heading_font": "sora", "body_font": "inter"}
    return BrandValue(
        uuid4(), "Halden", **looks, logo=logo, tone="Dry.", **SAID, remote={"brand_kit": kit} if kit else {}
    )


def asked(offer: Offer, brand: BrandValue | None) -> Resolved:
    """An unfinished form of that offer with this brand and nothing else."""
    tool = get_tool(offer.tool)
    assert tool
    inputs = lenient(filled(tool, {}, offer))
    here = get_provider(offer.provider).drawn_here
    return Resolved(tool, inputs, inputs, {}, brand=brand, at=None if here else At(offer.provider))


def test_there_are_offers_of_several_makers() -> None:
    assert {offer.provider for offer in offers()} >= {"local", "videotok"}


@pytest.mark.parametrize("offer", offers(), ids=lambda it: it.key)
def test_what_is_said_is_what_changes_the_request(offer: Offer) -> None:
    known, unknown = parts_sent(offer, asked(offer, house("42"))), parts_sent(offer, asked(offer, house()))
    if offer.provider == "local":
        assert known == unknown == ("name", "logo", "colours", "fonts")
    else:
        assert (known, unknown) == (("brand kit",), ())


def test_every_field_of_a_brand_is_asked_about() -> None:
    """A field that is added to BrandValue cannot be forgotten here."""
    asked_about = {name for _, names in PARTS for name in names}
    assert asked_about | set(NEVER_SENT) == {it.name for it in fields(BrandValue)}
    assert asked_about == set(_CHANGED)
    value = house("42")
    value = replace(value, logo_dark=value.logo, own_fonts=(value.logo,) if value.logo else ())
    for name, change in _CHANGED.items():
        assert change(getattr(value, name)) != getattr(value, name)


def sentence_of(offer: Offer, brand: BrandValue | None) -> str:
    found = goes_along(Picked((), TeamOffer(offer, None)), asked(offer, brand))
    return found.sentence if found else ""


def test_the_sentence_says_what_goes_and_what_stays() -> None:
    local = next(it for it in offers() if it.provider == "local")
    theirs = next(it for it in offers() if it.provider == "videotok")
    assert sentence_of(local, house()) == "Drawn with its name, logo, colours and fonts. Nothing leaves this server."
    assert sentence_of(theirs, house("42")) == (
        "Goes to Videotok: its brand kit there (42). Its name, logo, colours, fonts, tone of voice, phrases to say, "
        "words never to say, claims and legal line stay here."
    )
    assert "Nothing of Halden goes to Videotok" in sentence_of(theirs, house())
    assert sentence_of(local, None) == ""


def test_the_brands_own_font_is_part_of_what_is_drawn(team: Team, workspace: Workspace, brand: Brand) -> None:
    local = next(it for it in offers() if it.provider == "local")
    file: Asset = photo(team, workspace, "house.ttf")
    key = f"upload-{file.sha256[:16]}"
    Brand.objects.update(heading_font=key, heading_font_file=file)
    tool = get_tool(local.tool)
    assert tool
    inputs = tool.Inputs.model_validate({"headline": "Hello", "brand": str(brand.pk)})
    values = resolve(tool, inputs, SystemActor(team.pk), workspace.pk)
    body = get_provider("local").encode(local, values).json()["ads"][0]["brand"]
    assert (body["heading_font"], [it["key"] for it in body["font_files"]]) == (key, [key])
