"""Every tool through its form, with every offer that ships: what it shows, what it stores, what it refuses; and never a 500."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from studio.engine import secrets
from studio.models import (
    Asset,
    Brand,
    Brief,
    Budget,
    CatalogueItem,
    Connection,
    Generation,
    Influencer,
    Kind,
    Learnt,
    Reference,
    RemoteCopy,
    Team,
    User,
    Voice,
    Workspace,
)
from studio.pages.toolforms.bound import in_sentence
from studio.providers import REMOTE, get_remote, shipped_offers
from studio.providers.base import Offer
from studio.tools import all_tools
from studio.tools.fields import widget_of
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]
OFFERS = [offer for provider in ("local", *REMOTE) for offer in shipped_offers(provider)]
IDS = [offer.key for offer in OFFERS]
PUBLIC = "https://studio.example"


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_URL = PUBLIC


@pytest.fixture
def maker(client: Client, creator: User, sign_in: SignIn) -> Client:
    return sign_in(client, creator)


def connected(team: Team, provider: str, era: str = "") -> Connection:
    return Connection.objects.create(
        team=team,
        provider=provider,
        key=secrets.conceal("key-1234"),
        last4="1234",
        facts={"era": era} if era else {},
        catalogue_at=timezone.now(),
    )


def for_offer(team: Team, offer: Offer) -> Connection | None:
    if offer.provider == "local":
        return None
    eras = get_remote(offer.provider).eras
    return connected(team, offer.provider, (offer.eras or (eras[0][0] if eras else "",))[0])


class Named(HTMLParser):
    """The names of everything that a form sends."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.offers: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.names.add(found.get("name") or found.get("data-name") or "")
        if tag == "button" and (found.get("value") or "").startswith("rows:"):
            self.names.add((found.get("value") or "").split(":")[1])


def names_in(page: str) -> set[str]:
    parser = Named()
    parser.feed(page)
    return parser.names


@pytest.mark.parametrize("offer", OFFERS, ids=IDS)
def test_a_form_shows_every_field_that_its_offer_takes(maker: Client, team: Team, offer: Offer) -> None:
    for_offer(team, offer)
    answer = maker.get(f"/create/{offer.tool}/", {"offer": offer.key})
    names, fields = names_in(answer.text), all_tools()[offer.tool].Inputs.model_fields
    assert answer.status_code == 200
    for name in fields:
        if offer.takes_input(name):
            # Of choices that a service has none of, an optional one shows how to get some.
            shown = name in names or f'id="f-{name.replace("_", "-")}"' in answer.text
            assert shown, name
        else:
            assert name not in names, name
    assert f'value="{offer.key}" checked' in answer.text


@pytest.mark.parametrize("slug", list(all_tools()))
def test_without_a_key_a_form_says_from_the_start_who_is_missing(maker: Client, owner: User, slug: str) -> None:
    page = maker.get(f"/create/{slug}/").text
    if slug in ("static-ad", "speech"):  # Made here.
        assert f"Generate 1 {all_tools()[slug].noun[0]}<" in page
        return
    assert "Nothing can be made with this yet" in page
    assert "Ask Elin" in page
    assert "Connect a service first" in page
    answer = maker.post(f"/create/{slug}/", {"nonce": uuid4().hex})
    assert answer.status_code == 422
    assert not Brief.objects.exists()


@pytest.fixture
def library(team: Team, workspace: Workspace) -> dict[str, str]:
    """One of everything that a form can refer to, by widget."""

    def asset(kind: Kind, media_type: str) -> Asset:
        return Asset.objects.create(
            team=team, workspace=workspace, kind=kind, file=f"x.{kind}", original_name=f"x.{kind}", media_type=media_type,
            size_bytes=1000, sha256=uuid4().hex * 2, width=1080, height=1080, duration_seconds=5, analysed_at=timezone.now(),
        )  # fmt: skip

    image, video, audio, weights = (
        str(asset(kind, it).pk)
        for kind, it in (
            (Kind.IMAGE, "image/png"),
            (Kind.VIDEO, "video/mp4"),
            (Kind.AUDIO, "audio/mpeg"),
            (Kind.FILE, "application/x-safetensors"),
        )
    )
    person = Influencer.objects.create(team=team, name="Ada Rivers", face=Asset.objects.get(pk=image))
    person.photos.create(asset_id=image)
    return {
        "image": image,
        "images": image,
        "photos": image,
        "files": image,
        "video": video,
        "videos": video,
        "audio": audio,
        "audios": audio,
        "weights": weights,
        "influencer": str(person.pk),
        "voice": str(Voice.objects.create(team=team, name="Narrator", local_name="am_puck").pk),
        "brand": str(Brand.objects.create(team=team, name="Oru").pk),
        "reference": str(Reference.objects.create(team=team, label="Morning").pk),
    }


def representative(offer: Offer, library: dict[str, str]) -> dict[str, Any]:
    """The least that this offer starts from, out of the tool's examples."""
    from tests.tools.examples import FILLED

    tool = all_tools()[offer.tool]
    data: dict[str, Any] = {"nonce": uuid4().hex, "offer": offer.key}
    needed = {name for name, limit in offer.limits.items() if limit.get("required")}
    needed |= set(tool.Inputs.required()) | {rule["fields"][0] for rule in offer.one_of}
    wanted = set(FILLED[offer.tool]) | needed
    if offer.tool == "talking-head":
        wanted = (needed | {"script"}) - {"template", "angle", "audio", "audio_mode", "cartesia_voice"}
    for name in tool.Inputs.model_fields:
        if not offer.takes_input(name) or name not in wanted:
            continue
        widget = widget_of(tool.Inputs.model_fields[name].metadata).name
        given = FILLED[offer.tool].get(name)
        choices = offer.limits.get(name, {}).get("choices")
        if widget in library:
            data[name] = library[widget]
        elif widget in ("presenter", "avatar", "preset"):
            data[name] = f"{offer.provider}:one"
        elif widget == "loras":
            data[f"{name}-0-path"] = "https://media.example/a.safetensors"
        elif choices:
            data[name] = offer.limits[name].get("default", choices[0])
        elif given is not None and not isinstance(given, list):
            data[name] = given
        elif widget in ("seconds", "number"):
            data[name] = offer.limits[name].get("min", 5)
        else:
            data[name] = "A calm morning"
    if offer.key == "local/static-ad":
        data |= {"aspect_ratio": "4:5"}
    elif offer.tool == "static-ad":
        data |= {"aspect_ratio": "4:5", "prompt": "Cold brew"}
    if "lyrics" in data and not data.get("title"):
        data["title"] = "Harbour"
    return data


@pytest.mark.parametrize("offer", OFFERS, ids=IDS)
def test_a_filled_form_stores_a_brief_with_its_offer_and_comes_back_as_it_was(
    maker: Client, team: Team, library: dict[str, str], offer: Offer
) -> None:
    connection = for_offer(team, offer)
    if connection:  # A voice can be used only at the service that has it.
        RemoteCopy.objects.create(
            team=team, connection=connection, object_kind="voice", object_id=library["voice"], kind="voice",
            remote_id="v1", seen_at=timezone.now(),
        )  # fmt: skip
    data = representative(offer, library)
    answer = maker.post(f"/create/{offer.tool}/", data)
    assert answer.status_code == 302, answer.text.split('id="problems"')[1][:900]
    generation = Generation.objects.first()
    assert generation
    assert generation.offer_key == offer.key
    again = maker.get(f"/create/{offer.tool}/", {"remix": str(generation.outputs.first().pk)})  # type: ignore[union-attr]
    assert f'value="{offer.key}" checked' in again.text
    for name, value in data.items():
        if name not in ("nonce", "offer"):
            assert str(value) in again.text, name


GARBAGE = ["", "x", "-1", "1e400", "NaN", "\x00", "💥" * 50, "9" * 400, "true", "[]", '{"a":1}', "https://", "http://[", "videogen:", ":", "-", "../..", "00000000-0000-0000-0000-000000000000", "<script>", "a" * 6000]  # fmt: skip


@pytest.mark.parametrize("slug", list(all_tools()))
def test_garbage_in_every_field_is_refused_with_words(maker: Client, team: Team, slug: str) -> None:
    for provider in REMOTE:
        connected(team, provider)
    chance, tool = random.Random(slug), all_tools()[slug]
    names = list(tool.Inputs.model_fields)
    keys = [offer.key for offer in OFFERS if offer.tool == slug]
    for turn in range(6):
        data: dict[str, Any] = {"nonce": uuid4().hex, "offer": [*keys, "nope"][turn % (len(keys) + 1)]}
        for name in names:
            data[name] = chance.choices(GARBAGE, k=chance.choice((1, 1, 2, 12)))
            data[f"{name}-{chance.choice((0, 7, 999))}-{chance.choice(('prompt', 'face', 'path', 'x'))}"] = (
                chance.choice(GARBAGE)
            )
            data[f"link-{name}"] = chance.choice(GARBAGE)
        data["kept"] = chance.choice(
            ["", "{", "[]", json.dumps(dict.fromkeys(names, 7)), json.dumps({key: [[1], {}] for key in names})]
        )
        steps = ["", "rows:x", "rows:shots:remove:99", "add::", f"add:{names[0]}:x", "first:", "recent:nope", "offer"]
        assert maker.post(f"/create/{slug}/", data).status_code == 422
        for step in steps[1:]:
            assert maker.post(f"/create/{slug}/", {**data, "do": step}).status_code == 200, step
        assert maker.post(f"/create/{slug}/preview", data).status_code == 200
        assert maker.post(f"/create/{slug}/fields", data).status_code == 200
        for name in names[:4]:
            assert maker.post(f"/create/{slug}/field/{name}", data).status_code in (200, 404)
    assert not Brief.objects.exists()


def test_another_offer_keeps_what_was_typed_and_names_what_it_does_not_use(maker: Client, team: Team) -> None:
    for provider in ("influencer_studio", "videogen"):
        connected(team, provider)
    typed = {"prompt": "A can opens", "quality": "high", "count": "3", "offer": "videogen:video:clip"}
    first = maker.post("/create/video/fields", typed).text
    assert "Not used by" not in first
    there = maker.post("/create/video/fields", {**typed, "offer": "influencer_studio:video:kling-3"}).text
    assert "A can opens</textarea>" in there
    assert "Not used by Kling 3: Quality, How many." in there
    assert 'name="quality"' not in there
    kept = json.dumps({"quality": "high", "count": "3"})
    back = maker.post("/create/video/fields", {"prompt": "A can opens", "kept": kept, "offer": "videogen:video:clip"})
    assert 'value="high" aria-label="High" checked' in back.text
    assert 'name="count" value="3"' in back.text
    both = maker.post("/create/video/", {**typed, "nonce": uuid4().hex, "offer": "influencer_studio:video:kling-3"})
    assert both.status_code == 422
    assert "has no use for “Quality”, “How many”. It was set aside" in both.text


def test_limits_of_the_offer_are_in_the_form(maker: Client, team: Team) -> None:
    connected(team, "influencer_studio")
    page = maker.get("/create/video/?offer=influencer_studio:video:veo-3.1").text
    for seconds in (4, 6, 8):
        assert f'name="duration" value="{seconds}"' in page
    assert 'name="duration" value="8" aria-label="8 s" checked' in page
    assert 'name="aspect_ratio" value="1:1"' not in page


def test_rows_are_added_moved_and_taken_out_without_script(maker: Client, team: Team) -> None:
    connected(team, "influencer_studio")
    form = "/create/reference-video/"
    sent = {"shots-0-prompt": "One", "shots-0-duration": "5", "shots-4-prompt": "Two", "shots-4-duration": "3"}
    page = maker.post(form, {**sent, "do": "rows:shots:up:1"}).text
    assert page.index("Two</textarea>") < page.index("One</textarea>")
    assert maker.post(form, {**sent, "do": "rows:shots:add"}).text.count("<legend>Shot") == 3
    assert "One</textarea>" not in maker.post(form, {**sent, "do": "rows:shots:remove:0"}).text
    wrong = maker.post(form, {**sent, "shots-4-prompt": "", "prompt": "x", "nonce": uuid4().hex})
    assert 'href="#f-shots-1-prompt"' in wrong.text


def test_people_and_voices_of_others_are_not_offered(
    maker: Client, team: Team, other_workspace: Workspace, outsider: User
) -> None:
    connection = connected(team, "videogen")
    theirs = outsider.memberships.get().team
    Voice.objects.create(team=team, workspace=other_workspace, name="Kestrel only")
    Voice.objects.create(team=theirs, name="Stranger")
    Voice.objects.create(team=team, name="Narrator")
    CatalogueItem.objects.create(
        team=team, connection=connection, kind="voice", remote_id="m9", title="Hugo", search_text="hugo", seen_at=timezone.now()
    )  # fmt: skip
    here = maker.get("/create/speech/").text
    assert 'value="local:af_heart"' in here
    assert "/static/voices/af_heart" in here
    assert "Not one of this server’s" in here
    assert 'value="videogen:m9"' not in here
    page = maker.get("/create/speech/", {"offer": "videogen:speech:tts"}).text
    assert "Narrator" in page
    assert 'value="videogen:m9"' in page
    assert "Kestrel only" not in page
    assert "Stranger" not in page
    found = maker.get("/create/speech/things/voice", {"find-voice": "hug", "offer": "videogen:speech:tts"}).text
    assert "Hugo" in found
    assert "Narrator" not in found


@pytest.mark.parametrize(("slug", "kind"), [("speech", "voice"), ("avatar-clip", "presenter"), ("image", "entity")])
def test_a_form_costs_the_same_with_10_and_1000_things(maker: Client, team: Team, slug: str, kind: str) -> None:
    connection = connected(team, "videogen")

    def add(start: int, stop: int) -> None:
        CatalogueItem.objects.bulk_create(
            CatalogueItem(team=team, connection=connection, kind=kind, remote_id=f"v{number}", title=f"V {number}", seen_at=timezone.now())
            for number in range(start, stop)
        )  # fmt: skip

    asked = (
        {"offer": "videogen:speech:tts"} if slug == "speech" else {}
    )  # Without a word, this server's own voice speaks.

    def queries() -> int:
        return queries_of(lambda: maker.get(f"/create/{slug}/", asked))

    add(0, 10)
    queries()
    few = queries()
    add(10, 1000)
    assert queries() == few
    assert few <= 26
    page = maker.get(f"/create/{slug}/", asked).text
    assert "Search by name" in page


def test_reviewers_reach_no_part_of_it(client: Client, reviewer: User, sign_in: SignIn) -> None:
    sign_in(client, reviewer)
    assert client.get("/create/image/things/influencer").status_code == 403
    for part in ("fields", "preview", "field/images", "upload/images"):
        assert client.post(f"/create/image/{part}").status_code == 403


def test_files_of_each_kind_are_taken_and_others_refused(maker: Client) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.factories import picture

    taken = maker.post("/create/image/upload/images", {"file": SimpleUploadedFile("a.png", picture())})
    assert taken.status_code == 200
    assert 'name="images"' in taken.text
    refused = maker.post("/create/lipsync/upload/video", {"file": SimpleUploadedFile("a.png", picture())})
    assert refused.status_code == 422
    assert "a.png" in refused.json()["error"] or "video" in refused.json()["error"]
    assert (
        maker.post("/create/image/upload/prompt", {"file": SimpleUploadedFile("a.png", picture())}).status_code == 404
    )


@pytest.fixture
def every_key(team: Team) -> None:
    for provider in REMOTE:
        connected(team, provider)


def test_the_chooser_lists_every_tool_with_a_price_or_a_way_to_get_one(maker: Client) -> None:
    page = maker.get("/create/").text
    for slug in all_tools():
        assert f'href="/create/{slug}/"' in page, slug
    assert "Connect VideoGen" in page
    assert 'href="/create/video/"' in maker.get("/create/?q=videogen").text


@pytest.mark.usefixtures("every_key")
def test_the_chooser_costs_the_same_whatever_the_catalogue(maker: Client, team: Team) -> None:
    assert "From 250 credits" in maker.get("/create/").text
    few = queries_of(lambda: maker.get("/create/"))
    connection = Connection.objects.filter(team=team).first()
    assert connection
    CatalogueItem.objects.bulk_create(
        CatalogueItem(
            team=team, connection=connection, kind="offer", remote_id=f"o{number}", title="x", seen_at=timezone.now(),
            data={"tool": "video", "price": "3", "unit": "credits"},
        )
        for number in range(300)
    )  # fmt: skip
    assert queries_of(lambda: maker.get("/create/")) == few
    assert "From 3 credits" in maker.get("/create/").text


def test_over_the_budget_a_creator_asks_and_an_admin_confirms(
    client: Client,
    creator: User,
    admin: User,
    team: Team,
    workspace: Workspace,
    library: dict[str, str],
    sign_in: SignIn,
) -> None:
    connected(team, "influencer_studio")
    Budget.objects.create(
        team=team, workspace=workspace, provider="influencer_studio", amount=Decimal(100), set_by=admin
    )
    data = {"name": "Ada", "photos": library["photos"], "nonce": uuid4().hex}
    sign_in(client, creator)
    page = client.get("/create/influencer/").text
    assert "Needs approval" in page
    assert "Mara" in page
    refused = client.post("/create/influencer/", data)
    assert refused.status_code == 422
    assert "Ask Mara" in refused.text
    assert "Generate over the budget" not in refused.text
    assert client.post("/create/influencer/", {**data, "admin_ok": "yes"}).status_code == 422
    sign_in(client, admin)
    assert "over the budget" in client.get("/create/influencer/").text
    assert client.post("/create/influencer/", {**data, "admin_ok": "yes"}).status_code == 302
    assert Brief.objects.count() == 1


def test_the_summary_gives_no_pixels_for_a_service(maker: Client, team: Team) -> None:
    """The form of an ad holds the size of the local renderer; what a service makes of "1K" is its own."""
    connected(team, "videotok")
    local = maker.get("/create/static-ad/").text
    assert "<dt>Size</dt><dd>1080 × 1350 px</dd>" in local
    theirs = maker.get("/create/static-ad/", {"offer": "videotok:static-ad:product-shoot"}).text
    assert "× 1350 px" not in theirs
    assert "<dt>Size</dt><dd>1K</dd>" in theirs


def test_the_bar_of_a_phone_follows_the_price(maker: Client, team: Team) -> None:
    offer = next(it for it in shipped_offers("videotok") if it.tool == "slideshow")
    connection = connected(team, "videotok")
    bar = '<span class="cost num" id="bar-cost"'
    data = {"offer": offer.key, "prompt": "Five mistakes"}
    assert f'{bar} aria-hidden="true">Unknown</span>' in maker.get("/create/slideshow/", data).text
    Learnt.objects.create(connection=connection, offer_key=offer.key, price=Decimal(50), priced=1)
    for slides in (3, 5):
        answer = maker.post("/create/slideshow/preview", {**data, "slide_count": str(slides)})
        assert f'{bar} hx-swap-oob="true" aria-hidden="true">{50 * slides} credits</span>' in answer.text


def test_the_chosen_mark_is_remembered(maker: Client, team: Team, library: dict[str, str]) -> None:
    connected(team, "videogen")
    data = {"image": library["image"], "watermark": "none", "nonce": uuid4().hex}
    assert maker.post("/create/image-upscale/", data).status_code == 302
    assert 'name="watermark" value="none" aria-label="None" checked' in maker.get("/create/vectorize/").text


def test_a_sample_of_another_team_is_not_found_and_one_that_cannot_be_had_is_nothing(
    maker: Client, team: Team, outsider: User
) -> None:
    for owner_team, status in ((team, 204), (outsider.memberships.get().team, 404)):
        item = CatalogueItem.objects.create(
            team=owner_team, connection=connected(owner_team, "videogen"), kind="presenter", remote_id="p", title="P",
            picture="http://127.0.0.1/x.png", seen_at=timezone.now(),
        )  # fmt: skip
        assert maker.get(f"/create/sample/{item.pk}/picture").status_code == status
        assert maker.get(f"/create/sample/{item.pk}/nothing").status_code == 404


def test_what_unfolds_is_named_by_its_fields(maker: Client, team: Team) -> None:
    connected(team, "influencer_studio")
    assert "More: a longer prompt<" in maker.get("/create/model-3d/").text
    titles = ("Voice to clone", "A longer prompt", "H.264", "LoRA", "3D depth")
    assert [in_sentence(it) for it in titles] == ["voice to clone", "a longer prompt", "H.264", "LoRA", "3D depth"]
