"""Which template an inspiration belongs to: a small scoring by words and look, told in docs/references.md. Pure but for `targets`.

Words are worth at most four points, the look at most five, so that a file called IMG_2231 is filed by how it looks and a name never wins
alone against a picture that is plainly something else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.media.looks import Facts, facts_from, near
from studio.models import CatalogueItem, ConnectionState, Membership, Reference
from studio.providers import PROVIDERS
from studio.tools.static_ad import TEMPLATES

MOST_WORDS = 4.0
MOST_LOOK = 5.0
LEAST_SCORE = 25
"""Below this nothing is suggested: it would be a guess."""
CATEGORY = "static-ads"
HERE = "This server"
CATEGORIES = {
    "static-ads": "Static ad",
    "video-templates": "Video",
    "slideshow-carousel": "Carousel",
}


@dataclass(frozen=True, slots=True)
class Target:
    """A template that an inspiration can be filed under. made_by: who has it. kinds: "image", "slideshow", "video"."""

    slug: str
    category: str
    title: str
    made_by: str = HERE
    kinds: tuple[str, ...] = ("image", "slideshow", "video")

    @property
    def key(self) -> str:
        """As forms send it."""
        return f"{self.category}/{self.slug}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """score: 0..100, how well it fits. reason: one sentence."""

    target: Target
    score: int
    reason: str


@dataclass(frozen=True, slots=True)
class Said:
    """The words that came with an inspiration."""

    label: str = ""
    notes: str = ""
    file_name: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a template is known by: beginnings of words with their points, a question to the look (0..1), and the look in words."""

    words: Mapping[str, float]
    look: Callable[[Facts, Mapping[str, float], str], float]
    seen: str


def _family(name: str) -> Callable[[Facts, Mapping[str, float], str], float]:
    def ask(facts: Facts, families: Mapping[str, float], kind: str) -> float:
        """Layouts have much in common, so that only the upper half of the likeness says something. A clip shows one of its frames only."""
        return max(0.0, (families.get(name, 0.0) - 0.5) / 0.45) * (0.6 if kind == "video" else 1.0)

    return ask


def _written(name: str) -> Callable[[Facts, Mapping[str, float], str], float]:
    """A layout of words: a product on a plain ground is laid out like one, and is none."""
    likeness = _family(name)

    def ask(facts: Facts, families: Mapping[str, float], kind: str) -> float:
        return likeness(facts, families, kind) * near(facts.density, 0.06, 1.0, 0.05)

    return ask


def _motion(facts: Facts, families: Mapping[str, float], kind: str) -> float:
    moves = 1.0 if kind == "video" else 0.0
    drawn = near(facts.texture, 0.0, 0.2, 0.3)
    colours = near(facts.colourful, 0.48, 1.0, 0.25)
    few = near(facts.density, 0.0, 0.12, 0.1)
    return min(1.0, 0.45 * moves + 0.4 * colours * drawn + 0.1 * drawn + 0.2 * few * colours)


def _talking(facts: Facts, families: Mapping[str, float], kind: str) -> float:
    moves = 1.0 if kind == "video" else 0.0
    upright = near(facts.ratio, 0.5, 0.62, 0.12)
    filmed = near(facts.texture, 0.25, 0.9, 0.2) * (1 - facts.plain)
    person = 1.0 if facts.face > 0.1 else 0.0
    return min(1.0, 0.3 * moves + 0.45 * upright * filmed + 0.3 * person + 0.2 * filmed)


def _shoot(facts: Facts, families: Mapping[str, float], kind: str) -> float:
    wordless = near(facts.density, 0.0, 0.02, 0.05)
    return wordless * (
        0.4 * facts.plain + 0.3 * near(facts.texture, 0.0, 0.6, 0.3) + 0.3 * (1.0 if not facts.faces else 0.0)
    )


def _carousel(facts: Facts, families: Mapping[str, float], kind: str) -> float:
    return 1.0 if kind == "slideshow" else 0.1


def _anything(facts: Facts, families: Mapping[str, float], kind: str) -> float:
    return 0.2


PROFILES: dict[str, Profile] = {
    "split": Profile(
        {"split": 3, "side by side": 3, "left": 1.5, "right": 1.5, "column": 2, "half": 2, "everyday": 1, "disc": 1.5, "benefit": 1, "new product": 1, "feature": 1},
        _written("split"),
        "its words stand on one side of a plain ground",
    ),
    "hero": Profile(
        {"hero": 3, "one word": 3, "single word": 3, "behind": 2, "packshot": 2, "centred": 1.5, "centered": 1.5, "launch": 0.5, "big word": 3, "oversized": 1.5},
        _family("hero"),
        "very large type stands evenly around the middle",
    ),
    "editorial": Profile(
        {"editorial": 3, "magazine": 3, "lookbook": 3, "lifestyle": 2, "serif": 1.5, "full bleed": 2.5, "campaign photo": 2, "mood": 1.5, "vogue": 2, "kinfolk": 2, "cover": 1.5, "quiet": 1, "photo": 0.5, "scenery": 1.5},
        _family("editorial"),
        "the picture fills it and the words are few",
    ),
    "review": Profile(
        {"review": 3, "testimonial": 3, "quote": 3, "stars": 2.5, "star rating": 3, "rating": 2, "trustpilot": 3, "customer": 1.5, "social proof": 3, "said": 1, "verbatim": 2, "feedback": 2},
        _written("review"),
        "several lines of small type stand on a plain ground",
    ),
    "poster": Profile(
        {"poster": 3, "loud": 2, "type only": 2.5, "typo": 2, "big type": 3, "bold": 1.5, "sale": 1, "swiss": 2, "brutalist": 2, "headline": 1, "shadow": 1, "billboard": 2, "shout": 2, "black friday": 1.5},
        _family("poster"),
        "large type fills a colourful ground",
    ),
    "arch": Profile(
        {"arch": 3, "window": 2.5, "niche": 2, "podium": 2, "glow": 1.5, "sunlight": 1.5, "light": 1, "pastel": 1, "ritual": 1, "spa": 1, "boutique": 1, "alcove": 2.5, "portal": 2.5},
        _family("arch"),
        "an even frame of light holds the middle",
    ),
    "motion": Profile(
        {"motion": 3, "animation": 3, "animated": 3, "kinetic": 3, "after effects": 3, "neon": 1.5, "intro": 1.5, "bumper": 2, "logo sting": 3, "transition": 2, "titles": 1.5, "shapes": 1.5, "explainer": 2, "lottie": 3, "loop": 1.5},
        _motion,
        "it moves, or is made of bright shapes",
    ),
    "ugc": Profile(
        {"ugc": 3, "creator": 2, "tiktok": 2, "unboxing": 3, "selfie": 2.5, "talking": 2, "hook": 1.5, "reel": 1, "grwm": 3, "influencer": 2, "handheld": 2, "phone": 1, "storytime": 2.5, "vlog": 2.5, "try on": 2, "spark": 1},
        _talking,
        "it looks filmed with a phone",
    ),
    "shoot": Profile(
        {"shoot": 2.5, "packshot": 2.5, "product shot": 3, "studio": 1.5, "still life": 3, "cut out": 1.5, "white background": 2.5},
        _shoot,
        "the product stands alone without words",
    ),
    "carousel": Profile(
        {"carousel": 3, "slide": 2, "swipe": 3, "slideshow": 3, "listicle": 2, "tips": 1, "step": 1},
        _carousel,
        "it is several pictures in a row",
    ),
}  # fmt: skip
_KNOWN = (("motion", "motion"), ("ugc", "ugc"), ("shoot", "shoot"), ("slide", "carousel"), ("carousel", "carousel"))
"""A part of a service's slug or category, and the profile that describes such templates."""

_PARTS = ((("label", "its name"), 1.0), (("notes", "your notes"), 1.0), (("file_name", "the file's name"), 0.8), (("source", "where it is from"), 0.7))  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")


def local_targets() -> list[Target]:
    return [Target(slug, CATEGORY, title) for slug, (title, _) in TEMPLATES.items()]


def targets(membership: Membership) -> list[Target]:
    """The local templates of static ads, then those that connected services file inspirations under. One query."""
    rows = CatalogueItem.objects.filter(
        team=membership.team_id, kind="target", gone_at=None, connection__state=ConnectionState.ACTIVE
    ).select_related("connection")
    theirs = [_of_service(row) for row in rows.order_by("title", "remote_id")]
    return [*local_targets(), *theirs]


def _of_service(row: CatalogueItem) -> Target:
    kinds = tuple(str(kind) for kind in row.data.get("media_kinds") or ("image",))
    title = PROVIDERS[row.connection.provider][0]
    return Target(row.remote_id, str(row.data.get("template_category", "")), row.title, title, kinds)


def find_target(among: Iterable[Target], key: str) -> Target | None:
    return next((target for target in among if target.key == key), None)


def said_of(reference: Reference, file_name: str = "") -> Said:
    return Said(reference.label, reference.notes, file_name, reference.source)


def suggest(
    among: Sequence[Target], said: Said, look: Mapping[str, Any], kind: str = "image", most: int = 3
) -> list[Suggestion]:
    """The targets that take this kind, best first; those that would be a guess are left out. look: of `media.looks`, {} while it is unknown."""
    found = [judged(target, said, look, kind) for target in among if kind in target.kinds]
    ranked = sorted(found, key=lambda it: -it[0])
    return [
        Suggestion(target, score, reason)
        for points, target, reason in ranked[:most]
        if (score := figure(points)) >= LEAST_SCORE
    ]


def figure(points: float) -> int:
    """Points as a share of a perfect match: `figure(9) == 90`."""
    return round(100 * (1 - math.exp(-points / 3.9)))


def judged(target: Target, said: Said, look: Mapping[str, Any], kind: str) -> tuple[float, Target, str]:
    """Points (9 at the most), the target, and why in one sentence."""
    profile = profile_of(target)
    words, told = _of_words(profile, target, said)
    facts = facts_from(dict(look))
    seen = profile.look(facts, look.get("families", {}), kind) if facts else 0.0
    reasons = [told] if told else []
    if seen >= 0.5:
        reasons.append(profile.seen)
    sentence = "; ".join(reasons) or "the nearest of what there is"
    return min(words, MOST_WORDS) + MOST_LOOK * seen, target, f"{sentence[0].upper()}{sentence[1:]}."


def profile_of(target: Target) -> Profile:
    """The target's own, that of its sort, or one made of its name alone."""
    if target.slug in PROFILES and target.category == CATEGORY:
        return PROFILES[target.slug]
    known = next((name for part, name in _KNOWN if part in target.slug or part in target.category), "")
    if known:
        return PROFILES[known]
    own = {word: 2.0 for word in _WORD.findall(f"{target.slug} {target.title}".lower()) if len(word) > 3}
    return Profile(own, _anything, "")


def _of_words(profile: Profile, target: Target, said: Said) -> tuple[float, str]:
    """Points, and which word counted most and where it stood. Each beginning counts once, where it counts most."""
    best: dict[str, tuple[float, str]] = {}
    for (name, place), weight in _PARTS:
        text = f" {' '.join(_WORD.findall(getattr(said, name).lower()))}"
        for beginning, points in profile.words.items():
            if f" {beginning}" in text and points * weight > best.get(beginning, (0.0, ""))[0]:
                best[beginning] = (points * weight, f"“{beginning}” in {place}")
    if not best:
        return 0.0, ""
    return sum(points for points, _ in best.values()), max(best.values())[1]
