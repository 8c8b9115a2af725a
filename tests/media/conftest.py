from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytest_django import Settings

from studio.models import Membership, Role, Team, User, Workspace


@dataclass
class House:
    """A team with one workspace and its creator."""

    team: Team
    workspace: Workspace
    membership: Membership


def make_house(name: str) -> House:
    team = Team.objects.create(name=name)
    workspace = Workspace.objects.create(team=team, name="Spring")
    user = User.objects.create_user(email=f"{name.lower()}@example.com", password="a long enough password", name=name)
    return House(team, workspace, Membership.objects.create(user=user, team=team, role=Role.CREATOR))


@pytest.fixture
def house(db: None) -> House:
    return make_house("Juniper")


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Settings) -> Iterator[Path]:
    """A storage of its own for each test."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "tmp"
    yield tmp_path / "media"
    left = list((tmp_path / "tmp").glob("*"))
    assert left == [], "a temporary file was left behind"
