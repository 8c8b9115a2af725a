"""One's own LoRA: a .safetensors file is uploaded where a form takes one, and the service gets an address that ends like the file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from studio.engine.links import RELAY
from studio.engine.resolve import resolve
from studio.models import Asset, Connection, Generation, Kind, Membership, Team, User, Workspace
from studio.providers import find_offer, get_provider
from studio.tools import get_tool
from tests.factories import picture
from tests.media.hostile_solids import safetensors
from tests.pages.test_create_tools import connected

SignIn = Callable[[Client, User], Client]
HEADER = {"w": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]}}
SHOT = {"prompt": "A slow turn", "offer": "influencer_studio:lora-video:wan-2.2"}


@pytest.fixture(autouse=True)
def public(settings: Any) -> None:
    settings.PUBLIC_URL = "https://studio.example"


@pytest.fixture
def maker(client: Client, creator: User, team: Team, sign_in: SignIn) -> Client:
    connected(team, "influencer_studio")
    return sign_in(client, creator)


def uploaded(maker: Client, field: str, data: bytes, name: str = "my look.safetensors") -> Any:
    tool = "lora-video" if field.startswith("loras") else "image"
    return maker.post(f"/create/{tool}/upload/{field}", {"file": SimpleUploadedFile(name, data)})


@pytest.mark.parametrize("field", ["lora", "loras-0-path"])
def test_a_file_becomes_a_card_of_its_field(maker: Client, field: str) -> None:
    answer = uploaded(maker, field, safetensors(HEADER))
    assert answer.status_code == 200, answer.text
    asset = Asset.objects.get()
    assert (asset.kind, asset.original_name) == (Kind.FILE, "my look.safetensors")
    assert f'name="{field}" value="{asset.pk}"' in answer.text
    assert "my look.safetensors" in answer.text


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [(picture(), "look.safetensors", "picture"), (safetensors(HEADER)[:-4], "cut.safetensors", "ends too early")],
    ids=["a picture", "cut short"],
)
def test_another_file_is_refused_with_what_is_wrong(maker: Client, data: bytes, name: str, word: str) -> None:
    answer = uploaded(maker, "loras-0-path", data, name)
    assert answer.status_code == 422
    assert word in answer.json()["error"].lower(), answer.json()
    assert not Asset.objects.exists()


def test_the_service_gets_its_address(maker: Client, creator: User, workspace: Workspace, team: Team) -> None:
    uploaded(maker, "loras-0-path", safetensors(HEADER))
    asset = Asset.objects.get()
    row = {"loras-0-path": str(asset.pk), "loras-0-scale": "0.8"}
    answer = maker.post("/create/lora-video/", {**SHOT, **row, "nonce": uuid4().hex})
    assert answer.status_code == 302, answer.text.split('id="problems"')[1][:900]
    made = Generation.objects.get()
    tool, offer = get_tool("lora-video"), find_offer(SHOT["offer"])
    assert tool
    assert offer
    inputs = tool.Inputs.model_validate(made.inputs)
    actor = Membership.objects.get(user=creator, team=team)
    values = resolve(
        tool, inputs, actor, workspace.pk, connection=Connection.objects.get(team=team), generation_id=made.pk
    )
    (sent,) = json.loads(get_provider("influencer_studio").encode(offer, values).body)["loras"]
    assert sent["scale"] == 0.8
    assert sent["path"].startswith(f"https://studio.example/{RELAY}/{made.pk.hex}/")
    assert sent["path"].endswith("/my-look.safetensors")
    fetched = Client().get(urlsplit(sent["path"]).path)
    assert (fetched.status_code, b"".join(fetched)) == (200, safetensors(HEADER))
    page = maker.get(f"/outputs/{made.outputs.get().pk}/").text
    assert str(asset.pk) in page
    assert "<dd>0.8</dd>" in page


def test_a_link_is_told_on_the_page_of_what_it_made(maker: Client) -> None:
    link = "https://files.example.com/look.safetensors"
    maker.post("/create/lora-video/", {**SHOT, "loras-0-path": link, "nonce": uuid4().hex})
    page = maker.get(f"/outputs/{Generation.objects.get().outputs.get().pk}/").text
    assert f">{link}</dd>" in page


@pytest.mark.parametrize("reference", ["my.safetensors", str(UUID(int=7))])
def test_what_is_no_file_of_ours_is_told_at_the_row(maker: Client, reference: str) -> None:
    answer = maker.post("/create/lora-video/", {**SHOT, "loras-0-path": reference, "nonce": uuid4().hex})
    assert answer.status_code == 422
    assert "The .safetensors file is not here any more. Upload it again." in answer.text
    assert not Generation.objects.exists()
