from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.upstreams.common import serve
from tests.upstreams.influencer_studio import InfluencerStudio
from tests.upstreams.influencer_studio.jobs import Job


@pytest.fixture
def studio() -> Iterator[InfluencerStudio]:
    """The scripted upstream with one influencer, one voice and one job to refer to."""
    fake = InfluencerStudio("is_key")
    fake.influencers["inf_1"] = {"name": "Ada", "made_at": time.time() - 3600, "ready_at": 0.0, "failed": False}
    fake.voices["voice_1"] = {
        "name": "Narrator",
        "type": "cloned",
        "influencer_id": None,
        "made_at": time.time() - 3600,
    }
    fake.jobs["gen_1"] = Job("gen_1", "/videos/generate", [], time.time() - 3600, 0.0)
    with serve(fake):
        yield fake
