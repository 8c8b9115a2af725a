"""Rows of generations that are made behind the wire, and the work of the engine lane in this very process."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from studio.engine import secrets, sweep
from studio.models import (
    Brief,
    Connection,
    Generation,
    Membership,
    Output,
    OutputState,
    State,
    Team,
    Workspace,
    uuid7,
)
from studio.providers import PROVIDERS, get_provider
from studio.tools import get_tool
from tests.wait import until

NAMES = {"tiny": "tests.engine.tiny.TinyProvider"}


def know_tiny(key: str = "tiny", adapter: str = "tests.engine.tiny.TinyProvider") -> None:
    """Adds the test's provider to the table."""
    PROVIDERS[key] = ("Tiny", adapter)


def forget_tiny(key: str = "tiny") -> None:
    PROVIDERS.pop(key, None)
    get_provider.cache_clear()


def connect(team: Team, url: str, provider: str = "tiny", key: str = "tiny-1", **facts: Any) -> Connection:
    return Connection.objects.create(
        team=team,
        provider=provider,
        key=secrets.conceal(key),
        last4=key[-4:],
        base_url=url,
        facts={"unlimited": True, **facts},
    )


def offer(provider: str = "tiny", tool: str = "image", **more: Any) -> dict[str, Any]:
    return {
        "key": f"{provider}:{tool}:test",
        "provider": provider,
        "tool": tool,
        "title": "Test",
        "price": "2",
        "unit": "credits",
        "typical_seconds": 0.0,
        "source": "made up",
        "seen_on": "2026-11-01",
        **more,
    }


def make(
    connection: Connection,
    workspace: Workspace,
    count: int = 1,
    kind: str = "image",
    *,
    tool: str = "image",
    inputs: dict[str, Any] | None = None,
    offer_more: dict[str, Any] | None = None,
    **fields: Any,
) -> Generation:
    """A queued generation with its waiting outputs, due now, as `submit_brief` leaves it."""
    declared = get_tool(tool)
    assert declared
    said = {"prompt": "A jar of peaches", "count": count} if tool == "image" else {}
    asked = declared.Inputs.model_validate({**said, **(inputs or {})})
    brief = Brief.objects.create(
        team=workspace.team, workspace=workspace, tool=tool, inputs=asked.model_dump(mode="json"), nonce=uuid7().hex
    )
    generation = Generation.objects.create(
        **{
            "team": workspace.team,
            "workspace": workspace,
            "brief": brief,
            "tool": tool,
            "provider": connection.provider,
            "connection": connection,
            "offer_key": f"{connection.provider}:{tool}:test",
            "offer": offer(connection.provider, tool, **(offer_more or {})),
            "inputs": asked.model_dump(mode="json"),
            "estimate": Decimal(2),
            "cost_unit": "credits",
            "next_poll_at": brief.created_at,
            **fields,
        }
    )
    Output.objects.bulk_create(
        Output(
            team=workspace.team,
            workspace=workspace,
            generation=generation,
            position=position,
            kind=kind,
            tool=tool,
            title="A jar of peaches",
        )
        for position in range(count)
    )
    return generation


def running(connection: Connection, workspace: Workspace, job: str, **fields: Any) -> Generation:
    """One that was submitted already."""
    generation = make(connection, workspace, **fields)
    now = generation.created_at
    Generation.objects.filter(pk=generation.pk).update(
        state=State.RUNNING,
        request=b"POST /jobs\n{}",
        idempotency_key=generation.pk.hex,
        first_sent_at=now,
        started_at=now,
        remote={"id": job},
        remote_key=job,
        next_poll_at=now,
    )
    generation.refresh_from_db()
    return generation


def sweep_until(condition: Callable[[], Any], what: str, seconds: float = 20) -> Any:
    """Sweeps as beat does, only more often, until it holds."""

    def turn() -> Any:
        sweep.sweep()
        return condition()

    return until(turn, what, seconds, every=0.05)


def ended(*generations: Generation) -> bool:
    for generation in generations:
        generation.refresh_from_db()
    return not any(generation.is_under_way for generation in generations)


def work_off(*generations: Generation, seconds: float = 20) -> None:
    sweep_until(lambda: ended(*generations), "the end", seconds)


def states_of(generation: Generation) -> list[str]:
    return [output.state for output in generation.outputs.order_by("position")]


READY, FAILED = OutputState.READY, OutputState.FAILED
__all__ = ["FAILED", "READY", "Membership", "connect", "ended", "make", "running", "sweep_until", "work_off"]
