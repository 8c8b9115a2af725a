"""People in two teams, as every test of a page needs them.

`team` has two workspaces. owner and admin are in all of them; `creator` and `reviewer` only in `workspace`.
`outsider` owns another team, with a workspace of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from studio.models import Membership, Role, Team, User, Workspace

PASSWORD = "plenty of paper cranes"


def join(team: Team, name: str, role: Role, only: Workspace | None = None) -> User:
    """A new person in the team: Mara gets mara@example.com and PASSWORD."""
    user = User.objects.create_user(f"{name.lower()}@example.com", name, PASSWORD)
    membership = Membership.objects.create(user=user, team=team, role=role, all_workspaces=only is None)
    if only:
        membership.some_workspaces.add(only)
    return user


@pytest.fixture
def team(db: None) -> Team:
    return Team.objects.create(name="Northbeam")


@pytest.fixture
def workspace(team: Team) -> Workspace:
    return Workspace.objects.create(team=team, name="Halden")


@pytest.fixture
def other_workspace(team: Team, workspace: Workspace) -> Workspace:
    return Workspace.objects.create(team=team, name="Kestrel")


@pytest.fixture
def owner(team: Team, workspace: Workspace) -> User:
    return join(team, "Elin", Role.OWNER)


@pytest.fixture
def admin(team: Team, workspace: Workspace) -> User:
    return join(team, "Mara", Role.ADMIN)


@pytest.fixture
def creator(team: Team, workspace: Workspace) -> User:
    return join(team, "Jonas", Role.CREATOR, workspace)


@pytest.fixture
def reviewer(team: Team, workspace: Workspace) -> User:
    return join(team, "Priya", Role.REVIEWER, workspace)


@pytest.fixture
def outsider(db: None) -> User:
    elsewhere = Team.objects.create(name="Elsewhere")
    Workspace.objects.create(team=elsewhere, name="Their client")
    return join(elsewhere, "Otto", Role.OWNER)


@pytest.fixture
def password() -> str:
    """Everybody's."""
    return PASSWORD


@pytest.fixture
def sign_in() -> Callable[[Client, User], Client]:
    """`sign_in(client, user)` gives the same client, signed in."""

    def sign_in(client: Client, user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in
