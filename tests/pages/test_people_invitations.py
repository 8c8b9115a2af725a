"""Making, accepting and revoking invitations."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from studio.models import Invitation, Membership, Role, Team, User, Workspace

SignIn = Callable[[Client, User], Client]
NEW = {"name": "Sam", "email": "sam@example.com", "password": "plenty of paper cranes"}


def invite(team: Team, owner: User, role: Role = Role.CREATOR, email: str = "", only: Workspace | None = None) -> str:
    _, token = Invitation.make(team, role, owner, [only] if only else None, email)
    return f"/invitation/{token}"


def test_the_link_is_shown_once_and_kept_as_a_hash(
    client: Client, owner: User, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    form = {"role": "reviewer", "reach": "some", "workspaces": [str(workspace.pk)], "email": ""}
    page = client.post("/settings/people/", form, follow=True).content.decode()
    link = page.split('id="made-link" value="')[1].split('"')[0]
    assert "made-link" not in client.get("/settings/people/").content.decode()
    made = Invitation.objects.get()
    assert (made.role, list(made.some_workspaces.all())) == (Role.REVIEWER, [workspace])
    assert link.rsplit("/", 1)[1] not in str(list(Invitation.objects.values()))


def test_an_admin_invites_no_owners(client: Client, owner: User, admin: User, sign_in: SignIn) -> None:
    answer = sign_in(client, admin).post("/settings/people/", {"role": "owner", "reach": "all"})
    assert answer.status_code == 422
    assert not Invitation.objects.exists()


def test_somebody_who_is_in_the_team_is_not_invited_again(
    client: Client, owner: User, creator: User, sign_in: SignIn
) -> None:
    form = {"role": "admin", "reach": "all", "email": creator.email.upper()}
    answer = sign_in(client, owner).post("/settings/people/", form)
    assert answer.status_code == 422
    assert "in the team already" in answer.content.decode()


def test_a_new_person_joins_with_the_role_and_workspaces_given(
    client: Client, team: Team, owner: User, workspace: Workspace, other_workspace: Workspace
) -> None:
    path = invite(team, owner, Role.REVIEWER, only=workspace)
    page = client.get(path).content.decode()
    assert f"Join {team}" in page
    assert "as reviewer" in page
    assert client.post(path, NEW).status_code == 302
    joined = Membership.objects.get(user__email="sam@example.com")
    assert (joined.role, list(joined.workspaces())) == (Role.REVIEWER, [workspace])
    assert client.get("/settings/profile/").status_code == 200
    assert Client().get(path).status_code == 410


def test_looking_changes_nothing(client: Client, team: Team, owner: User) -> None:
    path = invite(team, owner)
    client.get(path)
    client.get(path, NEW)
    assert (Invitation.open_ones().count(), User.objects.count()) == (1, 1)


def test_a_signed_in_person_joins_with_one_button(
    client: Client, team: Team, owner: User, outsider: User, sign_in: SignIn
) -> None:
    path = invite(team, owner)
    sign_in(client, outsider)
    assert "Join as otto@example.com" in client.get(path).content.decode()
    assert client.post(path).status_code == 302
    assert outsider.memberships.count() == 2
    assert team.name in client.get("/settings/profile/").content.decode()


def test_an_invitation_for_one_address_is_only_for_it(
    client: Client, team: Team, owner: User, outsider: User, sign_in: SignIn
) -> None:
    path = invite(team, owner, email="sam@example.com")
    sign_in(client, outsider)
    assert "This invitation is for sam@example.com" in client.get(path).content.decode()
    assert client.post(path).status_code == 409
    Client().post(path, {**NEW, "email": "thief@example.com"})
    assert Membership.objects.get(team=team, role=Role.CREATOR).user.email == "sam@example.com"


def test_whoever_has_an_account_signs_in_first(client: Client, team: Team, owner: User, outsider: User) -> None:
    path = invite(team, owner)
    answer = client.post(path, {**NEW, "email": outsider.email})
    assert answer.status_code == 422
    assert "already has an account" in answer.content.decode()
    for_them = invite(team, owner, email=outsider.email)
    assert f"/sign-in/?next={for_them}" in client.get(for_them).content.decode()
    assert Invitation.open_ones().count() == 2


def test_a_member_does_not_use_it_up(client: Client, team: Team, owner: User, creator: User, sign_in: SignIn) -> None:
    path = invite(team, owner, Role.ADMIN)
    sign_in(client, creator)
    assert "in this team already" in client.get(path).content.decode()
    assert client.post(path).status_code == 409
    assert creator.memberships.get().role == Role.CREATOR
    assert Invitation.open_ones().count() == 1


@pytest.mark.parametrize("field", ["revoked_at", "accepted_at", "expires_at"])
def test_a_used_revoked_or_old_link_says_whom_to_ask(client: Client, team: Team, owner: User, field: str) -> None:
    path = invite(team, owner)
    Invitation.objects.update(**{field: timezone.now()})
    for answer in (client.get(path), client.post(path, NEW)):
        assert answer.status_code == 410
        assert "Ask the person who invited you" in answer.content.decode()
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_revoking_ends_the_link(client: Client, team: Team, owner: User, sign_in: SignIn) -> None:
    path = invite(team, owner)
    revoke = f"/settings/invitations/{Invitation.objects.get().pk}/revoke/"
    assert sign_in(client, owner).get(revoke).status_code == 405
    assert "is revoked" in client.post(revoke, follow=True).content.decode()
    assert Client().get(path).status_code == 410
    assert "had been used, revoked" in client.post(revoke, follow=True).content.decode()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_joins(team: Team, owner: User) -> None:
    path = invite(team, owner)
    start = threading.Barrier(2)
    answers: list[int] = []

    def post(number: int) -> None:
        start.wait(10)
        try:
            answers.append(Client().post(path, {**NEW, "email": f"p{number}@example.com"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [302, 410]
    assert (Membership.objects.filter(team=team).count(), User.objects.count()) == (2, 2)
