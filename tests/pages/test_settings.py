"""Profile, workspaces, the team's name, and moving between workspaces and teams."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Event, Membership, Role, SignInLink, Team, User, Workspace
from studio.pages import profile

SignIn = Callable[[Client, User], Client]


def test_settings_lead_to_the_profile(client: Client, reviewer: User, sign_in: SignIn) -> None:
    answer = sign_in(client, reviewer).get("/settings/", follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [("/settings/profile/", 302)]
    assert reverse("people") not in page
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="new-password"' in page


def test_a_name_is_saved_and_an_empty_one_refused(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    assert client.post(reverse("change_name"), {"name": "Jonas Weil"})["Location"] == "/settings/profile/#name"
    answer = client.post(reverse("change_name"), {"name": " "})
    assert answer.status_code == 422
    assert "Type your name" in answer.content.decode()
    creator.refresh_from_db()
    assert creator.name == "Jonas Weil"


def test_a_new_email_needs_the_password_and_to_be_free(
    client: Client, creator: User, admin: User, password: str, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    path = reverse("change_email")
    token = SignInLink.make_reset(creator)
    wrong = client.post(path, {"email-email": "new@example.com", "email-password": "wrong"})
    assert "not your current password" in wrong.content.decode()
    taken = client.post(path, {"email-email": admin.email.upper(), "email-password": password})
    assert "Another account has this address" in taken.content.decode()
    assert client.post(path, {"email-email": "new@example.com", "email-password": password}).status_code == 302
    creator.refresh_from_db()
    assert creator.email == "new@example.com"
    assert Client().get(f"/reset/{token}").status_code == 410


def test_a_new_password_keeps_this_session_and_ends_the_others(
    client: Client, creator: User, password: str, sign_in: SignIn
) -> None:
    elsewhere = sign_in(Client(), creator)
    sign_in(client, creator)
    form = {"password-current": password, "password-new": "a wholly new sentence"}
    assert client.post(reverse("change_password"), form).status_code == 302
    assert client.get("/settings/profile/").status_code == 200
    assert elsewhere.get("/settings/profile/").status_code == 302
    assert Event.objects.get(kind="access").user_id == creator.pk


def test_guessing_the_password_at_an_open_screen_is_slowed_down(
    client: Client, creator: User, password: str, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    form = {"password-current": "a guess", "password-new": "a wholly new sentence"}
    for _ in range(profile.GUESSES):
        client.post(reverse("change_password"), form)
    answer = client.post(reverse("change_password"), {**form, "password-current": password})
    assert answer.status_code == 422
    assert "try again in 10 minutes" in answer.content.decode()


def test_signing_out_everywhere_spares_this_device(client: Client, creator: User, sign_in: SignIn) -> None:
    elsewhere = sign_in(Client(), creator)
    sign_in(client, creator)
    page = client.post(reverse("sign_out_everywhere"), follow=True).content.decode()
    assert "This one stays signed in" in page
    assert elsewhere.get("/settings/profile/").status_code == 302
    assert Event.objects.get(kind="access").subject == str(creator.pk)


def test_theme_and_keys_are_kept_and_shown(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    client.post(reverse("change_theme"), {"theme": "dark"})
    client.post(reverse("change_theme"), {"theme": "pink"})
    client.post(reverse("change_keys"), {})
    page = client.get("/settings/profile/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-single-keys="off"' in page


def test_nothing_in_the_profile_changes_by_looking(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    for pattern in profile.urlpatterns[1:]:
        assert client.get(reverse(str(pattern.name))).status_code == 405


def test_workspaces_are_made_named_archived_and_restored(
    client: Client, admin: User, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, admin)
    assert client.post("/settings/workspaces/", {"name": "Kestrel"}).status_code == 302
    made = Workspace.objects.get(name="Kestrel")
    assert client.post(f"/settings/workspaces/{made.pk}/", {"name": "Kestrel EU"}).status_code == 302
    assert client.post(f"/settings/workspaces/{made.pk}/archive/").status_code == 302
    made.refresh_from_db()
    assert (made.name, made.archived_at is None) == ("Kestrel EU", False)
    assert Event.objects.filter(kind="access", user=admin).exists()
    clash = client.post("/settings/workspaces/", {"name": "kestrel eu"})
    assert clash.status_code == 422
    assert "It is archived: restore it" in clash.content.decode()
    client.post(f"/settings/workspaces/{made.pk}/restore/")
    made.refresh_from_db()
    assert made.archived_at is None


def test_the_last_workspace_is_never_archived(
    client: Client, owner: User, workspace: Workspace, sign_in: SignIn
) -> None:
    answer = sign_in(client, owner).post(f"/settings/workspaces/{workspace.pk}/archive/", follow=True)
    assert "is the only workspace in use" in answer.content.decode()
    workspace.refresh_from_db()
    assert workspace.archived_at is None


def test_another_team_finds_no_workspace_here(
    client: Client, workspace: Workspace, outsider: User, sign_in: SignIn
) -> None:
    sign_in(client, outsider)
    assert client.get(f"/settings/workspaces/{workspace.pk}/").status_code == 404
    for path in ("", "archive/", "restore/"):
        assert client.post(f"/settings/workspaces/{workspace.pk}/{path}", {"name": "Mine"}).status_code == 404
    assert client.post("/workspace/switch/", {"workspace": str(workspace.pk)}).status_code == 404
    workspace.refresh_from_db()
    assert workspace.name == "Halden"


@pytest.mark.parametrize("role", ["creator", "reviewer"])
def test_only_managers_see_workspaces_and_team(
    client: Client, role: str, workspace: Workspace, request: pytest.FixtureRequest, sign_in: SignIn
) -> None:
    sign_in(client, request.getfixturevalue(role))
    for path in ("/settings/workspaces/", f"/settings/workspaces/{workspace.pk}/", "/settings/team/"):
        assert client.get(path).status_code == client.post(path, {"name": "Mine"}).status_code == 403
    for path in ("archive/", "restore/"):
        assert client.post(f"/settings/workspaces/{workspace.pk}/{path}").status_code == 403


def test_the_team_gets_a_new_name(client: Client, admin: User, team: Team, sign_in: SignIn) -> None:
    sign_in(client, admin)
    assert client.post("/settings/team/", {"name": "Northbeam Studio"}).status_code == 302
    team.refresh_from_db()
    assert team.name == "Northbeam Studio"


def test_switching_goes_only_where_one_may_enter(
    client: Client, creator: User, workspace: Workspace, other_workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    assert client.get("/workspace/switch/").status_code == 405
    assert client.post("/workspace/switch/", {"workspace": str(workspace.pk)}).status_code == 302
    assert client.post("/workspace/switch/", {"workspace": str(other_workspace.pk)}).status_code == 404
    assert client.post("/workspace/switch/", {"workspace": "nonsense"}).status_code == 404
    assert creator.memberships.get().current_workspace == workspace


def test_one_switches_only_to_teams_one_is_in(
    client: Client, owner: User, outsider: User, creator: User, sign_in: SignIn
) -> None:
    theirs = outsider.memberships.get()
    second = Membership.objects.create(user=owner, team=theirs.team, role=Role.REVIEWER)
    sign_in(client, owner)
    menu = client.get("/settings/profile/").content.decode()
    assert f'name="membership" value="{second.pk}"' in menu
    assert client.post("/team/switch/", {"membership": str(creator.memberships.get().pk)}).status_code == 404
    assert client.post("/team/switch/", {"membership": str(second.pk)}).status_code == 302
    assert client.get("/settings/people/").status_code == 403


def test_without_a_workspace_one_learns_whom_to_ask(
    client: Client, creator: User, owner: User, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    assert client.get("/no-workspace/")["Location"] == reverse("gallery")
    Workspace.objects.filter(pk=workspace.pk).update(archived_at=timezone.now())
    answer = client.get("/settings/profile/", follow=True)
    assert answer.redirect_chain == [("/no-workspace/", 302)]
    assert owner.email in answer.content.decode()
