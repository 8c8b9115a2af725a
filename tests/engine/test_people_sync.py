"""People of a service: brought here once, asked about until they are ready; and one of ours that becomes one of theirs."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection as database
from django.utils import timezone

from studio.engine import connection_tasks, newcomers, people_photos, people_sync
from studio.engine.resolve import Unresolved, resolve
from studio.models import (
    Asset,
    CatalogueItem,
    Connection,
    Generation,
    Influencer,
    InfluencerPhoto,
    Membership,
    Output,
    Readiness,
    RemoteCopy,
    State,
    Use,
    Workspace,
)
from studio.providers.base import Person
from studio.tools import get_tool
from tests.engine import remote
from tests.engine.remote import make
from tests.factories import make_asset
from tests.upstreams.common import serve
from tests.upstreams.influencer_studio import InfluencerStudio

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("member")]


@pytest.fixture
def studio() -> InfluencerStudio:
    """Two people are there: Ada is ready, Noor is in training."""
    fake = InfluencerStudio("is_key")
    fake.influencers["inf_1"] = {"name": "Ada", "made_at": time.time() - 60, "ready_at": 0.0, "failed": False}
    fake.influencers["inf_2"] = {"name": "Noor", "made_at": time.time() - 60, "ready_at": None, "failed": False}
    return fake


@pytest.fixture
def connection(member: Membership, studio: InfluencerStudio, settings: object) -> Iterator[Connection]:
    with serve(studio) as url:
        settings.PRIVATE_HOSTS = [urlsplit(url).netloc]  # type: ignore[attr-defined]
        yield remote.connect(member.team, f"{url}/api/v1", "influencer_studio", "is_key")


Listed = Callable[[str, bool], CatalogueItem]


@pytest.fixture
def listed(connection: Connection, studio: InfluencerStudio) -> Listed:
    """`listed("inf_1", True)`: as the catalogue has it."""

    def item(remote_id: str, ready: bool) -> CatalogueItem:
        return CatalogueItem.objects.create(
            team=connection.team,
            connection=connection,
            kind="influencer",
            remote_id=remote_id,
            title=studio.influencers[remote_id]["name"],
            data={"ready": ready, "training_status": "completed" if ready else "training", "full": ""},
            picture=studio.script.media("image", remote_id),
            seen_at=timezone.now(),
        )

    return item


def due() -> None:
    Influencer.objects.filter(ask_at__isnull=False).update(ask_at=timezone.now() - timedelta(seconds=1))


def reads(studio: InfluencerStudio) -> int:
    return sum(request.path.endswith("/influencers") for request in studio.script.requests)


def test_a_person_is_brought_once_with_the_face(
    member: Membership, workspace: Workspace, connection: Connection, listed: Listed
) -> None:
    item = listed("inf_1", True)
    first = people_sync.import_person(member, workspace, item)
    again = people_sync.import_person(member, workspace, item)
    assert (first.created, again.created) == (True, False)
    assert again.influencer == first.influencer
    for _ in range(2):
        people_sync.bring_pictures(first.influencer.pk)
    row = Influencer.objects.select_related("face").get()
    assert (row.name, row.readiness, row.ask_at) == ("Ada", Readiness.READY, None)
    assert row.face
    assert [photo.asset for photo in row.photos.all()] == [row.face]
    assert Asset.objects.count() == 1
    copy = RemoteCopy.objects.get()
    assert (copy.remote_id, copy.object_id, copy.data) == ("inf_1", row.pk, {})


def test_many_presses_at_once_bring_one_row(
    member: Membership, workspace: Workspace, connection: Connection, listed: Listed
) -> None:
    item = listed("inf_1", True)

    def press(_: int) -> Influencer:
        try:
            return people_sync.import_person(member, workspace, item).influencer
        finally:
            database.close()

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(press, range(16)))
    assert len(set(found)) == 1
    assert Influencer.objects.count() == RemoteCopy.objects.count() == 1


def test_a_training_is_asked_about_until_it_is_over(
    member: Membership, workspace: Workspace, studio: InfluencerStudio, listed: Listed
) -> None:
    row = people_sync.import_person(member, workspace, listed("inf_2", False)).influencer
    assert row.readiness == Readiness.TRAINING
    connection_tasks.ask_about_people()
    assert reads(studio) == 0  # Its minute has not come.
    due()
    for _ in range(3):
        connection_tasks.ask_about_people()
    assert reads(studio) == 1  # At most once a minute.
    row.refresh_from_db()
    assert (row.readiness, row.ask_at is not None) == (Readiness.TRAINING, True)
    people_sync.bring_pictures(row.pk)
    studio.influencers["inf_2"]["ready_at"] = 0.0
    due()
    connection_tasks.ask_about_people()
    row.refresh_from_db()
    assert (row.readiness, row.ask_at) == (Readiness.READY, None)
    assert CatalogueItem.objects.get().data["ready"] is True


def test_a_training_that_failed_is_said(
    member: Membership, workspace: Workspace, studio: InfluencerStudio, listed: Listed
) -> None:
    row = people_sync.import_person(member, workspace, listed("inf_2", False)).influencer
    people_sync.bring_pictures(row.pk)
    studio.influencers["inf_2"]["failed"] = True
    due()
    connection_tasks.ask_about_people()
    row.refresh_from_db()
    assert (row.readiness, row.ask_at) == (Readiness.FAILED, None)


def test_somebody_who_is_gone_there_is_not_waited_for(
    member: Membership, workspace: Workspace, studio: InfluencerStudio, listed: Listed
) -> None:
    row = people_sync.import_person(member, workspace, listed("inf_2", False)).influencer
    del studio.influencers["inf_2"]
    for expected in (Readiness.TRAINING, Readiness.TRAINING, Readiness.FAILED):
        due()
        connection_tasks.ask_about_people()
        row.refresh_from_db()
        assert row.readiness == expected
    assert row.ask_at is None


def test_pictures_that_cannot_be_had_are_tried_again_with_fresh_addresses(
    member: Membership, workspace: Workspace, connection: Connection, listed: Listed
) -> None:
    item = listed("inf_1", True)
    CatalogueItem.objects.filter(pk=item.pk).update(picture=f"{connection.base_url}/gone.jpg")
    row = people_sync.import_person(member, workspace, item).influencer
    people_sync.bring_pictures(row.pk)
    row.refresh_from_db()
    assert (row.face, row.ask_at is not None) == (None, True)
    due()
    connection_tasks.ask_about_people()
    people_sync.bring_pictures(row.pk)
    row.refresh_from_db()
    assert row.face
    assert row.ask_at is None


def test_who_is_in_training_there_is_refused_at_the_field(
    member: Membership, workspace: Workspace, connection: Connection, listed: Listed
) -> None:
    listed("inf_2", False)
    tool = get_tool("influencer-shoot")
    assert tool
    inputs = tool.Inputs.model_validate({"influencer": "influencer_studio:inf_2", "prompt": "Reads"})
    with pytest.raises(Unresolved) as refused:
        resolve(tool, inputs, member, workspace.pk, connection=connection)
    assert "still in training" in refused.value.problems[0].sentence


# -- One of ours becomes one of theirs ---------------------------------------------------------------------------------------


@pytest.fixture
def mara(member: Membership, workspace: Workspace) -> Influencer:
    """One of ours with a photo."""
    face = make_asset(workspace)
    row = Influencer.objects.create(team=member.team, workspace=workspace, name="Mara", face=face)
    InfluencerPhoto.objects.create(influencer=row, asset=face)
    return row


def made_of(row: Influencer, connection: Connection, workspace: Workspace) -> tuple[Generation, Output]:
    """A generation on the way that makes this person there."""
    inputs = {"photos": [str(row.face_id)], "influencer": str(row.pk)}
    generation = make(connection, workspace, tool="influencer", kind="influencer", inputs=inputs)
    Use.objects.create(
        team=row.team, workspace=workspace, generation=generation, object_kind="influencer", object_id=row.pk
    )
    return generation, generation.outputs.get()


def settle(generation: Generation, output: Output, result: Person) -> None:
    """What the keeper does with it, whether its lease holds or not."""
    token = output.pk
    Generation.objects.filter(pk=generation.pk).update(
        state=State.COLLECTING, lease_token=token, lease_until=timezone.now() + timedelta(minutes=1)
    )
    generation.refresh_from_db()
    newcomers.person(None, generation, output, result)  # type: ignore[arg-type]  # Nothing is fetched: there is no address.
    output.refresh_from_db()


def test_the_named_one_becomes_the_person_that_was_made(
    connection: Connection, workspace: Workspace, mara: Influencer
) -> None:
    generation, output = made_of(mara, connection, workspace)
    for _ in range(2):  # As after a crash in between.
        settle(generation, output, Person(0, "inf_9", "Somebody", True))
    assert Influencer.objects.get() == mara
    assert output.influencer == mara
    assert (mara.name, mara.photos.count()) == ("Mara", 1)
    copy = RemoteCopy.objects.get(kind="influencer")
    assert (copy.object_id, copy.remote_id) == (mara.pk, "inf_9")


def test_who_is_known_there_as_somebody_else_stays_so_and_nothing_paid_is_lost(
    connection: Connection, workspace: Workspace, mara: Influencer
) -> None:
    generation, output = made_of(mara, connection, workspace)
    RemoteCopy.objects.create(
        team=mara.team,
        connection=connection,
        object_kind="influencer",
        object_id=mara.pk,
        kind="influencer",
        remote_id="inf_8",
        seen_at=timezone.now(),
    )
    settle(generation, output, Person(0, "inf_9", "Mara", True))
    assert Influencer.objects.count() == 2
    assert output.influencer_id == newcomers.row_id_for(output.pk)
    assert set(RemoteCopy.objects.filter(kind="influencer").values_list("remote_id", flat=True)) == {"inf_8", "inf_9"}


def test_who_was_brought_meanwhile_is_not_made_a_second_time(
    member: Membership, connection: Connection, workspace: Workspace, listed: Listed
) -> None:
    brought = people_sync.import_person(member, workspace, listed("inf_1", True)).influencer
    face = make_asset(workspace)
    generation = make(connection, workspace, tool="influencer", kind="influencer", inputs={"photos": [str(face.pk)]})
    settle(generation, generation.outputs.get(), Person(0, "inf_1", "Ada", True))
    assert Influencer.objects.get() == brought
    assert brought.photos.get().asset == face


def test_who_is_being_made_is_neither_brought_nor_paid_twice(
    member: Membership, connection: Connection, workspace: Workspace, mara: Influencer, listed: Listed
) -> None:
    generation, _ = made_of(mara, connection, workspace)
    Generation.objects.filter(pk=generation.pk).update(remote={"influencer_id": "inf_2"}, remote_key="inf_2")
    with pytest.raises(people_sync.BeingMade, match="being made from here right now"):
        people_sync.import_person(member, workspace, listed("inf_2", False))
    tool = get_tool("influencer")
    assert tool
    inputs = tool.Inputs.model_validate({"photos": [str(mara.face_id)], "influencer": str(mara.pk)})
    with pytest.raises(Unresolved) as refused:
        resolve(tool, inputs, member, workspace.pk, connection=connection)
    assert "being made there already" in refused.value.problems[0].sentence


def test_photos_are_looked_at_once(mara: Influencer) -> None:
    people_photos.check_photos(mara.pk)
    photo = mara.photos.get()
    assert photo.checks["faces"] == 0
    people_photos.check_forgotten()
    photo.refresh_from_db()
    assert photo.pose == ""
