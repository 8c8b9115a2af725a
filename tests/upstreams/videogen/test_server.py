"""The scripted VideoGen does what its reference says; what it is sent by the official SDKs is in tests/dialects/videogen/recorded."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.upstreams.common import Answer, Far, Recorded, Upstream, serve
from tests.upstreams.media import media_bytes
from tests.upstreams.videogen import VideoGen
from tests.wait import until


@pytest.fixture
def fake() -> Iterator[VideoGen]:
    fake = VideoGen(seconds=0.2)
    with serve(fake):
        yield fake


@pytest.fixture
def client(fake: VideoGen) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=fake.script.url, headers={"authorization": "Bearer key-1"}, timeout=5) as client:
        yield client


def start(client: httpx.Client, **told: object) -> str:
    answer = client.post("/v1/tools/generate-image", json={"prompt": "p", **told})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["toolExecutionId"])


def test_carries_jobs_on_by_time_and_pays_once_each(fake: VideoGen, client: httpx.Client) -> None:
    job = start(client, numResults=2)
    assert [(paid.job, paid.credits) for paid in fake.script.paid] == [(job, 2)]

    def ended() -> bool:
        return bool(client.get(f"/v1/tools/executions/{job}").json()["status"] == "succeeded")

    until(ended, "the job to succeed")
    told = client.get(f"/v1/tools/executions/{job}").json()
    assert (told["progressPercentage"], len(told["results"]), told["error"]) == (100, 2, None)
    first, second = told["results"]
    assert client.get(first["downloadUrl"]).content == media_bytes("image", first["fileId"])
    assert first["fileId"] != second["fileId"]
    assert first["file"]["downloadSource"]["url"] != second["file"]["downloadSource"]["url"]


def test_lists_the_newest_first_in_pages_with_what_others_started(fake: VideoGen, client: httpx.Client) -> None:
    ours = start(client)
    same_key, team = fake.foreign("generate-image"), fake.foreign("generate-image", who="team")
    page = client.get("/v1/tools/executions", params={"limit": "2"}).json()
    assert [one["toolExecutionId"] for one in page["toolExecutions"]] == [team, same_key]
    assert page["hasMore"] is True
    rest = client.get("/v1/tools/executions", params={"limit": "2", "cursor": page["nextCursor"]}).json()
    assert [one["toolExecutionId"] for one in rest["toolExecutions"]] == [ours]
    assert (rest["hasMore"], rest["nextCursor"]) == (False, None)
    own = client.get("/v1/tools/executions", params={"selfOnly": "true"}).json()
    assert [one["toolExecutionId"] for one in own["toolExecutions"]] == [same_key, ours]
    assert len(fake.script.paid) == 1


def test_accepts_both_spellings_unless_it_is_of_one_era(fake: VideoGen, client: httpx.Client) -> None:
    file_id = fake.add_file()
    for name in ("imageFileId", "imageStorageFileId"):
        assert client.post("/v1/tools/upscale-image", json={name: file_id}).status_code == 202
    fake.set(era="2")
    refused = client.post("/v1/tools/upscale-image", json={"imageStorageFileId": file_id})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_request")
    assert client.get("/v1/resources/avatar-presenters").status_code == 404
    fake.set(era="0")
    assert client.get("/v1/tools/executions").status_code == 404
    assert client.get("/v1/me").status_code == 404
    assert len(fake.script.paid) == 2


def test_wrong_keys_and_wrong_requests_cost_nothing(fake: VideoGen, client: httpx.Client) -> None:
    assert client.get("/v1/me", headers={"authorization": "Bearer no"}).status_code == 401
    for path, body in (
        ("generate-image", {}),
        ("generate-image", {"prompt": "p", "numResults": 101}),
        ("generate-image", {"prompt": "p", "imageFileIds": ["vg_file_never"]}),
        ("generate-video-clip", {}),
        ("text-to-speech", {"ttsText": "x", "voiceSpeed": 3}),
        ("generate-nothing", {"prompt": "p"}),
    ):
        assert client.post(f"/v1/tools/{path}", json=body).status_code in (400, 404)
    assert fake.script.paid == []


def test_its_upload_address_wants_neither_key_nor_type(fake: VideoGen, client: httpx.Client) -> None:
    made = client.post("/v1/files/upload", json={"displayName": "a.png", "type": None}).json()
    with httpx.Client() as bare:
        assert bare.put(made["uploadUrl"], content=b"x", headers={"content-type": "image/png"}).status_code == 403
        assert bare.put(made["uploadUrl"], content=b"x", headers={"authorization": "Bearer key-1"}).status_code == 403
        assert bare.put(made["uploadUrl"], content=b"x").status_code == 200
    assert fake.files[made["fileId"]].data == b"x"
    assert client.post(f"/v1/files/{made['fileId']}/hydrate").json()["downloadSource"]["status"] == "ready"


class Listener(Upstream):
    routes = (("POST", "/bell", "bell"),)
    open_paths = ("*",)

    def bell(self, request: Recorded) -> Answer:
        return Answer({}, 200 if request.headers["webhook-signature"].startswith("v1,") else 401)


def test_rings_whoever_asked_with_copies_and_forgeries(fake: VideoGen, client: httpx.Client) -> None:
    listener = Listener()
    fake.set(insecure_hooks=True)
    with serve(listener) as url:
        body = {"url": f"{url}/bell", "events": ["tool_execution.succeeded"]}
        assert client.post("/v1/webhooks/endpoints", json=body).status_code == 201
        job = start(client)
        fake.finish(job)
        assert fake.ring(job, copies=2) == [200, 200]
        assert fake.ring(job, forged=True) == [200]
        other = start(client)
        fake.fail(other)
        assert fake.ring(other) == [], "nobody asked for failures"
    one, again, forged = listener.script.requests
    assert one.headers["webhook-id"] == again.headers["webhook-id"] == f"msg_{job}"
    assert one.headers["webhook-signature"] == again.headers["webhook-signature"]
    assert forged.headers["webhook-signature"] != one.headers["webhook-signature"]
    assert one.json["event"] == "tool_execution.succeeded"
    assert one.json["results"][0]["file"]["downloadSource"]["status"] == "ready"


def test_counts_down_its_limits(fake: VideoGen, client: httpx.Client) -> None:
    fake.limit("/v1/tools/*", per_hour=1)
    first = client.post("/v1/tools/generate-image", json={"prompt": "p"})
    second = client.post("/v1/tools/generate-image", json={"prompt": "p"})
    assert (first.headers["x-ratelimit-limit"], first.headers["x-ratelimit-remaining"]) == ("1", "0")
    assert (second.status_code, second.json()["code"]) == (429, "rate_limited")
    assert client.get("/v1/me").headers.get("x-ratelimit-limit") is None


def test_can_be_steered_from_another_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.upstreams.videogen", "--key", "far"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[3],
    ) as running:
        assert running.stdout is not None
        far = Far(running.stdout.readline().strip())
        foreign = far.foreign(tool="generate-image", count=2)
        far.finish(job=foreign, results=1)
        answer = httpx.get(f"{far.url}/v1/tools/executions/{foreign}", headers={"authorization": "Bearer far"})
        assert (answer.json()["status"], len(answer.json()["results"])) == ("succeeded", 1)
        assert far.facts()["paid"] == []
        running.terminate()
