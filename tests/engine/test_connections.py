"""A team's keys, against the scripted VideoGen and whatever else may stand at an address."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from pytest_django import Settings

from studio.engine import catalogue, connection_checks, connection_tasks, connections, secrets
from studio.engine.connection_input import Unusable
from studio.models import Connection, ConnectionState, Membership, RemoteCopy, Role, State, Team, User, Workspace
from studio.providers import REMOTE, get_remote
from tests.factories import make_generation
from tests.upstreams.common import serve
from tests.upstreams.videogen.server import VideoGen

pytestmark = pytest.mark.django_db
KEY = "sk_videogen_live_0123456789abcdef4f2a"


@pytest.fixture
def workspace(db: None) -> Workspace:
    return Workspace.objects.create(team=Team.objects.create(name="Northbeam"), name="Halden")


@pytest.fixture
def admin(workspace: Workspace) -> Membership:
    user = User.objects.create_user("mara@example.com", "Mara")
    return Membership.objects.create(user=user, team=workspace.team, role=Role.ADMIN)


@pytest.fixture
def upstream(settings: Settings) -> Iterator[VideoGen]:
    fake = VideoGen(KEY)
    with serve(fake) as url:
        settings.PRIVATE_HOSTS = [url.removeprefix("http://")]
        yield fake


@pytest.fixture
def connected(admin: Membership, upstream: VideoGen) -> Connection:
    return connections.save_key(admin, "videogen", KEY, upstream.script.url).connection


def test_a_key_is_tried_and_kept_encrypted(
    admin: Membership, upstream: VideoGen, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kept = connections.save_key(admin, "videogen", f"  Bearer {KEY}\n", upstream.script.url)
    connection = Connection.objects.get()
    assert kept.outcome.is_fine
    assert (connection.state, connection.last4, connection.test_passed) == ("active", "4f2a", True)
    assert connection.test_message.startswith("Connected as sam@example.com")
    assert secrets.reveal(connection.key) == KEY
    assert connections.problem_of(connection) == ""
    assert [sent.path for sent in upstream.script.sent()] == ["/v1/me"]
    assert upstream.script.paid == []
    shown = (
        f"{connection!r}{connection}{json.dumps(connections.facts_of(connection))}{connection.__dict__}{caplog.text}"
    )
    assert KEY not in shown
    assert KEY not in repr(connections.wire_of(connection, None))


def test_a_wrong_key_is_told_at_its_field_and_changes_nothing(
    admin: Membership, connected: Connection, upstream: VideoGen
) -> None:
    with pytest.raises(Unusable, match=r"Copy it again from app\.videogen\.io/developers") as refusal:
        connections.save_key(admin, "videogen", "sk_wrong_wrong_wrong")
    assert refusal.value.field == "key"
    assert "sk_wrong" not in str(refusal.value)
    assert secrets.reveal(Connection.objects.get().key) == KEY


def test_a_key_that_is_revoked_later_is_refused_and_taken_again(
    admin: Membership, connected: Connection, upstream: VideoGen
) -> None:
    upstream.script.forget_keys()
    assert connections.test(admin, connected.pk).verdict == "key"
    connected.refresh_from_db()
    assert connected.state == ConnectionState.REFUSED
    assert connected.state_reason == connections.problem_of(connected) != ""
    upstream.script.allow(KEY)
    assert connections.test(admin, connected.pk).is_fine
    connected.refresh_from_db()
    assert (connected.state, connections.problem_of(connected)) == (ConnectionState.ACTIVE, "")


@pytest.mark.parametrize("status", [402, 429])
def test_no_credits_keep_the_key_and_say_so(admin: Membership, upstream: VideoGen, status: int) -> None:
    body = {"message": "Not enough credits.", "code": "insufficient_credits"}
    upstream.script.always(path="/v1/me", status=status, body=body)
    kept = connections.save_key(admin, "videogen", KEY, upstream.script.url)
    assert kept.outcome.verdict == "credits"
    assert kept.connection.state == ConnectionState.ACTIVE
    assert kept.connection.balance == 0
    assert "No credits are left at VideoGen" in connections.problem_of(kept.connection)
    upstream.script.clear()
    connections.test(admin, kept.connection.pk)
    assert connections.problem_of(Connection.objects.get()) == ""


def test_a_plan_without_the_api_is_refused_with_its_reason(admin: Membership, upstream: VideoGen) -> None:
    body = {"message": "API access needs the Pro plan", "requirement": {"type": "upgrade_plan"}}
    upstream.script.always(path="/v1/me", status=403, body=body)
    with pytest.raises(Unusable, match="Pro plan") as refusal:
        connections.save_key(admin, "videogen", KEY, upstream.script.url)
    assert refusal.value.field == "key"


def test_a_service_that_is_away_leaves_a_key_that_is_saved_and_not_tested(
    admin: Membership, settings: Settings
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        settings.PRIVATE_HOSTS = [f"127.0.0.1:{port}"]
        kept = connections.save_key(admin, "videogen", KEY, f"http://127.0.0.1:{port}")
    assert kept.outcome.verdict == "unreachable"
    assert "127.0.0.1 could not be reached" in kept.outcome.message
    assert (kept.connection.test_passed, kept.connection.state) == (None, ConnectionState.ACTIVE)


def test_a_name_that_nobody_knows_is_unreachable(admin: Membership, settings: Settings) -> None:
    settings.PRIVATE_HOSTS = ["nowhere.invalid:443"]
    kept = connections.save_key(admin, "videogen", KEY, "https://nowhere.invalid")
    assert kept.outcome.verdict == "unreachable"
    assert "nowhere.invalid" in kept.outcome.message


def test_a_service_that_never_answers_is_waited_for_briefly(
    admin: Membership, upstream: VideoGen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_checks, "WITHIN_SECONDS", 0.3)
    upstream.script.always(path="/v1/me", hold="for ever")
    kept = connections.save_key(admin, "videogen", KEY, upstream.script.url)
    assert kept.outcome.verdict == "unreachable"
    assert "did not answer within" in kept.outcome.message


def test_an_address_that_speaks_no_certificate_is_told(
    admin: Membership, settings: Settings, upstream: VideoGen
) -> None:
    plain = upstream.script.url.replace("http://", "https://")
    kept = connections.save_key(admin, "videogen", KEY, plain)
    assert kept.outcome.verdict == "unreachable"
    assert "certificate" in kept.outcome.message
    assert upstream.script.requests == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"status": 200, "body": b"<html>hello</html>", "headers": {"content-type": "text/html"}}, "is a web page"),
        ({"status": 404, "body": b"<html>none</html>", "headers": {"content-type": "text/html"}}, "is a web page"),
        ({"status": 200, "body": {"hello": "world"}}, "does not speak VideoGen's API"),
        ({"status": 308, "headers": {"location": "https://evil.example/v1/me"}}, "on to evil.example"),
        ({"status": 302, "headers": {"location": "/login"}}, "to another address there"),
    ],
)
def test_what_is_not_this_api_is_told_at_the_address(
    admin: Membership, upstream: VideoGen, answer: dict[str, object], said: str
) -> None:
    upstream.script.always(path="/v1/me", **answer)
    with pytest.raises(Unusable, match=said) as refusal:
        connections.save_key(admin, "videogen", KEY, upstream.script.url)
    assert refusal.value.field == "base_url"
    assert not Connection.objects.exists()


@pytest.mark.parametrize(("status", "verdict"), [(500, "strange"), (503, "busy"), (429, "busy")])
def test_trouble_over_there_keeps_the_key_untested(
    admin: Membership, upstream: VideoGen, status: int, verdict: str
) -> None:
    upstream.script.always(path="/v1/me", status=status, body={"message": f"trouble {KEY}"})
    kept = connections.save_key(admin, "videogen", KEY, upstream.script.url)
    assert kept.outcome.verdict in (verdict, "busy", "strange")
    assert KEY not in kept.outcome.message
    assert kept.connection.test_passed is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Paste the key"),
        ("two words", "Paste the key alone"),
        ("kéy", "Paste the key alone"),
        ("k" * 501, "501 characters"),
    ],
)
def test_what_no_key_is_made_of_is_refused_before_anything_is_sent(admin: Membership, typed: str, said: str) -> None:
    with pytest.raises(Unusable, match=said) as refusal:
        connections.save_key(admin, "videogen", typed)
    assert refusal.value.field == "key"


@pytest.mark.parametrize(
    "address",
    ["http://api.videogen.io", "https://127.0.0.1", "https://localhost/v1", "ftp://x.org", "https://x.org/?a"],
)
def test_a_base_address_that_is_not_public_is_refused(admin: Membership, address: str) -> None:
    with pytest.raises(Unusable) as refusal:
        connections.save_key(admin, "videogen", KEY, address)
    assert refusal.value.field == "base_url"


def test_a_change_of_address_needs_the_key_again(admin: Membership, connected: Connection, upstream: VideoGen) -> None:
    with pytest.raises(Unusable, match="Paste the key"):
        connections.change_address(admin, connected.pk, "https://example.com", "")
    kept = connections.change_address(admin, connected.pk, f"{upstream.script.url}/", KEY)
    assert kept.connection.pk == connected.pk
    assert kept.connection.base_url == upstream.script.url


def test_another_key_forgets_uploads_and_keeps_what_people_typed(
    admin: Membership, connected: Connection, upstream: VideoGen, workspace: Workspace
) -> None:
    connections.name_workspaces(admin, connected.pk, {workspace.pk: "cm0workspace"})
    for kind in ("file", "voice"):
        RemoteCopy.objects.create(
            team=workspace.team, connection=connected, object_kind="asset", object_id=workspace.pk, kind=kind,
            remote_id="vg_1", seen_at=timezone.now(),
        )  # fmt: skip
    upstream.script.allow("sk_another_key_0000")
    connections.save_key(admin, "videogen", "sk_another_key_0000")
    assert sorted(RemoteCopy.objects.values_list("kind", flat=True)) == ["voice", "workspace"]
    assert connections.workspace_ids(connected) == {workspace.pk: "cm0workspace"}


def test_the_encryption_key_may_change(connected: Connection, settings: Settings, admin: Membership) -> None:
    old = settings.ENCRYPTION_KEY
    settings.ENCRYPTION_KEY, settings.ENCRYPTION_KEY_FALLBACKS = "n" * 40, [old]
    connection_tasks.look_after_all()
    settings.ENCRYPTION_KEY_FALLBACKS = []
    connected.refresh_from_db()
    assert connections.problem_of(connected) == ""
    settings.ENCRYPTION_KEY = "o" * 40
    assert "Type it again" in connections.problem_of(connected)
    with pytest.raises(Unusable, match="Type it again"):
        connections.test(admin, connected.pk)
    assert catalogue.refresh(connected) is False
    connection_tasks.look_after(str(connected.pk))
    assert connections.save_key(admin, "videogen", KEY).outcome.is_fine
    assert connections.problem_of(Connection.objects.get()) == ""


def test_removing_waits_for_what_is_under_way(
    admin: Membership, connected: Connection, workspace: Workspace, upstream: VideoGen
) -> None:
    running = make_generation(workspace, state=State.RUNNING, connection=connected)
    connection_tasks.look_after(str(connected.pk))
    assert connected.items.exists()
    assert connections.remove(admin, connected.pk) == 1
    assert not connected.items.exists()
    connection_tasks.look_after(str(connected.pk))
    connected.refresh_from_db()
    assert connected.state == ConnectionState.REMOVED
    assert secrets.reveal(connected.key) == KEY
    assert "not connected" in connections.problem_of(connected)
    again = connections.save_key(admin, "videogen", KEY, upstream.script.url).connection
    assert again.pk != connected.pk
    running.state = State.COMPLETED
    running.save(update_fields=("state",))
    connection_tasks.look_after(str(connected.pk))
    connected.refresh_from_db()
    assert connected.key == connected.webhook_token == ""
    again.refresh_from_db()
    assert again.key != ""


def test_a_pause_stops_what_is_new_and_outlives_a_new_key(admin: Membership, connected: Connection) -> None:
    assert "is paused" in connections.problem_of(connections.pause(admin, connected.pk))
    assert connections.save_key(admin, "videogen", KEY).connection.state == ConnectionState.DISABLED
    assert connections.problem_of(connections.resume(admin, connected.pk)) == ""


def test_era_and_watermark_are_chosen_among_those_there_are(admin: Membership, connected: Connection) -> None:
    assert connections.facts_of(connected)["era"] == "2"
    chosen = connections.choose(admin, connected.pk, era="1", watermark="none")
    assert (chosen.era, connections.facts_of(chosen)["watermark"]) == ("1", "none")
    for wrong in ({"era": "9"}, {"watermark": "mine"}):
        with pytest.raises(Unusable):
            connections.choose(admin, connected.pk, **wrong)


def test_only_owners_and_admins_of_this_team_change_anything(admin: Membership, connected: Connection) -> None:
    admin.role = Role.CREATOR
    admin.save()
    for change in (
        lambda: connections.save_key(admin, "videogen", KEY),
        lambda: connections.test(admin, connected.pk),
        lambda: connections.pause(admin, connected.pk),
        lambda: connections.remove(admin, connected.pk),
        lambda: connections.choose(admin, connected.pk, era="1"),
    ):
        with pytest.raises(PermissionDenied):
            change()
    other = Membership.objects.create(user=admin.user, team=Team.objects.create(name="Elsewhere"), role=Role.OWNER)
    with pytest.raises(Connection.DoesNotExist):
        connections.remove(other, connected.pk)
    with pytest.raises(Connection.DoesNotExist):
        connections.test(other, connected.pk)


def test_a_balance_of_nothing_is_a_problem_and_an_unknown_one_is_none(connected: Connection) -> None:
    connected.balance = None
    assert connections.problem_of(connected) == ""
    connected.balance = Decimal(0)
    assert "No credits" in connections.problem_of(connected)
    assert "not connected" in connections.problem_of(None)


def test_every_provider_says_what_the_page_needs() -> None:
    for key in REMOTE:
        provider = get_remote(key)
        assert provider.base_url.startswith("https://")
        assert provider.key_url.startswith("https://")
        assert provider.key_hint
