"""A studio in full swing, for pictures of its pages: ads of several brands in every state, people, links, an empty team.

Run in the environment of a running Backlot with the demo and an owner: python -m bench.scene. The number of ads, then
`finished` for only finished ones. Prints the scene's addresses as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from functools import partial
from itertools import cycle
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.utils import timezone  # noqa: E402

from bench.scene_library import make_library  # noqa: E402
from bench.scene_services import make_services  # noqa: E402
from studio.engine import review  # noqa: E402
from studio.management.demo import PICTURES  # noqa: E402
from studio.models import (  # noqa: E402
    Brand,
    Invitation,
    LinkPurpose,
    Membership,
    Output,
    Role,
    SignInLink,
    State,
    Team,
    User,
    Verdict,
    Workspace,
)
from studio.models.account import RESET_BY_HAND_LASTS  # noqa: E402
from studio.render.raster import encode  # noqa: E402
from studio.render.sheets import picture_of  # noqa: E402
from studio.render.spec import BrandLook, Picture, StaticAd  # noqa: E402
from studio.render.templates import TEMPLATES  # noqa: E402
from studio.tools.fields import RATIOS  # noqa: E402
from tests.browser.stack import PASSWORD  # noqa: E402
from tests.factories import make_asset, make_generation, make_output  # noqa: E402

FINISHED = "finished" in sys.argv
"""All of today and nothing under way: for the pictures of the guides."""

PEOPLE = (("Priya Raman", Role.ADMIN), ("Jonas Falk", Role.CREATOR), ("Theo Lindqvist", Role.REVIEWER))
SHAPES = ("4:5", "1:1", "9:16", "4:5", "16:9", "4:5", "1:1", "9:16", "4:5")
PHOTOS = {"Halden": "serum_hero.jpg", "Oru": "can_orange.jpg", "Fable": "candle_dark.jpg"}
CUT_OUTS = {"Halden": "cut_serum.png", "Oru": "cut_can.png", "Kestrel": "cut_flask.png"}
ON_A_PHOTO = frozenset({"editorial"})
WORDS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "Halden": (
        ("Calm skin, in *fourteen* days", "Niacinamide 8% and squalane, in amber glass.", "Shop the serum", ""),
        ("Two drops. The *whole* routine.", "A daily serum with nothing to explain away.", "Try it for 30 days", "New"),
        ("Skin that *rests* well", "Every evening, and that is all.", "Find your serum", ""),
        ("Made to be *finished*", "30 ml, used up in a season. Then we refill it.", "See the refill", "Refill 20% off"),
    ),
    "Oru": (
        ("Monday, *cancelled*", "Cold brew with orange and cardamom.", "Get a case", ""),
        ("Slow brewed for *fast* mornings", "Cold for eighteen hours.", "Get your first six", "20% off"),
        ("Wake up *slow*", "Delivered cold, by the dozen.", "Order a dozen", ""),
        ("Breakfast is a *can*", "Oat milk optional. Sleep too.", "Taste it", "New"),
    ),
    "Kestrel": (
        ("Hot at the *top*", "Hot for 24 hours, cold for 48.", "Find your colour", ""),
        ("Summit *proof*", "Leak-tested to 4,800 metres.", "See the flask", "Free engraving"),
        ("Built for the last *thousand* metres", "One litre. 410 grams.", "Take it along", ""),
    ),
    "Fable": (
        ("Evenings smell of *cedar*", "Fig and cedar, forty hours.", "Light one", ""),
        ("A chapter *longer*", "Poured by hand, in small numbers.", "Read on", ""),
    ),
}
QUOTES = {
    "Halden": "My skin has not been this quiet since I was twelve.",
    "Oru": "I have stopped pretending to like mornings. This is the reason.",
    "Kestrel": "Dropped it off a ridge. The coffee was still hot when we got down.",
}


def make_ad(brand: Brand, template: str, ratio: str, words: tuple[str, str, str, str], number: int) -> StaticAd:
    headline, subline, call, badge = words
    width, height = RATIOS[ratio]
    scale = 1080 / min(width, height)
    name = PHOTOS[brand.name] if template in ON_A_PHOTO else CUT_OUTS[brand.name]
    read = partial((PICTURES / name).read_bytes)
    look = BrandLook(
        brand.name, brand.primary, brand.accent, brand.dark, brand.light, brand.heading_font, brand.body_font
    )
    return StaticAd(
        template,
        round(width * scale),
        round(height * scale),
        headline="" if template == "review" else headline,
        subline=subline,
        call_to_action=call,
        badge=badge,
        quote=QUOTES[brand.name] if template == "review" else "",
        brand=look,
        pictures=(Picture(f"demo-{name}", read, None if name in PHOTOS.values() else read),),
        variant=number % 3,
    )


def make_ads(workspace: Workspace, people: list[User], count: int) -> list[Output]:
    """Really rendered, the oldest first, over three days; no two neighbours of one brand."""
    brands = {brand.name: brand for brand in Brand.objects.filter(team=workspace.team)}
    names, shapes = cycle(("Halden", "Kestrel", "Oru", "Halden", "Oru", "Fable", "Kestrel")), cycle(SHAPES)
    of_brand = {name: cycle([slug for slug in TEMPLATES if _fits(name, slug)]) for name in WORDS}
    words = {name: cycle(lines) for name, lines in WORDS.items()}
    now, made = timezone.now(), []
    for number in range(count):
        name, ratio = next(names), next(shapes)
        brand, line = brands[name], next(words[name])
        template = next(of_brand[name], "")
        if not template:
            continue
        ad = make_ad(brand, template, ratio, line, number)
        by, quote = people[number % len(people)], ad.quote
        said = {
            "template": template,
            "prompt": f"{line[1]} {line[2]}.",
            "headline": ad.headline,
            "quote": quote,
            "subline": line[1],
            "call_to_action": line[2],
            "badge": line[3],
            "brand": str(brand.pk),
            "aspect_ratio": [ratio],
        }
        title = (quote or line[0]).replace("*", "")
        asset = make_asset(
            workspace, encode(picture_of(ad), "jpeg", 92), f"{name.lower()}-{number}.jpg", dominant_colour=brand.light
        )
        when = now - timedelta(minutes=4 + (count - number) * (7 if FINISHED else 95))
        generation = make_generation(workspace, by, inputs=said)
        output = make_output(
            workspace,
            by,
            asset=asset,
            brand=brand,
            title=title,
            ratio=ratio,
            made_at=when,
            generation=generation,
            opened_at=when if number < count - 3 else None,
            ready_at=when,
        )
        type(generation).objects.filter(pk=generation.pk).update(started_at=when - timedelta(seconds=2.1))
        made.append(output)
    return made


def _fits(brand: str, template: str) -> bool:
    return brand in (PHOTOS if template in ON_A_PHOTO else CUT_OUTS)


def decide_some(made: list[Output], client: User, workspace: Workspace) -> dict[str, str]:
    """A spread of decisions, stars and deletions; the addresses of one of each."""
    membership = client.memberships.get(team=workspace.team_id)
    newest = made[::-1]
    notes = {
        2: (Verdict.APPROVED, ""),
        3: (Verdict.CHANGES, "Logo a little larger, and the offer before the product, please."),
        4: (Verdict.APPROVED, "Lovely. Use this one for the launch."),
        7: (Verdict.REJECTED, "Too close to last year's."),
        9: (Verdict.APPROVED, ""),
        12: (Verdict.APPROVED, ""),
    }
    for place, (verdict, note) in notes.items():
        review.decide(membership, client, newest[place].pk, verdict, note)
        review.mark_opened(membership, [newest[place].pk])
    for place in (1, 4, 6, 11):
        review.star(membership, newest[place].pk, True)
    review.trash(membership, [output.pk for output in newest[-3:]])
    return {"ready": f"/outputs/{newest[1].pk}/", "decided": f"/outputs/{newest[3].pk}/"}


def make_unfinished(workspace: Workspace, by: User, brand: Brand) -> dict[str, str]:
    """Every state that has no picture; nobody looks at these rows again, so they stay as they are."""
    running = {"progress": 0.55, "step": "Setting the type", "typical_seconds": 600.0}
    states: tuple[tuple[str, State, dict[str, Any]], ...] = (
        (
            "failed",
            State.FAILED,
            {"failure_code": "picture", "failure_reason": "The product picture could not be read."},
        ),
        ("canceled", State.CANCELED, {}),
        ("collecting", State.COLLECTING, {"progress": 1.0, "step": "Fetching the result"}),
        ("running", State.RUNNING, running),
        ("queued", State.QUEUED, {}),
    )
    addresses: dict[str, str] = {}
    for name, state, fields in states:
        generation = make_generation(workspace, by, state, **fields)
        output = make_output(
            workspace, by, state=state, generation=generation, brand=brand, title="Slow brewed for fast mornings"
        )
        addresses[name] = f"/outputs/{output.pk}/"
    addresses["brief"] = f"/create/static-ad/?brief={generation.brief_id}"
    return addresses


def make_team(owner: User) -> tuple[list[User], Workspace]:
    team = owner.memberships.get().team
    workspace = team.workspaces.order_by("id").first()
    assert workspace
    team.name, workspace.name = "Northbeam", "Autumn campaigns"
    team.save()
    workspace.save()
    people = []
    for name, role in PEOPLE:
        user = User.objects.create_user(f"{name.split()[0].lower()}@example.com", name, PASSWORD)
        Membership.objects.create(user=user, team=team, role=role)
        people.append(user)
    Workspace.objects.create(team=team, name="Spring launch")
    Workspace.objects.create(team=team, name="Winter sale", archived_at=timezone.now())
    Invitation.make(team, Role.REVIEWER, owner, email="client@example.com")
    newcomer = User.objects.create_user("new@example.com", "Nils Berg", PASSWORD)
    empty = Team.objects.create(name="Small & New")
    Workspace.objects.create(team=empty, name="First workspace")
    Membership.objects.create(user=newcomer, team=empty, role=Role.OWNER)
    User.objects.create_user("alone@example.com", "Alma", PASSWORD)
    return people, workspace


def main(count: int) -> None:
    owner = User.objects.get(memberships__role=Role.OWNER)
    people, workspace = make_team(owner)
    admin, creator, client = people
    made = make_ads(workspace, [owner, creator, admin], count)
    brand = Brand.objects.get(name="Oru")
    addresses = decide_some(made, client, workspace) if made else {}
    if not FINISHED:
        addresses |= make_unfinished(workspace, owner, brand)
    Brand.objects.create(team=workspace.team, name="Moor (2024)", archived_at=timezone.now())
    addresses |= {
        "brand": f"/brands/{brand.pk}/",
        "person": f"/settings/people/{creator.memberships.get().pk}/",
        "workspace": f"/settings/workspaces/{workspace.pk}/",
        "reset": f"/reset/{SignInLink.make_reset(creator)}",
        "unlock": f"/welcome/{SignInLink.make(LinkPurpose.WELCOME, RESET_BY_HAND_LASTS)}",
        "invitation": f"/invitation/{Invitation.make(workspace.team, Role.REVIEWER, owner)[1]}",
    }
    addresses |= make_library(workspace, owner, made)
    if not FINISHED:
        addresses |= make_services()
    print(json.dumps(addresses))


if __name__ == "__main__":
    main(int(sys.argv[1]))
