"""Pictures that the brand pages have drawn: words in the shipped fonts, which no browser ever gets, and a sample ad."""

from __future__ import annotations

import hashlib
from functools import lru_cache, partial
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from studio.engine.reach import SystemActor
from studio.engine.resolve import Unresolved, resolve
from studio.models import Brand
from studio.providers.local.drawing import build_ad
from studio.render.fonts import FONTS, OWN, font, use_file
from studio.render.spec import FontFile
from studio.tools import get_tool
from studio.tools.values import read_stored

from .access import MemberRequest, UserRequest, member, signed_in
from .brand_fields import printable
from .brand_library import Look, find_brand, own_fonts
from .toolforms.preview import PIXEL_SCALE, Overtaken, gate

LONGEST = 80
A_MONTH = "private, max-age=2592000"
SAMPLE_RATIO = "16:9"
SAMPLE_TEMPLATE = "split"
# An image of ours holds nothing but shapes and embedded pixels; opened on its own it can do nothing either.
CLOSED = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'"


@require_safe
@signed_in
def font_specimen(request: UserRequest, key: str) -> HttpResponseBase:
    """Words (`?text=`, by default the font's own name) set in a shipped font, as outlines: black, one line, tightly cut. Pages use
    it as a mask, so the ink is theirs. `?weight=` 400 is for running text; headlines have 600."""
    if key not in FONTS or key.startswith(OWN):
        raise Http404
    text = printable(request.GET.get("text", ""))[:LONGEST] or font(key).title
    light = request.GET.get("weight") == "400"
    return _drawn(request, specimen(key, text, 400 if light else 600), A_MONTH)


@lru_cache(maxsize=1024)
def specimen(key: str, text: str, weight: int) -> str:
    """The text as an SVG document with a viewBox from the highest to the lowest letters of the font, so that lines in a list align."""
    from studio.render.text import Style, set_line

    low, high = font(key).weights
    style = Style(key, size=100, weight=min(max(weight, low), high), fill="#000000", tracking=-0.01)
    placed = set_line(text, style).at(0, 100, width=0, align="left", valign="baseline")
    left, right = min(0.0, placed.box.x), max(1.0, placed.box.x + placed.box.width)
    top, bottom = min(22.0, placed.box.y), max(128.0, placed.box.y + placed.box.height)
    box = f"{left:.1f} {top:.1f} {right - left:.1f} {bottom - top:.1f}"
    size = f'width="{right - left:.1f}" height="{bottom - top:.1f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" {size}>{placed.svg}</svg>'


@require_safe
@member
def brand_specimen(request: MemberRequest, brand_id: UUID, key: str) -> HttpResponseBase:
    """The same in a font of the brand's own, drawn from its very file. 404 for a font that it has not."""
    file = own_fonts(find_brand(request, brand_id)).get(key)
    if file is None:
        raise Http404
    text = printable(request.GET.get("text", ""))[:LONGEST] or file.description
    light = request.GET.get("weight") == "400"
    try:
        use_file(FontFile(key, file.description, partial(read_stored, str(file.file.name))))
        return _drawn(request, specimen(key, text, 400 if light else 600), A_MONTH)
    except (FileNotFoundError, ValueError) as error:
        raise Http404("The font is gone from storage.") from error


@require_safe
@member
def brand_fonts(request: MemberRequest, brand_id: UUID) -> HttpResponseBase:
    """The brand's own fonts as a style sheet: each a family named by its key, fetched from our own media."""
    faces = [
        f'@font-face {{ font-family: "{key}"; src: url("{reverse("media", args=[file.pk, "original"])}"); font-display: swap; }}\n'
        for key, file in own_fonts(find_brand(request, brand_id)).items()
    ]
    response = HttpResponse(
        "".join(["/* This brand's own fonts. */\n", *faces]), content_type="text/css; charset=utf-8"
    )
    response["Cache-Control"] = "private, no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
@member
def brand_sample(request: MemberRequest, brand_id: UUID) -> HttpResponseBase:
    """An ad as this brand's would be: its first product, its colours, fonts and logo. 404 for an archived brand."""
    brand = find_brand(request, brand_id)
    if brand.archived_at:
        raise Http404
    try:
        return _drawn(request, _sample(brand, brand.workspace_id or request.workspace.pk), A_MONTH)
    except Overtaken:
        return HttpResponse("Too many drawings at once. Load the page again.", status=503, headers={"Retry-After": "2"})
    except (Unresolved, ValueError) as error:
        return HttpResponse(str(error), status=422, content_type="text/plain; charset=utf-8")


def _sample(brand: Brand, workspace_id: UUID) -> str:
    from studio.render.templates import build  # Loads numpy and fonts: pages without a drawing do not wait for it.

    tool = get_tool("static-ad")
    assert tool is not None
    inputs = tool.Inputs(**sample_inputs(brand))
    ad = build_ad(resolve(tool, inputs, SystemActor(brand.team_id), workspace_id), pixel_scale=PIXEL_SCALE)
    with gate.enter(f"sample:{brand.pk}"):
        return build(ad).svg


def sample_inputs(brand: Brand) -> dict[str, object]:
    product = next(iter(brand.products.all()), None)
    photos = list(product.photos.all())[:1] if product else []
    look = Look(brand)
    heading, body = look.heading.title, look.body.title
    return {
        "template": SAMPLE_TEMPLATE,
        "headline": f"Meet *{(product.name if product else brand.name).replace('*', '')}*",
        "subline": f"Set in {heading} and {body}." if heading != body else f"Set in {heading}.",
        "call_to_action": "Take a look",
        "brand": str(brand.pk),
        "product_images": (str(photos[0].asset_id),) if photos else (),
        "aspect_ratio": (SAMPLE_RATIO,),
        "resolution": "1K",
    }


def _drawn(request: UserRequest, svg: str, cache: str) -> HttpResponse:
    etag = f'"{hashlib.sha256(svg.encode()).hexdigest()[:32]}"'
    known = request.headers.get("If-None-Match") == etag
    response = HttpResponse(b"" if known else svg, status=304 if known else 200, content_type="image/svg+xml")
    response["ETag"] = etag
    response["Cache-Control"] = cache
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = CLOSED
    return response


urlpatterns = [
    path("brands/fonts/<slug:key>.svg", font_specimen, name="font_specimen"),
    path("brands/<uuid:brand_id>/fonts/<slug:key>.svg", brand_specimen, name="brand_specimen"),
    path("brands/<uuid:brand_id>/fonts.css", brand_fonts, name="brand_fonts"),
    path("brands/<uuid:brand_id>/sample.svg", brand_sample, name="brand_sample"),
]
