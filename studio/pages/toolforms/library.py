"""What a form offers from the team's library: brands, pictures, product photos. A fixed number of queries each, whatever the library's size."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from studio.engine import reach
from studio.engine.fields import own_id
from studio.models import Asset, Brand, Kind, Membership, ProductPhoto, Workspace

from .held import Held, held_asset

MAX_PHOTOS = 12


@dataclass(frozen=True, slots=True)
class Photo:
    """A product photo that one click adds."""

    asset: Asset
    product: str

    @property
    def card(self) -> Held:
        return held_asset(self.asset)


def brands(membership: Membership, workspace: Workspace) -> list[Brand]:
    """The brands to choose from here: the workspace's own and those of the whole team."""
    return list(reach.brands(membership, workspace.pk).select_related("logo").order_by("name", "id"))


def pictures(membership: Membership, references: Iterable[str]) -> list[Asset]:
    """The pictures that are referred to, in that order, without those that this person may not see."""
    ids = list(dict.fromkeys(pk for pk in map(own_id, references) if pk))
    if not ids:
        return []
    found = reach.assets(membership).filter(kind=Kind.IMAGE).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def photos(membership: Membership, workspace: Workspace, reference: str) -> list[Photo]:
    """The first photos of a brand's products, in order."""
    pk = own_id(reference)
    if pk is None:
        return []
    rows = (
        ProductPhoto.objects.filter(product__brand__in=reach.brands(membership, workspace.pk).filter(pk=pk))
        .select_related("asset", "product")
        .order_by("product__position", "product_id", "position", "id")
    )
    return [Photo(row.asset, row.product.name) for row in rows[:MAX_PHOTOS]]
