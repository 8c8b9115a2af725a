"""The Connections page, with and without script, against the scripted VideoGen."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from django.views.debug import ExceptionReporter
from pytest_django import Settings

from studio.engine import catalogue, connection_checks, connections, secrets
from studio.models import Connection, ConnectionState, Event, RemoteCopy, State, Team, User, Workspace
from studio.pages import connection_cards
from studio.providers import get_remote
from tests.factories import make_generation
from tests.queries import queries_of
from tests.upstreams.common import serve
from tests.upstreams.videogen.server import VideoGen
from tests.world import make_connection

SignIn = Callable[[Client, User], Client]
KEY = "sk_videogen_live_0123456789abcdef4f2a"
PAGE = "/settings/connections/"


@pytest.fixture
def upstream(settings: Settings) -> Iterator[VideoGen]:
    fake = VideoGen(KEY)
    with serve(fake) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        yield fake


@pytest.fixture
def signed_in(client: Client, admin: User, sign_in: SignIn) -> Client:
    return sign_in(client, admin)


@pytest.fixture
def connected(team: Team, upstream: VideoGen, workspace: Workspace) -> Connection:
    made = make_connection(team)
    made.base_url = upstream.script.url
    made.save()
    return made


def test_a_key_is_added_in_place_and_never_shown(
    signed_in: Client, upstream: VideoGen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answer = signed_in.post(
        f"{PAGE}add/videogen/", {"key": KEY, "base_url": upstream.script.url}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert answer.text.strip().startswith('<article class="card conn videogen"')
    assert "Connected as sam@example.com" in answer.text
    assert "••••4f2a" in answer.text
    assert "toast" in answer["HX-Trigger"]
    shown = signed_in.get(PAGE)
    assert shown["Cache-Control"].startswith("max-age=0")
    for text in (answer.text, str(answer.headers), shown.text, caplog.text):
        assert KEY not in text
        assert secrets.conceal(KEY)[:8] not in text


def test_a_wrong_key_is_told_at_its_field_and_is_gone_from_the_page(signed_in: Client, upstream: VideoGen) -> None:
    for htmx in (True, False):
        headers = {"HX-Request": "true"} if htmx else {}
        form = {"key": "sk_wrong_wrong_wrong", "base_url": upstream.script.url}
        answer = signed_in.post(f"{PAGE}add/videogen/", form, headers=headers)
        assert answer.status_code == 422
        assert "does not accept this key" in answer.text
        assert 'aria-invalid="true" aria-describedby="new-videogen-error"' in answer.text
        assert upstream.script.url in answer.text
        assert "sk_wrong" not in answer.text
        assert ("<html" in answer.text) is not htmx
    assert not Connection.objects.exists()


def test_without_script_the_page_comes_back_with_a_message(signed_in: Client, upstream: VideoGen) -> None:
    form = {"key": KEY, "base_url": upstream.script.url}
    answer = signed_in.post(f"{PAGE}add/videogen/", form)
    assert answer["Location"] == f"{PAGE}#card-videogen"
    assert "Connected as sam@example.com" in signed_in.get(PAGE).text


def test_a_key_whose_service_is_away_says_saved_not_tested(
    signed_in: Client, upstream: VideoGen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_checks, "WITHIN_SECONDS", 0.3)
    upstream.script.always(path="/v1/me", hold="for ever")
    form = {"key": KEY, "base_url": upstream.script.url}
    answer = signed_in.post(f"{PAGE}add/videogen/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Saved, not tested." in answer["HX-Trigger"]
    assert "Not tested" in answer.text


def test_an_address_of_this_network_is_refused_at_its_field(signed_in: Client, connected: Connection) -> None:
    form = {"key": KEY, "base_url": "https://192.168.1.5/v1"}
    answer = signed_in.post(f"{PAGE}{connected.pk}/address/", form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "is not on the public internet" in answer.text
    assert 'aria-describedby="url-videogen-hint url-videogen-error"' in answer.text
    assert KEY not in answer.text
    answer = signed_in.post(f"{PAGE}{connected.pk}/address/", {"base_url": "https://example.com"})
    assert answer.status_code == 422
    assert "Paste the key." in answer.text


def test_the_test_says_what_the_service_answered(signed_in: Client, connected: Connection, upstream: VideoGen) -> None:
    answer = signed_in.post(f"{PAGE}{connected.pk}/test/", headers={"HX-Request": "true"})
    assert "Connected as sam@example.com" in answer.text
    upstream.script.forget_keys()
    answer = signed_in.post(f"{PAGE}{connected.pk}/test/", headers={"HX-Request": "true"})
    assert "Key refused" in answer.text
    assert answer.text.count("does not accept this key") == 1


def test_a_key_that_cannot_be_read_asks_to_be_typed_again(
    signed_in: Client, connected: Connection, settings: Settings
) -> None:
    settings.ENCRYPTION_KEY = "n" * 40
    page = signed_in.get(PAGE)
    assert page.status_code == 200
    assert "Key unreadable" in page.text
    assert "Type it again" in page.text
    assert signed_in.post(f"{PAGE}{connected.pk}/test/").status_code == 422


def test_choices_are_kept(signed_in: Client, connected: Connection) -> None:
    answer = signed_in.post(
        f"{PAGE}{connected.pk}/choices/", {"era": "1", "watermark": "none"}, headers={"HX-Request": "true"}
    )
    connected.refresh_from_db()
    assert connected.facts == {"era": "1", "watermark": "none"}
    assert 'value="none" checked' in answer.text
    assert signed_in.post(f"{PAGE}{connected.pk}/choices/", {"era": "7"}).status_code == 422


def test_a_refusal_that_names_a_field_offers_the_other_versions(
    signed_in: Client, connected: Connection, workspace: Workspace
) -> None:
    assert "Another version may know" not in signed_in.get(PAGE).text
    refusal = "VideoGen does not know imageFileIds."
    make_generation(workspace, state=State.FAILED, connection=connected, failure_code="era", failure_reason=refusal)
    text = signed_in.get(PAGE).text
    assert f"A request was refused: {refusal}" in text
    assert '<details class="part" name="part-videogen" open><summary>' in text


def test_workspaces_get_the_ids_that_they_have_there(
    signed_in: Client, team: Team, workspace: Workspace, outsider: User
) -> None:
    made = Connection.objects.create(team=team, provider="influencer_studio", key=secrets.conceal(KEY))
    theirs = Workspace.objects.get(name="Their client")
    form = {f"workspace-{workspace.pk}": " cm0abc ", f"workspace-{theirs.pk}": "cm0stolen", "workspace-x": "y"}
    signed_in.post(f"{PAGE}{made.pk}/choices/", form)
    assert connections.workspace_ids(made) == {workspace.pk: "cm0abc"}
    assert 'value="cm0abc"' in signed_in.get(PAGE).text
    refused = signed_in.post(f"{PAGE}{made.pk}/choices/", {f"workspace-{workspace.pk}": "two words"})
    assert refused.status_code == 422
    assert "This is no id." in refused.text
    signed_in.post(f"{PAGE}{made.pk}/choices/", {f"workspace-{workspace.pk}": ""})
    assert not RemoteCopy.objects.exists()


def test_pausing_and_removing_say_what_happens_to_what_is_under_way(
    signed_in: Client, connected: Connection, workspace: Workspace
) -> None:
    make_generation(workspace, state=State.RUNNING, connection=connected)
    assert "Paused" in signed_in.post(f"{PAGE}{connected.pk}/pause/", headers={"HX-Request": "true"}).text
    signed_in.post(f"{PAGE}{connected.pk}/pause/")
    connected.refresh_from_db()
    assert connected.state == ConnectionState.ACTIVE
    answer = signed_in.post(f"{PAGE}{connected.pk}/remove/", headers={"HX-Request": "true"})
    assert "1 under way there still come in" in answer["HX-Trigger"]
    assert "Not connected" in answer.text
    assert signed_in.post(f"{PAGE}{connected.pk}/test/").status_code == 404


def test_refreshing_tells_what_changed_or_what_is_wrong(
    signed_in: Client, connected: Connection, upstream: VideoGen
) -> None:
    answer = signed_in.post(f"{PAGE}{connected.pk}/refresh/", headers={"HX-Request": "true"})
    assert "Read for the first time" in answer.text
    assert "2 voices" in answer.text
    upstream.script.always(path="/v1/*", status=503)
    answer = signed_in.post(f"{PAGE}{connected.pk}/refresh/", headers={"HX-Request": "true"})
    assert "The list could not be read" in answer.text


def test_a_card_shows_what_is_listed_once_it_is_read(signed_in: Client, upstream: VideoGen) -> None:
    def card(text: str) -> tuple[bool, bool]:
        return 'hx-trigger="backlot:connection' in text, "being read now" in text

    form = {"key": KEY, "base_url": upstream.script.url}
    added = signed_in.post(f"{PAGE}add/videogen/", form, headers={"HX-Request": "true"}).text
    assert card(added) == (True, True)
    [connection] = Connection.objects.all()
    address = f"{PAGE}{connection.pk}/listed/"
    assert card(signed_in.get(address).text) == (True, True)
    assert catalogue.refresh(connection)
    assert Event.objects.filter(kind="connection", subject=str(connection.pk), team=connection.team_id).count() == 1
    answer = signed_in.get(address)
    assert card(answer.text) == card(signed_in.get(PAGE).text) == (False, False)
    assert "2 voices" in answer.text
    assert "announce" in answer["HX-Trigger"]

    again = signed_in.post(f"{PAGE}add/videogen/", form, headers={"HX-Request": "true"}).text
    assert "being read again" in again
    address = re.findall(r'hx-get="([^"]+)"', again)[0]
    assert "being read again" in signed_in.get(address).text
    upstream.script.always(path="/v1/*", status=503)
    assert not catalogue.refresh(connection)
    answer = signed_in.get(address)
    assert "The list could not be read" in answer.text
    assert card(answer.text) == (False, False)
    assert card(signed_in.get(f"{PAGE}{connection.pk}/listed/?since=2026-13-45T00:00").text) == (False, False)


def test_another_version_of_the_api_has_the_list_read_again(signed_in: Client, team: Team) -> None:
    made = make_connection(team)
    Connection.objects.filter(pk=made.pk).update(catalogue_at=timezone.now())
    eras = [era for era, _ in get_remote("videogen").eras]
    for era, is_read in ((eras[0], False), (eras[1], True), (eras[1], False)):
        answer = signed_in.post(f"{PAGE}{made.pk}/choices/", {"era": era}, headers={"HX-Request": "true"})
        assert ("/listed/?since=" in answer.text) is is_read


def test_a_low_balance_says_how_far_it_goes(
    connected: Connection, signed_in: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    Connection.objects.update(balance=Decimal("1234.5"), balance_unit="credits", balance_at=timezone.now())
    text = signed_in.get(PAGE).text
    assert "<b>1,234.50</b><span>credits, just now</span>" in text
    Connection.objects.update(balance=0)
    text = signed_in.get(PAGE).text
    assert "No credits are left at VideoGen" in text


def test_creators_look_and_reviewers_do_not(
    client: Client, creator: User, reviewer: User, connected: Connection, sign_in: SignIn
) -> None:
    page = sign_in(client, creator).get(PAGE)
    assert page.status_code == 200
    main = page.text[page.text.index('<div class="conns">') :]
    assert "<form" not in main[: main.index("</section>")]
    assert "Base address" not in page.text
    assert sign_in(client, reviewer).get(PAGE).status_code == 403


def test_an_address_is_kept_once_it_was_tried(signed_in: Client, team: Team, settings: Settings) -> None:
    answer = signed_in.post(f"{PAGE}address/", {"public_url": "https://10.0.0.1"}, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'value="https://10.0.0.1"' in answer.text
    assert "is not on the public internet" in answer.text
    assert signed_in.post(f"{PAGE}address/", {"public_url": "http://a b"}).status_code == 422
    team.refresh_from_db()
    assert team.public_url == ""
    settings.PUBLIC_URL = "https://studio.example.com"
    assert "as PUBLIC_URL says" in signed_in.get(PAGE).text


def test_an_address_that_leads_to_another_server_is_refused(signed_in: Client, team: Team, upstream: VideoGen) -> None:
    answer = signed_in.post(f"{PAGE}address/", {"public_url": upstream.script.url}, headers={"HX-Request": "true"})
    assert "leads to another server" in answer.text
    team.refresh_from_db()
    assert team.public_url == ""


def test_a_fault_sends_no_key_by_mail(
    signed_in: Client, upstream: VideoGen, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report of a server error holds forms and local variables; a key must be in neither."""
    reports: list[str] = []
    original = ExceptionReporter.get_traceback_text

    def kept(self: ExceptionReporter) -> str:
        reports.append(original(self) + self.get_traceback_html())
        return reports[-1]

    monkeypatch.setattr(ExceptionReporter, "get_traceback_text", kept)
    monkeypatch.setattr(connection_checks, "with_wire", None)
    settings.ADMINS = [("Operator", "operator@example.com")]
    settings.DEBUG = False
    signed_in.raise_request_exception = False
    log = logging.getLogger("django.request")
    handler = AdminEmailHandler(include_html=True)
    log.addHandler(handler)
    try:
        assert signed_in.post(f"{PAGE}add/videogen/", {"key": KEY, "base_url": upstream.script.url}).status_code == 500
    finally:
        log.removeHandler(handler)
    assert mail.outbox
    assert KEY not in "".join(str(sent.message()) for sent in mail.outbox)
    assert reports
    assert KEY not in "".join(reports)


def test_the_page_takes_the_same_queries_however_much_is_listed(signed_in: Client, connected: Connection) -> None:
    signed_in.post(f"{PAGE}{connected.pk}/refresh/")
    few = queries_of(lambda: signed_in.get(PAGE))
    Connection.objects.create(team=connected.team, provider="videotok", key=secrets.conceal(KEY))
    assert queries_of(lambda: signed_in.get(PAGE)) <= few


def test_figures_are_short() -> None:
    for amount, words in (("1234", "1,234"), ("4.3", "4.30"), ("0", "0"), ("1000000.0000", "1,000,000")):
        assert connection_cards.in_figures(Decimal(amount)) == words
