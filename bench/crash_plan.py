"""What the crash test asks for: briefs of many tools, spread over the providers, each with a mark of its own in its words."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from typing import Any, TypedDict

KEYS = {"influencer_studio": "is_crash_1", "videotok": "vt_live_crash", "videogen": "vg_crash_1"}
TYPICAL_SECONDS = 4.0
"""Instead of the offers' own, which are minutes: the scripted services are quick, and the first look comes at half of it."""
PHOTOS = 12
BATCHES = 0.35
"""How many ask for several results, where they can: each file costs a machine more than the whole way to it."""


class Given(TypedDict):
    """Ids of what was uploaded before: pictures, an influencer, a recording of somebody who agreed to its copy."""

    photos: list[str]
    person: str
    recording: str


@dataclass(frozen=True)
class Kind:
    """offer: its key. weight: how often. words: the input that carries the mark. most: the largest count. more: other inputs.

    photo: the input that holds one of the uploaded photos. person: it needs the influencer. copies: it needs the recording, whose
    speaker agreed.
    """

    provider: str
    offer: str
    words: str = "prompt"
    weight: int = 4
    most: int = 1
    more: dict[str, Any] = field(default_factory=dict)
    photo: str = ""
    person: bool = False
    copies: bool = False

    @property
    def tool(self) -> str:
        return self.offer.split(":")[1] if ":" in self.offer else "static-ad"


KINDS = (
    Kind("influencer_studio", "influencer_studio:image:studio-1", most=4, weight=8),
    Kind("influencer_studio", "influencer_studio:face:face", most=4),
    Kind("influencer_studio", "influencer_studio:video:kling-3", more={"aspect_ratio": ["9:16"], "duration": 5}),
    Kind("influencer_studio", "influencer_studio:music:v5", words="title"),
    Kind("influencer_studio", "influencer_studio:model-3d:v6-text-to-3d"),
    Kind("influencer_studio", "influencer_studio:text:gpt-5.4"),
    Kind("influencer_studio", "influencer_studio:voice:clone-or-design", more={"method": "design", "name": "Nora"}),
    Kind(
        "influencer_studio",
        "influencer_studio:voice:clone-or-design",
        words="name",
        weight=2,
        copies=True,
        more={"method": "clone"},
    ),
    Kind("influencer_studio", "influencer_studio:influencer:create", words="name", photo="photos"),
    Kind("influencer_studio", "influencer_studio:influencer-video:veo-3.1", weight=2, person=True),
    Kind("influencer_studio", "influencer_studio:influencer-shoot:studio-1", most=4, weight=2, person=True),
    Kind("videotok", "videotok:static-ad:product-shoot", most=4, weight=12, more={"aspect_ratio": ["1:1"]}),
    Kind("videotok", "videotok:image:nano-banana-2/image", most=6, weight=8),
    Kind("videotok", "videotok:video-ad:motion-graphics", most=2),
    Kind("videotok", "videotok:ugc-ad:ugc-product-video"),
    Kind("videotok", "videotok:slideshow:slideshow", more={"slide_count": 3}),
    Kind("videogen", "videogen:image:generate", most=6, weight=6),
    Kind("videogen", "videogen:image-edit:generate", most=3, weight=8, photo="image"),
    Kind("videogen", "videogen:video:clip", most=3),
    Kind("videogen", "videogen:speech:tts", words="text", most=3, more={"voice": "videogen:vg_voic_m9"}),
    Kind("videogen", "videogen:sound-effect:effect", most=4),
    Kind("videogen", "videogen:music:music", most=3),
    Kind("videogen", "videogen:motion-graphic:graphic", most=3),
    Kind("videogen", "videogen:text:text", weight=2),
    Kind("local", "local/static-ad", words="headline", weight=2),
)


@dataclass(frozen=True)
class Planned:
    """One brief of one generation. cancel_after: seconds after it was submitted, None for most."""

    number: int
    mark: str
    kind: Kind
    count: int
    photo: int
    cancel_after: float | None

    @property
    def nonce(self) -> str:
        return f"crash-{self.mark}"

    def inputs(self, given: Given) -> dict[str, Any]:
        kind = self.kind
        said: dict[str, Any] = {kind.words: f"A jar of peaches {self.mark}", **kind.more}
        if kind.most > 1:
            said["count"] = self.count
        if kind.photo:
            photo = given["photos"][self.photo]
            said[kind.photo] = [photo] if kind.photo == "photos" else photo
        if kind.person:
            said["influencer"] = given["person"]
        if kind.copies:
            said["audio"] = given["recording"]
        return said


def planned(seed: int, number: int) -> Planned:
    """The same for the same seed and number, whoever asks."""
    dice = random.Random(f"{seed}-{number}")
    kind = dice.choices(KINDS, [kind.weight for kind in KINDS])[0]
    cancel = dice.random() < (0.16 if kind.provider == "videogen" else 0.04)
    return Planned(
        number=number,
        mark=f"mark-{number:06d}",
        kind=kind,
        count=dice.randint(1, kind.most) if dice.random() < BATCHES else 1,
        photo=dice.randrange(PHOTOS),
        cancel_after=dice.uniform(0.0, 6.0) if cancel else None,
    )


def submit(plan: Planned, workspace: Any, given: Given) -> None:
    """Stores the brief; the same plan twice is one brief."""
    from studio.engine import consents
    from studio.engine.briefs import submit_brief
    from studio.engine.offers import find_team_offer
    from studio.engine.reach import SystemActor
    from studio.models import User
    from studio.tools import get_tool

    tool = get_tool(plan.kind.tool)
    found = find_team_offer(workspace.team_id, plan.kind.offer)
    assert tool is not None, plan.kind
    assert found is not None, plan.kind
    found = replace(found, usable=True, offer=replace(found.offer, typical_seconds=TYPICAL_SECONDS))
    inputs = tool.Inputs.model_validate(plan.inputs(given))
    agreed = consents.said(User.objects.order_by("pk")[0]) if plan.kind.copies else None
    submit_brief(SystemActor(workspace.team_id), workspace, tool, inputs, plan.nonce, offer=found, consent=agreed)
