"""No form carries anything across teams: every form of the table is sent with the ids of another team's things in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import F, Field, ForeignKey, Model, OneToOneField
from django.test import Client
from django.urls import get_resolver, resolve
from pytest_django import Settings

from studio.models import Generation, Team, User, Workspace
from tests.pages.test_access import EXPECTED, patterns
from tests.world import World, make_world

POSTED = [row for row, method in EXPECTED if method == "POST"]
SIGNED = ("hook", "hook_done", "sign_in", "sign_out", "switch_team")
"""Outsiders' doors, and the way into one's other team."""


@pytest.fixture(autouse=True)
def with_mail(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.com"


@pytest.fixture
def world(workspace: Workspace, other_workspace: Workspace, owner: User) -> World:
    return make_world(workspace, owner)


@pytest.fixture
def foreign(outsider: User) -> World:
    """What the team of `world` must neither reach nor change."""
    return make_world(Workspace.objects.get(team__memberships__user=outsider), outsider)


def way_to_team(model: type[Model], seen: tuple[type[Model], ...] = ()) -> str:
    """How a row of this model leads to its team ("product__brand__team"); "" for one that belongs to none."""
    if model is Team:
        return "pk"
    for field in keys_of(model):
        if field.name == "team":
            return "team"
    for field in keys_of(model):
        if field.related_model not in (*seen, model, User):
            way = way_to_team(field.related_model, (*seen, model))
            if way and not field.null:
                return field.name if way == "pk" else f"{field.name}__{way}"
    return ""


def keys_of(model: type[Model]) -> list[ForeignKey[Any, Any]]:
    fields: list[Field[Any, Any]] = [field for field in model._meta.get_fields() if isinstance(field, Field)]
    return [field for field in fields if isinstance(field, ForeignKey | OneToOneField)]


MODELS = [model for model in apps.get_app_config("studio").get_models() if way_to_team(model) not in ("", "pk")]


def crossings() -> Iterator[str]:
    """Rows that name a row of another team."""
    for model in MODELS:
        own = way_to_team(model)
        for field in keys_of(model):
            other = way_to_team(field.related_model)
            if not other or field.related_model is User:
                continue
            theirs = field.name if other == "pk" else f"{field.name}__{other}"
            rows = model._default_manager.exclude(**{field.name: None}).exclude(**{theirs: F(own)})
            yield from (f"{model.__name__}.{field.name}: {row.pk}" for row in rows)


def rows_of(team: Team) -> dict[str, list[dict[str, Any]]]:
    return {
        model.__name__: list(model._default_manager.filter(**{way_to_team(model): team}).order_by("pk").values())
        for model in MODELS
    }


def ids_of(world: World) -> dict[str, object]:
    """By the name that a form may give it."""
    face = {"asset": world.asset.pk, "photos": world.asset.pk, "photo": world.asset.pk, "face": world.asset.pk}
    things = {
        "voice": world.voice.pk,
        "brand": world.brand.pk,
        "influencer": world.influencer.pk,
        "reference": world.reference.pk,
        "output": world.output.pk,
        "source_output": world.output.pk,
        "workspace": world.workspace.pk,
        "workspaces": world.workspace.pk,
        "connection": world.connection.pk,
        "person": world.joiner.pk,
        "item": world.connection.items.get(kind="influencer").pk,
    }
    pictures = dict.fromkeys(("product_images", "images", "image", "logo", "recording", "consent_file"), world.asset.pk)
    return {name: str(pk) for name, pk in {**face, **things, **pictures}.items()}


def exchanged(form: dict[str, object], own: World, foreign: World) -> dict[str, object]:
    """The form with everything of one's own team in it replaced by the like of the other, and whatever else a form may name added."""
    pairs = {str(value): str(getattr(foreign, name).pk) for name, value in pks(own)}

    def other(value: object) -> object:
        if isinstance(value, list):
            return [other(it) for it in value]
        return pairs.get(value, value) if isinstance(value, str) else value

    return {**ids_of(foreign), **{name: other(value) for name, value in form.items()}}


def pks(world: World) -> list[tuple[str, UUID]]:
    return [(name, value.pk) for name, value in vars(world).items() if isinstance(value, Model)]


def test_the_watch_sees_what_crosses(world: World, foreign: World) -> None:
    assert {"ProductPhoto", "InfluencerPhoto", "Output", "Reference", "Decision"} <= {it.__name__ for it in MODELS}
    assert list(crossings()) == []
    world.influencer.face = foreign.asset
    world.influencer.save()
    assert [it.partition(":")[0] for it in crossings()] == ["Influencer.face"]
    before = rows_of(foreign.workspace.team)
    foreign.voice.name = "Taken"
    foreign.voice.save()
    assert rows_of(foreign.workspace.team) != before


@pytest.mark.parametrize("row", [row for row in POSTED if row not in SIGNED])
def test_no_form_reaches_another_team(
    client: Client,
    world: World,
    foreign: World,
    owner: User,
    sign_in: Callable[[Client, User], Client],
    password: str,
    row: str,
) -> None:
    sign_in(client, owner)
    before = rows_of(foreign.workspace.team)
    known = set(Generation.objects.values_list("pk", flat=True))
    form = exchanged(world.form(row, password), world, foreign)
    with transaction.atomic():
        answer = client.post(world.address(row), form)
        assert answer.status_code < 500
        assert list(crossings()) == []
        assert rows_of(foreign.workspace.team) == before
        made = Generation.objects.exclude(pk__in=known)
        assert not [it.pk for it in made for pk in ids_of(foreign).values() if str(pk) in str(vars(it))]
        transaction.set_rollback(True)


def test_no_two_addresses_share_a_name() -> None:
    """The table knows addresses by name: a second one of a name would stand in nobody's row."""
    names = [str(pattern.name) for pattern in patterns(get_resolver())]
    assert len(names) == len(set(names)) >= 150


def test_every_row_asks_the_address_that_it_names(world: World) -> None:
    for row, _ in EXPECTED:
        assert resolve(world.address(row).partition("?")[0]).url_name == row.partition(":")[0], row
