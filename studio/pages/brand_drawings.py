"""Pictures that the brand pages have drawn: words in the shipped fonts, which no browser ever gets, and a sample ad."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.urls import path
from django.views.decorators.http import require_safe

from studio.engine.reach import SystemActor
from studio.engine.resolve import Unresolved, resolve
from studio.models import Brand
from studio.providers.local.drawing import build_ad
from studio.render.fonts import FONTS, font
from studio.tools import get_tool

from .access import MemberRequest, UserRequest, member, signed_in
from .brand_library import find_brand
from .forms_brand import printable
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
    if key not in FONTS or key.startswith("upload-"):
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
    heading, body = font(brand.heading_font).title, font(brand.body_font).title
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
    path("brands/<uuid:brand_id>/sample.svg", brand_sample, name="brand_sample"),
]
