"""Somebody whom Influencer Studio has already is not made, and paid for, again."""

from __future__ import annotations

from uuid import uuid4

import pytest

from studio.dialects.base import UnsupportedInput
from studio.dialects.influencer_studio.codec_people import not_there_yet
from studio.tools import get_tool
from studio.tools.values import InfluencerValue, Resolved


def resolved(remote: dict[str, str]) -> Resolved:
    tool = get_tool("influencer")
    assert tool
    inputs = tool.Inputs.model_validate({"photos": ["https://media.example/a.jpg"]})
    return Resolved(tool, inputs, inputs, {}, influencer=InfluencerValue(uuid4(), "Mara", remote=remote))


def test_whoever_is_there_is_refused_at_the_field() -> None:
    with pytest.raises(UnsupportedInput, match="Mara is at Influencer Studio already") as refused:
        not_there_yet(resolved({"influencer": "inf_1"}))
    assert refused.value.field == "influencer"


def test_whoever_is_only_elsewhere_may_be_made() -> None:
    not_there_yet(resolved({"avatar": "av_1"}))
