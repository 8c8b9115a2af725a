"""What answers mean: every fallback that the reference names."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from studio.dialects.base import (
    Failed,
    Finished,
    Gone,
    Link,
    Missing,
    NewVoice,
    NotConfigured,
    NotTaken,
    Person,
    Progress,
    ProviderError,
    Refused,
    Reply,
    Submitted,
    Text,
    Uncertain,
    Unreadable,
)
from studio.dialects.influencer_studio import codec_answers, codec_errors, wire_answers
from studio.dialects.influencer_studio.codec_answers import (
    FEWER,
    NO_FILE,
    NO_REASON,
    ONE_FAILED,
    TRAINING_FAILED,
    decode_influencers,
    decode_status,
    decode_submit,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GEN: dict[str, Any] = {"generation_id": "gen_1"}
A, B = "https://media.example/a.png", "https://media.example/b.png"


def reply(data: Any, status: int = 200, **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, data, str(data))


def status(count: int = 1, remote: dict[str, Any] = GEN, **body: Any) -> Any:
    return decode_status(reply({"generation_id": "gen_1", **body}), remote, count=count, since=NOW)


def item(url: str | None = None, word: str = "COMPLETED", **more: Any) -> dict[str, Any]:
    return {"id": "item_1", "type": "image", "status": word, "url": url, **more}


# -- Submitting ------------------------------------------------------------------------------------------------------------------


def test_a_queued_answer_holds_the_job_and_what_it_took() -> None:
    body = {"generation_id": "gen_1", "status": "queued", "images": [A], "estimated_time": 30, "credits_used": 48}
    taken = decode_submit("/images/generate", reply(body))
    assert taken == Submitted(GEN, 15.0, charged=Decimal(48))


def test_zero_credits_are_unknown() -> None:
    assert decode_submit("/images/generate-face", reply(GEN | {"credits_used": 0})) == Submitted(GEN, 3.0)


@pytest.mark.parametrize("word", ["completed", "failed", "COMPLETED"])
def test_an_answer_that_is_over_already_is_still_asked_about_at_once(word: str) -> None:
    taken = decode_submit("/images/edit", reply(GEN | {"status": word}))
    assert isinstance(taken, Submitted)
    assert taken.poll_in_seconds == 0


def test_first_and_last_frame_show_while_it_runs() -> None:
    body = GEN | {"first_frame_url": A, "last_frame_url": None, "credits_used": 328, "estimated_time": 180}
    taken = decode_submit("/influencers/video", reply(body))
    assert taken == Submitted(GEN, 20.0, charged=Decimal(328), frames=(A,))


def test_a_film_made_at_once() -> None:
    made = decode_submit(
        "/videos/wan22", reply(GEN | {"video_url": "https://media.example/o.mp4", "mode": "text-to-video"})
    )
    assert made == Finished((Link(0, "https://media.example/o.mp4", "video", "gen_1"),))
    assert decode_submit("/videos/wan22", reply(GEN)) == Submitted(GEN, 3.0)


def test_a_film_that_failed_is_over_and_one_behind_a_broken_proxy_is_not() -> None:
    taken = decode_submit("/videos/wan22", reply({"error": "Generation failed"}, 500))
    assert isinstance(taken, Submitted)
    assert "failed" in taken.remote
    with pytest.raises(Uncertain):
        decode_submit("/videos/wan22", reply(None, 500))
    with pytest.raises(Uncertain):
        decode_submit("/videos/generate", reply({"error": "Generation failed"}, 500))


def test_text_may_name_another_model() -> None:
    body = GEN | {"text": "Quay, Ember", "model": "gpt-5.4", "usage": None}
    assert decode_submit("/text/generate", reply(body)) == Finished((Text(0, "Quay, Ember"),))
    empty = decode_submit("/text/generate", reply(GEN | {"text": " "}))
    assert empty == Finished((Missing(0, codec_answers.NO_WORDS),))


@pytest.mark.parametrize("name", ["voice_id", "id"])
def test_a_voice_by_either_id(name: str) -> None:
    body = {
        name: "v1",
        "name": None,
        "audio_url": A,
        "influencer_id": "inf_9",
        "status": "completed",
        "credits_used": 0,
    }
    made = decode_submit("/voices/generate", reply(body), {"method": "design", "name": "Narrator"})
    assert made == Finished((NewVoice(0, "v1", "Narrator", "designed", A),))


def test_an_influencer_ready_in_training_or_failed() -> None:
    ready = {
        "influencer_id": "i1",
        "name": "Ada",
        "status": "completed",
        "ready_for_generation": True,
        "credits_used": 250,
    }
    assert decode_submit("/influencers/create", reply(ready)) == Finished((Person(0, "i1", "Ada", True),), Decimal(250))
    training = ready | {"status": "training", "ready_for_generation": False}
    taken = decode_submit("/influencers/create", reply(training))
    assert taken == Submitted({"influencer_id": "i1"}, 10.0, charged=Decimal(250))
    failed = decode_submit("/influencers/create", reply(ready | {"status": "failed"}))
    assert failed == Submitted({"failed": TRAINING_FAILED}, 0.0, charged=Decimal(250))


@pytest.mark.parametrize(
    "path", ["/images/generate", "/videos/wan22", "/text/generate", "/voices/generate", "/influencers/create"]
)
@pytest.mark.parametrize("body", [None, [], {}, "ok", {"status": "queued"}])
def test_a_success_that_names_nothing_is_unreadable(path: str, body: Any) -> None:
    with pytest.raises(Unreadable):
        decode_submit(path, reply(body))


TABLE: list[tuple[int, Any, type[ProviderError], str]] = [
    (302, None, NotConfigured, ""),
    (400, {"error": "Invalid request"}, Refused, "input"),
    (401, {"error": "Unauthorized"}, NotConfigured, ""),
    (402, {"error": "Insufficient credits"}, Refused, "credits"),
    (403, {"error": "Workspace"}, Refused, "missing"),
    (404, {"error": "Influencer not found"}, Refused, "missing"),
    (405, None, Refused, "refused"),
    (408, None, Uncertain, ""),
    (409, None, Uncertain, ""),
    (413, None, Refused, "input"),
    (418, None, Refused, "refused"),
    (422, {"detail": "batch"}, Refused, "input"),
    (429, {"message": "Insufficient credits"}, Refused, "credits"),
    (429, {"message": "Slow down"}, NotTaken, ""),
    (500, {"error": "Oops"}, Uncertain, ""),
    (502, None, Uncertain, ""),
    (503, None, Uncertain, ""),
    (504, None, Uncertain, ""),
    (600, None, Uncertain, ""),
]


@pytest.mark.parametrize(("code", "body", "means", "ends"), TABLE)
def test_submit_table(code: int, body: Any, means: type[ProviderError], ends: str) -> None:
    with pytest.raises(means) as caught:
        decode_submit("/images/generate", reply(body, code))
    assert type(caught.value) is means
    assert getattr(caught.value, "code", "") == ends


def test_every_row_of_the_submit_table_is_tested() -> None:
    def row_of(code: int, body: Any) -> codec_errors.Row | None:
        said = wire_answers.said_of(body, "")
        return next((row for row in codec_errors.SUBMIT if row.fits(code, said)), None)

    met = [row_of(code, body) for code, body, _, _ in TABLE]
    assert [row for row in codec_errors.SUBMIT if row not in met] == []


@pytest.mark.parametrize(
    ("code", "means"),
    [
        (302, NotConfigured),
        (401, NotConfigured),
        (403, NotConfigured),
        (404, Gone),
        (408, NotTaken),
        (418, Refused),
        (429, NotTaken),
        (503, NotTaken),
    ],
)
def test_poll_table(code: int, means: type[ProviderError]) -> None:
    with pytest.raises(means):
        decode_status(reply(None, code), GEN, count=1, since=NOW)


def test_retry_after_is_kept_within_a_minute() -> None:
    for asked, waits in (("7", 7.0), ("900", 60.0)):
        with pytest.raises(NotTaken) as caught:
            decode_submit("/images/generate", reply(None, 429, retry_after=asked))
        assert caught.value.retry_after_seconds == waits


@pytest.mark.parametrize(
    "body",
    [
        {"error": "No such batch"},
        {"error": {"message": "No such batch"}},
        {"message": "No such batch"},
        {"detail": "No such batch"},
        {"details": "No such batch"},
        {"issues": ["No such batch"]},
    ],
)
def test_what_an_error_says_is_told_wherever_it_stands(body: Any) -> None:
    with pytest.raises(Refused, match="No such batch"):
        decode_submit("/images/generate", reply(body, 400))
    with pytest.raises(Refused, match="No such batch"):
        decode_submit("/images/generate", Reply(400, {}, None, "No such batch"))


# -- Polling -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["queued", "processing", "PROCESSING", "reviewing", "paused"])
def test_every_other_word_goes_on(word: str) -> None:
    assert isinstance(status(status=word, total_items=1, items=[item(word="RENDERING")]), Progress)


def test_progress_of_a_batch() -> None:
    answer = status(count=4, status="processing", total_items=4, completed_items=1, failed_items=1, items=[])
    assert (answer.share, answer.poll_in_seconds) == (0.5, 3.0)


def test_the_counters_end_a_job_whatever_its_word() -> None:
    answer = status(status="reviewing", total_items=1, completed_items=1, items=[item(A)])
    assert answer == Finished((Link(0, A, "image", "item_1"),))


def test_result_urls_come_first_then_those_of_the_items() -> None:
    assert status(status="completed", result_urls=[A]) == Finished((Link(0, A, ""),))
    assert status(status="completed", result_urls=[B], items=[item(A)]) == Finished((Link(0, B, "image"),))
    assert status(status="completed", result_urls=[], items=[item(A)]) == Finished((Link(0, A, "image", "item_1"),))


@pytest.mark.parametrize("word", ["completed", "failed", "partial"])
def test_a_partial_batch_settles_by_position(word: str) -> None:
    items = [item(None, "FAILED"), item(A), item(None, "CANCELED")]
    answer = status(
        count=4, status=word, total_items=3, completed_items=1, failed_items=2, result_urls=[A], items=items
    )
    assert answer.results == (
        Missing(0, ONE_FAILED),
        Link(1, A, "image", "item_1"),
        Missing(2, FEWER),
        Missing(3, FEWER),
    )


def test_more_than_was_asked_for_is_kept() -> None:
    answer = status(status="completed", result_urls=[A, B], items=[item(A), item(B)])
    assert [it.position for it in answer.results] == [0, 1]


def test_credits_of_a_finished_job_are_kept_where_positive() -> None:
    assert status(status="completed", result_urls=[A], credits_used=48).cost == Decimal(48)
    assert status(status="completed", result_urls=[A], credits_used=0).cost is None


def test_a_failure_has_no_reason_and_may_have_been_charged() -> None:
    answer = status(
        status="failed", result_urls=[], credits_used=250, total_items=1, failed_items=1, items=[item(None, "FAILED")]
    )
    assert answer == Failed("upstream", NO_REASON, charged=None)


def test_finished_without_a_file_is_asked_again_before_it_is_believed() -> None:
    remote: dict[str, Any] = GEN
    for _ in range(3):
        answer = status(remote=remote, status="completed", items=[item(None)])
        assert isinstance(answer, Progress)
        remote = answer.remote
    assert status(remote=remote, status="completed", items=[item(None)]) == Failed("no_file", NO_FILE)
    again = status(remote=remote, status="processing")
    assert again.remote == GEN


def test_a_status_that_says_nothing_is_unreadable() -> None:
    bodies: tuple[Any, ...] = ({}, [], None, "completed")
    for body in bodies:
        with pytest.raises(Unreadable):
            decode_status(reply(body), GEN, count=1, since=NOW)


def test_what_was_added_to_an_older_job_is_told_apart_by_its_time() -> None:
    remote = GEN | {"added": True}
    old = item(A, created_at="2026-03-01T08:00:00.000Z")
    assert isinstance(
        status(remote=remote, status="completed", total_items=1, completed_items=1, items=[old]), Progress
    )
    new = item(B, created_at="2026-03-02T08:00:05.000Z")
    assert status(remote=remote, status="completed", items=[old, new]).results == (Link(0, B, "image", "item_1"),)
    waiting = item(None, "PROCESSING", created_at="2026-03-02T08:00:05.000Z")
    assert isinstance(status(remote=remote, status="completed", items=[old, waiting]), Progress)
    failed = item(None, "FAILED", created_at="2026-03-02T08:00:05.000Z")
    assert isinstance(status(remote=remote, status="failed", items=[old, failed]), Failed)


def test_unknown_fields_and_odd_values_do_no_harm() -> None:
    answer = status(
        status="completed", result_urls=[A, 7, None], total_items="2", credits_used="many", items="none", nsfw=False
    )
    assert answer == Finished((Link(0, A, ""),))


def test_an_influencer_in_training_is_found_in_the_list() -> None:
    def listed(remote: dict[str, Any] | None = None, **facts: Any) -> Any:
        rows = [{"id": "other"}, {"id": "i1", "name": "Ada", "face_image": A, **facts}]
        return decode_influencers(reply(rows), remote or {"influencer_id": "i1"})

    assert isinstance(listed(training_status="training", ready_for_generation=False), Progress)
    assert listed(training_status="completed", ready_for_generation=True) == Finished(
        (Person(0, "i1", "Ada", True, A),)
    )
    assert listed(training_status="failed") == Failed("upstream", TRAINING_FAILED)
    remote: dict[str, Any] = {"influencer_id": "i2"}
    for _ in range(3):
        remote = listed(remote).remote
    with pytest.raises(Gone):
        listed(remote)


# -- Other reading -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [1500, 1500.0, "1500", {"credits": 1500}, {"balance": "1500"}, {"total": 1500}])
def test_a_balance_in_every_shape(body: Any) -> None:
    assert wire_answers.credits_of(body) == 1500


@pytest.mark.parametrize("body", [None, True, [], {}, "many", {"credits": None}, "NaN"])
def test_no_balance_is_unreadable(body: Any) -> None:
    with pytest.raises(Unreadable):
        wire_answers.credits_of(body)


def test_either_casing_of_billing() -> None:
    assert wire_answers.Checkout.read({"checkout_url": A}).checkout_url == A
    assert wire_answers.Checkout.read({"checkoutUrl": A}).checkout_url == A
    assert wire_answers.Plan.read({"id": 7, "storeId": "s"}).store_id == "s"
    assert wire_answers.Plan.read({"id": 7, "store_id": "s"}).id == "7"


def test_first_poll_is_near_the_expected_time() -> None:
    waits = [
        decode_submit("/images/generate", reply(GEN | {"estimated_time": estimate}))
        for estimate in (0, 30, 9000, "soon", None)
    ]
    assert [it.poll_in_seconds for it in waits if isinstance(it, Submitted)] == [3.0, 15.0, 20.0, 3.0, 3.0]
