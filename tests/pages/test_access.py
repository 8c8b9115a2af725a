"""Every address as everybody. An address that the table does not name fails the first test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import Settings

from studio.models import Decision, Output, User, Workspace
from tests.world import World, make_world

SignIn = Callable[[Client, User], Client]

# door: to the sign-in page. outsider: the owner of another team, at this team's objects. A method without a row answers 405.
TABLE = """
address               method  owner  admin  creator  reviewer  outsider  nobody
gallery               GET     200    200    200      200       200       door
create                GET     200    200    200      403       200       door
create_tool           GET     200    200    200      403       200       door
create_tool           POST    302    302    302      403       302       door
create_preview        POST    200    200    200      403       200       door
create_products       GET     200    200    200      403       200       door
create_fields         POST    200    200    200      403       200       door
create_field          POST    200    200    200      403       200       door
create_upload         POST    200    200    200      403       200       door
create_things         GET     200    200    200      403       200       door
create_sample         GET     404    404    404      404       404       door
output                GET     200    200    200      200       404       door
output_tile           GET     200    200    200      200       gone      door
output_download       GET     200    200    200      200       404       door
output_opened         POST    204    204    204      204       404       door
outputs_zip           POST    200    200    200      200       302       door
outputs_decide        POST    302    302    302      302       302       door
outputs_undo          POST    302    302    302      302       302       door
outputs_star          POST    302    302    302      302       302       door
output_decide         POST    302    302    302      302       404       door
output_undo           POST    302    302    302      302       404       door
output_star           POST    302    302    302      302       404       door
output_cancel         POST    302    302    302      403       404       door
output_again          POST    302    302    302      403       404       door
output_check          POST    302    302    302      403       404       door
output_missing        POST    302    302    302      403       404       door
rescue                GET     200    200    200      403       200       door
rescue_case           GET     200    200    200      403       404       door
rescue_check          POST    302    302    302      403       404       door
rescue_adopt          POST    302    302    302      403       404       door
rescue_again          POST    302    302    302      403       404       door
rescue_write_off      POST    302    302    302      403       404       door
rescue_missing        POST    302    302    302      403       404       door
rescue_leave          POST    302    302    302      403       404       door
trash                 GET     200    200    200      200       200       door
outputs_trash         POST    302    302    302      403       302       door
outputs_restore       POST    302    302    302      403       302       door
output_trash          POST    302    302    302      403       404       door
output_restore        POST    302    302    302      403       404       door
brands                GET     200    200    200      200       200       door
brand_new             GET     200    200    200      403       200       door
brand_new             POST    302    302    302      403       302       door
font_specimen         GET     200    200    200      200       200       door
brand_read_web        GET     200    200    200      403       200       door
brand_read_web        POST    302    302    302      403       302       door
brand_fonts           GET     200    200    200      200       404       door
brand_specimen        GET     404    404    404      404       404       door
brand_sample          GET     200    200    200      200       404       door
brand                 GET     200    200    200      200       404       door
brand_archive         POST    302    302    302      403       404       door
brand_restore         POST    302    302    302      403       404       door
brand_products        GET     200    200    200      403       404       door
product_new           GET     200    200    200      403       404       door
product_new           POST    302    302    302      403       404       door
product               GET     200    200    200      403       404       door
product               POST    302    302    302      403       404       door
product_delete        POST    302    302    302      403       404       door
product_move          POST    302    302    302      403       404       door
used:brand            GET     200    200    200      200       404       door
theirs                GET     200    200    200      403       200       door
theirs_shelf:voice    GET     200    200    200      403       404       door
theirs_shelf:file     GET     200    200    200      403       404       door
theirs_thumb          GET     204    204    204      403       204       door
theirs_refresh        POST    302    302    302      403       404       door
theirs_import:voice   POST    302    302    302      403       404       door
theirs_import:file    POST    302    302    302      403       404       door
theirs_link           POST    302    302    302      403       404       door
theirs_file           POST    302    302    403      403       404       door
brand_card:about      GET     200    200    200      403       404       door
brand_card:about      POST    302    302    302      403       404       door
brand_card:logo       GET     200    200    200      403       404       door
brand_card:logo       POST    302    302    302      403       404       door
brand_card:tone       GET     200    200    200      403       404       door
brand_card:tone       POST    302    302    302      403       404       door
brand_card:colours    GET     200    200    200      403       404       door
brand_card:colours    POST    302    302    302      403       404       door
brand_card:fonts      GET     200    200    200      403       404       door
brand_card:fonts      POST    302    302    302      403       404       door
brand_card:claims     GET     200    200    200      403       404       door
brand_card:claims     POST    302    302    302      403       404       door
brand_card:delivery   GET     200    200    200      403       404       door
brand_card:delivery   POST    302    302    302      403       404       door
influencers           GET     200    200    200      200       200       door
influencer_new        GET     200    200    200      403       200       door
influencer_new        POST    302    302    302      403       422       door
influencer_photo      POST    200    200    200      403       200       door
influencer_photo_cards  GET   200    200    200      403       gone      door
influencer_check      POST    200    200    200      403       200       door
influencer_import     POST    302    302    302      403       404       door
influencer            GET     200    200    200      200       404       door
influencer_archive    POST    302    302    302      403       404       door
influencer_restore    POST    302    302    302      403       404       door
influencer_photos     POST    302    302    302      403       404       door
influencer_card:about    GET   200    200    200      403       404       door
influencer_card:about    POST  302    302    302      403       404       door
influencer_card:voice    GET   200    200    200      403       404       door
influencer_card:voice    POST  302    302    302      403       404       door
influencer_card:consent  GET   200    200    200      403       404       door
influencer_card:consent  POST  302    302    302      403       404       door
used:influencer       GET     200    200    200      200       404       door
references            GET     200    200    200      200       200       door
reference_save        POST    302    302    302      403       302       door
references_bulk       POST    302    302    302      403       302       door
references_waiting    GET     200    200    403      403       200       door
references_presets    GET     200    200    200      200       200       door
references_recommend  POST    302    302    302      403       302       door
reference             GET     200    200    200      200       404       door
reference_card        GET     302    302    302      302       404       door
reference_look        GET     302    302    302      302       404       door
reference_edit        POST    302    302    302      403       404       door
reference_archive     POST    302    302    302      403       404       door
reference_restore     POST    302    302    302      403       404       door
reference_share       POST    302    302    302      403       404       door
reference_decide      POST    302    302    403      403       404       door
reference_ask         POST    302    302    302      403       404       door
reference_publish     GET     302    302    403      403       404       door
reference_publish     POST    302    302    403      403       404       door
reference_review      POST    302    302    302      403       404       door
used:reference        GET     200    200    200      200       404       door
asset_upload          POST    302    302    302      403       302       door
asset_link            POST    302    302    302      403       302       door
picker                GET     200    200    200      403       200       door
picker_items          GET     200    200    200      403       200       door
picker_bring          POST    422    422    422      403       404       door
media:original        GET     200    200    200      200       404       door
media:small           GET     200    200    200      200       404       door
voices                GET     200    200    200      200       200       door
voice_new             GET     200    200    200      403       200       door
voice_new             POST    422    422    422      403       422       door
voice_recording       POST    302    302    302      403       302       door
voice_keep            POST    302    302    302      403       404       door
voice                 GET     200    200    200      200       404       door
voice_facts           GET     200    200    200      403       404       door
voice_facts           POST    302    302    302      403       404       door
voice_attach          POST    302    302    302      403       404       door
voice_say             POST    422    422    422      403       404       door
voice_star            POST    302    302    302      403       404       door
voice_archive         POST    302    302    302      403       404       door
voice_restore         POST    302    302    302      403       404       door
used:voice            GET     200    200    200      200       404       door
spend                 GET     200    200    200      403       200       door
spend_csv             GET     200    200    200      403       200       door
spend_budget          POST    302    302    403      403       302       door
spend_price           POST    302    302    403      403       302       door
spend_correct         POST    302    302    403      403       404       door
spend_plans           POST    302    302    403      403       302       door
spend_top_up          POST    302    302    403      403       302       door
settings              GET     302    302    302      302       302       door
team                  GET     200    200    403      403       200       door
team                  POST    302    302    403      403       302       door
profile               GET     200    200    200      200       200       door
change_name           POST    302    302    302      302       302       door
change_email          POST    302    302    302      302       302       door
change_password       POST    302    302    302      302       302       door
change_theme          POST    302    302    302      302       302       door
change_keys           POST    302    302    302      302       302       door
sign_out_everywhere   POST    302    302    302      302       302       door
leave_team            POST    302    302    302      302       302       door
people                GET     200    200    403      403       200       door
people                POST    302    302    403      403       302       door
person                GET     200    200    403      403       404       door
person                POST    302    302    403      403       404       door
remove_person         POST    302    302    403      403       404       door
make_password_link    POST    302    302    403      403       404       door
revoke_invitation     POST    302    302    403      403       404       door
workspaces            GET     200    200    403      403       200       door
workspaces            POST    302    302    403      403       302       door
workspace             GET     200    200    403      403       404       door
workspace             POST    302    302    403      403       404       door
archive_workspace     POST    302    302    403      403       404       door
restore_workspace     POST    302    302    403      403       404       door
connections           GET     200    200    200      403       200       door
connect               POST    422    422    403      403       422       door
public_address        POST    302    302    403      403       302       door
connection_address    POST    422    422    403      403       404       door
connection_test       POST    302    302    403      403       404       door
connection_choices    POST    302    302    403      403       404       door
connection_refresh    POST    302    302    403      403       404       door
connection_listed     GET     200    200    200      403       404       door
connection_pause      POST    302    302    403      403       404       door
connection_remove     POST    302    302    403      403       404       door
hook                  POST    401    401    401      401       401       401
hook_done             POST    204    204    204      204       204       204
hook_here             GET     200    200    200      200       200       200
relay                 GET     200    200    200      200       200       200
switch_workspace      POST    302    302    302      302       404       door
switch_team           POST    302    404    404      404       404       door
no_workspace          GET     302    302    302      302       302       door
sign_in               GET     302    302    302      302       302       200
sign_in               POST    302    302    302      302       302       302
sign_out              POST    302    302    302      302       302       302
password_reset        GET     200    200    200      200       200       200
password_reset        POST    302    302    302      302       302       302
reset                 GET     200    200    200      200       200       200
reset                 POST    302    302    302      302       302       302
welcome               GET     200    200    200      200       200       200
welcome               POST    302    302    302      302       302       302
invitation            GET     200    200    200      200       200       200
invitation            POST    409    409    409      409       302       302
healthz               GET     503    503    503      503       503       503
health_banner         GET     200    200    200      200       200       door
live_changes          GET     200    200    200      200       200       door
"""
# No lane runs here, so /healthz says 503. `gone`: an empty answer, so that the tile on the screen goes away by its swap.

ROLES, *ROWS = [line.split() for line in TABLE.strip().splitlines()]
ROLES = ROLES[2:]
EXPECTED = {(row, method): dict(zip(ROLES, codes, strict=True)) for row, method, *codes in ROWS}
WRITES = re.compile(r'^\s*(INSERT|UPDATE|DELETE|REPLACE)\b(?!.*"django_session")', re.I)
REASONS = ("Your role is Reviewer", "Only owners and admins can change this")


@pytest.fixture(autouse=True)
def with_mail(settings: Settings) -> None:
    settings.EMAIL_HOST = "mail.example.com"


@pytest.fixture
def world(workspace: Workspace, other_workspace: Workspace, owner: User) -> World:
    return make_world(workspace, owner)


@pytest.fixture
def hidden(workspace: Workspace, other_workspace: Workspace, owner: User) -> World:
    """What creator and reviewer may not see: they are only in `workspace`."""
    return make_world(other_workspace, owner)


@pytest.fixture
def everybody(owner: User, admin: User, creator: User, reviewer: User, outsider: User) -> dict[str, User | None]:
    people = {"owner": owner, "admin": admin, "creator": creator, "reviewer": reviewer, "outsider": outsider}
    return {**people, "nobody": None}


def patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def ask(client: Client, world: World, row: str, method: str, password: str, **headers: str) -> HttpResponseBase:
    address = world.address(row)
    if method == "GET":
        return client.get(address, headers=headers)
    return client.post(address, world.form(row, password), headers=headers)


def leads_to_the_door(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer["Location"].startswith(reverse("sign_in"))


def outcome(answer: HttpResponseBase) -> str:
    """The answer in the words of the table."""
    if leads_to_the_door(answer):
        return "door"
    if answer.status_code == 200 and not answer.streaming and not getattr(answer, "content", b""):
        return "gone"
    return str(answer.status_code)


def test_the_table_names_every_address() -> None:
    named = {row.partition(":")[0] for row, _ in EXPECTED}
    found = {str(pattern.name) for pattern in patterns(get_resolver())}
    assert found == named


@pytest.mark.parametrize(("row", "method"), EXPECTED)
def test_everybody_gets_what_their_role_may(
    world: World, everybody: dict[str, User | None], sign_in: SignIn, password: str, row: str, method: str
) -> None:
    got: dict[str, str] = {}
    for role, person in everybody.items():
        client = Client()
        with transaction.atomic():
            if person:
                sign_in(client, person)
            with CaptureQueriesContext(connection) as queries:
                answer = ask(client, world, row, method, password)
            got[role] = outcome(answer)
            if got[role] == "403":
                assert isinstance(answer, HttpResponse)
                assert any(reason in answer.text for reason in REASONS)
            if method == "GET":
                assert [query["sql"] for query in queries if WRITES.match(query["sql"])] == []
            transaction.set_rollback(True)
    wanted = EXPECTED[row, method]
    if row in ("sign_in", "sign_out"):
        got = {role: "302" if code == "door" else code for role, code in got.items()}
    assert got == wanted


@pytest.mark.parametrize(("row", "method"), EXPECTED)
def test_a_script_without_a_session_is_sent_to_the_door(
    client: Client, world: World, password: str, row: str, method: str
) -> None:
    if EXPECTED[row, method]["nobody"] != "door":
        return
    answer = ask(
        client,
        world,
        row,
        method,
        password,
        **{"HX-Request": "true", "HX-Current-URL": "http://testserver/brands/?q=a"},
    )
    if row.startswith("media"):  # A picture: the browser itself asks for it, never htmx.
        assert leads_to_the_door(answer)
    else:
        assert answer["HX-Redirect"] == "/sign-in/?next=/brands/%3Fq%3Da"


@pytest.mark.parametrize("row", sorted({row for row, _ in EXPECTED}))
def test_other_methods_are_refused(client: Client, world: World, owner: User, sign_in: SignIn, row: str) -> None:
    sign_in(client, owner)
    for method in ("GET", "POST", "PUT", "DELETE"):
        if (row, method) not in EXPECTED:
            assert client.generic(method, world.address(row)).status_code == 405, method


OF_OBJECTS = [(row, method) for row, method in EXPECTED if EXPECTED[row, method]["outsider"] in ("404", "gone")]
OF_WORKSPACES = [
    (row, method)
    for row, method in OF_OBJECTS
    if EXPECTED[row, method]["creator"] in ("200", "204", "302")
    and not row.startswith(
        ("connection_listed", "theirs_", "voice_keep", "influencer_import")
    )  # They are the whole team's.
]


@pytest.mark.parametrize(("row", "method"), OF_WORKSPACES)
def test_other_workspaces_do_not_exist_for_who_is_not_in_them(
    hidden: World, creator: User, reviewer: User, sign_in: SignIn, password: str, row: str, method: str
) -> None:
    for role, person in (("creator", creator), ("reviewer", reviewer)):
        with transaction.atomic():
            answer = ask(sign_in(Client(), person), hidden, row, method, password)
            transaction.set_rollback(True)
        allowed = EXPECTED[row, method][role] != "403"
        assert outcome(answer) == (EXPECTED[row, method]["outsider"] if allowed else "403"), role


@pytest.mark.parametrize(
    "row",
    [
        "gallery",
        "trash",
        "rescue",
        "brands",
        "references",
        "influencers",
        "create",
        "create_tool",
        "picker",
        "live_changes",
    ],
)
def test_lists_leave_other_workspaces_out(
    client: Client, hidden: World, world: World, creator: User, owner: User, sign_in: SignIn, row: str
) -> None:
    page = sign_in(client, creator).get(hidden.address(row)).text
    assert "Kestrel" not in page
    assert str(hidden.output.pk) not in page
    assert str(hidden.brand.pk) not in page
    assert str(hidden.reference.pk) not in page
    assert str(hidden.influencer.pk) not in page


@pytest.mark.parametrize("row", ["outputs_decide", "outputs_undo", "outputs_star", "outputs_trash", "outputs_restore"])
@pytest.mark.parametrize("role", ["outsider", "creator"])
def test_a_selection_reaches_only_what_one_sees(
    client: Client,
    hidden: World,
    everybody: dict[str, User | None],
    sign_in: SignIn,
    password: str,
    row: str,
    role: str,
) -> None:
    before = list(Output.objects.order_by("pk").values("pk", "verdict", "starred", "deleted_at"))
    person = everybody[role]
    assert person
    ask(sign_in(client, person), hidden, row, "POST", password)
    assert list(Output.objects.order_by("pk").values("pk", "verdict", "starred", "deleted_at")) == before
    assert not Decision.objects.exists()
