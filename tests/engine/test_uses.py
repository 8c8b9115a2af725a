"""What a generation was made with is written down with it; what is shared is reached by those who see it."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from studio.engine import reach
from studio.engine.briefs import submit_brief
from studio.models import Brand, Membership, Reference, ReferenceMedia, Role, Use, Visibility, Workspace
from studio.tools import get_tool
from tests.factories import make_asset

from .conftest import Submit

pytestmark = pytest.mark.database


@pytest.fixture
def elsewhere(member: Membership) -> Workspace:
    """Another client's workspace of the same team."""
    return Workspace.objects.create(team=member.team, name="Northpass")


@pytest.fixture
def limited(member: Membership, workspace: Workspace, elsewhere: Workspace) -> Membership:
    """The member, who sees one workspace only."""
    member.role, member.all_workspaces = Role.CREATOR, False
    member.save()
    member.some_workspaces.set([workspace])
    return member


def test_each_generation_says_what_it_was_made_with(submit: Submit, brand: Brand) -> None:
    made = submit(headline="Slow mornings", brand=str(brand.pk), aspect_ratio=["1:1", "9:16"])
    uses = Use.objects.filter(object_id=brand.pk)
    assert {use.generation_id for use in uses} == {generation.pk for generation in made}
    assert {use.object_kind for use in uses} == {"brand"}


def test_nothing_chosen_is_nothing_used(submit: Submit) -> None:
    submit(headline="Slow mornings")
    assert not Use.objects.exists()


def test_the_same_press_again_is_not_another_use(member: Membership, workspace: Workspace, brand: Brand) -> None:
    tool = get_tool("static-ad")
    assert tool
    inputs = tool.Inputs.model_validate({"headline": "Slow mornings", "brand": str(brand.pk)})
    submit_brief(member, workspace, tool, inputs, "n1")
    submit_brief(member, workspace, tool, inputs, "n1")
    assert Use.objects.count() == 1


def test_what_was_made_before_is_written_down_by_the_migration(submit: Submit, brand: Brand) -> None:
    made = submit(headline="Slow mornings", brand=str(brand.pk))
    submit(headline="Without")
    Use.objects.all().delete()
    import_module("studio.migrations.0004_uses").write_down(apps, None)
    (use,) = Use.objects.all()
    assert (use.generation_id, use.object_kind, use.object_id) == (made[0].pk, "brand", brand.pk)
    assert use.workspace_id == made[0].workspace_id


@pytest.mark.parametrize(
    ("visibility", "is_seen"), [(Visibility.PRIVATE, False), (Visibility.ASKED, False), (Visibility.PUBLIC, True)]
)
def test_a_reference_of_another_workspace_is_seen_once_it_is_public(
    limited: Membership, workspace: Workspace, elsewhere: Workspace, visibility: Visibility, is_seen: bool
) -> None:
    asset = make_asset(elsewhere)
    saved = Reference.objects.create(team=limited.team, workspace=elsewhere, label="Slate", visibility=visibility)
    ReferenceMedia.objects.create(reference=saved, asset=asset)
    assert reach.references(limited, workspace.pk).filter(pk=saved.pk).exists() is is_seen
    assert reach.assets(limited).filter(pk=asset.pk).exists() is is_seen


def test_an_archived_reference_is_not_offered(member: Membership, workspace: Workspace) -> None:
    saved = Reference.objects.create(team=member.team, workspace=workspace, label="Old", archived_at=timezone.now())
    assert not reach.references(member, workspace.pk).filter(pk=saved.pk).exists()
