"""Every template in every ratio with inputs that break layouts."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from itertools import combinations

import pytest
from PIL import Image, ImageDraw

from studio.render import pictures, svg
from studio.render.placement import overlap
from studio.render.raster import rasterise
from studio.render.sheets import DEMOS, RATIOS, demo_picture
from studio.render.spec import Box, BrandLook, Drawing, Picture, StaticAd
from studio.render.templates import TEMPLATES, build

HALDEN = DEMOS["halden"].brand
SERUM, CAN, FLASK = (demo_picture(name) for name in ("cut_serum.png", "cut_can.png", "cut_flask.png"))
JAR = demo_picture("jar_peach.jpg")
LONG_HEADLINE = "The serum that replaces four bottles on your shelf, calms redness in fourteen days, and smells of nothing at all, ever"
LONG_SUBLINE = (
    "Niacinamide 8% and squalane in amber glass, dermatologist tested on sensitive skin, fragrance free, vegan, refillable, made in "
    "small batches in Malmö and shipped without plastic within two working days to anywhere in Europe; returns are free for sixty "
    "days, and the refill costs half."
)
HOSTILE = (
    "<script>alert(1)</script>",
    '"/><image href="file:///etc/passwd"/><a b="',
    "]]>&xxe; <!ENTITY xxe SYSTEM 'file:///etc/passwd'>",
    "url(#evil) javascript:alert(1) onload=alert(1)",
)


def _png(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _logo(key: str, colour: str) -> Picture:
    image = Image.new("RGBA", (400, 120))
    ImageDraw.Draw(image).rounded_rectangle((10, 10, 390, 110), 40, fill=colour)
    data = _png(image)
    return Picture(key, lambda: data, lambda: data)


def _tones(colour: str) -> Picture:
    image = Image.new("RGBA", (300, 700))
    ImageDraw.Draw(image).rounded_rectangle((20, 20, 280, 680), 60, fill=colour)
    data = _png(image)
    return Picture(f"plain-{colour}", lambda: data, lambda: data)


USUAL = StaticAd(
    "",
    1080,
    1080,
    headline="Calm skin, in fourteen days.",
    subline="Niacinamide 8% and squalane, in amber glass. Fragrance free.",
    call_to_action="Shop the serum",
    badge="20% off",
    brand=HALDEN,
    pictures=(SERUM,),
    pixel_scale=0.25,
)
FACE = replace(JAR, key="jar-with-face", faces=(Box(0.4, 0.1, 0.25, 0.3),), focal=(0.5, 0.25))
CASES: dict[str, StaticAd] = {
    "usual": USUAL,
    "second take": replace(USUAL, variant=1),
    "third take": replace(USUAL, variant=2, brand=DEMOS["oru"].brand, pictures=(CAN,)),
    "fourth take": replace(USUAL, variant=3, brand=DEMOS["kestrel"].brand, pictures=(FLASK,)),
    "no picture": replace(USUAL, pictures=()),
    "a photo": replace(USUAL, pictures=(JAR,)),
    "a photo with a face": replace(USUAL, pictures=(FACE,)),
    "three pictures": replace(USUAL, pictures=(SERUM, CAN, FLASK)),
    "no brand": replace(USUAL, brand=BrandLook()),
    "a light logo only": replace(USUAL, brand=replace(HALDEN, logo=_logo("light-logo", "#fffaf0")), variant=0),
    "a dark logo only": replace(USUAL, brand=replace(HALDEN, logo=_logo("dark-logo", "#201008")), variant=1),
    "a quote without a headline": replace(
        USUAL, headline="", quote="My skin has not been this quiet since I was twelve."
    ),
    "only a headline": StaticAd("", 1080, 1080, headline="Calm skin.", brand=HALDEN, pixel_scale=0.25),
    "nothing at all": StaticAd("", 1080, 1080, pixel_scale=0.25),
    "long texts": replace(USUAL, headline=LONG_HEADLINE, subline=LONG_SUBLINE, badge="Free shipping this week"),
    "a giant word": replace(USUAL, headline="Donaudampfschifffahrtsgesellschaftskapitän"),
    "emoji": replace(USUAL, headline="Slow ☕ mornings 👩🏽‍🚀", subline="Ready? ✅ Go! 🇸🇪", badge="🔥"),
    "Arabic": replace(
        USUAL,
        headline="بشرة هادئة في أربعة عشر يومًا",
        subline="نياسيناميد 8٪ في زجاج كهرماني",
        call_to_action="تسوقي الآن",
    ),
    "Hebrew": replace(
        USUAL,
        headline="עור רגוע בארבעה עשר ימים",
        subline="ללא בישום",
        call_to_action="לקנייה",
        badge="20% הנחה",
        variant=1,
    ),
    "Japanese": replace(
        USUAL, headline="肌が静かになる、二週間の美容液。", subline="無香料、敏感肌テスト済み。", badge="初回20%"
    ),
    "Chinese": replace(USUAL, headline="十四天，让肌肤安静下来", subline="琥珀玻璃瓶，无香料。", variant=2),
    "Korean": replace(
        USUAL, headline="14일이면 피부가 차분해집니다", subline="무향, 민감성 피부 테스트 완료.", variant=3
    ),
    "very dark brand": replace(USUAL, brand=BrandLook("night", "#08080a", "#101018", "#000000", "#141414")),
    "very light brand": replace(USUAL, brand=BrandLook("snow", "#ffffff", "#fffaf2", "#f2f2f2", "#ffffff")),
    "product like the ground": replace(USUAL, brand=DEMOS["oru"].brand, pictures=(_tones("#f26a3d"),)),
}


def _at(case: str, template: str, ratio: str) -> StaticAd:
    width, height = RATIOS[ratio]
    return replace(CASES[case], template=template, width=width, height=height)


def _check(drawing: Drawing) -> None:
    for text in drawing.texts:
        box = text.box
        assert text.contrast >= 4.5, f"{text.role} has a contrast of {text.contrast}"
        assert min(box.x, box.y) >= 8, f"{text.role} leaves the canvas"
        assert box.x + box.width <= drawing.width - 8, f"{text.role} leaves the canvas at its right"
        assert box.y + box.height <= drawing.height - 8, f"{text.role} leaves the canvas at its bottom"
    # A sticker may nestle into the box of a ragged headline, beside a short line: it keeps clear of the lines themselves.
    for one, other in combinations([text for text in drawing.texts if text.role != "badge"], 2):
        smaller = max(1.0, min(one.box.width * one.box.height, other.box.width * other.box.height))
        assert overlap(one.box, other.box) <= 0.02 * smaller, f"{one.role} and {other.role} overlap"
    assert drawing.product_cover < 0.01


def _check_document(document: str) -> None:
    names = {f"{{http://www.w3.org/2000/svg}}{name}" for name in svg.ELEMENTS}
    for element in ET.fromstring(document).iter():
        assert element.tag in names
        assert not (element.text or "").strip() or element.tag.endswith("}title")
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name != "href" or value.startswith("data:image/")


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("case", CASES)
def test_it_stays_readable_and_inside(case: str, template: str, ratio: str) -> None:
    drawing = build(_at(case, template, ratio))
    _check(drawing)
    _check_document(drawing.svg)


@pytest.mark.parametrize("case", ["usual", "no picture", "a photo", "long texts"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_it_keeps_story_interfaces_free(template: str, case: str) -> None:
    for text in build(_at(case, template, "9x16")).texts:
        assert text.box.y >= 250, text.role
        assert text.box.y + text.box.height <= 1920 - 330, text.role


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_layout_is_the_same_at_another_size(template: str) -> None:
    large = build(replace(_at("usual", template, "4x5"), pixel_scale=0.25))
    for factor in (0.5, 0.37, 2.0):
        width, height = round(1080 * factor), round(1350 * factor)
        other = build(replace(_at("usual", template, "4x5"), width=width, height=height, pixel_scale=0.1))
        assert [text.role for text in other.texts] == [text.role for text in large.texts]
        for one, two in zip(large.texts, other.texts, strict=True):
            assert two.box.x == pytest.approx(one.box.x * factor, abs=2.0)
            assert two.box.y == pytest.approx(one.box.y * factor, abs=2.0)
            assert two.box.width == pytest.approx(one.box.width * factor, abs=2.0)


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_same_ad_gives_the_same_document(template: str) -> None:
    first = build(_at("usual", template, "1x1")).svg
    pictures.forget()
    assert build(_at("usual", template, "1x1")).svg == first


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("template", TEMPLATES)
def test_hostile_texts_never_reach_the_document(template: str, text: str) -> None:
    brand = replace(HALDEN, name=text)
    ad = replace(
        USUAL, template=template, headline=text, subline=text, call_to_action=text, badge=text, quote=text, brand=brand
    )
    document = build(ad).svg
    _check_document(document)
    for trace in ("script", "passwd", "ENTITY", "javascript", "onload", "evil", text):
        assert trace not in document


@pytest.mark.parametrize("template", TEMPLATES)
def test_it_draws_pixels(template: str) -> None:
    ad = replace(_at("usual", template, "1x1"), width=270, height=270, pixel_scale=1.0)
    image = rasterise(build(ad).svg, 270, 270)
    assert image.size == (270, 270)
    colours = image.quantize(16).getcolors()
    assert colours is not None
    assert len(colours) > 4
    assert image.getpixel((0, 0)) != image.getpixel((135, 200))


@pytest.mark.parametrize("template", TEMPLATES)
def test_takes_differ(template: str) -> None:
    assert len({build(replace(_at("usual", template, "1x1"), variant=take)).svg for take in range(4)}) == 4


def test_it_refuses_an_unknown_template() -> None:
    with pytest.raises(ValueError, match="There is no template “nope”; choose one of split"):
        build(replace(USUAL, template="nope"))


@pytest.mark.parametrize(("width", "height"), [(5000, 1080), (1080, 0), (10, 10)])
def test_it_refuses_sizes_it_cannot_draw(width: int, height: int) -> None:
    with pytest.raises(ValueError, match=r"cannot be drawn; choose 64 to 4096 pixels"):
        build(replace(USUAL, template="split", width=width, height=height))


def test_it_refuses_texts_that_are_too_long() -> None:
    with pytest.raises(ValueError, match="The headline has 301 characters; shorten it to 300"):
        build(replace(USUAL, template="split", headline="a" * 301))
