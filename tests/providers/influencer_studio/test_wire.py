"""What goes wrong on the line, and what that means for money: the real adapter against the scripted server."""

from __future__ import annotations

from typing import Any

import pytest

from studio.dialects.base import (
    Failed,
    Finished,
    Gone,
    Link,
    Missing,
    NotConfigured,
    NotTaken,
    Person,
    Progress,
    ProviderError,
    Refused,
    Submitted,
    Uncertain,
    Unreadable,
)
from studio.providers.influencer_studio import adapter
from tests.dialects.influencer_studio.cases import ADA, M
from tests.providers.influencer_studio.calling import ask, encoded, poll, provider, submit, ticket
from tests.upstreams.influencer_studio import InfluencerStudio
from tests.upstreams.influencer_studio.reading import BASE

IMAGE = {"prompt": "a lighthouse", "count": 3}
LORA = {"prompt": "turn", "loras": [{"path": f"{M}/high.safetensors"}]}


@pytest.mark.parametrize(
    ("rule", "means", "paid"),
    [
        ({"drop": "before"}, Uncertain, 0),
        ({"drop": "after"}, Uncertain, 1),
        ({"mangle": "garbage"}, Unreadable, 1),
        ({"mangle": "truncated"}, Unreadable, 1),
        ({"mangle": "cut"}, Uncertain, 1),
        ({"mangle": "endless"}, Unreadable, 1),
        ({"body": {}}, Unreadable, 1),
        ({"status": 401}, NotConfigured, 0),
        ({"status": 402}, Refused, 0),
        ({"status": 422}, Refused, 0),
        ({"status": 429, "headers": {"retry-after": "3"}}, NotTaken, 0),
        ({"status": 503, "after": True}, Uncertain, 1),
        ({"status": 307, "headers": {"location": "https://elsewhere.example/"}}, NotConfigured, 0),
    ],
)
def test_a_submit_is_sent_once_and_read_for_what_it_is(
    studio: InfluencerStudio, rule: dict[str, Any], means: type[ProviderError], paid: int
) -> None:
    studio.script.next(path=f"{BASE}/images/generate", **rule)
    with pytest.raises(means):
        submit(studio, encoded("image:studio-1", IMAGE), count=3)
    assert len(studio.script.sent("POST")) == 1
    assert len(studio.script.paid) == paid


def test_a_late_answer_is_uncertain(studio: InfluencerStudio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "SUBMIT_SECONDS", 0.2)
    studio.script.next(path=f"{BASE}/images/generate", hold="late", hold_after=True)
    with pytest.raises(Uncertain):
        submit(studio, encoded("image:studio-1", IMAGE), count=3)
    assert len(studio.script.paid) == 1


def test_slow_endpoints_are_waited_for() -> None:
    for path in ("/influencers/create", "/influencers/video", "/videos/wan22", "/text/generate", "/voices/generate"):
        assert adapter.SECONDS[path] >= 300
    assert adapter.SECONDS["/videos/wan22"] >= 600


def test_no_connection_is_not_taken(studio: InfluencerStudio) -> None:
    studio.script.url = "http://127.0.0.1:9"
    with pytest.raises(NotTaken):
        submit(studio, encoded("image:studio-1", IMAGE))


def test_a_batch_of_which_one_fails(studio: InfluencerStudio) -> None:
    studio.fail_next = 1
    request = encoded("image:studio-1", IMAGE)
    taken = submit(studio, request, count=3)
    assert isinstance(taken, Submitted)
    assert taken.charged == 72
    answer = poll(studio, request, taken.remote, count=3)
    assert isinstance(answer, Finished)
    assert [type(it) for it in answer.results] == [Link, Link, Missing]


def test_new_words_keep_a_job_going_until_its_counters_end_it(studio: InfluencerStudio) -> None:
    studio.seconds = None
    request = encoded("image:studio-1", IMAGE)
    taken = submit(studio, request, count=3)
    assert isinstance(taken, Submitted)
    job = taken.remote["generation_id"]
    studio.say(job, "moderating", "REVIEW")
    assert isinstance(poll(studio, request, taken.remote, 3), Progress)
    studio.say(job, "archived")
    studio.finish(job)
    assert isinstance(poll(studio, request, taken.remote, 3), Finished)


def test_a_failed_job_and_one_that_is_gone(studio: InfluencerStudio) -> None:
    studio.seconds = None
    request = encoded("video:kling-3", {"prompt": "waves"})
    taken = submit(studio, request)
    assert isinstance(taken, Submitted)
    studio.fail(taken.remote["generation_id"])
    assert isinstance(poll(studio, request, taken.remote), Failed)
    with pytest.raises(Gone):
        poll(studio, request, {"generation_id": "nobody"})


def test_a_key_that_was_taken_back_is_said_while_polling(studio: InfluencerStudio) -> None:
    request = encoded("image:studio-1", IMAGE)
    taken = submit(studio, request, 3)
    assert isinstance(taken, Submitted)
    studio.script.forget_keys()
    with pytest.raises(NotConfigured):
        poll(studio, request, taken.remote, 3)
    studio.script.allow("is_key")
    studio.script.next(path="*/status", status=502)
    with pytest.raises(NotTaken):
        poll(studio, request, taken.remote, 3)


def test_an_address_that_expired_is_fresh_in_the_next_answer(studio: InfluencerStudio) -> None:
    request = encoded("image:studio-1", IMAGE)
    taken = submit(studio, request, 3)
    assert isinstance(taken, Submitted)
    first, second = (poll(studio, request, taken.remote, 3) for _ in range(2))
    assert isinstance(first, Finished)
    assert isinstance(second, Finished)
    links = [[it.url for it in answer.results if isinstance(it, Link)] for answer in (first, second)]
    assert len(set(links[0] + links[1])) == 6


def test_a_lora_video_under_a_fresh_address(studio: InfluencerStudio) -> None:
    request = encoded("lora-video:wan-2.2", LORA)
    made = submit(studio, request)
    assert isinstance(made, Finished)
    old = made.results[0]
    assert isinstance(old, Link)
    fresh = ask(studio, lambda adapter, wire: adapter.fresh_link(wire, ticket(request), old))
    assert fresh is not None
    assert fresh.url != old.url
    studio.jobs.clear()
    assert ask(studio, lambda adapter, wire: adapter.fresh_link(wire, ticket(request), old)) is None


def test_a_lora_video_that_failed_ends_so(studio: InfluencerStudio) -> None:
    request = encoded("lora-video:wan-2.2", LORA)
    studio.script.next(path=f"{BASE}/videos/wan22", status=500, body={"error": "Generation failed"})
    taken = submit(studio, request)
    assert isinstance(taken, Submitted)
    assert isinstance(poll(studio, request, taken.remote), Failed)


def test_an_influencer_that_trains_is_found_ready_in_the_list(studio: InfluencerStudio) -> None:
    studio.training_seconds = None
    request = encoded("influencer:create", {"name": "Bo", "photos": [f"{M}/a.png"]})
    taken = submit(studio, request)
    assert isinstance(taken, Submitted)
    assert isinstance(poll(studio, request, taken.remote), Progress)
    studio.train(taken.remote["influencer_id"])
    answer = poll(studio, request, taken.remote)
    assert isinstance(answer, Finished)
    assert isinstance(answer.results[0], Person)
    studio.influencers["inf_1"]["ready_at"] = None
    with pytest.raises(Refused, match="not ready"):
        submit(studio, encoded("influencer-shoot:studio-1", {"influencer": ADA}))


def test_frames_of_an_influencer_video_come_with_the_first_answer(studio: InfluencerStudio) -> None:
    taken = submit(studio, encoded("influencer-video:veo-3.1", {"influencer": ADA, "prompt": "shows a mug"}))
    assert isinstance(taken, Submitted)
    assert len(taken.frames) == 2
    assert taken.charged == 328


def test_a_result_added_to_an_older_job(studio: InfluencerStudio) -> None:
    inputs = {"video": f"{M}/talk.mp4", "audio": f"{M}/talk.mp3", "add_to": "gen_1"}
    request = encoded("lipsync:v3", inputs)
    taken = submit(studio, request)
    assert isinstance(taken, Submitted)
    assert taken.remote == {"generation_id": "gen_1", "added": True}
    answer = poll(studio, request, taken.remote)
    assert isinstance(answer, Finished)
    assert [type(it) for it in answer.results] == [Link]


@pytest.mark.parametrize(
    ("key", "inputs", "other"),
    [
        ("influencer:create", {"name": "Bo", "photos": [f"{M}/a.png"]}, {"name": "Cy", "image_urls": [f"{M}/c.png"]}),
        ("music:v5", {"title": "Harbour", "style": "piano"}, {"title": "Other", "style": "piano"}),
        (
            "voice:clone-or-design",
            {"method": "design", "prompt": "warm", "name": "Low"},
            {"method": "clone", "audio_url": f"{M}/v.mp3", "name": "Low"},
        ),
    ],
)
def test_a_lost_answer_is_found_in_the_list_beside_somebody_elses(
    studio: InfluencerStudio, key: str, inputs: dict[str, Any], other: dict[str, Any]
) -> None:
    request = encoded(key, inputs)
    studio.foreign(request.path, **other)
    studio.script.next(method="POST", drop="after")
    with pytest.raises(Uncertain):
        submit(studio, request)
    lost = ticket(request)
    listed = ask(studio, lambda adapter, wire: adapter.jobs(wire, lost, lost.first_sent_at))
    assert len(listed) >= 2
    fitting = [job for job in listed if provider().job_fits(lost, job)]
    assert [job.remote_id for job in fitting] == [studio.script.paid[0].job]
    assert isinstance(poll(studio, request, fitting[0].remote), Finished)
    assert key.partition(":")[0] in provider().can_list


def test_what_is_listed_nowhere_is_not_looked_for(studio: InfluencerStudio) -> None:
    lost = ticket(encoded("image:studio-1", IMAGE))
    assert ask(studio, lambda adapter, wire: adapter.jobs(wire, lost, lost.first_sent_at)) == []
    assert not studio.script.requests
    assert not provider().can_cancel
    assert provider().may_send_again_within().total_seconds() == 0
