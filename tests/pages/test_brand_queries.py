"""A library of a thousand costs the brand pages the queries of one of ten: brands, products with photos, and what was made with them."""

from __future__ import annotations

from django.test import Client
from django.urls import reverse

from studio.models import Brand, Output, Product, ProductPhoto, Use, User, Workspace
from tests.brand_rows import COLOURS, HTMX, SignIn, brand, photo
from tests.factories import make_outputs
from tests.queries import queries_of

__all__ = ["brand"]

CARDS = ("about", "logo", "tone", "claims", "colours", "fonts", "delivery")


def grown(brand: Brand, workspace: Workspace, user: User, number: int) -> None:
    """So many more of everything: brands; products with a photo; outputs made with the brand."""
    team, was = brand.team, brand.products.count()
    Brand.objects.bulk_create([Brand(team=team, name=f"Brand {was + it}", **COLOURS) for it in range(number)])
    products = [Product(brand=brand, name=f"P{it}", position=was + it) for it in range(number)]
    Product.objects.bulk_create(products)
    asset = brand.logo or photo(team, workspace)
    ProductPhoto.objects.bulk_create([ProductPhoto(product=it, asset=asset) for it in products])
    made = make_outputs(workspace, number, user)
    Output.objects.filter(pk__in=[it.pk for it in made]).update(brand=brand)
    uses = {"team_id": team.pk, "workspace_id": workspace.pk, "object_kind": "brand", "object_id": brand.pk}
    Use.objects.bulk_create([Use(**uses, generation_id=pk) for pk in {it.generation_id for it in made}])


def pages(brand: Brand) -> dict[str, str]:
    return {
        "brands": reverse("brands"),
        "later": f"{reverse('brands')}?after={brand.pk}",
        "archived": f"{reverse('brands')}?archived=1",
        "found": f"{reverse('brands')}?q=brand",
        "form": f"{reverse('create_tool', args=['static-ad'])}?brand={brand.pk}",
        **{name: reverse(name, args=[brand.pk]) for name in ("brand", "brand_fonts", "brand_sample")},
    }


def fragments(brand: Brand) -> dict[str, str]:
    first = brand.products.order_by("position")[0]
    return {
        "product": reverse("product", args=[brand.pk, first.pk]),
        **{name: reverse(name, args=[brand.pk]) for name in ("brand_products", "product_new")},
        **{card: reverse("brand_card", args=[brand.pk, card]) for card in CARDS},
    }


SAVED = {"tone": {"tone": "Calm."}, "colours": COLOURS, "about": {"name": "Halden"}}


def test_a_thousand_cost_the_queries_of_thirty(
    client: Client, owner: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    brand.logo = photo(brand.team, workspace)
    brand.save(update_fields=("logo",))

    def got(address: str, headers: dict[str, str]) -> int:
        return queries_of(lambda: client.get(address, headers=headers))

    def posted(card: str) -> int:
        address = reverse("brand_card", args=[brand.pk, card])
        return queries_of(lambda: client.post(address, SAVED[card], headers=HTMX))

    def counted() -> dict[str, int]:
        found = {name: got(address, {}) for name, address in pages(brand).items()}
        found |= {name: got(address, HTMX) for name, address in fragments(brand).items()}
        return found | {f"{card} saved": posted(card) for card in SAVED}

    grown(brand, workspace, owner, 30)
    few = counted()
    grown(brand, workspace, owner, 970)
    many = counted()
    assert many == few
    assert max(many.values()) <= 30, many
