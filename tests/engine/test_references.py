"""Saved inspirations: what the worker notices, and who of the team sees them."""

from __future__ import annotations

import random
from datetime import timedelta
from io import BytesIO

import pytest

from studio.engine import reach, references, tasks
from studio.models import Asset, Event, Membership, Reference, Role, Team, User, Visibility, Workspace
from tests.engine.labelled import DRAWN
from tests.factories import make_asset

pytestmark = pytest.mark.database


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Northbeam")


@pytest.fixture
def workspace(team: Team) -> Workspace:
    return Workspace.objects.create(team=team, name="Halden")


@pytest.fixture
def other(team: Team) -> Workspace:
    return Workspace.objects.create(team=team, name="Kestrel")


def member(team: Team, role: Role, *only: Workspace) -> Membership:
    user = User.objects.create_user(f"p{User.objects.count()}@example.com", str(role))
    made = Membership.objects.create(user=user, team=team, role=role, all_workspaces=not only)
    made.some_workspaces.set(only)
    return made


def poster(workspace: Workspace, name: str = "oru_loud-v2.png") -> Asset:
    out = BytesIO()
    DRAWN["poster"]((320, 400), random.Random(1)).save(out, "PNG")
    return make_asset(workspace, out.getvalue(), name)


def test_saving_rings_once_and_the_worker_notices_the_look(
    workspace: Workspace,
) -> None:
    creator = member(workspace.team, Role.CREATOR, workspace)
    saved = references.save(creator, workspace, [poster(workspace)])
    assert (saved.label, saved.media_kind, saved.look) == ("Oru loud v2", "image", {})
    tasks.notice(str(saved.pk))
    saved.refresh_from_db()
    assert saved.look["layout"] == "poster"
    assert len(saved.look["palette"]) == 5
    assert Event.objects.filter(kind="reference", subject=str(saved.pk)).count() == 1
    before = saved.look
    Reference.objects.filter(pk=saved.pk).update(look={**before, "layout": "kept"})
    tasks.notice(str(saved.pk))
    saved.refresh_from_db()
    assert saved.look["layout"] == "kept"


def test_one_whose_bell_was_lost_is_found_by_the_sweep(workspace: Workspace) -> None:
    creator = member(workspace.team, Role.CREATOR, workspace)
    saved = references.save(creator, workspace, [poster(workspace)])
    assert list(references.unnoticed(timedelta(seconds=-1))) == [saved.pk]
    assert list(references.unnoticed(timedelta(minutes=1))) == []
    tasks.notice(str(saved.pk))
    assert list(references.unnoticed(timedelta(seconds=-1))) == []


def test_several_pictures_are_a_slideshow_of_at_most_ten(workspace: Workspace) -> None:
    creator = member(workspace.team, Role.CREATOR, workspace)
    saved = references.save(creator, workspace, [poster(workspace)] * 12, label=" Tips ", source="https://e.example")
    assert (saved.label, saved.media_kind, saved.media.count()) == ("Tips", "slideshow", references.MOST_MEDIA)
    assert "oru_loud" in saved.search_text


def test_what_cannot_be_seen_is_not_tried_again(workspace: Workspace) -> None:
    creator = member(workspace.team, Role.CREATOR, workspace)
    broken = poster(workspace)
    broken.preview_large = str(broken.file.name)
    broken.file.storage.delete(str(broken.file.name))
    broken.file.storage.save(str(broken.file.name), BytesIO(b"no picture"))
    broken.save()
    saved = references.save(creator, workspace, [broken])
    tasks.notice(str(saved.pk))
    saved.refresh_from_db()
    assert saved.look["failed"]


def test_all_workspaces_see_it_after_an_admins_yes_only(workspace: Workspace, other: Workspace) -> None:
    asker, admin = member(workspace.team, Role.CREATOR, workspace), member(workspace.team, Role.ADMIN)
    elsewhere = member(workspace.team, Role.CREATOR, other)
    saved = references.save(asker, workspace, [poster(workspace)])
    rows = Reference.objects.filter(pk=saved.pk)
    asset = saved.media.get().asset
    assert references.ask_public(asker, rows) == 1
    saved.refresh_from_db()
    assert (saved.visibility, saved.asked_by) == (Visibility.ASKED, asker.user)
    assert not reach.references(elsewhere, other.pk).exists()
    assert not reach.assets(elsewhere).filter(pk=asset.pk).exists()
    assert references.ask_public(asker, rows) == 0
    assert references.ask_public(admin, rows) == 1
    saved.refresh_from_db()
    assert (saved.visibility, saved.decided_by) == (Visibility.PUBLIC, admin.user)
    assert list(reach.references(elsewhere, other.pk)) == [saved]
    assert reach.assets(elsewhere).filter(pk=asset.pk).exists()
    assert references.make_private(rows) == 1
    assert not reach.references(elsewhere, other.pk).exists()
