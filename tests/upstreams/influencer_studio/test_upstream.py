"""The scripted Influencer Studio itself: as strict as the OpenAPI document, and what it alone can show."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.upstreams.common import Answer, Far, Recorded, Upstream, serve
from tests.upstreams.influencer_studio import InfluencerStudio
from tests.wait import until

ROOT = Path(__file__).resolve().parents[3]
M = "https://media.example"


@pytest.fixture
def fake() -> Iterator[InfluencerStudio]:
    fake = InfluencerStudio("key")
    with serve(fake):
        yield fake


@pytest.fixture
def client(fake: InfluencerStudio) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{fake.script.url}/api/v1", headers={"authorization": "Bearer key"}) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/images/generate", {"prompt": "x", "colour": "red"}, 400),
        ("/images/generate", {"prompt": "x", "batch": 5}, 400),
        ("/images/generate", {"prompt": "x", "init_image": "data:image/png;base64,AA"}, 400),
        ("/images/generate", {}, 400),
        ("/videos/generate", {"prompt": "x", "settings": {"duration": "5"}}, 400),
        ("/voices/generate", {"method": "clone", "prompt": "x"}, 400),
        ("/videos/wan22", {"mode": "i2v", "prompt": "x", "loras": [{"path": f"{M}/a.safetensors"}]}, 400),
        ("/influencers/generate", {"influencer_id": "nobody"}, 404),
        ("/images/generate", {"prompt": "x", "workspace_id": "ws_9"}, 403),
        ("/images/generate", {"prompt": "x", "workspace_id": "ws_1"}, 200),
    ],
)
def test_refuses_what_the_page_does_not_list(
    fake: InfluencerStudio, client: httpx.Client, path: str, body: Any, status: int
) -> None:
    assert client.post(path, json=body).status_code == status
    assert len(fake.script.paid) == (1 if status == 200 else 0)


def test_says_in_advance_which_bytes_will_come(fake: InfluencerStudio, client: httpx.Client) -> None:
    job = client.post("/images/generate", json={"prompt": "x", "batch": 2}).json()["generation_id"]
    urls = client.get(f"/generations/{job}/status").json()["result_urls"]
    found = [hashlib.sha256(httpx.get(url).content).hexdigest() for url in urls]
    assert found == fake.expected(job)
    assert len(set(found)) == 2


def test_somebody_elses_job_is_no_payment_of_ours(fake: InfluencerStudio, client: httpx.Client) -> None:
    fake.foreign("/music/generate", title="Theirs")
    assert [track["title"] for track in client.get("/music").json()] == ["Theirs"]
    assert fake.script.paid == []


def test_rings_the_webhook_when_a_job_ends(fake: InfluencerStudio, client: httpx.Client) -> None:
    class Ear(Upstream):
        routes = (("POST", "/bell", "hear"),)
        open_paths = ("/bell",)

        def hear(self, request: Recorded) -> Answer:
            return Answer({})

    ear = Ear()
    with serve(ear) as url:
        fake.seconds = None
        body = {"prompt": "x", "webhook": f"{url}/bell"}
        job = client.post("/images/generate", json=body).json()["generation_id"]
        assert ear.script.requests == []
        fake.finish(job)
        until(lambda: ear.script.requests, "the bell")
        assert ear.script.requests[0].json["generation_id"] == job


def test_describes_itself_to_everybody(fake: InfluencerStudio) -> None:
    assert httpx.get(f"{fake.script.url}/api/v1/swagger").json()["openapi"] == "3.1.0"
    assert httpx.get(f"{fake.script.url}/api/v1/voices").status_code == 401


def test_runs_in_a_process_of_its_own() -> None:
    command = [sys.executable, "-m", "tests.upstreams.influencer_studio", "--key", "far"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdout is not None
        try:
            far = Far(running.stdout.readline().strip())
            far.set(seconds=None)
            headers = {"authorization": "Bearer far"}
            taken = httpx.post(f"{far.url}/api/v1/images/generate", json={"prompt": "x"}, headers=headers).json()
            far.finish(job=taken["generation_id"])
            status = httpx.get(f"{far.url}/api/v1/generations/{taken['generation_id']}/status", headers=headers).json()
            assert status["status"] == "completed"
            assert [paid["job"] for paid in far.facts()["paid"]] == [taken["generation_id"]]
            assert [post["path"] for post in far.posts()] == ["/api/v1/images/generate"]
            assert len(far.expected(job=taken["generation_id"])) == 1
        finally:
            running.terminate()
