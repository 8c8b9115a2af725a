"""Who may change whom in a team."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from studio.models import Event, Invitation, Membership, Role, SignInLink, Team, User, Workspace

SignIn = Callable[[Client, User], Client]
ALL = {"reach": "all"}


def membership_of(user: User) -> Membership:
    return user.memberships.get()


def change(client: Client, person: User, role: Role, **more: object) -> tuple[int, str]:
    answer = client.post(reverse("person", args=[membership_of(person).pk]), {"role": role, **ALL, **more})
    return answer.status_code, answer.content.decode()


def remove(client: Client, person: User) -> str:
    answer = client.post(reverse("remove_person", args=[membership_of(person).pk]), follow=True)
    return answer.content.decode()


def test_the_list_shows_everybody_of_the_team_and_nobody_else(
    client: Client, owner: User, creator: User, outsider: User, sign_in: SignIn
) -> None:
    page = sign_in(client, owner).get("/settings/people/").content.decode()
    assert creator.email in page
    assert "Halden" in page
    assert outsider.email not in page


def test_it_asks_as_much_of_the_database_for_many_people(
    client: Client, owner: User, team: Team, sign_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(30):
        user = User.objects.create_user(f"p{number}@example.com", f"P{number}")
        Membership.objects.create(user=user, team=team, role=Role.CREATOR, all_workspaces=False)
    sign_in(client, owner)
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        client.get("/settings/people/")


@pytest.mark.parametrize("role", ["creator", "reviewer"])
def test_creators_and_reviewers_may_not_come_here(
    client: Client, role: str, owner: User, request: pytest.FixtureRequest, sign_in: SignIn
) -> None:
    sign_in(client, request.getfixturevalue(role))
    pk = membership_of(owner).pk
    for method, path in (
        ("get", "/settings/people/"),
        ("post", "/settings/people/"),
        ("get", f"/settings/people/{pk}/"),
        ("post", f"/settings/people/{pk}/"),
        ("post", f"/settings/people/{pk}/remove/"),
        ("post", f"/settings/people/{pk}/password-link/"),
    ):
        answer = getattr(client, method)(path)
        assert answer.status_code == 403, path
        assert "Only owners and admins" in answer.content.decode()
    assert Membership.objects.filter(pk=pk, role=Role.OWNER).exists()


def test_another_team_finds_nothing_here(
    client: Client, creator: User, outsider: User, owner: User, sign_in: SignIn
) -> None:
    sign_in(client, outsider)
    pk = membership_of(creator).pk
    invitation, _ = Invitation.make(membership_of(owner).team, Role.CREATOR, owner)
    assert client.get(f"/settings/people/{pk}/").status_code == 404
    for path in (
        f"/settings/people/{pk}/",
        f"/settings/people/{pk}/remove/",
        f"/settings/people/{pk}/password-link/",
        f"/settings/invitations/{invitation.pk}/revoke/",
    ):
        assert client.post(path, {"role": "creator", "reach": "all"}).status_code == 404, path
    assert Membership.objects.filter(pk=pk).exists()
    assert Invitation.open_ones().count() == 1


def test_an_owner_changes_role_and_workspaces_and_the_streams_close(
    client: Client, owner: User, creator: User, other_workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    code, _ = change(client, creator, Role.REVIEWER, reach="some", workspaces=[str(other_workspace.pk)])
    assert code == 302
    changed = membership_of(creator)
    assert (changed.role, changed.all_workspaces) == (Role.REVIEWER, False)
    assert list(changed.workspaces()) == [other_workspace]
    assert Event.objects.get(kind="access").subject == str(creator.pk)


def test_limiting_to_no_workspace_or_to_a_foreign_one_is_refused(
    client: Client, owner: User, creator: User, outsider: User, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    code, page = change(client, creator, Role.CREATOR, reach="some")
    assert (code, "Tick at least one workspace" in page) == (422, True)
    foreign = Workspace.objects.get(team=membership_of(outsider).team)
    code, page = change(client, creator, Role.CREATOR, reach="some", workspaces=[str(foreign.pk)])
    assert (code, "not in use any more" in page) == (422, True)


def test_an_admin_makes_no_owners_and_touches_none(
    client: Client, owner: User, admin: User, creator: User, sign_in: SignIn
) -> None:
    sign_in(client, admin)
    assert change(client, creator, Role.OWNER)[0] == 422
    assert change(client, admin, Role.OWNER)[0] == 422
    code, page = change(client, owner, Role.CREATOR)
    assert (code, "Only an owner can" in page) == (422, True)
    assert "Only an owner can remove an owner" in remove(client, owner)
    assert (
        "Only an owner can make a password link"
        in client.post(reverse("make_password_link", args=[membership_of(owner).pk]), follow=True).content.decode()
    )
    assert [membership_of(user).role for user in (owner, admin, creator)] == [Role.OWNER, Role.ADMIN, Role.CREATOR]
    assert not SignInLink.objects.exists()


def test_the_last_owner_stays_one(client: Client, owner: User, admin: User, sign_in: SignIn) -> None:
    sign_in(client, owner)
    code, page = change(client, owner, Role.CREATOR)
    assert (code, "is the only owner" in page) == (422, True)
    assert "is the only owner" in remove(client, owner)
    assert "is the only owner" in client.post(reverse("leave_team"), follow=True).content.decode()
    assert change(client, admin, Role.OWNER)[0] == 302
    assert client.post(reverse("leave_team"), follow=True).redirect_chain
    assert not owner.memberships.exists()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_owners_who_step_down_at_once_leave_one(owner: User, team: Team, admin: User, sign_in: SignIn) -> None:
    Membership.objects.filter(user=admin).update(role=Role.OWNER)
    clients = [sign_in(Client(), owner), sign_in(Client(), admin)]
    start = threading.Barrier(2)

    def leave(client: Client) -> None:
        start.wait(10)
        try:
            client.post("/settings/profile/leave/")
        finally:
            connection.close()

    threads = [threading.Thread(target=leave, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Membership.objects.filter(team=team, role=Role.OWNER).count() == 1


def test_a_removed_person_is_out_at_once(client: Client, owner: User, creator: User, sign_in: SignIn) -> None:
    theirs = sign_in(Client(), creator)
    assert theirs.get("/settings/profile/").status_code == 200
    assert "no longer in the team" in remove(sign_in(client, owner), creator)
    answer = theirs.get("/settings/profile/", follow=True)
    assert answer.redirect_chain[-1][0] == "/no-workspace/"
    assert "in no team" in answer.content.decode()
    assert Event.objects.get(kind="access").user_id == creator.pk


def test_who_loses_the_right_to_manage_loses_the_links_that_are_out(
    client: Client, owner: User, admin: User, creator: User, team: Team, sign_in: SignIn
) -> None:
    _, token = Invitation.make(team, Role.CREATOR, admin)
    password_link = SignInLink.make_reset(creator, made_by=admin)
    assert change(sign_in(client, owner), admin, Role.CREATOR)[0] == 302
    assert Client().get(f"/invitation/{token}").status_code == 410
    assert Client().get(f"/reset/{password_link}").status_code == 410


def test_a_password_link_is_shown_once_and_works(client: Client, owner: User, creator: User, sign_in: SignIn) -> None:
    sign_in(client, owner)
    page = f"/settings/people/{membership_of(creator).pk}/"
    assert client.post(f"{page}password-link/")["Location"] == page
    shown = client.get(page).content.decode()
    link = shown.split('id="made-link" value="')[1].split('"')[0]
    assert "made-link" not in client.get(page).content.decode()
    path = link.removeprefix("http://testserver")
    assert Client().post(path, {"password": "a wholly new sentence"}).status_code == 302
    assert link.rsplit("/", 1)[1] not in str(list(SignInLink.objects.values()))


def test_no_password_link_for_a_person_of_another_team_too(
    client: Client, owner: User, creator: User, outsider: User, sign_in: SignIn
) -> None:
    Membership.objects.create(user=creator, team=membership_of(outsider).team, role=Role.CREATOR)
    pk = creator.memberships.get(team=membership_of(owner).team).pk
    answer = sign_in(client, owner).post(reverse("make_password_link", args=[pk]), follow=True)
    assert "is in another team too" in answer.content.decode()
    assert not SignInLink.objects.exists()


def test_looking_changes_nothing(client: Client, owner: User, creator: User, sign_in: SignIn) -> None:
    sign_in(client, owner)
    before = list(Membership.objects.values())
    pk = membership_of(creator).pk
    for path in ("remove/", "password-link/"):
        assert client.get(f"/settings/people/{pk}/{path}").status_code == 405
    client.get(f"/settings/people/{pk}/", {"role": "owner", "reach": "all"})
    assert list(Membership.objects.values()) == before


def test_mail_goes_out_for_an_invitation_where_it_is_set_up(
    client: Client, owner: User, sign_in: SignIn, settings: object
) -> None:
    settings.EMAIL_HOST = "mail.example.com"  # type: ignore[attr-defined]
    form = {"role": "reviewer", "reach": "all", "email": "sam@example.com"}
    page = sign_in(client, owner).post("/settings/people/", form, follow=True).content.decode()
    assert "on its way to sam@example.com" in page
    assert mail.outbox[0].to == ["sam@example.com"]
    assert "/invitation/" in str(mail.outbox[0].body)
