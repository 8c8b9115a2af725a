"""The whole way with the real renderer and no stand-in: a brief becomes a picture of the right size in storage."""

from __future__ import annotations

from django.core.files.storage import default_storage
from PIL import Image

from studio.models import Asset, Brand, Output, State
from tests.engine.conftest import Submit, work_off


def test_a_brief_becomes_an_ad(submit: Submit, brand: Brand, photo: Asset) -> None:
    [generation] = submit(
        headline="",
        prompt="Peach cream for dry mornings. Made in small batches. Order now, 20% off.",
        brand=str(brand.pk),
        product_images=[str(photo.pk)],
    )
    work_off(generation, 60)
    assert (generation.state, generation.failure_reason) == (State.COMPLETED, "")
    output = Output.objects.get()
    assert output.asset
    with default_storage.open(str(output.asset.file.name)) as file, Image.open(file) as image:
        image.load()
        assert (image.size, image.format) == ((1080, 1350), "PNG")
        colours = image.convert("RGB").getcolors(maxcolors=1 << 24)
        assert colours
        assert len(colours) > 1000
