"""One filled-in form, and the body that must leave the house for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ADA = "influencer_studio:inf_1"
NARRATOR = "influencer_studio:voice_1"
M = "https://media.example"
BELL = "https://studio.example/hooks/bell"


@dataclass(frozen=True)
class Case:
    """offer: its key without the provider. body: without the workspace, which every case but those of wan22 carries; see `bell`."""

    name: str
    path: str
    offer: str
    inputs: dict[str, Any]
    body: dict[str, Any]
    bell: bool = field(default=False)

    @property
    def tool(self) -> str:
        return self.offer.partition(":")[0]

    @property
    def sent(self) -> dict[str, Any]:
        """The body with what the connection adds."""
        workspace = {} if self.path == "/videos/wan22" else {"workspace_id": "ws_1"}
        return self.body | workspace | ({"webhook": BELL} if self.bell else {})
