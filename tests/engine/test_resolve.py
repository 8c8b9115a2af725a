"""References become values: ours within reach, links as they are, a service's own only at that service."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from studio.engine.reach import SystemActor
from studio.engine.resolve import Unresolved, resolve
from studio.engine.storing import remember_copy
from studio.models import (
    Asset,
    Brand,
    Connection,
    Influencer,
    InfluencerPhoto,
    Membership,
    Readiness,
    Reference,
    ReferenceMedia,
    Team,
    Voice,
    Workspace,
)
from studio.tools import get_tool
from studio.tools.values import NoAddress, NotThere, Resolved
from tests.engine import remote

pytestmark = pytest.mark.database


@pytest.fixture
def connection(member: Membership) -> Iterator[Connection]:
    remote.know_tiny()
    yield remote.connect(member.team, "https://tiny.example")
    remote.forget_tiny()


@pytest.fixture
def mia(member: Membership, photo: Asset) -> Influencer:
    row = Influencer.objects.create(team=member.team, name="Mia", face=photo)
    InfluencerPhoto.objects.create(influencer=row, asset=photo)
    return row


def resolved(slug: str, member: Membership, connection: Connection | None = None, **inputs: Any) -> Resolved:
    tool = get_tool(slug)
    assert tool
    assert member.current_workspace_id
    model = tool.Inputs.model_validate(inputs)
    return resolve(tool, model, member, member.current_workspace_id, connection=connection)


def problems(slug: str, member: Membership, connection: Connection | None = None, **inputs: Any) -> dict[str, str]:
    with pytest.raises(Unresolved) as caught:
        resolved(slug, member, connection, **inputs)
    return {problem.field: problem.sentence for problem in caught.value.problems}


def test_everything_of_ours_is_found_with_what_the_connection_calls_it(
    connection: Connection, member: Membership, photo: Asset, brand: Brand, mia: Influencer
) -> None:
    saved = Reference.objects.create(team=member.team, label="Split screen", template_slug="split")
    ReferenceMedia.objects.create(reference=saved, asset=photo)
    remember_copy(connection, "brand", brand.pk, "brand_kit", "42")
    remember_copy(connection, "influencer", mia.pk, "influencer", "cm0")
    remember_copy(connection, "asset", photo.pk, "file", "file-7")
    remember_copy(connection, "workspace", member.current_workspace_id, "workspace", "ws-1")  # type: ignore[arg-type]
    found = resolved(
        "image",
        member,
        connection,
        prompt="A jar",
        images=[str(photo.pk)],
        brand=str(brand.pk),
        influencer=str(mia.pk),
        reference=str(saved.pk),
    )
    assert found.brand
    assert found.brand.remote_id() == "42"
    assert found.influencer
    assert found.influencer.remote_id() == "cm0"
    assert found.influencer.face
    assert found.influencer.face.id == photo.pk
    assert found.reference
    assert found.reference.media[0].id == photo.pk
    with pytest.raises(NotThere):
        found.reference.remote_id()
    assert found.media["images"][0].remote_id() == "file-7"
    with pytest.raises(NoAddress):
        found.media["images"][0].url()
    assert found.at
    assert found.at.workspace_id == "ws-1"


def test_a_services_own_things_pass_bare_and_only_there(connection: Connection, member: Membership) -> None:
    found = resolved(
        "image",
        member,
        connection,
        prompt="A jar",
        images=["tiny:file-1", "https://example.com/jar.png"],
        avatar="tiny:av-1",
        preset="tiny:p-1",
        entities=["tiny:e-1", "tiny:e-2"],
        influencer="tiny:inf-1",
        brand="tiny:42",
    )
    assert found.choices == {"avatar": ("av-1",), "preset": ("p-1",), "entities": ("e-1", "e-2")}
    theirs, linked = found.media["images"]
    assert (theirs.remote_id(), theirs.file) == ("file-1", "")
    assert (linked.url(), linked.name, linked.kind) == ("https://example.com/jar.png", "jar.png", "image")
    assert found.influencer
    assert found.influencer.remote_id() == "inf-1"
    assert found.brand
    assert found.brand.remote_id("brand_kit") == "42"
    said = problems("image", member, connection, prompt="A jar", avatar="videotok:av-1", images=["videogen:f-1"])
    assert "Videotok" in said["avatar"]
    assert "VideoGen" in said["images"]


def test_an_influencer_in_training_is_refused_at_its_field(
    connection: Connection, member: Membership, mia: Influencer
) -> None:
    Influencer.objects.update(readiness=Readiness.TRAINING)
    assert (
        "still in training" in problems("image", member, connection, prompt="x", influencer=str(mia.pk))["influencer"]
    )


def test_nothing_crosses_teams_or_workspaces(
    connection: Connection, member: Membership, photo: Asset, mia: Influencer
) -> None:
    other = Workspace.objects.create(team=member.team, name="Other")
    voice = Voice.objects.create(team=member.team, workspace=other, name="Warm")
    south = Team.objects.create(name="South")
    Influencer.objects.update(team=south)
    said = problems("talking-head", member, connection, script="Hello", voice=str(voice.pk), influencer=str(mia.pk))
    assert set(said) == {"influencer", "voice"}


def test_a_file_of_the_wrong_kind_is_refused_at_its_field(
    connection: Connection, member: Membership, photo: Asset
) -> None:
    said = problems("lipsync", member, connection, video=str(photo.pk), audio=str(photo.pk))
    assert "is not a video" in said["video"]
    assert "is not a recording" in said["audio"]


def test_pictures_in_groups_are_keyed_by_their_place(connection: Connection, member: Membership, photo: Asset) -> None:
    element = {"face": str(photo.pk), "references": [str(photo.pk)]}
    found = resolved("reference-video", member, connection, prompt="A walk", elements=[element])
    assert {name for name, files in found.media.items() if files} == {"elements.0.face", "elements.0.references"}


def test_the_number_of_queries_does_not_grow(
    connection: Connection, member: Membership, photo: Asset, brand: Brand, mia: Influencer
) -> None:
    def asked(count: int) -> int:
        with CaptureQueriesContext(database) as seen:
            resolved(
                "image",
                member,
                connection,
                prompt="A jar",
                images=[str(photo.pk)] * count,
                brand=str(brand.pk),
                influencer=str(mia.pk),
            )
        return len(seen)

    assert asked(1) == asked(6) <= 8


def test_the_worker_reaches_the_whole_team(connection: Connection, member: Membership, photo: Asset) -> None:
    tool = get_tool("image")
    assert tool
    assert member.current_workspace_id
    inputs = tool.Inputs.model_validate({"prompt": "A jar", "images": [str(photo.pk)]})
    found = resolve(tool, inputs, SystemActor(member.team_id), member.current_workspace_id, connection=connection)
    assert found.media["images"][0].id == photo.pk
