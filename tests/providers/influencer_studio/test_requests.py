"""Every field of every generating endpoint leaves through the real adapter, to the byte."""

from __future__ import annotations

import pytest

from studio.dialects.base import Answer, Finished, Link, Missing, NewVoice, Person, Submitted, Text
from studio.dialects.influencer_studio.codec import ENDPOINTS
from studio.tools.values import At
from tests.dialects.influencer_studio.cases import BELL, CASES, Case
from tests.dialects.influencer_studio.test_codec import flat
from tests.providers.influencer_studio.calling import encoded, poll, submit
from tests.upstreams.influencer_studio import InfluencerStudio
from tests.upstreams.influencer_studio.fields import FIELDS
from tests.upstreams.influencer_studio.reading import BASE

AT = At("influencer_studio", workspace_id="ws_1", webhook=BELL)
RESULTS = {"/text/generate": Text, "/voices/generate": NewVoice, "/influencers/create": Person}


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_sends_every_field(case: Case, studio: InfluencerStudio) -> None:
    request = encoded(case.offer, case.inputs, AT)
    count = int(case.inputs.get("count", 1))
    answer: Submitted | Answer = submit(studio, request, count)
    sent = studio.script.sent("POST", f"{BASE}/*")
    assert [(it.method, it.path) for it in sent] == [("POST", BASE + case.path)]
    assert sent[0].headers["authorization"] == "Bearer is_key"
    assert sent[0].headers["content-type"] == "application/json"
    assert "idempotency-key" not in sent[0].headers
    assert sent[0].json == case.sent
    assert len(studio.script.paid) == 1
    if isinstance(answer, Submitted):
        answer = poll(studio, request, answer.remote, count)
    assert isinstance(answer, Finished)
    assert [type(it) for it in answer.results] == [RESULTS.get(case.path, Link)] * count
    assert not [it for it in answer.results if isinstance(it, Missing)]


def test_the_cases_send_all_that_the_pages_list() -> None:
    listed = {(path, place) for path, fields in FIELDS.items() if path != "/billing/top-up" for place in fields}
    objects = {"settings", "element", "audio_settings"}
    sent = {(case.path, place) for case in CASES for place in flat(case.sent) if place not in objects}
    # A list of objects is said by what its objects hold, too.
    assert {(path, place.removesuffix("[]")) for path, place in sent} == listed
    assert {path for path, _ in listed} == set(ENDPOINTS)
