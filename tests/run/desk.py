"""Somebody at the database of a running Backlot, in a process of their own: `python -m tests.run.desk` answers one JSON line with one.

It submits as pages and scripts do, and says what is wrong with what the lanes have made.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.storage import default_storage  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402

from studio.engine.briefs import submit_brief  # noqa: E402
from studio.engine.reach import SystemActor  # noqa: E402
from studio.models import (  # noqa: E402
    Asset,
    Brief,
    Event,
    Generation,
    Membership,
    Output,
    OutputState,
    RenderJob,
    RenderState,
    Role,
    State,
    User,
    Workspace,
)
from studio.tools import get_tool  # noqa: E402

FILES = {"original.png", "small.webp", "large.webp"}


def sign_in() -> dict[str, str]:
    """A creator's session cookie."""
    workspace = Workspace.objects.get()
    user, is_new = User.objects.get_or_create(email="ada@example.com", defaults={"name": "Ada"})
    if is_new:
        Membership.objects.create(
            user=user, team=workspace.team, role=Role.CREATOR, all_workspaces=True, current_workspace=workspace
        )
    client = Client()
    client.force_login(user)
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def submit(nonce: str, **inputs: object) -> None:
    tool, workspace = get_tool("static-ad"), Workspace.objects.get()
    assert tool
    model = tool.Inputs.model_validate({"headline": f"Slow {nonce}", **inputs})
    submit_brief(SystemActor(workspace.team_id), workspace, tool, model, nonce)


def states() -> dict[str, int]:
    return dict(Counter(Generation.objects.values_list("state", flat=True)))


def under_way() -> int:
    return Generation.objects.filter(next_poll_at__isnull=False).count()


def let_leases_end() -> None:
    """As if the time of every lease had passed."""
    past = timezone.now() - timedelta(seconds=1)
    Generation.objects.filter(lease_until__isnull=False).update(next_poll_at=past, lease_until=past)
    RenderJob.objects.filter(state=RenderState.RUNNING).update(due_at=past)


def wrongs(nonces: list[str]) -> list[str]:
    """Everything that was lost, doubled or left lying, in words. Call it when nothing is under way any more."""
    return [*_wrong_briefs(nonces), *_wrong_generations(), *_wrong_assets(), *_wrong_files()]


def _wrong_briefs(nonces: list[str]) -> Iterator[str]:
    there = list(Brief.objects.values_list("nonce", flat=True))
    if sorted(there) != sorted(nonces):
        yield f"briefs {sorted(there)}, asked for {sorted(nonces)}"


def _wrong_generations() -> Iterator[str]:
    jobs = RenderJob.objects.in_bulk()
    tool = get_tool("static-ad")
    assert tool
    for generation in Generation.objects.all():
        name = f"generation {generation.pk} ({generation.state})"
        if generation.state not in (State.COMPLETED, State.CANCELED, State.FAILED):
            yield f"{name} has not ended"
        if generation.state == State.FAILED and not generation.failure_reason:
            yield f"{name} gives no reason"
        job = jobs.get(generation.pk)
        if generation.state == State.COMPLETED and (job is None or job.state != RenderState.DONE):
            yield f"{name} has the job {job and job.state}"
        outputs = list(Output.objects.filter(generation=generation))
        expected = tool.expected(tool.Inputs.model_validate(generation.drawn_inputs))
        if sorted(output.position for output in outputs) != list(range(len(expected))):
            yield f"{name} has outputs {[output.position for output in outputs]}"
        if any(output.state == OutputState.WAITING for output in outputs):
            yield f"{name} has a waiting output"
        # The lanes are killed, not the renders' reasons to succeed: nothing here may fail.
        if generation.state == State.COMPLETED and any(output.state != OutputState.READY for output in outputs):
            yield f"{name} lost an output"


def _wrong_assets() -> Iterator[str]:
    shown = Counter(Output.objects.filter(asset__isnull=False).values_list("asset_id", flat=True))
    told = set(Event.objects.filter(kind="output").values_list("subject", flat=True))
    for output in Output.objects.filter(state=OutputState.READY):
        if output.asset_id is None or str(output.pk) not in told:
            yield f"output {output.pk} is ready without an asset or an event"
    for asset in Asset.objects.all():
        if shown[asset.pk] != 1:
            yield f"asset {asset.pk} belongs to {shown[asset.pk]} outputs"
        with default_storage.open(str(asset.file.name), "rb") as file:
            data = file.read()
            if hashlib.sha256(data).hexdigest() != asset.sha256 or len(data) != asset.size_bytes:
                yield f"asset {asset.pk} is not its file"
            file.seek(0)
            with Image.open(file) as picture:
                picture.load()


def _wrong_files() -> Iterator[str]:
    team = str(Workspace.objects.get().team_id)
    if not default_storage.exists(team):
        return
    assets = {str(pk) for pk in Asset.objects.values_list("pk", flat=True)}
    for folder in default_storage.listdir(team)[0]:
        files = default_storage.listdir(f"{team}/{folder}")[1]
        if folder not in assets or not set(files) <= FILES:
            yield f"stored without a row: {folder}: {files}"


COMMANDS = {command.__name__: command for command in (sign_in, submit, states, under_way, let_leases_end, wrongs)}


def main() -> None:
    for line in sys.stdin:
        asked: dict[str, Any] = json.loads(line)
        answer = COMMANDS[asked.pop("do")](**asked)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
