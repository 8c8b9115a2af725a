"""The consent of a person: who noted it, and the signed paper, which is only ever downloaded, by whoever sees its workspace."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from studio.models import Influencer, Role, Team, User, Workspace
from tests.media.test_papers import PDF
from tests.pages.conftest import join
from tests.pages.test_influencers import HTMX, make

pytestmark = pytest.mark.database
SignIn = Callable[[Client, User], Client]


@pytest.fixture
def at(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


@pytest.fixture
def users(
    team: Team, other_workspace: Workspace, owner: User, creator: User, reviewer: User, outsider: User
) -> dict[str, User]:
    elsewhere = join(team, "Sol", Role.CREATOR, other_workspace)
    found = {"owner": owner, "creator": creator, "reviewer": reviewer}
    return found | {"elsewhere": elsewhere, "outsider": outsider}


def test_a_signed_release_is_kept_as_a_pdf_and_only_downloaded(at: Client, workspace: Workspace) -> None:
    row = make(workspace, consent_at=None)
    sent = {"consent": "on", "consent_file": SimpleUploadedFile("Release Ada.pdf", PDF, "application/pdf")}
    card = at.post(reverse("influencer_card", args=[row.pk, "consent"]), sent, headers=HTMX)
    assert "Release Ada.pdf" in card.text
    row.refresh_from_db()
    assert row.consent_file
    answer = at.get(reverse("media", args=[row.consent_file.pk, "original"]))
    assert answer["Content-Disposition"] == 'attachment; filename="Release Ada.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Type"]) == ("nosniff", "application/octet-stream")
    assert answer.content == PDF
    shelf = at.get(reverse("picker_items") + "?tool=image&place=images&tab=uploads").text
    assert str(row.consent_file.pk) not in shelf


def test_a_signed_release_stays_with_its_workspace(
    client: Client, workspace: Workspace, other_workspace: Workspace, users: dict[str, User], sign_in: SignIn
) -> None:
    """Also where the person belongs to the whole team: their face is seen everywhere, the paper is not."""
    row = make(workspace)
    paper = SimpleUploadedFile("release.pdf", PDF, "application/pdf")
    sign_in(client, users["creator"])
    card = reverse("influencer_card", args=[row.pk, "consent"])
    client.post(card, {"consent": "on", "consent_file": paper})
    Influencer.objects.filter(pk=row.pk).update(workspace=None)
    row.refresh_from_db()
    assert row.consent_file
    sees = {"owner": 200, "creator": 200, "reviewer": 200, "elsewhere": 404, "outsider": 404}
    for name, status in sees.items():
        sign_in(client, users[name])
        assert client.get(reverse("media", args=[row.consent_file.pk, "original"])).status_code == status, name


def test_who_noted_a_consent_changes_with_what_is_noted(
    at: Client, workspace: Workspace, owner: User, creator: User
) -> None:
    row = make(workspace, consent_by=owner, consent_note="Until 2027")
    noted = row.consent_at
    for note, by in (("Until 2027", owner), ("Until 2028", creator)):
        at.post(reverse("influencer_card", args=[row.pk, "consent"]), {"consent": "on", "consent_note": note})
        row.refresh_from_db()
        assert (row.consent_by, row.consent_note, row.consent_at == noted) == (by, note, by == owner)


@pytest.mark.parametrize("page", ["new", "card"])
def test_a_paper_that_is_none_saves_nothing(at: Client, workspace: Workspace, page: str) -> None:
    row = make(workspace, consent_at=None)
    paper = SimpleUploadedFile("release.pdf", b"<!doctype html><script>alert(1)</script>", "application/pdf")
    sent = {"consent": "on", "consent_file": paper}
    if page == "new":
        answer = at.post(reverse("influencer_new"), {**sent, "name": "Lina", "photos": [row.face_id], "do": "save"})
    else:
        answer = at.post(reverse("influencer_card", args=[row.pk, "consent"]), sent, headers=HTMX)
    assert answer.status_code == 422
    assert "Signed paper: This file is named .pdf but is a web page (HTML). Use a PDF, or" in answer.text
    row.refresh_from_db()
    assert (row.consent_at, Influencer.objects.count()) == (None, 1)
