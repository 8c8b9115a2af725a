"""The brand pages: who may do what, what each card takes, and that a big library costs no more queries than a small one."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from studio.models import (
    Brand,
    Brief,
    Generation,
    Output,
    OutputState,
    Product,
    ProductPhoto,
    Team,
    User,
    Workspace,
)
from studio.pages.brand_library import swatches
from tests.brand_rows import COLOURS, HTMX, SignIn, brand, elsewhere, photo, png

__all__ = ["brand", "elsewhere"]

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20"><rect width="60" height="20" fill="#8a3b12"/></svg>'


def made_with(brand: Brand, workspace: Workspace, number: int) -> None:
    brief = Brief.objects.create(
        team=brand.team, workspace=workspace, tool="static-ad", inputs={}, nonce=f"n{brand.pk}"
    )
    generation = Generation.objects.create(
        team=brand.team, workspace=workspace, brief=brief, tool="static-ad", inputs={}, provider="local", offer="local"
    )
    for position in range(number):
        Output.objects.create(
            team=brand.team,
            workspace=workspace,
            generation=generation,
            position=position,
            kind="image",
            tool="static-ad",
            brand=brand,
            title="Calm skin",
            state=OutputState.FAILED,
        )


def card(brand: Brand, name: str) -> str:
    return reverse("brand_card", args=[brand.pk, name])


# -- The list ----------------------------------------------------------------------------------------------------------
def test_a_team_without_brands_is_invited_to_make_one(client: Client, owner: User, sign_in: SignIn) -> None:
    page = sign_in(client, owner).get(reverse("brands"))
    assert "Whose ads are these?" in page.text
    assert page.text.count(reverse("brand_new")) >= 1


def test_a_reviewer_is_not_offered_what_a_creator_may_do(
    client: Client, reviewer: User, brand: Brand, sign_in: SignIn
) -> None:
    sign_in(client, reviewer)
    assert reverse("brand_new") not in client.get(reverse("brands")).text
    page = client.get(reverse("brand", args=[brand.pk])).text
    for forbidden in ("Edit", "Archive", "Upload logo", "Add product", "Make an ad"):
        assert f">{forbidden}" not in page


def test_the_list_holds_the_teams_brands_and_those_of_this_workspace(
    client: Client, owner: User, creator: User, brand: Brand, elsewhere: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    Brand.objects.create(team=brand.team, workspace=workspace, name="Fable")
    for user in (owner, creator):
        page = sign_in(client, user).get(reverse("brands")).text
        assert "Halden" in page
        assert "Fable" in page
        assert str(elsewhere.pk) not in page


def test_a_card_tells_how_many_products_and_results_there_are(
    client: Client, owner: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    Product.objects.create(brand=brand, name="Serum")
    made_with(brand, workspace, 3)
    assert "1 product, 3 results" in sign_in(client, owner).get(reverse("brands")).text


def test_archived_brands_stand_behind_a_filter(client: Client, owner: User, brand: Brand, sign_in: SignIn) -> None:
    sign_in(client, owner)
    assert "archived=1" not in client.get(reverse("brands")).text
    Brand.objects.filter(pk=brand.pk).update(archived_at=datetime.now(UTC))
    assert str(brand.pk) not in client.get(reverse("brands")).text
    shown = client.get(reverse("brands"), {"archived": "1"}).text
    assert str(brand.pk) in shown
    assert reverse("brand_restore", args=[brand.pk]) in shown


def test_brands_are_found_by_a_part_of_their_name(client: Client, owner: User, brand: Brand, sign_in: SignIn) -> None:
    sign_in(client, owner)
    assert str(brand.pk) in client.get(reverse("brands"), {"q": "hald"}).text
    assert "No brand by that name" in client.get(reverse("brands"), {"q": "zz"}).text


def test_every_brand_stands_on_one_page_of_the_list(
    client: Client, owner: User, brand: Brand, team: Team, sign_in: SignIn
) -> None:
    names = [f"Brand {number:02}" for number in range(60)]
    Brand.objects.bulk_create([Brand(team=team, name=name, **COLOURS) for name in names])
    sign_in(client, owner)
    address, seen = "/brands/", []
    while address:
        shown = client.get(address).text
        seen += re.findall(r"<b>(Brand \d\d)</b>", shown)
        more = re.search(r'href="(\?after=[^"]+)"', shown)
        address = f"/brands/{more[1]}" if more else ""
    assert sorted(seen) == names
    for nonsense in ("x", str(owner.pk), "00000000-0000-7000-8000-000000000000"):
        assert "Brand 00" in client.get(f"/brands/?after={nonsense}").text


# -- A new brand -------------------------------------------------------------------------------------------------------


def test_a_creator_makes_a_brand_without_script(
    client: Client, creator: User, workspace: Workspace, sign_in: SignIn
) -> None:
    answer = sign_in(client, creator).post(reverse("brand_new"), {"name": " Oru\u202e \n brew ", **COLOURS})
    brand = Brand.objects.get()
    assert answer["Location"] == reverse("brand", args=[brand.pk])
    assert (brand.name, brand.created_by, brand.primary) == ("Oru brew", creator, "#8a3b12")
    assert brand.workspace == workspace  # Whoever works in one workspace only makes brands for it.


def test_an_owner_chooses_where_a_brand_is_seen(
    client: Client, owner: User, workspace: Workspace, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    client.post(reverse("brand_new"), {"name": "All", "seen_in": "all", **COLOURS})
    client.post(reverse("brand_new"), {"name": "One", "seen_in": "this", **COLOURS})
    assert [brand.workspace for brand in Brand.objects.order_by("name")] == [None, workspace]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "Type the brand&#x27;s name."),
        ({"name": "\u0000\u200b \t"}, "Type the brand&#x27;s name."),
        ({"name": "x" * 81}, "Use at most 80 characters; this has 81."),
        ({"name": "HALDEN"}, "Another brand of your team has this name."),
        ({"primary": "red"}, "is not a colour"),
        ({"accent": "#12345"}, "is not a colour"),
        ({"dark": "#12345g"}, "is not a colour"),
        ({"light": ""}, "Type the light colour"),
        ({"primary": 'url(//x)"><script>'}, "is not a colour"),
        ({"seen_in": "elsewhere"}, "Choose one of the places shown here."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    client: Client, owner: User, brand: Brand, sign_in: SignIn, change: dict[str, str], sentence: str
) -> None:
    sent = {"name": "Fresh", "seen_in": "all", **COLOURS, **change}
    answer = sign_in(client, owner).post(reverse("brand_new"), sent)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "<script>" not in answer.text.split("<form", 1)[1]
    assert Brand.objects.count() == 1


def test_a_name_is_taken_whatever_its_case_and_script(client: Client, owner: User, team: Team, sign_in: SignIn) -> None:
    Brand.objects.create(team=team, name="Éclat")
    answer = sign_in(client, owner).post(reverse("brand_new"), {"name": "E\u0301CLAT", "seen_in": "all", **COLOURS})
    assert answer.status_code == 422


def test_the_database_refuses_a_name_that_two_people_save_at_once(brand: Brand) -> None:
    with pytest.raises(IntegrityError):
        Brand.objects.create(team=brand.team, name="halden")


# -- The cards ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["about", "tone", "colours", "fonts"])
def test_each_card_opens_in_place_and_as_a_page(
    client: Client, creator: User, brand: Brand, sign_in: SignIn, name: str
) -> None:
    sign_in(client, creator)
    part, page = client.get(card(brand, name), headers=HTMX), client.get(card(brand, name))
    assert f'id="card-{name}"' in part.text
    assert "<html" not in part.text
    assert "<html" in page.text
    for answer in (part, page):
        assert f'action="{card(brand, name)}"' in answer.text
    assert '<form class="stack"' not in client.get(f"{card(brand, name)}?read=1", headers=HTMX).text


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("about", {"name": "Halden & Co"}),
        ("tone", {"tone": "Calm, exact."}),
        ("colours", {**COLOURS, "accent": "ABC"}),
        ("fonts", {"heading_font": "fraunces", "body_font": "dm-sans"}),
    ],
)
def test_a_card_is_saved_with_and_without_script(
    client: Client, owner: User, brand: Brand, sign_in: SignIn, name: str, sent: dict[str, str]
) -> None:
    sign_in(client, owner)
    plain = client.post(card(brand, name), sent)
    assert plain["Location"] == f"{reverse('brand', args=[brand.pk])}#card-{name}"
    part = client.post(card(brand, name), sent, headers=HTMX)
    assert part.text.strip().startswith('<section class="card')
    assert 'id="card-sample"' in part.text  # The sample ad is drawn again.
    brand.refresh_from_db()
    expected = {**sent, **({"accent": "#aabbcc"} if name == "colours" else {})}
    assert {field: getattr(brand, field) for field in sent} == expected


def test_saving_one_card_leaves_what_another_person_saved_in_the_next(
    client: Client, owner: User, brand: Brand, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    client.get(card(brand, "tone"))
    Brand.objects.filter(pk=brand.pk).update(primary="#000000")
    client.post(card(brand, "tone"), {"tone": "Dry."})
    brand.refresh_from_db()
    assert (brand.tone, brand.primary) == ("Dry.", "#000000")


@pytest.mark.parametrize(
    ("name", "sent", "sentence"),
    [
        ("about", {"name": "ORU"}, "Another brand of your team"),
        ("tone", {"tone": "x" * 301}, "Use at most 300 characters; this has 301."),
        ("colours", {**COLOURS, "primary": "teal"}, "is not a colour"),
        ("fonts", {"heading_font": "comic-sans", "body_font": "inter"}, "This font is not here."),
        ("fonts", {}, "Choose a font."),
    ],
)
def test_a_card_refuses_nonsense_and_stays_open(
    client: Client, owner: User, brand: Brand, sign_in: SignIn, name: str, sent: dict[str, str], sentence: str
) -> None:
    Brand.objects.create(team=brand.team, name="Oru")
    sign_in(client, owner)
    for headers in (None, HTMX):
        answer = client.post(card(brand, name), sent, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'action="{card(brand, name)}"' in answer.text


def test_somebody_of_one_workspace_cannot_move_a_brand_of_all(
    client: Client, creator: User, brand: Brand, sign_in: SignIn
) -> None:
    sign_in(client, creator).post(card(brand, "about"), {"name": "Halden", "seen_in": "this"})
    brand.refresh_from_db()
    assert brand.workspace is None


def test_a_picture_proposes_four_colours_unsaved(
    client: Client, owner: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    asset = photo(brand.team, workspace)
    ProductPhoto.objects.create(product=Product.objects.create(brand=brand, name="Serum"), asset=asset)
    sign_in(client, owner)
    assert "Pick from a picture" in client.get(card(brand, "colours"), headers=HTMX).text
    answer = client.post(card(brand, "colours"), {**COLOURS, "do": f"palette:{asset.pk}"}, headers=HTMX)
    assert answer.status_code == 200
    assert 'value="#c8643a"' in answer.text
    brand.refresh_from_db()
    assert brand.primary == COLOURS["primary"]


# -- Logos -------------------------------------------------------------------------------------------------------------
def test_a_logo_comes_as_svg_is_replaced_and_removed(
    client: Client, creator: User, brand: Brand, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    client.post(card(brand, "logo"), {"logo": SimpleUploadedFile("logo.svg", SVG, "image/svg+xml")})
    brand.refresh_from_db()
    assert brand.logo is not None
    assert (brand.logo.media_type, brand.logo_dark) == ("image/png", None)
    part = client.post(card(brand, "logo"), {"logo_dark": png()}, headers=HTMX)
    assert part.status_code == 200
    brand.refresh_from_db()
    assert brand.logo_dark is not None
    client.post(card(brand, "logo"), {"do": "remove:logo"})
    left = Brand.objects.get()
    assert (left.logo, left.logo_dark) == (None, brand.logo_dark)


def test_a_file_that_is_no_picture_is_refused_with_a_sentence(
    client: Client, owner: User, brand: Brand, sign_in: SignIn
) -> None:
    sign_in(client, owner)
    answer = client.post(
        card(brand, "logo"), {"logo": SimpleUploadedFile("logo.png", b"hello", "image/png")}, headers=HTMX
    )
    assert answer.status_code == 422
    assert "logo.png" in answer.text
    assert "Choose a file first" in client.post(card(brand, "logo"), {}).text
    brand.refresh_from_db()
    assert brand.logo is None


# -- Archive and restore -----------------------------------------------------------------------------------------------
def test_an_archived_brand_comes_back_by_undo_and_is_read_only_meanwhile(
    client: Client, creator: User, brand: Brand, workspace: Workspace, sign_in: SignIn
) -> None:
    made_with(brand, workspace, 1)
    sign_in(client, creator)
    answer = client.post(reverse("brand_archive", args=[brand.pk]), headers=HTMX)
    assert reverse("brand_restore", args=[brand.pk]) in answer["HX-Trigger"]
    page = client.get(reverse("brand", args=[brand.pk]))
    assert "is archived." in page.text
    assert "Make an ad" not in page.text
    assert client.post(card(brand, "tone"), {"tone": "New"}).status_code == 302
    brand.refresh_from_db()
    assert brand.tone == ""
    assert Output.objects.get().brand == brand
    client.post(reverse("brand_restore", args=[brand.pk]), headers=HTMX)
    brand.refresh_from_db()
    assert brand.archived_at is None


def test_a_name_taken_meanwhile_keeps_a_brand_in_the_archive(
    client: Client, owner: User, brand: Brand, sign_in: SignIn
) -> None:
    sign_in(client, owner).post(reverse("brand_archive", args=[brand.pk]))
    Brand.objects.create(team=brand.team, name="halden")
    answer = client.post(reverse("brand_restore", args=[brand.pk]), follow=True)
    assert "Another brand is called Halden now." in answer.text
    brand.refresh_from_db()
    assert brand.archived_at is not None


@pytest.mark.parametrize(
    ("colour", "shown", "enough"), [("#767676", 4.5, True), ("#777777", 4.4, False), ("#ffffff", 21.0, True)]
)
def test_contrast_is_never_rounded_up(colour: str, shown: float, enough: bool) -> None:
    """#777777 reaches 4.48 on white, which small text may not have."""
    found = swatches(
        {"primary": colour, "accent": colour, "dark": "#ffffff" if shown < 5 else "#000000", "light": "#ffffff"}
    )
    assert (found[0].contrast, found[0].enough) == (shown, enough)
