"""The free calls: the key's test, the catalogue, saved references."""

from __future__ import annotations

import base64
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from studio.dialects.base import NotConfigured, NotTaken, Refused, Unreadable, UnsupportedInput
from studio.providers.base import Offer
from studio.providers.videotok.adapter import VideotokProvider
from studio.tools.values import NoAddress, ReferenceValue
from tests.dialects.videotok.kit import media, offer, reference, resolved
from tests.upstreams.media import png
from tests.upstreams.videotok import Videotok

from .conftest import KEY, Ask

IN = "https://in.example"


def test_the_test_of_a_key_is_free_and_says_what_is_there(fake: Videotok, ask: Ask) -> None:
    assert ask(lambda it, wire: it.test(wire)) == "Connected to Videotok: 1 brand kit, 1 avatar."
    (sent,) = fake.script.requests
    assert (sent.method, sent.path, sent.bearer, sent.body) == ("GET", "/api/v1/assets", KEY, b"")


def test_a_wrong_key_says_so(fake: Videotok, ask: Ask) -> None:
    fake.script.forget_keys()
    with pytest.raises(NotConfigured, match="does not accept this key"):
        ask(lambda it, wire: it.test(wire))


def test_a_wrong_host_says_so(fake: Videotok, ask: Ask) -> None:
    fake.script.next(mangle="garbage")
    with pytest.raises(Unreadable, match="base URL"):
        ask(lambda it, wire: it.test(wire))


def test_a_broken_line_is_asked_again_later(fake: Videotok, ask: Ask) -> None:
    fake.script.next(drop="after")
    with pytest.raises(NotTaken):
        ask(lambda it, wire: it.test(wire))


def test_the_catalogue_brings_everything_that_is_listed(fake: Videotok, ask: Ask) -> None:
    entries = ask(lambda it, wire: it.catalogue(wire))
    assert Counter(entry.kind for entry in entries) == {
        "offer": 13,
        "preset": 2,
        "brand_kit": 1,
        "avatar": 1,
        "media": 1,
        "target": 2,
    }
    offers = {entry.remote_id: Offer.from_data(entry.data) for entry in entries if entry.kind == "offer"}
    assert offers["videotok:static-ad:product-shoot"].price == 100
    (kit,) = [entry for entry in entries if entry.kind == "brand_kit"]
    assert (kit.remote_id, kit.title) == ("42", "House brand")
    (avatar,) = [entry for entry in entries if entry.kind == "avatar"]
    assert (avatar.remote_id, avatar.picture) == ("avatar_123", "https://media.example.org/a/9.png")
    assert [it.path for it in fake.script.requests] == [
        "/api/v1/models",
        "/api/v1/assets",
        "/api/v1/reference-inspirations",
    ]


@pytest.mark.parametrize("following", ["cursor", "path", "url"])
def test_further_pages_are_followed(fake: Videotok, ask: Ask, following: str) -> None:
    path = "/api/v1/assets?page=2"
    here = {"cursor": "c2", "path": path, "url": f"{fake.script.url}{path}"}[following]
    name = "next_cursor" if following == "cursor" else "next"
    fake.script.next(path="/api/v1/assets", merge={name: here})
    fake.script.next(path="/api/v1/assets", merge={"avatars": [{"id": "avatar_2", "name": "Ben"}]})
    entries = ask(lambda it, wire: it.catalogue(wire))
    assert [it.title for it in entries if it.kind == "avatar"] == ["Mia", "Ben"]
    expected = {"cursor": ["c2"]} if following == "cursor" else {"page": ["2"]}
    assert fake.script.sent(path="/api/v1/assets")[1].query == expected


@pytest.mark.parametrize(
    "said", [{"next": "https://elsewhere.example/api/v1/assets"}, {"next": "c2", "has_more": False}]
)
def test_a_page_elsewhere_or_behind_the_last_is_not_asked_for(fake: Videotok, ask: Ask, said: dict[str, Any]) -> None:
    fake.script.next(path="/api/v1/assets", merge=said)
    ask(lambda it, wire: it.catalogue(wire))
    assert len(fake.script.sent(path="/api/v1/assets")) == 1


def save(ask: Ask, value: ReferenceValue) -> str:
    values = replace(resolved("image", prompt="x"), reference=value)
    found: str = ask(lambda it, wire: it.save_reference(wire, values))
    return found


def test_saves_a_picture_by_its_address(fake: Videotok, ask: Ask) -> None:
    found = save(ask, reference(media(f"{IN}/bottle.png"), saved=""))
    (sent,) = fake.script.requests
    assert (sent.method, sent.path) == ("POST", "/api/v1/reference-inspirations")
    assert sent.headers["idempotency-key"].startswith("reference-")
    assert sent.json == {
        "template_slug": "product-shoot",
        "template_category": "static-ads",
        "media_kind": "image",
        "visibility": "private",
        "label": "Soft daylight",
        "image_urls": [f"{IN}/bottle.png"],
    }
    assert found == fake.saved[0]["id"]


def test_saves_a_clip_by_its_address(fake: Videotok, ask: Ask) -> None:
    clip = media(f"{IN}/neon.mp4", kind="video")
    save(ask, reference(clip, saved="", slug="motion-graphics", category="video-templates"))
    sent = fake.script.requests[0].json
    assert (sent["media_kind"], sent["video_url"]) == ("video", f"{IN}/neon.mp4")


def test_saves_a_carousel(fake: Videotok, ask: Ask) -> None:
    slides = (media(f"{IN}/1.png"), media(f"{IN}/2.png"))
    save(ask, reference(*slides, saved="", slug="slideshow", category="slideshow-carousel"))
    sent = fake.script.requests[0].json
    assert (sent["media_kind"], sent["image_urls"]) == ("slideshow", [f"{IN}/1.png", f"{IN}/2.png"])


def test_saves_a_picture_without_an_address_inside_of_the_request(fake: Videotok, ask: Ask) -> None:
    data = png("inline")
    name = default_storage.save("videotok-test/bottle.png", ContentFile(data))
    try:
        save(ask, reference(media(file=name, name="bottle.png", size_bytes=len(data)), saved=""))
    finally:
        default_storage.delete(name)
    sent = fake.script.requests[0].json
    assert sent["images"] == [
        {"filename": "bottle.png", "content_type": "image/png", "data": base64.b64encode(data).decode()}
    ]
    assert "image_urls" not in sent


def test_what_cannot_be_saved_is_refused_before_anything_is_sent(fake: Videotok, ask: Ask) -> None:
    with pytest.raises(NoAddress):
        save(ask, reference(media(name="neon.mp4", kind="video"), saved=""))
    with pytest.raises(UnsupportedInput, match="has 11 MB"):
        save(ask, reference(media(name="big.png", size_bytes=11 * 1024 * 1024), saved=""))
    with pytest.raises(UnsupportedInput, match="no picture or clip"):
        save(ask, reference(saved=""))
    with pytest.raises(UnsupportedInput, match="no template"):
        save(ask, reference(media(f"{IN}/a.png"), saved="", category=""))
    assert not fake.script.requests


def test_a_lost_answer_is_looked_for_before_it_is_repeated(fake: Videotok, ask: Ask) -> None:
    fake.script.next(method="POST", drop="after")
    found = save(ask, reference(media(f"{IN}/bottle.png"), saved=""))
    assert [it.method for it in fake.script.requests] == ["POST", "GET"]
    assert found == fake.saved[0]["id"]


def test_an_older_reference_of_the_same_name_is_another(fake: Videotok, ask: Ask) -> None:
    value = reference(media(f"{IN}/bottle.png"), saved="")
    save(ask, value)
    fake.saved[0]["created_at"] = "2020-01-01T00:00:00Z"
    fake.forget_idempotency()
    fake.script.next(method="POST", drop="before")
    found = save(ask, value)
    assert [it["id"] for it in fake.saved].index(found) == 1


def test_an_answer_lost_twice_is_for_later(fake: Videotok, ask: Ask) -> None:
    fake.script.next(method="POST", drop="before", times=2)
    with pytest.raises(NotTaken):
        save(ask, reference(media(f"{IN}/bottle.png"), saved=""))


def test_a_wrong_template_is_refused_in_their_words(fake: Videotok, ask: Ask) -> None:
    with pytest.raises(Refused, match="Unknown template"):
        save(ask, reference(media(f"{IN}/a.png"), saved="", slug="nowhere"))


@pytest.mark.parametrize("name", ["id", "reference_id", "reference_inspiration_id", "custom_reference_inspiration_id"])
@pytest.mark.parametrize("inside", ["", "reference", "reference_inspiration", "inspiration", "data"])
def test_the_id_of_a_new_reference_is_found_in_every_shape(fake: Videotok, ask: Ask, name: str, inside: str) -> None:
    body: dict[str, Any] = {name: "r-1"}
    fake.script.next(method="POST", status=201, body={inside: body} if inside else body)
    assert save(ask, reference(media(f"{IN}/a.png"), saved="")) == "r-1"


@pytest.mark.parametrize("name", ["references", "reference_inspirations", "inspirations", "data", "items", ""])
def test_a_list_of_references_is_found_in_every_shape(fake: Videotok, ask: Ask, name: str) -> None:
    rows = [{"id": "r-1", "label": "Neon", "image_urls": [f"{IN}/n.png"]}]
    fake.script.next(method="GET", status=200, body={name: rows} if name else rows)
    (entry,) = ask(lambda it, wire: it.references(wire))
    assert (entry.kind, entry.remote_id, entry.title, entry.picture) == ("reference", "r-1", "Neon", f"{IN}/n.png")


def test_suggests_where_an_inspiration_belongs(fake: Videotok, ask: Ask) -> None:
    entries = ask(lambda it, wire: it.suggest(wire, "image", "yellow restaurant ad"))
    assert fake.script.requests[0].query == {
        "suggest_targets": ["true"],
        "media_kind": ["image"],
        "description": ["yellow restaurant ad"],
    }
    assert [(it.kind, it.remote_id) for it in entries] == [("target", "motion-graphics"), ("target", "product-shoot")]
    assert entries[0].data == {
        "template_category": "video-templates",
        "media_kinds": ["image", "video"],
        "score": 6,
        "reason": "Good match.",
    }


def test_recommends_saved_references_for_a_template(fake: Videotok, ask: Ask) -> None:
    saved = save(ask, reference(media(f"{IN}/a.png"), saved=""))
    entries = ask(lambda it, wire: it.recommend(wire, "product-shoot", "static-ads", "image"))
    assert fake.script.requests[-1].query == {
        "recommend": ["true"],
        "template_slug": ["product-shoot"],
        "template_category": ["static-ads"],
        "media_kind": ["image"],
    }
    assert [(it.kind, it.remote_id) for it in entries] == [("reference", saved)]


def test_prices_follow_the_quality_and_are_never_guessed() -> None:
    provider = VideotokProvider()
    tiered = offer("video-ad:motion-graphics")
    assert tiered.price is None
    assert provider.estimate(tiered, resolved("video-ad", prompt="x", quality="low", count=2)) == 1200
    assert provider.estimate(tiered, resolved("video-ad", prompt="x")) is None
    assert provider.estimate(offer("static-ad:product-shoot"), resolved("static-ad", prompt="x", count=3)) == 300
    assert provider.estimate(offer("slideshow:slideshow"), resolved("slideshow", prompt="x")) is None


def test_a_lost_submit_may_be_sent_again_for_ten_minutes() -> None:
    assert VideotokProvider().may_send_again_within().total_seconds() == 600
    assert VideotokProvider().can_cancel is False
