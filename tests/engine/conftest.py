from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from studio.engine import rendering, steps
from studio.engine.briefs import submit_brief
from studio.media.ingest import ingest_result
from studio.models import Asset, Brand, Generation, Membership, Role, Team, User, Workspace
from studio.providers.local import child
from studio.tools import get_tool
from tests.wait import until

PHOTO = Path(settings.BASE_DIR) / "studio" / "render" / "data" / "demo" / "jar_peach.jpg"

Submit = Callable[..., list[Generation]]


@pytest.fixture
def member(transactional_db: None) -> Membership:
    """A creator in a team with one workspace."""
    team = Team.objects.create(name="North")
    workspace = Workspace.objects.create(team=team, name="Launch")
    user = User.objects.create_user("ada@example.com", "Ada")
    return Membership.objects.create(user=user, team=team, role=Role.CREATOR, current_workspace=workspace)


@pytest.fixture
def workspace(member: Membership) -> Workspace:
    assert member.current_workspace
    return member.current_workspace


@pytest.fixture
def photo(member: Membership, workspace: Workspace) -> Asset:
    """A picture that the worker has looked at."""
    asset = ingest_result(team=member.team, workspace=workspace, path=PHOTO, original_name="jar.jpg")
    asset.analysed_at = timezone.now()
    asset.save(update_fields=("analysed_at",))
    return asset


@pytest.fixture
def brand(member: Membership, photo: Asset) -> Brand:
    return Brand.objects.create(team=member.team, name="Peachy", accent="#ff7f50", logo=photo)


@pytest.fixture
def submit(member: Membership, workspace: Workspace) -> Submit:
    """Submits a static ad with these inputs and returns its generations."""

    def press(**inputs: object) -> list[Generation]:
        tool = get_tool("static-ad")
        assert tool
        model = tool.Inputs.model_validate({"headline": "Slow mornings", **inputs})
        brief = submit_brief(member, workspace, tool, model, uuid.uuid4().hex).brief
        return list(brief.generations.order_by("position"))

    return press


@pytest.fixture
def quick_renderer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The render process is one of tests.engine.renderers, so that a test need not wait for real pixels."""
    monkeypatch.setattr(child, "MODULE", "tests.engine.renderers")


def work_off(generation: Generation, seconds: float = 30) -> Generation:
    """Does what the lanes do, in this very process, until the generation has ended."""

    def ended() -> bool:
        steps.advance(generation.pk)
        rendering.render_next()
        generation.refresh_from_db()
        return not generation.is_under_way

    until(ended, f"the end of {generation.pk}", seconds)
    return generation
