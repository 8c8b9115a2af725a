"""What was made before uses were written down: read from what each generation was asked with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import migrations

KINDS = ("brand", "influencer", "reference", "voice")
AT_ONCE = 500


def write_down(apps: Any, schema_editor: Any) -> None:
    generations, uses = apps.get_model("studio", "Generation").objects, apps.get_model("studio", "Use").objects
    made: list[Any] = []
    for pk, team, workspace, inputs in generations.values_list("pk", "team", "workspace", "inputs").iterator(AT_ONCE):
        for kind in KINDS:
            try:
                thing = UUID(str(inputs.get(kind)))
            except ValueError:
                continue
            made.append(
                uses.model(team_id=team, workspace_id=workspace, generation_id=pk, object_kind=kind, object_id=thing)
            )
        if len(made) >= AT_ONCE:
            uses.bulk_create(made)
            made = []
    uses.bulk_create(made)


class Migration(migrations.Migration):
    dependencies = (("studio", "0003_library"),)

    operations = (migrations.RunPython(write_down, migrations.RunPython.noop),)
