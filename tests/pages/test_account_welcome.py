"""The link that the server prints."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from studio.models import LinkPurpose, Membership, Role, SignInLink, Team, User, Workspace

HOUR = timedelta(hours=1)
FORM = {"name": "Elin Sørby", "email": "elin@example.com", "password": "plenty of paper cranes", "team": "Northbeam"}


def welcome_path(lasts: timedelta = HOUR) -> str:
    return f"/welcome/{SignInLink.make(LinkPurpose.WELCOME, lasts)}"


def test_it_makes_the_owner_of_the_team_that_is_there(client: Client, team: Team, workspace: Workspace) -> None:
    path = welcome_path()
    assert f'value="{team.name}"' in client.get(path).content.decode()
    answer = client.post(path, {**FORM, "team": "Renamed"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("gallery"))
    membership = Membership.objects.get()
    assert (membership.role, membership.team_id, membership.user.email) == (Role.OWNER, team.pk, "elin@example.com")
    assert Team.objects.get().name == "Renamed"
    assert list(Workspace.objects.all()) == [workspace]
    assert client.get("/settings/people/").status_code == 200


@pytest.mark.django_db
def test_without_a_team_it_makes_one_with_a_workspace(client: Client) -> None:
    client.post(welcome_path(), FORM)
    assert (Team.objects.get().name, Workspace.objects.count()) == ("Northbeam", 1)
    assert client.get("/settings/profile/").status_code == 200


@pytest.mark.django_db
def test_looking_changes_nothing(client: Client) -> None:
    path = welcome_path()
    for _ in range(3):
        answer = client.get(path)
        assert answer.status_code == 200
    assert 'autocomplete="new-password"' in answer.content.decode()
    assert (User.objects.count(), SignInLink.objects.filter(used_at=None).count()) == (0, 1)


@pytest.mark.django_db
def test_it_works_once(client: Client) -> None:
    path = welcome_path()
    client.post(path, FORM)
    for answer in (Client().get(path), Client().post(path, FORM)):
        assert answer.status_code == 410
        assert "./manage.py welcome" in answer.content.decode()
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_it_runs_out(client: Client) -> None:
    assert client.post(welcome_path(timedelta(seconds=-1)), FORM).status_code == 410
    assert not User.objects.exists()


@pytest.mark.django_db
def test_what_was_typed_stays_and_the_link_still_works(client: Client) -> None:
    path = welcome_path()
    answer = client.post(path, {**FORM, "email": "elin", "password": "short"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert "not an email address" in page
    assert 'value="Elin Sørby"' in page
    assert 'href="#id_email"' in page
    assert client.post(path, FORM).status_code == 302


def test_a_locked_out_owner_sets_a_new_password(client: Client, owner: User, admin: User) -> None:
    path = welcome_path()
    assert 'name="name"' not in client.get(path).content.decode()
    refused = client.post(path, {"email": admin.email, "password": "a wholly new sentence"})
    assert refused.status_code == 422
    assert "No owner has this address" in refused.content.decode()
    assert client.post(path, {"email": "ELIN@example.com", "password": "a wholly new sentence"}).status_code == 302
    owner.refresh_from_db()
    assert owner.check_password("a wholly new sentence")
    assert Client().get(path).status_code == 410
    assert Membership.objects.filter(role=Role.OWNER).count() == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("links", [1, 2])
def test_of_two_people_at_once_one_becomes_the_owner(links: int) -> None:
    paths = [welcome_path() for _ in range(links)] * (2 // links)
    start = threading.Barrier(2)
    answers: list[int] = []

    def post(number: int) -> None:
        start.wait(10)
        try:
            answers.append(Client().post(paths[number], {**FORM, "email": f"p{number}@example.com"}).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=post, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers.count(302) == 1
    # The slower one is told that the link is gone, or is asked for the owner's address if it came after.
    assert set(answers) <= {302, 410, 422}
    assert (User.objects.count(), Membership.objects.filter(role=Role.OWNER).count()) == (1, 1)
