"""The pages for what goes wrong."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from studio.models import User
from studio.pages import errors


@pytest.mark.django_db
def test_an_unknown_address_gets_a_kind_page(client: Client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "Nothing here" in answer.content.decode()


def test_a_broken_server_answers_without_its_database(rf: RequestFactory) -> None:
    # Without the django_db mark every query raises.
    answer = errors.server_error(rf.get("/"))
    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()


def test_a_broken_request_is_told_so(rf: RequestFactory, db: None) -> None:
    request: HttpRequest = rf.get("/")
    answer = errors.bad_request(request)
    assert (answer.status_code, b"made no sense" in answer.content) == (400, True)


def test_a_form_without_its_token_has_expired(owner: User) -> None:
    answer = Client(enforce_csrf_checks=True).post("/sign-in/", {"email": owner.email, "password": "x"})
    assert answer.status_code == 403
    assert "This form had expired" in answer.content.decode()
