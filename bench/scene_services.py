"""The rows behind the pictures of pages about services: a team with three connections, one result of each kind, what it cost, and what needs
a look. Nothing of it is ever sent anywhere: the keys are made up, and nothing is due."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from studio.engine import ledger, secrets
from studio.management.demo import PICTURES
from studio.models import (
    Asset,
    Brief,
    Connection,
    EntryKind,
    Generation,
    Influencer,
    LedgerEntry,
    Membership,
    MonthSpend,
    Output,
    Readiness,
    Role,
    State,
    Team,
    User,
    Workspace,
)
from studio.providers import get_remote, shipped_offers
from tests.browser.stack import PASSWORD
from tests.factories import make_asset, make_generation, make_lost, make_output
from tests.kinds import make_kinds, make_running

OWNER = "ines@example.com"
TEAM = "Brightwater"
PHOTOS = ("jar_peach.jpg", "candle_dark.jpg", "serum_hero.jpg", "can_orange.jpg")
LEFT = {"influencer_studio": Decimal(18_420), "videotok": None, "videogen": None}
SAID = {
    "influencer_studio": "Connected to Influencer Studio: 18,420 credits, in 212 ms",
    "videotok": "Connected to Videotok: 2 brand kits, 14 avatars, in 340 ms",
    "videogen": "Connected as ines@example.com with the key “Brightwater”, in 188 ms",
}
SPENT = (
    ("influencer_studio", "influencer-video", 328, 22), ("influencer_studio", "image", 24, 19), ("videotok", "video-ad", 1200, 17),
    ("videotok", "static-ad", 300, 15), ("influencer_studio", "influencer-shoot", 96, 12), ("videogen", "speech", None, 11),
    ("influencer_studio", "video", 300, 9), ("videotok", "slideshow", 1750, 6), ("influencer_studio", "music", 50, 4),
    ("videogen", "video", None, 3), ("influencer_studio", "influencer", 250, 1), ("influencer_studio", "image-edit", 18, 0),
)  # fmt: skip
"""Service, tool, credits (None: not told), days ago."""


def make_services() -> dict[str, str]:
    """The addresses of one of each, by the names that the pictures have."""
    team = Team.objects.create(name=TEAM)
    workspace = Workspace.objects.create(team=team, name="Summer campaign")
    owner = User.objects.create_user(OWNER, "Ines Duarte", PASSWORD)
    Membership.objects.create(user=owner, team=team, role=Role.OWNER)
    connections = {provider: _connected(team, provider) for provider in SAID}
    made = make_kinds(workspace) | {"film": make_running(workspace)}
    Influencer.objects.filter(team=team).update(readiness=Readiness.READY)
    Output.objects.filter(workspace=workspace, ready_at__isnull=False).update(created_by=owner)
    for row in SPENT:
        _spend(workspace, owner, connections[row[0]], *row[1:])
    _recount()
    _lose(workspace, connections["videogen"], owner)
    rest = _come_in_part(workspace, connections["videogen"], owner)
    kinds = ("image", "drawing", "video", "audio", "model", "text", "voice", "influencer", "film")
    return {f"kind-{name}": f"/outputs/{made[name].pk}/" for name in kinds} | {"kind-part": f"/outputs/{rest.pk}/"}


def _connected(team: Team, provider: str) -> Connection:
    now = timezone.now()
    return Connection.objects.create(
        team=team,
        provider=provider,
        key=secrets.conceal(f"a-key-of-nobody-{provider}"),
        last4="8f2c",
        tested_at=now,
        test_passed=True,
        test_message=SAID[provider],
        balance=LEFT[provider],
        balance_unit=get_remote(provider).unit if LEFT[provider] else "",
        balance_at=now if LEFT[provider] else None,
        catalogue_at=now,
    )


def _spend(
    workspace: Workspace, owner: User, connection: Connection, tool: str, credits: int | None, days_ago: int
) -> None:
    """A finished generation that was charged; in another month where this one is younger."""
    at = timezone.now() - timedelta(days=days_ago)
    amount = None if credits is None else Decimal(credits)
    made = make_generation(workspace, owner, estimate=amount, cost_unit="credits", cost=amount, connection=connection)
    Generation.objects.filter(pk=made.pk).update(provider=connection.provider, tool=tool, created_at=at)
    asset = _photo(workspace, days_ago)
    make_output(workspace, owner, generation=made, made_at=at, title="Summer campaign", opened_at=at, asset=asset)
    facts: dict[str, Any] = {
        "team": workspace.team,
        "workspace": workspace,
        "generation": made,
        "connection": connection,
        "provider": connection.provider,
        "unit": "credits",
        "month": ledger.month_of(at),
    }
    LedgerEntry.objects.create(**facts, kind=EntryKind.HOLD, reason="submit", amount=amount)
    end = EntryKind.UNKNOWN if amount is None else EntryKind.SETTLE
    LedgerEntry.objects.create(**facts, kind=end, reason="completed", amount=amount)
    LedgerEntry.objects.filter(generation=made).update(created_at=at)


def _recount() -> None:
    for (place, service, unit, month), sums in ledger.recount(LedgerEntry.objects.all()).items():
        facts = {"held": sums.held, "spent": sums.spent, "maybe": sums.maybe}
        team = Workspace.objects.get(pk=place).team
        MonthSpend.objects.create(team=team, workspace_id=place, provider=service, unit=unit, month=month, **facts)


def _picture(**inputs: Any) -> dict[str, Any]:
    offer = next(it for it in shipped_offers("videogen") if it.tool == "image")
    return {"offer": offer.snapshot(), "offer_key": offer.key, "inputs": {"prompt": "A jar of peaches", **inputs}}


def _lose(workspace: Workspace, connection: Connection, owner: User) -> None:
    """An answer that never came; nobody looks for it before tomorrow."""
    fields = _picture(count=1)
    inputs = fields.pop("inputs")
    tomorrow = timezone.now() + timedelta(days=1)
    output = make_lost(workspace, connection, owner, title="A jar of peaches", next_poll_at=tomorrow, **fields)
    Generation.objects.filter(pk=output.generation_id).update(tool="image", inputs=inputs)


def _come_in_part(workspace: Workspace, connection: Connection, owner: User) -> Output:
    """Two of four; one that came."""
    fields = _picture(count=4)
    inputs = fields.pop("inputs")
    charged: dict[str, Any] = {"cost": Decimal(24), "cost_unit": "credits", "first_sent_at": timezone.now()}
    made = make_generation(workspace, owner, provider="videogen", connection=connection, missing=2, **charged, **fields)
    Generation.objects.filter(pk=made.pk).update(tool="image", inputs=inputs)
    Brief.objects.filter(pk=made.brief_id).update(tool="image", inputs=inputs)
    outputs = [
        make_output(
            workspace,
            owner,
            generation=made,
            position=place,
            state=state,
            title="Peaches, four takes",
            asset=_photo(workspace, place) if state == State.COMPLETED else None,
            failure_reason="" if state == State.COMPLETED else "VideoGen made fewer than were asked for.",
        )
        for place, state in enumerate((State.COMPLETED, State.COMPLETED, State.FAILED, State.FAILED))
    ]
    return outputs[0]


def _photo(workspace: Workspace, number: int) -> Asset:
    name = PHOTOS[number % len(PHOTOS)]
    return make_asset(workspace, (PICTURES / name).read_bytes(), name)
