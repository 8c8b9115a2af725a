"""Results that are no pictures: what their tiles and pages tell, what they can be downloaded as and used for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from studio.models import Asset, CatalogueItem, Connection, Influencer, Output, RemoteCopy, User, Voice, Workspace
from tests.factories import make_asset, make_generation, make_output
from tests.queries import queries_of

SignIn = Callable[[Client, User], Client]

FILES: dict[str, dict[str, Any]] = {
    "image": {},
    "drawing": {"kind": "image", "media_type": "image/svg+xml", "name": "mark.svg"},
    "video": {"media_type": "video/mp4", "duration_seconds": 5.0, "fps": 24.0, "has_sound": True, "name": "a.mp4"},
    "audio": {"media_type": "audio/mpeg", "duration_seconds": 83.2, "peaks": [5, 60], "width": None, "name": "a.mp3"},
    "model": {"media_type": "model/gltf-binary", "solid": {"triangles": 30000}, "width": None, "name": "a.glb"},
    "text": {"media_type": "text/plain", "excerpt": "Quay. Ember.", "width": None, "name": "a.txt"},
}
TOOLS = {"drawing": "vectorize", "video": "video", "audio": "music", "model": "model-3d", "text": "text"}


def file_of(workspace: Workspace, name: str) -> Asset:
    fields = {"kind": name, **FILES[name]}
    return make_asset(workspace, **fields)


def of_kind(workspace: Workspace, name: str, **fields: Any) -> Output:
    """name: of FILES, or a person: voice and influencer, with a row of their own."""
    asset = file_of(workspace, {"voice": "audio", "influencer": "image"}.get(name, name))
    kind = "image" if name == "drawing" else name
    owned = {"team": workspace.team, "workspace": workspace}
    if name == "voice":
        fields["voice"] = Voice.objects.create(**owned, name="Narrator", kind="cloned", language="de", gender="female")
    if name == "influencer":
        fields["influencer"] = Influencer.objects.create(**owned, name="Ada Rivers", readiness="training")
    tool = TOOLS.get(name, name)
    generation = make_generation(workspace, tool=tool, provider="videogen", inputs={"prompt": "Quiet"})
    return make_output(workspace, generation=generation, asset=asset, kind=kind, tool=tool, title="Thing", **fields)


@pytest.fixture
def page(client: Client, creator: User, sign_in: SignIn) -> Callable[[Output], str]:
    sign_in(client, creator)

    def page(output: Output) -> str:
        html = client.get(reverse("output", args=[output.pk])).content.decode()
        return re.sub(r"\s+", " ", html)

    return page


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("video", {"Length": "5.0 s", "Frames": "24 a second", "Sound": "Yes"}),
        ("audio", {"Length": "1 min 23 s"}),
        ("model", {"Triangles": "30,000"}),
        ("voice", {"Voice": "Copied from a recording", "Language": "German", "Gender": "Female"}),
        ("influencer", {"Readiness": "Still learning, usable soon"}),
    ],
)
def test_each_kind_has_its_facts(
    workspace: Workspace, page: Callable[[Output], str], name: str, facts: dict[str, str]
) -> None:
    html = page(of_kind(workspace, name))
    for title, value in facts.items():
        assert f"<dt>{title}</dt><dd>{value}</dd>" in html


def test_a_text_tells_its_words(workspace: Workspace, page: Callable[[Output], str]) -> None:
    output = of_kind(workspace, "text")
    assert output.asset
    with output.asset.file.open("wb") as file:
        file.write(b"Quay. Ember.\n\nDrift.")
    html = page(output)
    assert "<dt>Words</dt><dd>3</dd>" in html
    assert "<p>Drift.</p>" in html


def test_it_is_told_where_a_person_is_known(
    workspace: Workspace, connection: Connection, page: Callable[[Output], str]
) -> None:
    output = of_kind(workspace, "influencer")
    assert "Known at" not in page(output)
    assert output.influencer
    RemoteCopy.objects.create(
        team=workspace.team,
        connection=connection,
        object_kind="influencer",
        object_id=output.influencer.pk,
        kind="influencer",
        remote_id="inf-1",
        seen_at=timezone.now(),
    )
    assert "<dt>Known at</dt><dd>VideoGen</dd>" in page(output)


@pytest.fixture
def connection(workspace: Workspace) -> Connection:
    return Connection.objects.create(team=workspace.team, provider="videogen", key="x", last4="0000")


@pytest.mark.parametrize(
    ("name", "tool", "parameter"),
    [
        ("influencer", "influencer-shoot", "influencer"),
        ("voice", "speech", "voice"),
        ("image", "image-edit", "image"),
        ("video", "video-upscale", "video"),
        ("audio", "lipsync", "audio"),
    ],
)
def test_it_leads_to_forms_that_start_with_it(
    client: Client, workspace: Workspace, page: Callable[[Output], str], name: str, tool: str, parameter: str
) -> None:
    output = of_kind(workspace, name)
    reference = {"influencer": output.influencer_id, "voice": output.voice_id}.get(name, output.asset_id)
    url = f"{reverse('create_tool', args=[tool])}?{parameter}={reference}"
    assert f'href="{url}"' in page(output)
    form = client.get(url)
    assert form.status_code == 200
    assert f'value="{reference}"' in form.content.decode()


@pytest.mark.parametrize("name", ["drawing", "model", "text"])
def test_where_no_form_takes_it_none_is_offered(workspace: Workspace, page: Callable[[Output], str], name: str) -> None:
    assert "Go on with it" not in page(of_kind(workspace, name))


def test_a_reviewer_is_led_to_no_form(client: Client, workspace: Workspace, reviewer: User, sign_in: SignIn) -> None:
    html = sign_in(client, reviewer).get(reverse("output", args=[of_kind(workspace, "voice").pk])).content.decode()
    assert "Use this voice" not in html


@pytest.mark.parametrize(
    ("name", "label"), [("video", "MP4"), ("audio", "MP3"), ("model", "GLB"), ("text", "TXT"), ("voice", "MP3")]
)
def test_what_is_no_picture_is_downloaded_as_it_is(
    client: Client, workspace: Workspace, page: Callable[[Output], str], name: str, label: str
) -> None:
    output = of_kind(workspace, name)
    html = page(output)
    assert f'aria-label="Download {label}, ' in html
    assert "?as=" not in html
    response = client.get(reverse("output_download", args=[output.pk]))
    assert response.headers["Content-Disposition"] == f'attachment; filename="thing-4x5.{label.lower()}"'
    assert client.get(reverse("output_download", args=[output.pk]) + "?as=png").status_code == 404


def test_a_drawing_is_shown_by_its_preview_and_downloaded_both_ways(
    workspace: Workspace, page: Callable[[Output], str]
) -> None:
    output = of_kind(workspace, "drawing")
    html = page(output)
    stage = html.split("data-stage")[1].split("</div>")[0]
    assert reverse("media", args=[output.asset_id, "large"]) in stage
    assert reverse("media", args=[output.asset_id, "original"]) not in stage
    assert 'Original<span class="push">SVG ' in html
    assert "?as=png" in html


def test_people_and_files_that_it_was_made_from_are_named_and_shown(
    workspace: Workspace, page: Callable[[Output], str]
) -> None:
    photo = make_asset(workspace, name="cup.png")
    clip = file_of(workspace, "video")
    ada = Influencer.objects.create(team=workspace.team, workspace=workspace, name="Ada Rivers")
    inputs = {"prompt": "", "influencer": str(ada.pk), "product_image": str(photo.pk), "dialog": "Look at this."}
    generation = make_generation(workspace, tool="influencer-video", provider="influencer_studio", inputs=inputs)
    html = page(make_output(workspace, generation=generation, kind="video", tool="influencer-video", asset=clip))
    assert "<dd>Ada Rivers</dd>" in html
    assert "Look at this.</p>" in html
    assert reverse("media", args=[photo.pk, "small"]) in html
    assert str(ada.pk) not in html


@pytest.mark.parametrize(
    ("tool", "name", "title", "kind"),
    [
        ("speech", "voice", "Voice", "voice"),
        ("avatar-clip", "presenter", "Presenter", "presenter"),
        ("video-ad", "preset", "Preset", "preset"),
        ("video-ad", "avatar", "Avatar", "avatar"),
    ],
)
def test_what_a_service_offers_is_told_by_its_name_there(
    workspace: Workspace,
    connection: Connection,
    page: Callable[[Output], str],
    tool: str,
    name: str,
    title: str,
    kind: str,
) -> None:
    made: dict[str, Any] = {"tool": tool, "provider": "videogen", "inputs": {"prompt": "", name: "videogen:vg_m9"}}
    output = make_output(workspace, generation=make_generation(workspace, **made), tool=tool)
    assert f"<dt>{title}</dt><dd>vg_m9</dd>" in page(output)  # Nobody lists it any more.
    facts = {"team": workspace.team, "connection": connection, "seen_at": timezone.now()}
    CatalogueItem.objects.create(**facts, kind=kind, remote_id="vg_m9", title="Rowan")
    assert f"<dt>{title}</dt><dd>Rowan</dd>" in page(output)


def test_a_voice_of_ours_keeps_our_name(
    workspace: Workspace, connection: Connection, page: Callable[[Output], str]
) -> None:
    voice = Voice.objects.create(team=workspace.team, workspace=workspace, name="Narrator", kind="library")
    facts = {"team": workspace.team, "connection": connection, "seen_at": timezone.now()}
    CatalogueItem.objects.create(**facts, kind="voice", remote_id="vg_m9", title="Rowan")
    RemoteCopy.objects.create(**facts, object_kind="voice", object_id=voice.pk, kind="voice", remote_id="vg_m9")
    inputs = {"text": "Hello", "voice": "videogen:vg_m9"}
    generation = make_generation(workspace, tool="speech", provider="videogen", inputs=inputs)
    assert "<dt>Voice</dt><dd>Narrator</dd>" in page(make_output(workspace, generation=generation, tool="speech"))


def test_how_a_voice_was_made_is_said_once(workspace: Workspace, page: Callable[[Output], str]) -> None:
    output = of_kind(workspace, "voice")
    output.generation.inputs |= {"method": "clone"}
    output.generation.save(update_fields=["inputs"])
    html = page(output)
    assert "<dt>How</dt><dd>From a recording</dd>" in html
    assert "Copied from a recording" not in html
    assert "<dt>Provider</dt><dd>VideoGen</dd>" in html


@pytest.mark.parametrize("kind", ["voice", "influencer"])
def test_the_filter_knows_every_kind(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn, kind: str
) -> None:
    sign_in(client, creator)
    theirs, other = of_kind(workspace, kind), of_kind(workspace, "video")
    html = client.get("/", {"kind": kind}).content.decode()
    assert f'id="tile-{theirs.pk}"' in html
    assert f'id="tile-{other.pk}"' not in html
    assert '<span class="vh">Kind: </span>' in html


def test_kinds_add_no_queries(client: Client, workspace: Workspace, creator: User, sign_in: SignIn) -> None:
    sign_in(client, creator)
    make_output(workspace)
    addresses = ("/", "/?view=list")
    before = {address: queries_of(lambda at=address: client.get(at)) for address in addresses}  # type: ignore[misc]
    for name in (*FILES, "voice", "influencer"):
        of_kind(workspace, name)
    assert {address: queries_of(lambda at=address: client.get(at)) for address in addresses} == before  # type: ignore[misc]


def test_a_tile_waits_for_a_preview_that_is_still_to_come(
    client: Client, workspace: Workspace, creator: User, sign_in: SignIn
) -> None:
    sign_in(client, creator)
    output = of_kind(workspace, "video")
    assert "data-bare" not in client.get(reverse("output_tile", args=[output.pk])).content.decode()
    assert output.asset
    Asset.objects.filter(pk=output.asset.pk).update(preview_small="", preview_large="")
    html = client.get(reverse("output_tile", args=[output.pk])).content.decode()
    assert f'data-bare="{output.asset_id}"' in html
    assert reverse("media", args=[output.asset_id, "small"]) not in html, "a film is no picture"


def test_what_the_service_keeps_has_a_page_and_no_download(
    client: Client, workspace: Workspace, page: Callable[[Output], str]
) -> None:
    output = of_kind(workspace, "voice")
    Output.objects.filter(pk=output.pk).update(asset=None)
    html = page(output)
    assert "The service sent no sample of this voice" in html
    assert reverse("output_download", args=[output.pk]) not in html
    tile = client.get(reverse("output_tile", args=[output.pk])).content.decode()
    assert reverse("output_download", args=[output.pk]) not in tile
    told = client.post(reverse("outputs_zip"), {"output": [str(output.pk)]}, follow=True).content.decode()
    assert "Nothing in the selection has a file." in told
