"""What a new studio starts with: brands with their products and photos, and three ads on their way through the engine like any other.

The pictures were made for this project (studio/render/data/demo). Every step can be repeated: rows are found by what they are, files
by ids that follow from the team, briefs by their nonces. Whoever is interrupted starts again and doubles nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid5

from django.conf import settings

from studio.engine.briefs import submit_brief
from studio.engine.reach import SystemActor
from studio.media.ingest import ingest_result
from studio.models import Asset, Brand, Brief, Product, ProductPhoto, Workspace
from studio.tools.static_ad import StaticAdInputs, StaticAdTool

PICTURES = Path(settings.BASE_DIR) / "studio" / "render" / "data" / "demo"


@dataclass(frozen=True, slots=True)
class DemoPhoto:
    file: str
    description: str


@dataclass(frozen=True, slots=True)
class DemoBrand:
    name: str
    tone: str
    primary: str
    accent: str
    dark: str
    light: str
    heading_font: str
    body_font: str
    products: tuple[tuple[str, tuple[DemoPhoto, ...]], ...]


BRANDS = (
    DemoBrand(
        "Halden",
        "Calm, exact, generous. Short sentences. Says what is inside and what it does; promises nothing else.",
        *("#8a3b12", "#c8643a", "#2b1a12", "#f6eade"),
        *("fraunces", "dm-sans"),
        (
            (
                "Daily serum",
                (
                    DemoPhoto("cut_serum.png", "An amber serum bottle with a white dropper and a white label"),
                    DemoPhoto(
                        "serum_hero.jpg", "The serum bottle and the cream jar on a white plinth before a peach arch"
                    ),
                ),
            ),
            ("Cream", (DemoPhoto("jar_peach.jpg", "An open cream jar on round peach plinths"),)),
        ),
    ),
    DemoBrand(
        "Oru",
        "Bright and quick, with a wink. Talks like a friend who has had enough sleep.",
        *("#ef6c43", "#f4c37a", "#3a1509", "#fff3e6"),
        *("bricolage", "inter"),
        (
            (
                "Cold brew",
                (
                    DemoPhoto("cut_can.png", "An orange can of Oru cold brew"),
                    DemoPhoto("can_orange.jpg", "The can on ice with an orange, before an orange ground"),
                ),
            ),
        ),
    ),
    DemoBrand(
        "Kestrel",
        "Plain and sturdy. Facts first: hours, litres, grams.",
        *("#2f6f73", "#e0a458", "#12292b", "#eef3f2"),
        *("archivo", "inter"),
        (("Flask", (DemoPhoto("cut_flask.png", "A teal steel flask with a black cap"),)),),
    ),
    DemoBrand(
        "Fable",
        "Quiet and warm, a little old-fashioned. Evenings, paper, cedar.",
        *("#c98a4b", "#e6b877", "#15110e", "#f4ece1"),
        *("instrument-serif", "inter"),
        (("Fig and cedar candle", (DemoPhoto("candle_dark.jpg", "A lit candle in a dark room"),)),),
    ),
)


@dataclass(frozen=True, slots=True)
class DemoAd:
    brand: str
    pictures: tuple[str, ...]
    ratio: str
    words: dict[str, str]


ADS = (
    DemoAd(
        "Oru",
        ("cut_can.png",),
        "4:5",
        {
            "template": "poster",
            "headline": "Slow brewed for *fast* mornings",
            "subline": "Orange and cardamom, cold for eighteen hours.",
            "call_to_action": "Get your first six",
            "badge": "20% off",
        },
    ),
    DemoAd(
        "Halden",
        ("serum_hero.jpg",),
        "4:5",
        {
            "template": "editorial",
            "headline": "Skin that *rests* well",
            "subline": "Niacinamide 8 % and squalane, every evening.",
            "call_to_action": "Find your serum",
        },
    ),
    DemoAd(
        "Halden",
        ("cut_serum.png",),
        "1:1",
        {
            "template": "arch",
            "headline": "Two drops. That is the *whole* routine.",
            "subline": "A daily serum with nothing to explain away.",
            "call_to_action": "Try it for 30 days",
        },
    ),
)


def make_demo(workspace: Workspace) -> None:
    """Brands and briefs of the demo; what is there already stays as it is. Does nothing once its last brief is there."""
    if Brief.objects.filter(team=workspace.team_id, nonce=_nonce(len(ADS))).exists():
        return
    assets: dict[str, Asset] = {}
    brands = {brand.name: _make_brand(workspace, brand, assets) for brand in BRANDS}
    actor = SystemActor(workspace.team_id)
    for number, ad in enumerate(ADS, start=1):
        inputs = StaticAdInputs.model_validate(
            {
                **ad.words,
                "brand": str(brands[ad.brand].pk),
                "product_images": [str(assets[file].pk) for file in ad.pictures],
                "aspect_ratio": [ad.ratio],
            }
        )
        submit_brief(actor, workspace, StaticAdTool(), inputs, _nonce(number))


def _nonce(number: int) -> str:
    return f"demo-{number}"


def _make_brand(workspace: Workspace, demo: DemoBrand, assets: dict[str, Asset]) -> Brand:
    """Fills `assets` by file name."""
    brand, _ = Brand.objects.get_or_create(
        team_id=workspace.team_id,
        name=demo.name,
        archived_at=None,
        defaults={
            name: getattr(demo, name)
            for name in ("tone", "primary", "accent", "dark", "light", "heading_font", "body_font")
        },
    )
    for place, (name, photos) in enumerate(demo.products):
        product, _ = Product.objects.get_or_create(brand=brand, name=name, defaults={"position": place})
        for position, photo in enumerate(photos):
            asset = assets[photo.file] = _make_asset(workspace, photo)
            ProductPhoto.objects.get_or_create(product=product, asset=asset, defaults={"position": position})
    return brand


def _make_asset(workspace: Workspace, photo: DemoPhoto) -> Asset:
    return ingest_result(
        team=workspace.team,
        workspace=workspace,
        path=PICTURES / photo.file,
        original_name=photo.file,
        description=photo.description,
        asset_id=_asset_id(workspace.team_id, photo),
    )


def _asset_id(team_id: UUID, photo: DemoPhoto) -> UUID:
    """The same at every try, so that a start that was interrupted makes no second one; in the order of time as every id, from the team's."""
    return UUID(int=(team_id.int >> 80 << 80) | (uuid5(team_id, f"demo {photo.file}").int % 2**80))
