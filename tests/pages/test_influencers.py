"""The influencer pages: list, page, cards, photos, the form of a new one, and bringing one from a service."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.media import portraits
from studio.models import (
    Asset,
    CatalogueItem,
    Connection,
    Generation,
    Influencer,
    InfluencerPhoto,
    Output,
    Readiness,
    RemoteCopy,
    Team,
    Use,
    User,
    Voice,
    Workspace,
    uuid7,
)
from tests.engine.paid import connect
from tests.factories import make_asset, make_output, picture
from tests.queries import queries_of

pytestmark = pytest.mark.database
PORTRAIT = (Path(__file__).parents[1] / "media" / "portrait.jpg").read_bytes()
HTMX = {"HX-Request": "true"}
FINE = {"version": portraits.VERSION, "faces": 1, "face": [0.3, 0.2, 0.3, 0.4], "face_px": 500, "sharp": 300.0}
FINE |= {"light": 180.0, "burnt": 0.0, "pose": "close", "hash": ""}

SignIn = Callable[[Client, User], Client]


@pytest.fixture
def at(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def make(workspace: Workspace, name: str = "Ada", photos: int = 1, **fields: object) -> Influencer:
    """One of ours whose photos were looked at and are fine."""
    assets = [make_asset(workspace, picture(colour=f"#{number:02x}4060")) for number in range(photos)]
    values = {"face": assets[0] if assets else None, "consent_at": timezone.now(), **fields}
    row = Influencer.objects.create(team_id=workspace.team_id, workspace=workspace, name=name, **values)
    for position, asset in enumerate(assets):
        InfluencerPhoto.objects.create(influencer=row, asset=asset, position=position, checks=FINE, pose="close")
    return row


def order(row: Influencer) -> list[Asset]:
    return [photo.asset for photo in row.photos.select_related("asset").order_by("position")]


def text_of(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))  # type: ignore[attr-defined]


def listed(team: Team, connection: Connection, title: str, kind: str = "influencer", **data: object) -> CatalogueItem:
    return CatalogueItem.objects.create(
        team=team,
        connection=connection,
        kind=kind,
        remote_id=f"there-{title}",
        title=title,
        search_text=title.lower(),
        data=data,
        seen_at=timezone.now(),
    )


# -- The list -----------------------------------------------------------------------------------------------------------------


def test_the_list_shows_face_counts_pill_and_where_known(at: Client, workspace: Workspace, team: Team) -> None:
    voice = Voice.objects.create(team=team, workspace=workspace, name="Warm")
    row = make(workspace, photos=3, voice=voice)
    output = make_output(workspace)
    Use.objects.create(
        team=team, workspace=workspace, generation=output.generation, object_kind="influencer", object_id=row.pk
    )
    RemoteCopy.objects.create(
        team=team,
        connection=connect(workspace, "influencer_studio"),
        object_kind="influencer",
        object_id=row.pk,
        kind="influencer",
        remote_id="inf_1",
        seen_at=timezone.now(),
    )
    said = text_of(at.get(reverse("influencers")))
    assert "3 photos, voice, 1 result" in said
    assert "Ready" in said
    assert "Influencer Studio" in said


@pytest.mark.parametrize(
    ("fields", "pill"),
    [
        ({"readiness": Readiness.TRAINING}, "In training"),
        ({"readiness": Readiness.FAILED}, "Training failed"),
        ({"photos": 0}, "Needs photos"),
        ({"consent_at": None}, "Needs consent"),
        ({}, "Needs voice"),
    ],
)
def test_one_pill_says_what_is_most_worth_knowing(
    at: Client, workspace: Workspace, fields: dict[str, object], pill: str
) -> None:
    make(workspace, **fields)  # type: ignore[arg-type]
    assert pill in text_of(at.get(reverse("influencers")))


def test_photos_to_mend_are_counted(at: Client, workspace: Workspace) -> None:
    row = make(workspace, photos=3)
    row.photos.filter(position=1).update(checks=FINE | {"faces": 2})
    assert "1 photo to mend" in text_of(at.get(reverse("influencers")))


def test_archived_ones_stand_apart_and_names_are_found(at: Client, workspace: Workspace) -> None:
    make(workspace, "Ada Rivers")
    make(workspace, "Mara Duarte", archived_at=timezone.now())
    assert "Mara" not in text_of(at.get(reverse("influencers")))
    assert "Mara Duarte" in text_of(at.get(reverse("influencers"), {"show": "archived"}))
    assert "Ada Rivers" in text_of(at.get(reverse("influencers"), {"q": "river"}))
    assert "Nobody by that name" in text_of(at.get(reverse("influencers"), {"q": "nobody"}))


def test_the_list_goes_on_by_key(at: Client, workspace: Workspace) -> None:
    team = workspace.team
    Influencer.objects.bulk_create(
        Influencer(team=team, workspace=workspace, name=f"Person {number:02}") for number in range(30)
    )
    first = at.get(reverse("influencers"))
    more = re.search(r'href="(\?before=[^"]+)"', first.text)
    assert more
    second = at.get(reverse("influencers") + more[1])
    names = re.findall(r"Person \d\d", first.text + second.text)
    assert sorted(set(names)) == [f"Person {number:02}" for number in range(30)]
    assert "before=" not in second.text


def test_queries_stay_flat(at: Client, workspace: Workspace, team: Team) -> None:
    connection = connect(workspace, "videogen")

    def more(count: int) -> None:
        rows = [Influencer(team=team, workspace=workspace, name="P") for _ in range(count)]
        Influencer.objects.bulk_create(rows)
        face = make_asset(workspace)
        InfluencerPhoto.objects.bulk_create(InfluencerPhoto(influencer=row, asset=face, checks=FINE) for row in rows)
        CatalogueItem.objects.bulk_create(
            CatalogueItem(
                team=team,
                connection=connection,
                kind="presenter",
                remote_id=uuid4().hex,
                title="There",
                seen_at=timezone.now(),
            )
            for _ in range(count)
        )

    more(10)
    pages = [reverse("influencers"), reverse("influencers") + "?show=theirs"]
    few = [queries_of(lambda page=page: at.get(page)) for page in pages]  # type: ignore[misc]
    more(990)
    many = [queries_of(lambda page=page: at.get(page)) for page in pages]  # type: ignore[misc]
    assert many == few
    assert max(many) < 22


def test_a_persons_page_asks_no_more_for_twenty_photos_and_a_thousand_uses(
    at: Client, workspace: Workspace, team: Team
) -> None:
    small, large = make(workspace, "Small"), make(workspace, "Large", photos=20)
    output = make_output(workspace)

    def more(row: Influencer, count: int) -> None:
        made = [clone(output.generation) for _ in range(count)]
        Generation.objects.bulk_create(made)
        Output.objects.bulk_create(clone(output, generation_id=generation.pk) for generation in made)
        owned = {"team": team, "workspace": workspace, "object_kind": "influencer", "object_id": row.pk}
        Use.objects.bulk_create(Use(generation=generation, **owned) for generation in made)
        Voice.objects.bulk_create(Voice(team=team, workspace=workspace, name="V") for _ in range(count))

    more(small, 10)
    pages = [
        (lambda row: at.get(reverse("influencer", args=[row.pk]))),
        (lambda row: at.get(reverse("influencer", args=[row.pk]), {"part": "1"}, headers=HTMX)),
        (lambda row: at.get(reverse("influencer", args=[row.pk]), {"part": "tile"}, headers=HTMX)),
        (lambda row: at.get(reverse("influencer_card", args=[row.pk, "voice"]), headers=HTMX)),
        (lambda row: at.get(reverse("influencer_card", args=[row.pk, "consent"]), headers=HTMX)),
        (lambda row: at.get(reverse("used", args=["influencer", row.pk]))),
        (lambda row: at.get(reverse("influencers"))),
    ]
    few = [queries_of(lambda page=page: page(small)) for page in pages]  # type: ignore[misc]
    more(large, 1000)
    assert [queries_of(lambda page=page: page(large)) for page in pages] == few  # type: ignore[misc]
    assert max(few) < 26
    page = text_of(at.get(reverse("influencer", args=[large.pk])))
    assert "20 photos" in page
    assert "Made with Large 1,000" in page


def clone(row: Any, **fields: Any) -> Any:
    """An unsaved copy with an id of its own."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**(values | {"id": uuid7()} | fields))


# -- At the services ----------------------------------------------------------------------------------------------------------


def test_people_of_services_are_marked_and_lead_to_their_forms(at: Client, workspace: Workspace, team: Team) -> None:
    videogen, videotok = connect(workspace, "videogen"), connect(workspace, "videotok")
    listed(team, videogen, "Rowan", "presenter")
    listed(team, videotok, "Bo", "avatar")
    page = at.get(reverse("influencers"))
    said = text_of(page)
    assert "VideoGen" in said
    assert "Videotok" in said
    link = re.search(r'href="([^"]+presenter=videogen[^"]+)"', page.text)
    assert link
    form = at.get(link[1].replace("&amp;", "&"))
    assert re.search(r'value="videogen:there-Rowan"[^>]* checked', form.text)


def test_somebody_is_imported_once(at: Client, workspace: Workspace, team: Team) -> None:
    item = listed(team, connect(workspace, "influencer_studio"), "Noor", ready=False)
    for _ in range(2):
        answer = at.post(reverse("influencer_import"), {"item": item.pk})
        row = Influencer.objects.get()
        assert answer["Location"] == reverse("influencer", args=[row.pk])
    assert (row.name, row.readiness, row.workspace) == ("Noor", Readiness.TRAINING, workspace)
    assert "Noor" not in re.findall(r"there[^<]*<[^<]*Noor", at.get(reverse("influencers")).text)


def test_somebody_who_is_in_another_workspace_is_said_to_be(
    at: Client, workspace: Workspace, other_workspace: Workspace, team: Team
) -> None:
    connection = connect(workspace, "influencer_studio")
    item = listed(team, connection, "Noor")
    hidden = make(other_workspace, "Noor")
    RemoteCopy.objects.create(
        team=team,
        connection=connection,
        object_kind="influencer",
        object_id=hidden.pk,
        kind="influencer",
        remote_id=item.remote_id,
        seen_at=timezone.now(),
    )
    answer = at.post(reverse("influencer_import"), {"item": item.pk}, follow=True)
    assert "another workspace" in text_of(answer)
    assert Influencer.objects.count() == 1


# -- A person's page ----------------------------------------------------------------------------------------------------------


def test_photos_are_put_in_order_and_the_first_is_the_face(at: Client, workspace: Workspace) -> None:
    row = make(workspace, photos=3)
    first, second, third = order(row)
    known = [str(asset.pk) for asset in (first, second, third)]
    answer = at.post(
        reverse("influencer_photos", args=[row.pk]), {"photos": [third.pk, first.pk], "known": known}, headers=HTMX
    )
    assert answer.status_code == 200
    row.refresh_from_db()
    assert order(row) == [third, first]
    assert row.face == third


def test_a_photo_that_came_meanwhile_stays(at: Client, workspace: Workspace) -> None:
    row = make(workspace, photos=2)
    first, second = order(row)
    at.post(reverse("influencer_photos", args=[row.pk]), {"photos": [first.pk], "known": [first.pk]})
    assert order(row) == [first, second]


@pytest.mark.parametrize(
    ("step", "expected"),
    [("earlier:1", [1, 0, 2]), ("later:0", [1, 0, 2]), ("first:2", [2, 0, 1]), ("remove:1", [0, 2])],
)
def test_photos_move_by_plain_forms(at: Client, workspace: Workspace, step: str, expected: list[int]) -> None:
    row = make(workspace, photos=3)
    assets = order(row)
    what, _, which = step.partition(":")
    sent = {"photos": [asset.pk for asset in assets], "known": [asset.pk for asset in assets]}
    answer = at.post(reverse("influencer_photos", args=[row.pk]), {**sent, "do": f"{what}:{assets[int(which)].pk}"})
    assert answer.status_code == 302
    assert order(row) == [assets[number] for number in expected]


def test_a_file_of_a_plain_form_is_added_and_one_that_is_no_picture_is_named(at: Client, workspace: Workspace) -> None:
    row = make(workspace)
    kept = [str(asset.pk) for asset in order(row)]
    files = [SimpleUploadedFile("new.jpg", PORTRAIT, "image/jpeg"), SimpleUploadedFile("notes.jpg", b"hello")]
    answer = at.post(
        reverse("influencer_photos", args=[row.pk]),
        {"photos": kept, "known": kept, "photo_files": files, "do": "upload"},
        follow=True,
    )
    assert row.photos.count() == 2
    assert "notes.jpg" in text_of(answer)


def test_pictures_of_others_are_not_taken(at: Client, workspace: Workspace, outsider: User) -> None:
    row = make(workspace)
    theirs = make_asset(Workspace.objects.get(name="Their client"))
    kept = [str(asset.pk) for asset in order(row)]
    at.post(reverse("influencer_photos", args=[row.pk]), {"photos": [*kept, str(theirs.pk)], "known": kept})
    assert [str(asset.pk) for asset in order(row)] == kept


def test_what_was_made_is_told_by_name(at: Client, workspace: Workspace) -> None:
    row = make(workspace, "Ada Rivers")
    said = text_of(at.get(reverse("influencer", args=[row.pk])))
    assert "Made with Ada Rivers" in said
    assert "Nothing was made with Ada Rivers yet." in said


def test_cards_are_saved_on_their_own(at: Client, workspace: Workspace, creator: User) -> None:
    row = make(workspace, consent_at=None)
    voice = Voice.objects.create(team=workspace.team, workspace=workspace, name="Warm")
    at.post(reverse("influencer_card", args=[row.pk, "about"]), {"name": "Ada R.", "languages": "Twi", "notes": "Calm"})
    at.post(reverse("influencer_card", args=[row.pk, "voice"]), {"voice": voice.pk})
    paper = SimpleUploadedFile("signed.jpg", PORTRAIT, "image/jpeg")
    sent = {"consent": "on", "consent_note": "Until 2027", "consent_file": paper}
    at.post(reverse("influencer_card", args=[row.pk, "consent"]), sent)
    row.refresh_from_db()
    assert (row.name, row.languages, row.notes, row.voice) == ("Ada R.", "Twi", "Calm", voice)
    assert (row.consent_note, row.consent_by, row.consent_at is not None) == ("Until 2027", creator, True)
    assert row.consent_file


def test_a_card_without_what_it_needs_says_so(at: Client, workspace: Workspace) -> None:
    row = make(workspace, consent_at=None)
    for card, sentence in (("about", "Type a name"), ("consent", "only used with the person")):
        answer = at.post(reverse("influencer_card", args=[row.pk, card]), {}, headers=HTMX)
        assert answer.status_code == 422
        assert sentence in answer.text
    answer = at.post(reverse("influencer_card", args=[row.pk, "voice"]), {"voice": str(uuid4())}, headers=HTMX)
    assert "not here any more" in answer.text


def test_archived_ones_are_read_only_and_come_back(at: Client, workspace: Workspace) -> None:
    row = make(workspace)
    answer = at.post(reverse("influencer_archive", args=[row.pk]), headers=HTMX)
    assert "Undo" in answer["HX-Trigger"]
    at.post(reverse("influencer_card", args=[row.pk, "about"]), {"name": "Other"})
    row.refresh_from_db()
    assert (row.name, row.archived_at is not None) == ("Ada", True)
    at.post(reverse("influencer_restore", args=[row.pk]))
    row.refresh_from_db()
    assert row.archived_at is None


def test_advice_stands_on_the_photo(at: Client, workspace: Workspace) -> None:
    row = make(workspace, photos=2)
    row.photos.filter(position=1).update(checks=FINE | {"faces": 2})
    assert "Two faces: crop to one." in at.get(reverse("influencer", args=[row.pk])).text


def test_the_page_waits_only_while_something_comes(at: Client, workspace: Workspace) -> None:
    row = make(workspace)
    assert "load delay" not in at.get(reverse("influencer", args=[row.pk])).text
    row.photos.update(checks={})
    page = reverse("influencer", args=[row.pk])
    assert "load delay" in at.get(page).text
    row.photos.update(checks=FINE)
    came = at.get(page, {"part": "1"}, headers=HTMX).text
    assert "load delay" not in came
    assert 'id="photo-list"' in came
    known = [str(photo.asset_id) for photo in row.photos.all()]
    assert 'id="photo-list"' not in at.get(page, {"part": "1", "known": known}, headers=HTMX).text
    assert "every 10s" not in at.get(page, {"part": "tile"}, headers=HTMX).text


# -- A new one ----------------------------------------------------------------------------------------------------------------


def test_a_new_one_is_saved_at_once_and_once(at: Client, workspace: Workspace, creator: User) -> None:
    photos = [make_asset(workspace, picture(colour=colour)) for colour in ("#203040", "#403020")]
    sent = {"key": str(uuid4()), "name": "Lina", "languages": "Swedish", "consent": "on", "do": "save"}
    for _ in range(2):
        answer = at.post(reverse("influencer_new"), {**sent, "photos": [photos[1].pk, photos[0].pk]})
    row = Influencer.objects.get()
    assert answer["Location"] == reverse("influencer", args=[row.pk])
    assert (row.face, order(row)) == (photos[1], [photos[1], photos[0]])
    assert (row.readiness, row.consent_by, row.workspace) == (Readiness.READY, creator, workspace)


def test_a_key_of_another_team_is_not_theirs(at: Client, workspace: Workspace, outsider: User) -> None:
    taken = make(Workspace.objects.get(name="Their client"), "Theirs")
    face = make_asset(workspace)
    sent = {"key": str(taken.pk), "name": "Lina", "consent": "on", "photos": [face.pk], "do": "save"}
    at.post(reverse("influencer_new"), sent)
    assert Influencer.objects.get(name="Lina").pk != taken.pk


def test_what_is_missing_is_said_at_its_place(at: Client, workspace: Workspace) -> None:
    answer = at.post(reverse("influencer_new"), {"name": "", "do": "save"})
    assert answer.status_code == 422
    for sentence in ("Type a name", "Tick this", "Add at least one photo"):
        assert sentence in answer.text
    assert not Influencer.objects.exists()


def test_an_upload_comes_back_looked_at(at: Client, workspace: Workspace) -> None:
    file = SimpleUploadedFile("face.jpg", PORTRAIT, "image/jpeg")
    card = at.post(reverse("influencer_photo"), {"file": file}, headers=HTMX)
    assert "Close-up" in card.text
    assert "Small face (117 px high)" in card.text
    face = Asset.objects.get()
    empty = make_asset(workspace)
    said = text_of(at.post(reverse("influencer_check"), {"photos": [empty.pk, face.pk]}, headers=HTMX))
    assert "Photo 1. No face found: the first photo must show the face." in said
    assert "2 of 20" in said


def test_pictures_of_the_library_come_as_photos_in_their_order(
    at: Client, workspace: Workspace, outsider: User
) -> None:
    first, second = make_asset(workspace), make_asset(workspace)
    theirs = make_asset(Workspace.objects.get(name="Their client"))
    asked = [str(second.pk), str(theirs.pk), "no id", str(first.pk), str(second.pk)]
    cards = at.get(reverse("influencer_photo_cards"), {"photos": asked}, headers=HTMX).text
    assert re.findall(r'name="photos" value="([^"]+)"', cards) == [str(second.pk), str(first.pk)]
    assert cards.count(">Make face<") == 2


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(at: Client) -> None:
    answer = at.post(reverse("influencer_photo"), {"file": SimpleUploadedFile("a.jpg", b"hello")}, headers=HTMX)
    assert answer.status_code == 422
    assert answer.json()["error"]


def test_a_drawn_face_starts_a_new_one(at: Client, workspace: Workspace) -> None:
    output = make_output(workspace, title="Freckles")
    type(output).objects.filter(pk=output.pk).update(tool="face")
    link = re.search(r'href="(/influencers/new/\?photo=[^"]+)"', at.get(reverse("output", args=[output.pk])).text)
    assert link
    assert f'name="photos" value="{output.asset_id}"' in at.get(link[1]).text


def test_the_form_of_the_service_starts_with_name_and_photos(at: Client, workspace: Workspace) -> None:
    row = make(workspace, "Lina Falk", photos=2)
    page = at.get(reverse("create_tool", args=["influencer"]), {"influencer": str(row.pk)}).text
    assert 'value="Lina Falk"' in page
    for asset in order(row):
        assert str(asset.pk) in page
    assert re.search(rf'name="influencer" value="{row.pk}" checked', page)
