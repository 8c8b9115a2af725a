"""A brand's products: names, photos and their order."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from studio.models import Asset, Brand, Product, Team, User, Workspace
from tests.brand_rows import HTMX, SignIn, brand, elsewhere, photo, png

__all__ = ["brand", "elsewhere"]


def address(name: str, brand: Brand, product: Product | None = None) -> str:
    return reverse(name, args=[brand.pk, product.pk] if product else [brand.pk])


def three(brand: Brand) -> list[Product]:
    return [
        Product.objects.create(brand=brand, name=name, position=at) for at, name in enumerate(("One", "Two", "Three"))
    ]


def order(brand: Brand) -> list[str]:
    return [product.name for product in Product.objects.filter(brand=brand)]


def test_a_product_is_added_with_photos_in_order(
    client: Client, creator: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    first, second = photo(brand.team, workspace, "a.png"), photo(brand.team, workspace, "b.png")
    sign_in(client, creator)
    sent = {"name": "Daily serum", "photos": [str(second.pk), str(first.pk), str(second.pk)]}
    answer = client.post(address("product_new", brand), sent, headers=HTMX)
    assert "Daily serum" in answer.text
    assert [it.asset for it in Product.objects.get().photos.all()] == [second, first]


def test_without_script_the_files_come_with_the_form(
    client: Client, creator: User, brand: Brand, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    page = client.post(address("product_new", brand), {"name": "Serum", "do": "upload", "photo_files": [png()]})
    asset = Asset.objects.get()
    assert f'value="{asset.pk}"' in page.text
    assert 'value="Serum"' in page.text
    assert not Product.objects.exists()
    gone = client.post(
        address("product_new", brand), {"name": "Serum", "photos": str(asset.pk), "do": f"remove:{asset.pk}"}
    )
    assert f'value="{asset.pk}"' not in gone.text
    client.post(
        address("product_new", brand), {"name": "Serum", "photos": str(asset.pk), "photo_files": [png("#112233")]}
    )
    assert Product.objects.get().photos.count() == 2


def test_a_product_is_renamed_and_its_photos_changed(
    client: Client, creator: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    (product, *_), asset = three(brand), photo(brand.team, workspace)
    sign_in(client, creator)
    assert 'value="One"' in client.get(address("product", brand, product), headers=HTMX).text
    client.post(address("product", brand, product), {"name": "Uno", "photos": str(asset.pk)})
    client.post(address("product", brand, product), {"name": "Uno"})
    product.refresh_from_db()
    assert product.name == "Uno"
    assert not product.photos.exists()


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": ""}, "Type the product&#x27;s name."),
        ({"name": "x" * 81}, "Use at most 80 characters; this has 81."),
        ({"name": "Serum", "photos": str(uuid.uuid4())}, "One of the photos is not here any more"),
        ({"name": "Serum", "photos": "'; drop table"}, "One of the photos is not here any more"),
        ({"name": "Serum", "photo_files": SimpleUploadedFile("x.png", b"no", "image/png")}, "x.png"),
    ],
)
def test_bad_input_is_said_and_nothing_is_saved(
    client: Client, owner: User, brand: Brand, sign_in: SignIn, sent: dict[str, str], sentence: str
) -> None:
    answer = sign_in(client, owner).post(address("product_new", brand), sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Product.objects.exists()


def test_another_teams_picture_is_not_found(
    client: Client, owner: User, brand: Brand, outsider: User, sign_in: SignIn
) -> None:
    theirs = Workspace.objects.exclude(team=brand.team).get()
    asset = photo(theirs.team, theirs, "theirs.png")
    answer = sign_in(client, owner).post(address("product_new", brand), {"name": "Serum", "photos": str(asset.pk)})
    assert answer.status_code == 422
    assert str(asset.pk) not in answer.text


def test_thirteen_photos_are_too_many(
    client: Client, owner: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    photos = [str(photo(brand.team, workspace, f"{number}.png").pk) for number in range(13)]
    answer = sign_in(client, owner).post(address("product_new", brand), {"name": "Serum", "photos": photos})
    assert "At most 12 photos" in answer.text


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"step": "-1"}, ["Two", "One", "Three"]),
        ({"step": "1"}, ["One", "Three", "Two"]),
        ({"to": "0"}, ["Two", "One", "Three"]),
        ({"to": "99"}, ["One", "Three", "Two"]),
        ({"to": "-1"}, ["One", "Two", "Three"]),
        ({"to": "²"}, ["One", "Two", "Three"]),
        ({}, ["One", "Two", "Three"]),
    ],
)
def test_products_change_places(
    client: Client, creator: User, brand: Brand, sign_in: SignIn, sent: dict[str, str], expected: list[str]
) -> None:
    product = three(brand)[1]
    answer = sign_in(client, creator).post(address("product_move", brand, product), sent, headers=HTMX)
    assert answer.status_code == 200
    assert order(brand) == expected


def test_a_product_is_deleted_and_its_photo_stays(
    client: Client, creator: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    asset = photo(brand.team, workspace)
    product = three(brand)[0]
    product.photos.create(asset=asset)
    assert sign_in(client, creator).post(address("product_delete", brand, product)).status_code == 302
    assert order(brand) == ["Two", "Three"]
    assert Asset.objects.filter(pk=asset.pk).exists()


def test_a_product_is_found_under_its_own_brand_only(
    client: Client, owner: User, team: Team, brand: Brand, sign_in: SignIn
) -> None:
    product, other = three(brand)[0], Brand.objects.create(team=team, name="Oru")
    sign_in(client, owner)
    for name in ("product", "product_delete", "product_move"):
        assert client.post(address(name, other, product), {"name": "X"}).status_code == 404
    assert len(order(brand)) == 3
