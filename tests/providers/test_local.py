from __future__ import annotations

import json
import uuid
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from studio.providers import find_offer, get_provider, offers_for
from studio.providers.base import Failed, NotTaken, Refused, Request, Ticket
from studio.providers.local import drawing
from studio.providers.local.adapter import LocalProvider
from studio.tools import get_tool
from studio.tools.values import BrandValue, MediaValue, Resolved


def picture(**facts: object) -> MediaValue:
    name = default_storage.save(f"{uuid.uuid4()}/photo", ContentFile(b"photo"))
    plain = {"id": uuid.uuid4(), "sha256": "ab" * 32, "media_type": "image/jpeg", "width": 800, "height": 1000}
    return MediaValue(**{**plain, "file": name, **facts})  # type: ignore[arg-type]


def values(**inputs: object) -> Resolved:
    tool = get_tool("static-ad")
    assert tool
    model = tool.Inputs.model_validate({"headline": "Slow *mornings*", **inputs})
    brand = BrandValue(
        uuid.uuid4(), "Peachy", "#111111", "#ff7f50", "#000000", "#ffffff", "sora", "inter", logo=picture()
    )
    shown = picture(cutout=picture().file, faces=((0.1, 0.2, 0.3, 0.4),), focal=(0.4, 0.6))
    return Resolved(tool, model, model, {}, brand, {"product_images": (shown,)})


def test_an_ad_survives_the_way_through_a_job() -> None:
    ad = drawing.build_ad(values(), variant=2)
    again = drawing.decode_ad(json.loads(json.dumps(drawing.encode_ad(ad))))
    assert again.brand.logo
    assert again.pictures[0].cutout
    assert again.pictures[0].photo() == again.pictures[0].cutout() == again.brand.logo.photo() == b"photo"
    assert drawing.encode_ad(again) == drawing.encode_ad(ad)
    assert (again.width, again.height, again.variant, again.headline) == (1080, 1350, 2, "Slow *mornings*")


def test_the_same_values_give_the_same_bytes() -> None:
    [offer], same = offers_for("static-ad"), values(count=3)
    provider = get_provider("local")
    assert provider.encode(offer, same) == provider.encode(offer, same)
    assert [ad["variant"] for ad in provider.encode(offer, same).json()["ads"]] == [0, 1, 2]


@pytest.mark.parametrize(
    ("ratio", "resolution", "size"),
    [
        ("4:5", "1K", (1080, 1350)),
        ("9:16", "2K", (1440, 2560)),
        ("16:9", "4K", (3840, 2160)),
        ("1:1", "4K", (2160, 2160)),
    ],
)
def test_sizes_are_those_the_form_names(ratio: str, resolution: str, size: tuple[int, int]) -> None:
    assert drawing.canvas(ratio, resolution) == size


def test_the_offer_is_free_and_says_where_its_facts_are_from() -> None:
    [offer] = offers_for("static-ad")
    assert (offer.price, offer.unit, offer.provider) == (Decimal(0), "free", "local")
    assert offer.source
    assert find_offer(offer.key) == offer
    assert offers_for("video-upscale") == ()
    assert json.loads(json.dumps(offer.snapshot()))["price"] == "0"


def test_an_unreadable_request_is_refused() -> None:
    ticket = Ticket(uuid.uuid4(), Request("DRAW", "", b"\xff{"), "", timezone.now())
    with pytest.raises(Refused, match="Run it again"):
        LocalProvider().submit(ticket)


@pytest.mark.django_db
def test_a_job_that_it_never_had_has_failed() -> None:
    ticket = Ticket(uuid.uuid4(), Request("DRAW", "", b"{}"), "", timezone.now())
    answer = LocalProvider().poll([ticket])[ticket.generation_id]
    assert isinstance(answer, Failed)
    assert answer.code == "lost"


def test_errors_can_be_rebuilt_from_their_arguments() -> None:
    error = NotTaken("Busy.", 30)
    again = NotTaken(*error.args)
    assert (str(again), again.retry_after_seconds) == ("Busy.", 30)
