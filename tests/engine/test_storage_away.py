"""Jobs while the storage for files cannot be used: they wait, and nothing of them is lost, paid twice or given up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from pytest_django.fixtures import Settings

from studio.engine import courier, links, rendering, steps, sweep
from studio.models import (
    Asset,
    Connection,
    Generation,
    Membership,
    Output,
    OutputState,
    RenderJob,
    State,
    Workspace,
)
from studio.providers.http import Wire
from studio.tools.values import MediaValue
from tests.engine import remote
from tests.engine.conftest import Submit
from tests.engine.conftest import work_off as work_off_here
from tests.engine.remote import READY, make, states_of, sweep_until, work_off
from tests.engine.tiny import TinyProvider, TinyServer
from tests.media import s3, s3_server
from tests.upstreams.common import serve
from tests.wait import until

NOBODY_THERE = "http://127.0.0.1:9"


class ReadingProvider(TinyProvider):
    """Sends what an upload really is."""

    async def upload(self, wire: Wire, media: MediaValue, known_id: str = "") -> str:
        await asyncio.to_thread(media.bytes)
        return await super().upload(wire, media, known_id)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with s3_server.running() as address:
        yield address


@pytest.fixture
def bucket(member: Membership, settings: Settings, endpoint: str) -> Iterator[dict[str, Any]]:
    with s3.fresh_bucket(settings, endpoint) as options:
        yield options


Move = Callable[[bool], None]


@pytest.fixture
def storage_is(bucket: dict[str, Any], settings: Settings) -> Move:
    """Takes the storage away, or brings it back."""

    def move(there: bool) -> None:
        s3.use(settings, **bucket if there else {**bucket, "endpoint": NOBODY_THERE})
        if there:
            now = timezone.now()
            Generation.objects.filter(next_poll_at__isnull=False).update(next_poll_at=now, lease_until=None)
            RenderJob.objects.filter(due_at__isnull=False).update(due_at=now)

    return move


@pytest.fixture
def tiny() -> TinyServer:
    return TinyServer()


@pytest.fixture
def connection(member: Membership, tiny: TinyServer, settings: Settings) -> Iterator[Connection]:
    with serve(tiny) as address:
        settings.PRIVATE_HOSTS = [urlsplit(address).netloc]
        remote.know_tiny(adapter="tests.engine.test_storage_away.ReadingProvider")
        try:
            yield remote.connect(member.team, address)
        finally:
            courier.stop_here(3)
            remote.forget_tiny()


def test_what_was_paid_is_kept_once_the_storage_is_back(
    connection: Connection, workspace: Workspace, tiny: TinyServer, storage_is: Move
) -> None:
    storage_is(False)
    generation = make(connection, workspace, count=2)
    waiting = Generation.objects.filter(state=State.COLLECTING, lease_token=None, next_poll_at__gt=timezone.now())
    sweep_until(waiting.exists, "the results to wait for the storage")
    assert set(Output.objects.values_list("state", flat=True)) == {OutputState.WAITING}
    storage_is(True)
    work_off(generation)
    assert (generation.state, states_of(generation)) == (State.COMPLETED, [READY] * 2)
    assert len(tiny.script.paid) == 1
    for output in generation.outputs.all():
        assert output.asset
        assert default_storage.size(str(output.asset.file.name)) == output.asset.size_bytes


def test_a_file_is_given_to_a_service_once_it_can_be_read(
    connection: Connection, workspace: Workspace, tiny: TinyServer, bucket: None, photo: Asset, storage_is: Move
) -> None:
    storage_is(False)
    generation = make(connection, workspace, inputs={"images": [str(photo.pk)]}, offer_more={"address": "upload"})
    waiting = Generation.objects.filter(state=State.PREPARING, step="Waiting for the storage of files", attempts=0)
    sweep_until(waiting.exists, "the upload to wait for the storage")
    assert not tiny.script.paid
    storage_is(True)
    work_off(generation)
    assert (generation.state, len(tiny.files), len(tiny.script.paid)) == (State.COMPLETED, 1, 1)


@pytest.mark.usefixtures("quick_renderer")
def test_an_ad_is_drawn_once_its_pictures_can_be_read(
    submit: Submit, bucket: None, photo: Asset, storage_is: Move
) -> None:
    storage_is(False)
    generation = submit(product_images=[str(photo.pk)])[0]

    def waits() -> bool:
        sweep.sweep()
        rendering.render_next()
        return RenderJob.objects.filter(step="Waiting for the storage of files", attempts=0).exists()

    until(waits, "the render to wait for the storage")
    storage_is(True)
    assert work_off_here(generation).state == State.COMPLETED


@pytest.mark.usefixtures("quick_renderer")
def test_a_drawn_ad_is_kept_once_the_storage_is_back(submit: Submit, storage_is: Move) -> None:
    generation = submit()[0]
    storage_is(False)

    def waits() -> bool:
        steps.advance(generation.pk)
        rendering.render_next()
        generation.refresh_from_db()
        return generation.state == State.COLLECTING and generation.lease_token is None

    until(waits, "the result to wait for the storage")
    storage_is(True)
    assert work_off_here(generation).state == State.COMPLETED
    assert RenderJob.objects.get().attempts == 1


def test_a_request_is_sent_with_a_link_to_the_bucket(
    connection: Connection, workspace: Workspace, tiny: TinyServer, bucket: None, photo: Asset
) -> None:
    generation = make(connection, workspace, inputs={"images": [str(photo.pk)]}, offer_more={"address": "url"})
    work_off(generation)
    sent = tiny.script.sent("POST")[0].json
    assert sent["links"][0].partition("?")[0].endswith(f"/{photo.file.name}")
    assert "X-Amz-Signature=" in sent["links"][0]
    assert sent["links"][0].encode() in bytes(generation.request or b"")
    assert links.reachable(connection.team) == (True, "")
