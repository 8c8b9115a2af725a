"""The first start: a team, a workspace and the demo, whatever interrupts it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.management import call_command

from config import where
from studio.management import demo
from studio.models import (
    Asset,
    Brand,
    Brief,
    Generation,
    LinkPurpose,
    Membership,
    Product,
    ProductPhoto,
    Role,
    SignInLink,
    Team,
    User,
    Workspace,
)
from studio.render.fonts import FONTS


def counts() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (Team, Workspace, Brand, Product, ProductPhoto, Asset, Brief, Generation)
    )


WHOLE = (1, 1, 4, 5, 7, 7, 3, 3)


@pytest.mark.django_db
def test_it_makes_everything_once() -> None:
    call_command("bootstrap")
    assert counts() == WHOLE
    call_command("bootstrap")
    assert counts() == WHOLE
    assert Brief.objects.filter(created_by=None).count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["ingest_result", "submit_brief"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_interrupted_it_goes_on_where_it_was(step: str, after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Power fails once: before or after the first, second or third call of a step."""
    real, calls = getattr(demo, step), 0

    def failing(*args: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == after + 1:
            real(*args, **options)
            raise KeyboardInterrupt
        return real(*args, **options)

    monkeypatch.setattr(demo, step, failing)
    with pytest.raises(KeyboardInterrupt):
        call_command("bootstrap")
    call_command("bootstrap")
    assert counts() == WHOLE


@pytest.mark.django_db
def test_without_the_demo_there_is_an_empty_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, "DEMO", False)
    call_command("bootstrap")
    assert counts() == (1, 1, 0, 0, 0, 0, 0, 0)


@pytest.mark.django_db
def test_a_team_with_people_in_it_is_left_alone() -> None:
    team = Team.objects.create(name="Ours")
    Workspace.objects.create(team=team, name="Client")
    Membership.objects.create(user=User.objects.create_user("a@example.com", "A"), team=team, role=Role.OWNER)
    call_command("bootstrap")
    assert counts() == (1, 1, 0, 0, 0, 0, 0, 0)


def test_the_demo_brands_use_fonts_that_exist() -> None:
    for brand in demo.BRANDS:
        assert {brand.heading_font, brand.body_font} <= FONTS.keys()


@pytest.mark.django_db
def test_welcome_prints_a_link_that_works(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("welcome")
    found = re.fullmatch(r"Open http://127\.0\.0\.1:8000/welcome/(\S+)\n", capsys.readouterr().out)
    assert found
    link = SignInLink.find(LinkPurpose.WELCOME, found[1])
    assert link
    assert link.use()
    assert SignInLink.find(LinkPurpose.WELCOME, found[1]) is None
