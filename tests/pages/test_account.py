"""Signing in and out, and setting a password again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Event, LinkPurpose, RateLimit, SignInLink, User
from studio.pages import account

pytestmark = pytest.mark.django_db
SignIn = Callable[[Client, User], Client]


def is_signed_in(client: Client) -> bool:
    return client.get("/settings/profile/").status_code == 200


def try_sign_in(client: Client, email: str, password: str, **more: str) -> int:
    return client.post("/sign-in/", {"email": email, "password": password, **more}).status_code


def test_email_and_password_let_a_person_in(client: Client, owner: User, password: str) -> None:
    answer = client.post("/sign-in/", {"email": " ELIN@example.com ", "password": password})
    assert (answer.status_code, answer["Location"]) == (302, reverse("gallery"))
    assert is_signed_in(client)


@pytest.mark.parametrize(("email", "typed"), [("elin@example.com", "wrong"), ("nobody@example.com", "wrong")])
def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(
    client: Client, owner: User, email: str, typed: str
) -> None:
    answer = client.post("/sign-in/", {"email": email, "password": typed})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "do not belong together" in page
    assert f'value="{email}"' in page
    assert typed not in page


def test_an_unknown_email_costs_one_hash_like_a_known_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    original = User.set_password

    def counted(user: User, raw: str | None) -> None:
        hashed.append(user.email)
        original(user, raw)

    monkeypatch.setattr(User, "set_password", counted)
    try_sign_in(client, "nobody@example.com", "whatever it is")
    assert len(hashed) == 1


def test_a_person_who_was_switched_off_stays_out(client: Client, owner: User, password: str) -> None:
    User.objects.filter(pk=owner.pk).update(is_active=False)
    assert try_sign_in(client, owner.email, password) == 422


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil"]
)
def test_next_leads_only_to_own_pages(client: Client, owner: User, password: str, target: str) -> None:
    answer = client.post("/sign-in/", {"email": owner.email, "password": password, "next": target})
    assert answer["Location"] == reverse("gallery")
    assert client.get("/sign-in/", {"next": target})["Location"] == reverse("gallery")


def test_next_leads_back_to_the_page_that_asked(client: Client, owner: User, password: str) -> None:
    asked = client.get("/settings/team/")
    assert urlsplit(asked["Location"]).path == "/sign-in/"
    shown = client.get(asked["Location"])
    assert 'name="next" value="/settings/team/"' in shown.content.decode()
    answer = client.post("/sign-in/", {"email": owner.email, "password": password, "next": "/settings/team/"})
    assert answer["Location"] == "/settings/team/"


def test_guessing_is_slowed_down_and_says_until_when(client: Client, owner: User, password: str) -> None:
    for _ in range(account.SIGN_INS_OF_EMAIL_FROM_ADDRESS):
        assert try_sign_in(client, owner.email, "a guess") == 422
    answer = client.post("/sign-in/", {"email": owner.email, "password": password})
    assert answer.status_code == 429
    assert "try again in 10 minutes" in answer.content.decode()
    RateLimit.objects.update(window_ends_at=timezone.now())
    assert try_sign_in(client, owner.email, password) == 302


def test_somebody_elsewhere_cannot_keep_a_person_out(client: Client, owner: User, password: str) -> None:
    for _ in range(account.SIGN_INS_OF_EMAIL_FROM_ADDRESS + 2):
        client.post("/sign-in/", {"email": owner.email, "password": "a guess"}, REMOTE_ADDR="203.0.113.9")
    assert try_sign_in(client, owner.email, password) == 302


def test_one_address_trying_many_people_is_slowed_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account, "SIGN_INS_OF_ADDRESS", 3)
    assert [try_sign_in(client, f"p{n}@example.com", "a guess") for n in range(4)] == [422, 422, 422, 429]


def test_a_forwarded_address_counts_only_behind_a_proxy(client: Client, settings: object) -> None:
    from studio.pages.requests import client_address

    request = client.get("/sign-in/", headers={"x-forwarded-for": "1.2.3.4, 5.6.7.8"}).wsgi_request
    assert client_address(request) == "127.0.0.1"
    settings.BEHIND_PROXY = True  # type: ignore[attr-defined]
    assert client_address(request) == "5.6.7.8"


def test_signing_out_needs_a_post_and_closes_the_streams(client: Client, owner: User, sign_in: SignIn) -> None:
    sign_in(client, owner)
    assert client.get("/sign-out/").status_code == 405
    assert is_signed_in(client)
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert not is_signed_in(client)
    event = Event.objects.get()
    assert (event.kind, event.subject, event.user_id) == ("access", str(owner.pk), owner.pk)


def test_without_a_mail_server_the_page_says_who_makes_the_link(client: Client) -> None:
    page = client.get("/password-reset/").content.decode()
    assert "owner or admin of your team" in page
    assert "manage.py welcome" in page
    assert "<form" not in page


def wait_for_mail() -> None:
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join(10)


def test_the_answer_is_the_same_with_and_without_an_account(client: Client, owner: User, settings: object) -> None:
    settings.EMAIL_HOST = "mail.example.com"  # type: ignore[attr-defined]
    known = client.post("/password-reset/", {"email": owner.email})
    unknown = client.post("/password-reset/", {"email": "nobody@example.com"})
    assert known["Location"] == unknown["Location"] == "/password-reset/?sent=1"
    wait_for_mail()
    assert [message.to for message in mail.outbox] == [[owner.email]]
    assert "If that address has an account" in client.get(known["Location"]).content.decode()


def test_the_link_in_the_email_sets_a_new_password(client: Client, owner: User, settings: object) -> None:
    settings.EMAIL_HOST = "mail.example.com"  # type: ignore[attr-defined]
    client.post("/password-reset/", {"email": owner.email})
    wait_for_mail()
    link = next(word for word in str(mail.outbox[0].body).split() if word.startswith("http"))
    answer = client.post(urlsplit(link).path, {"password": "a wholly new sentence"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("gallery"))
    assert is_signed_in(client)


def test_only_a_few_reset_emails_go_to_one_address(client: Client, owner: User, settings: object) -> None:
    settings.EMAIL_HOST = "mail.example.com"  # type: ignore[attr-defined]
    for _ in range(account.RESETS_OF_EMAIL + 2):
        assert client.post("/password-reset/", {"email": owner.email}).status_code == 302
    wait_for_mail()
    assert len(mail.outbox) == account.RESETS_OF_EMAIL


def test_looking_at_a_reset_link_does_not_use_it_up(client: Client, owner: User) -> None:
    path = f"/reset/{SignInLink.make_reset(owner)}"
    for _ in range(2):
        answer = client.get(path)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    assert SignInLink.objects.get().used_at is None


def test_a_reset_ends_every_session_and_every_other_link(
    client: Client, owner: User, sign_in: SignIn, password: str
) -> None:
    elsewhere = sign_in(Client(), owner)
    first, second = SignInLink.make_reset(owner), SignInLink.make_reset(owner)
    client.post(f"/reset/{first}", {"password": "a wholly new sentence"})
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert Client().get(f"/reset/{second}").status_code == 410
    assert Client().post(f"/reset/{first}", {"password": "yet another sentence"}).status_code == 410
    assert Event.objects.filter(kind="access", user=owner).exists()
    assert try_sign_in(Client(), owner.email, password) == 422


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("short", "at least 10 characters"),
        ("1234567890", "too common"),
        ("elin@example.com", "too similar"),
        ("", "Type a password"),
    ],
)
def test_a_weak_password_is_explained_at_its_field(client: Client, owner: User, new: str, sentence: str) -> None:
    path = f"/reset/{SignInLink.make_reset(owner)}"
    answer = client.post(path, {"password": new})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page.split('id="id_password_error"')[1]
    assert 'aria-invalid="true"' in page
    assert SignInLink.find(LinkPurpose.RESET, path.rsplit("/", 1)[1]) is not None


def test_an_expired_or_made_up_reset_link_says_how_to_get_another(client: Client, owner: User) -> None:
    token = SignInLink.make(LinkPurpose.RESET, timedelta(seconds=-1), owner)
    for path in (f"/reset/{token}", "/reset/made-up"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "/password-reset/" in answer.content.decode()


def test_rotating_the_secret_key_signs_nobody_out(
    client: Client, owner: User, sign_in: SignIn, settings: object
) -> None:
    sign_in(client, owner)
    old = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [old]  # type: ignore[attr-defined]
    assert is_signed_in(client)
