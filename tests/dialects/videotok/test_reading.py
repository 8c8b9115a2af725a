"""Every fallback of the reference for answers that the pages do not show."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from studio.dialects.videotok import reading
from studio.dialects.videotok.wire import Job, Queued, QueuedSlideshow

URL = "https://out.example/a.png"


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        ({"generations": [{"id": "a"}, {"generation_id": "b"}, "c", 4]}, ["a", "b", "c", "4"]),
        ({"generation_ids": ["a", "b"], "id": "x"}, ["a", "b"]),
        ({"ids": ["a"]}, ["a"]),
        ({"items": [{"id": "a"}]}, ["a"]),
        ({"results": [{"id": "a"}]}, ["a"]),
        ({"data": [{"id": "a"}]}, ["a"]),
        ({"generation_id": "a", "id": "b"}, ["a"]),
        ({"id": 17}, ["17"]),
        ({"data": {"id": "a"}}, ["a"]),
        ({"result": {"generation_ids": ["a", "b"]}}, ["a", "b"]),
        ({"generation": {"id": "a"}}, ["a"]),
        ([{"id": "a"}], ["a"]),
        ({"generations": [], "id": "a"}, ["a"]),
        ({"generations": [{"id": "a"}, {"id": "a"}]}, ["a"]),
        ({"generations": [{"id": "a"}, {"id": "b", "status": "failed"}]}, ["a"]),
        ({"id": True}, []),
        ({"id": None}, []),
        ({"status": "queued"}, []),
        ("a", []),
        (None, []),
    ],
)
def test_ids(data: Any, ids: list[str]) -> None:
    assert Queued.read(data).generation_ids == ids


@pytest.mark.parametrize(("word", "ours"), reading.STATUSES.items())
def test_known_statuses(word: str, ours: str) -> None:
    spelled = word.replace("_", "-").upper()
    assert reading.status_of({"status": f" {spelled} "}) == ours
    assert reading.status_of({"data": {"state": word}}) == reading.status_of({"generation": {"status": word}}) == ours


def test_the_status_of_an_envelope_is_not_that_of_the_job() -> None:
    assert reading.status_of({"status": "success", "data": {"id": "a", "status": "processing"}}) == "processing"
    assert reading.status_of({"id": "a", "status": "processing", "result": {"status": "done"}}) == "processing"
    assert reading.status_of({"status": "processing", "output": {"url": URL}}) == "processing"


@pytest.mark.parametrize(
    ("data", "status"),
    [({"status": "ready"}, "ready"), ({"status": "Polishing It"}, "polishing_it"), ({"status": 3}, ""), ([], "")],
)
def test_unknown_statuses(data: Any, status: str) -> None:
    assert reading.status_of(data) == status


@pytest.mark.parametrize("name", reading.URL_NAMES)
def test_an_address_under_every_name_and_in_every_wrapper(name: str) -> None:
    assert reading.urls_of({name: URL}) == [URL]
    for wrapper in reading.URL_WRAPPERS:
        assert reading.urls_of({wrapper: {name: URL}}) == [URL]
    for several in ("urls", "assets", "outputs", "results", "images", "videos"):
        assert reading.urls_of({several: [{name: URL}, "https://out.example/b.png"]}) == [
            URL,
            "https://out.example/b.png",
        ]


@pytest.mark.parametrize(
    "name",
    [
        "reference_image_urls",
        "product_image_urls",
        "source_video_url",
        "motion_video_url",
        "audio_url",
        "avatar_image_url",
        "image_urls",
        "thumbnail_url",
        "preview_url",
        "poster_url",
    ],
)
def test_an_echoed_input_or_a_thumbnail_is_no_result(name: str) -> None:
    value = [URL] if name.endswith("urls") else URL
    assert reading.urls_of({name: value}) == []
    assert reading.urls_of({"data": {name: value}}) == []


@pytest.mark.parametrize("name", ["input", "request", "params"])
def test_the_request_repeated_in_an_answer_is_no_result(name: str) -> None:
    assert reading.urls_of({name: {"url": URL}, "data": {name: {"url": URL}}}) == []


@pytest.mark.parametrize("value", [None, "", "file:///a.png", "/a.png", 3, {"href": URL}])
def test_what_is_no_web_address_is_no_result(value: Any) -> None:
    assert reading.urls_of({"url": value}) == []


def test_several_addresses_come_in_order_and_once() -> None:
    data = {"url": URL, "outputs": [URL, "https://out.example/b.png", {"asset": {"url": "https://out.example/c.png"}}]}
    assert reading.urls_of(data) == [URL, "https://out.example/b.png", "https://out.example/c.png"]


@pytest.mark.parametrize(
    "data",
    [
        {"error": {"message": "No."}, "message": "Not this"},
        {"error": "No."},
        {"error_message": "No."},
        {"failure_reason": "No."},
        {"message": "No."},
        {"data": {"error": {"message": "No."}}},
    ],
)
def test_why_it_failed(data: Any) -> None:
    assert reading.failure_of(data) == "No."


def test_credits_that_are_not_told_are_unknown() -> None:
    assert reading.credits_of({"credits_deducted": 0}, "credits_deducted") == 0
    assert reading.credits_of({"data": {"credits_deducted": "12.5"}}, "credits_deducted") == Decimal("12.5")
    odd: tuple[Any, ...] = (None, True, "many", "NaN", {})
    for value in odd:
        assert reading.credits_of({"credits_deducted": value}, "credits_deducted") is None
    assert reading.credits_of({}, "credits_deducted") is None


@pytest.mark.parametrize(
    ("status", "data", "expected"),
    [
        (500, None, ("server_error", True)),
        (502, {"error": "bad"}, ("server_error", True)),
        (429, None, ("rate_limited", True)),
        (400, None, ("bad_request", False)),
        (418, None, ("refused", False)),
        (400, {"error": {"code": "odd", "retryable": True}}, ("odd", True)),
        (400, {"error": {"message": "x"}}, ("bad_request", False)),
    ],
)
def test_an_error_that_is_not_the_envelope_is_made_from_its_status(
    status: int, data: Any, expected: tuple[str, bool]
) -> None:
    problem = reading.problem_of(status, data, "p" * 9000)
    assert (problem.code, problem.retryable) == expected
    assert len(problem.kept) in (0, 2048)


def test_a_job_of_an_unknown_status_with_a_file_and_no_error_is_finished() -> None:
    assert Job.read({"status": "blessed", "url": URL}).status == "completed"
    assert Job.read({"status": "blessed", "url": URL, "error": "No."}).status == "blessed"
    assert Job.read({"status": "blessed", "url": URL, "message": "Enjoy."}).status == "completed"
    assert Job.read({"status": "processing", "url": URL}).status == "processing"


@pytest.mark.parametrize(
    "data", [{"slideshow_id": "s"}, {"id": "s"}, {"data": {"slideshow_id": "s"}}, {"slideshow": {"id": "s"}}]
)
def test_the_id_of_a_slideshow(data: Any) -> None:
    assert QueuedSlideshow.read(data).slideshow_id == "s"


def test_what_asks_for_the_next_page() -> None:
    assert reading.next_page({"next_cursor": "c", "has_more": True}) == "c"
    assert reading.next_page({"next": 2}) == "2"
    assert reading.next_page({"next": "c", "has_more": False}) == ""
    assert reading.next_page([]) == ""
