"""Which brand kit of a service stands for a brand of ours: remembered as a remote copy of the brand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet

from studio.models import CatalogueItem, Connection, Membership, RemoteCopy, Workspace

from . import reach, storing
from .theirs import Trouble


def link_brand(
    actor: Membership, workspace: Workspace, connection: Connection, kit: CatalogueItem, brand_id: UUID
) -> str:
    """From now on what is made for the brand is made with this kit there. Returns the brand's name; raises Trouble."""
    brand = reach.brands(actor, workspace.pk).filter(pk=brand_id).first()
    if brand is None:
        raise Trouble("This brand is not in use here any more. Choose another.")
    storing.remember_copy(connection, "brand", brand.pk, "brand_kit", kit.remote_id, {"title": kit.title})
    return brand.name


def unlink_brand(actor: Membership, workspace: Workspace, connection: Connection, brand_id: UUID) -> str:
    """Raises Trouble."""
    brand = reach.brands(actor, workspace.pk).filter(pk=brand_id).first()
    if brand is None:
        raise Trouble("This brand is not in use here any more. Choose another.")
    RemoteCopy.objects.filter(connection=connection, object_id=brand.pk, kind="brand_kit").delete()
    return brand.name


def linked_brands(
    actor: Membership, workspace: Workspace, connection: Connection, kits: Collection[str]
) -> dict[str, list[tuple[UUID, str]]]:
    """Kit's id there -> the brands that use it, as far as the actor sees them: (id, name). Two queries."""
    copies = RemoteCopy.objects.filter(connection=connection, kind="brand_kit", object_kind="brand")
    known = dict(copies.filter(remote_id__in=list(kits)).values_list("object_id", "remote_id"))
    found: dict[str, list[tuple[UUID, str]]] = {}
    rows = cast("QuerySet[Any]", reach.brands(actor, workspace.pk).filter(pk__in=list(known)).order_by("name"))
    for pk, name in rows.values_list("pk", "name"):
        found.setdefault(known[pk], []).append((pk, name))
    return found
