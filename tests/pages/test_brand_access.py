"""Every address of the brand pages as everybody."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from studio.models import Brand, Product, ProductPhoto, User, Workspace
from tests.brand_rows import COLOURS, SignIn, brand, elsewhere, photo

__all__ = ["brand", "elsewhere"]

READ = ("brand", "brand_sample")
CHANGE: tuple[tuple[str, dict[str, str]], ...] = (
    ("brand_archive", {}),
    ("brand_restore", {}),
    ("product_new", {"name": "Serum"}),
    ("product_move", {"step": "1"}),
    ("product", {"name": "Cream"}),
    ("product_delete", {}),
    ("brand_card:tone", {"tone": "Calm."}),
    ("brand_card:about", {"name": "Halden"}),
    ("brand_card:colours", COLOURS),
    ("brand_card:fonts", {"heading_font": "inter", "body_font": "inter"}),
    ("brand_card:logo", {"do": "remove:logo"}),
)


def addressed(name: str, brand: Brand) -> str:
    name, _, card = name.partition(":")
    if name in ("product", "product_delete", "product_move"):
        product = brand.products.first() or Product.objects.create(brand=brand, name="Serum")
        return reverse(name, args=[brand.pk, product.pk])
    return reverse(name, args=[brand.pk, card] if card else [brand.pk])


@pytest.mark.parametrize("name", READ)
def test_members_look_and_outsiders_find_nothing(
    client: Client, owner: User, creator: User, reviewer: User, outsider: User, brand: Brand, sign_in: SignIn, name: str
) -> None:
    assert client.get(addressed(name, brand)).status_code == 302
    for user in (owner, creator, reviewer):
        assert sign_in(client, user).get(addressed(name, brand)).status_code == 200
    assert sign_in(client, outsider).get(addressed(name, brand)).status_code == 404


@pytest.mark.parametrize(("name", "sent"), CHANGE)
def test_creators_change_reviewers_may_not_outsiders_find_nothing(
    client: Client,
    owner: User,
    creator: User,
    reviewer: User,
    outsider: User,
    brand: Brand,
    sign_in: SignIn,
    name: str,
    sent: dict[str, str],
) -> None:
    assert client.post(addressed(name, brand), sent)["Location"].startswith(reverse("sign_in"))
    assert sign_in(client, reviewer).post(addressed(name, brand), sent).status_code == 403
    assert sign_in(client, outsider).post(addressed(name, brand), sent).status_code == 404
    for user in (creator, owner):
        Brand.objects.filter(pk=brand.pk).update(archived_at=None)
        assert sign_in(client, user).post(addressed(name, brand), sent).status_code == 302


@pytest.mark.parametrize(("name", "sent"), CHANGE)
def test_a_brand_of_another_workspace_is_out_of_reach(
    client: Client, creator: User, elsewhere: Brand, sign_in: SignIn, name: str, sent: dict[str, str]
) -> None:
    assert sign_in(client, creator).post(addressed(name, elsewhere), sent).status_code == 404
    assert client.get(reverse("brand", args=[elsewhere.pk])).status_code == 404


def test_the_page_says_where_a_brand_of_another_workspace_can_be_used(
    client: Client, owner: User, elsewhere: Brand, sign_in: SignIn
) -> None:
    page = sign_in(client, owner).get(reverse("brand", args=[elsewhere.pk])).text
    assert "belongs to the workspace Kestrel" in page
    assert "Make an ad" not in page


@pytest.mark.parametrize("name", ["brand_archive", "brand_restore", "product_move", "product_delete"])
def test_nothing_changes_by_a_get(client: Client, owner: User, brand: Brand, sign_in: SignIn, name: str) -> None:
    assert sign_in(client, owner).get(addressed(name, brand)).status_code == 405


def test_a_card_that_is_not_there_is_not_found(client: Client, owner: User, brand: Brand, sign_in: SignIn) -> None:
    assert sign_in(client, owner).get(reverse("brand_card", args=[brand.pk, "prices"])).status_code == 404


def test_the_pictures_of_a_brand_of_all_are_seen_wherever_they_were_uploaded(
    client: Client, creator: User, brand: Brand, elsewhere: Brand, other_workspace: Workspace, sign_in: SignIn
) -> None:
    logo, shot, hidden = (photo(brand.team, other_workspace, name) for name in ("logo.png", "shot.png", "hidden.png"))
    for asset in (logo, shot, hidden):
        default_storage.save(str(asset.file.name), ContentFile(b"0123456789"))
    Brand.objects.filter(pk=brand.pk).update(logo=logo)
    Brand.objects.filter(pk=elsewhere.pk).update(logo=hidden)
    ProductPhoto.objects.create(product=Product.objects.create(brand=brand, name="Serum"), asset=shot)
    sign_in(client, creator)
    answers = [client.get(reverse("media", args=[asset.pk, "original"])).status_code for asset in (logo, shot, hidden)]
    assert answers == [200, 200, 404]


# -- Drawings ----------------------------------------------------------------------------------------------------------
def test_a_specimen_is_outlines_that_may_be_kept(client: Client, reviewer: User, brand: Brand, sign_in: SignIn) -> None:
    address = reverse("font_specimen", args=["fraunces"])
    assert client.get(address).status_code == 302
    answer = sign_in(client, reviewer).get(address, {"text": "<script>Halden</script>"})
    assert answer["Content-Type"] == "image/svg+xml"
    assert "max-age=2592000" in answer["Cache-Control"]
    assert "<path" in answer.text
    assert "script" not in answer.text
    assert (
        client.get(address, {"text": "<script>Halden</script>"}, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304
    )


@pytest.mark.parametrize("text", ["", "x" * 5000, "\u0000\u202e", "日本語 عربي 😀"])
def test_a_specimen_takes_any_text(client: Client, owner: User, sign_in: SignIn, text: str) -> None:
    assert sign_in(client, owner).get(reverse("font_specimen", args=["inter"]), {"text": text}).status_code == 200


def test_there_is_no_specimen_of_an_unknown_font(client: Client, owner: User, sign_in: SignIn) -> None:
    assert sign_in(client, owner).get(reverse("font_specimen", args=["comic-sans"])).status_code == 404


def test_the_sample_is_an_ad_of_the_brand(client: Client, owner: User, brand: Brand, sign_in: SignIn) -> None:
    answer = sign_in(client, owner).get(reverse("brand_sample", args=[brand.pk]))
    assert answer["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    client.post(reverse("brand_archive", args=[brand.pk]))
    assert client.get(reverse("brand_sample", args=[brand.pk])).status_code == 404
