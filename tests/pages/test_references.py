"""The board of references: saving, filing, finding, sharing, and what others may do with what was shared."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.engine import references, tasks
from studio.models import (
    Membership,
    Output,
    Reference,
    ReferenceMedia,
    Role,
    Team,
    User,
    Visibility,
    Workspace,
)
from tests.engine.labelled import DRAWN
from tests.factories import make_output, make_reference, picture
from tests.media.clips import film

SignIn = Callable[[Client, User], Client]
HTMX = {"HX-Request": "true"}
BOARD = "/references/"


def png(layout: str, seed: int = 1) -> bytes:
    out = BytesIO()
    DRAWN[layout]((320, 400), random.Random(seed)).save(out, "PNG")
    return out.getvalue()


def upload(name: str = "oru_loud.png", layout: str = "poster") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(layout), "image/png")


def page_of(reference: Reference) -> str:
    return reverse("reference", args=[reference.pk])


def ids_on(text: str) -> list[str]:
    return [part.split('"', 1)[0] for part in text.split('id="reference-')[1:]]


# -- Saving ----------------------------------------------------------------------------------------------------------------------


def test_a_picture_is_saved_noticed_and_filed_as_suggested(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    answer = client.post(f"{BOARD}save/", {"file": upload()}, headers=HTMX)
    saved = Reference.objects.get()
    assert f'id="reference-{saved.pk}"' in answer.text
    assert "Oru loud is saved." in answer["HX-Trigger"]
    waiting = client.get(page_of(saved)).text
    assert "Looking at it" in waiting
    assert "backlot:reference from:document" in waiting
    tasks.notice(str(saved.pk))
    look = client.get(f"{page_of(saved)}look/", headers=HTMX).text
    assert "hx-trigger" not in look
    assert "Most like Poster" in look
    assert 'id="look-acts" hx-swap-oob="true"' in look
    assert "Use this look" in look
    assert look.count('class="palette"') == 1
    assert 'value="static-ads/poster"' in look
    filed = client.post(f"{page_of(saved)}edit/", {"target": "static-ads/poster"}, headers=HTMX)
    assert 'aria-pressed="true"' in filed.text
    saved.refresh_from_db()
    assert (saved.template_slug, saved.template_category) == ("poster", "static-ads")
    assert 'class="tag"' in client.get(BOARD).text


def test_a_tile_follows_what_the_worker_notices(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    answer = client.post(f"{BOARD}save/", {"file": upload()}, headers=HTMX)
    saved = Reference.objects.get()
    card = f"{page_of(saved)}card/"
    assert f'data-look="{card}"' in answer.text
    assert client.get(card, headers=HTMX).status_code == 204
    tasks.notice(str(saved.pk))
    noticed = client.get(card, headers=HTMX).text
    assert "data-look" not in noticed
    assert "Poster?" in noticed
    # What nobody has looked at for long is not asked for again and again.
    Reference.objects.update(look={}, created_at=timezone.now() - references.WITHIN)
    assert "data-look" not in client.get(BOARD).text


def test_filing_as_suggested_says_what_it_left(
    client: Client, creator: User, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    quote, silent = (make_reference(workspace, label=label) for label in ("Hanna's quote", "IMG"))

    def said() -> str:
        form = {"reference": [str(quote.pk), str(silent.pk)], "do": "file", "target": "suggested"}
        return client.post(f"{BOARD}bulk/", form, headers=HTMX)["HX-Trigger"]

    assert "1 of 2 references filed as suggested. For the others nothing fits well enough." in said()
    Reference.objects.filter(pk=silent.pk).update(look={})
    assert "1 of 2 references filed as suggested. The others are still being looked at" in said()


def test_several_files_are_several_references_or_one_slideshow(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    client.post(f"{BOARD}save/", {"file": [upload("a.png"), upload("b.png", "arch")]})
    assert Reference.objects.filter(media_kind="image").count() == 2
    files = [upload("c.png", "hero"), upload("d.png", "split")]
    client.post(f"{BOARD}save/", {"file": files, "together": "1", "label": "Tips"})
    shown = Reference.objects.get(media_kind="slideshow")
    assert (shown.label, shown.media.count()) == ("Tips", 2)


def test_a_clip_is_saved_too_and_sound_is_not(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    moving = SimpleUploadedFile("kinetic.mp4", film(), "video/mp4")
    client.post(f"{BOARD}save/", {"file": moving})
    assert Reference.objects.get().media_kind == "video"
    refused = client.post(f"{BOARD}save/", {"file": SimpleUploadedFile("a.txt", b"words")}, headers=HTMX)
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("a.txt: ")
    assert Reference.objects.count() == 1


def test_nothing_to_save_is_said(client: Client, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    answer = client.post(f"{BOARD}save/", {}, headers=HTMX)
    assert answer.json() == {"error": "Choose a picture or a clip, or paste its address."}


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/a.png", "file:///etc/passwd", "http://[::1]/a.png", "nonsense"])
def test_an_address_that_may_not_be_asked_is_refused_with_a_sentence(
    client: Client, creator: User, sign_in: SignIn, url: str
) -> None:
    answer = sign_in(client, creator).post(f"{BOARD}save/", {"url": url}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.json()["error"].endswith(".")
    assert not Reference.objects.exists()


def test_an_output_is_saved_once(client: Client, creator: User, workspace: Workspace, sign_in: SignIn) -> None:
    sign_in(client, creator)
    output = make_output(workspace, creator, title="Calm skin")
    page = client.get(reverse("output", args=[output.pk])).text
    assert "Use as reference" in page
    for _ in range(2):
        answer = client.post(f"{BOARD}save/", {"output": str(output.pk)})
        saved = Reference.objects.get()
        assert answer.headers["Location"] == page_of(saved)
    assert (saved.output, saved.label) == (output, "Calm skin")
    assert saved.media.get().asset == output.asset
    assert "an ad made here" in client.get(page_of(saved)).text


def test_what_is_not_ready_cannot_be_saved(
    client: Client, creator: User, workspace: Workspace, sign_in: SignIn
) -> None:
    output = make_output(workspace, creator)
    Output.objects.filter(pk=output.pk).update(state="waiting")
    answer = sign_in(client, creator).post(f"{BOARD}save/", {"output": str(output.pk)}, follow=True)
    assert "Only a finished picture or clip" in answer.text
    assert not Reference.objects.exists()


# -- Several at once -------------------------------------------------------------------------------------------------------------


def test_the_ticked_ones_are_filed_archived_and_brought_back(
    client: Client, creator: User, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    ids = [str(make_reference(workspace, label=label).pk) for label in ("Hanna's review", "A gig poster")]
    rows = Reference.objects.filter(pk__in=ids)

    def bulk(**form: str) -> str:
        return client.post(f"{BOARD}bulk/", {"reference": ids, **form}, headers=HTMX)["HX-Trigger"]

    assert "filed under Arch" in bulk(do="file", target="static-ads/arch")
    assert set(rows.values_list("template_slug", flat=True)) == {"arch"}
    assert "2 of 2 references filed as suggested" in bulk(do="file", target="suggested")
    assert set(rows.values_list("template_slug", flat=True)) == {"review", "poster"}
    assert "filed under nothing" in bulk(do="file", target="")
    told = bulk(do="archive")
    assert not rows.filter(archived_at=None).exists()
    undo = told.partition('"post": "')[2].partition('"')[0]
    answer = client.post(undo, headers=HTMX)
    assert answer["HX-Refresh"] == "true"
    assert rows.filter(archived_at=None).count() == 2


def test_nobody_changes_what_another_workspace_made_public(
    client: Client, creator: User, workspace: Workspace, other_workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    theirs = make_reference(other_workspace, label="Theirs", visibility=Visibility.PUBLIC)
    assert str(theirs.pk) in ids_on(client.get(BOARD).text)
    page = client.get(page_of(theirs)).text
    assert "Use this look" not in page  # Its look is of another age.
    assert 'name="label"' not in page
    for step in ("edit", "archive", "restore", "share", "review"):
        assert client.post(f"{page_of(theirs)}{step}/", {"label": "Mine now"}).status_code == 404
    client.post(f"{BOARD}bulk/", {"reference": [str(theirs.pk)], "do": "archive"})
    client.post(f"{BOARD}bulk/", {"reference": [str(theirs.pk)], "do": "hide"})
    theirs.refresh_from_db()
    assert (theirs.label, theirs.archived_at, theirs.visibility) == ("Theirs", None, Visibility.PUBLIC)


# -- One reference ---------------------------------------------------------------------------------------------------------------


def test_words_are_changed_and_found(client: Client, creator: User, workspace: Workspace, sign_in: SignIn) -> None:
    sign_in(client, creator)
    one = make_reference(workspace)
    form = {"label": "Low key glass", "notes": "side light", "source": "https://pinterest.com/1"}
    client.post(f"{page_of(one)}edit/", form)
    assert ids_on(client.get(f"{BOARD}?q=side+glass").text) == [str(one.pk)]
    refused = client.post(f"{page_of(one)}edit/", {"label": " ", "notes": "kept", "source": ""})
    assert refused.status_code == 422
    assert "Give it a name" in refused.text
    assert "kept" in refused.text


def test_archived_and_back_with_undo(client: Client, creator: User, workspace: Workspace, sign_in: SignIn) -> None:
    sign_in(client, creator)
    one = make_reference(workspace)
    told = client.post(f"{page_of(one)}archive/", headers=HTMX)["HX-Trigger"]
    assert reverse("reference_restore", args=[one.pk]) in told
    page = client.get(page_of(one)).text
    assert "is archived" in page
    assert 'name="label"' not in page
    client.post(f"{page_of(one)}edit/", {"label": "Changed", "notes": "", "source": ""})
    client.post(f"{page_of(one)}restore/")
    one.refresh_from_db()
    assert (one.label, one.archived_at) == ("Calm light", None)


def test_a_creator_asks_and_an_admin_says_yes(
    client: Client,
    creator: User,
    admin: User,
    team: Team,
    workspace: Workspace,
    other_workspace: Workspace,
    sign_in: SignIn,
) -> None:
    one = make_reference(workspace)
    sign_in(client, creator)
    client.post(f"{page_of(one)}share/", {"do": "ask"})
    page = client.get(page_of(one)).text
    assert "You have asked" in page
    assert "Yes, show it in all" not in page
    assert client.post(f"{page_of(one)}decide/", {"do": "yes"}).status_code == 403
    nils = User.objects.create_user("nils@example.com", "Nils")
    Membership.objects.create(user=nils, team=team, role=Role.CREATOR, all_workspaces=False).some_workspaces.add(
        other_workspace
    )
    neighbour = sign_in(Client(), nils)
    assert neighbour.get(page_of(one)).status_code == 404
    manager = sign_in(Client(), admin)
    assert "1 waits for your yes" in manager.get(BOARD).text
    waiting = manager.get(f"{BOARD}waiting/").text
    assert "asked by Jonas" in waiting
    manager.post(f"{page_of(one)}decide/", {"do": "yes"})
    assert neighbour.get(page_of(one)).status_code == 200
    client.post(f"{page_of(one)}share/", {"do": "hide"})
    assert neighbour.get(page_of(one)).status_code == 404


def test_a_no_leaves_it_where_it_was(
    client: Client, admin: User, creator: User, workspace: Workspace, sign_in: SignIn
) -> None:
    one = make_reference(workspace, visibility=Visibility.ASKED, asked_by=creator)
    sign_in(client, admin).post(f"{page_of(one)}decide/", {"do": "no"})
    one.refresh_from_db()
    assert (one.visibility, one.decided_by) == (Visibility.PRIVATE, admin)
    again = client.post(f"{page_of(one)}decide/", {"do": "yes"}, follow=True)
    assert "does not wait" in again.text


def test_labels_of_people_are_never_markup(client: Client, owner: User, workspace: Workspace, sign_in: SignIn) -> None:
    one = make_reference(workspace, label="<script>alert(1)</script>", notes='"><img src=x>', look={})
    for address in (BOARD, page_of(one)):
        text = sign_in(client, owner).get(address).text
        assert "<script>alert" not in text
        assert "<img src=x>" not in text


def test_the_owner_of_a_whole_team_reference_sees_who_sees_it(
    client: Client, owner: User, team: Team, workspace: Workspace, sign_in: SignIn
) -> None:
    one = make_reference(workspace)
    Reference.objects.filter(pk=one.pk).update(workspace=None)
    assert "All workspaces of the team." in sign_in(client, owner).get(page_of(one)).text
    assert isinstance(one.pk, UUID)
    assert Membership.objects.filter(team=team).exists()


def test_a_picture_that_is_here_already_is_not_stored_twice(
    client: Client, creator: User, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    for _ in range(2):
        file = SimpleUploadedFile("same.png", picture(colour="#336699"), "image/png")
        client.post(f"{BOARD}save/", {"file": file})
    assert ReferenceMedia.objects.values("asset").distinct().count() == 1
