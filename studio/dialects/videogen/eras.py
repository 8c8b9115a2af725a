"""VideoGen renamed things twice without leaving /v1. Today's names are ours; this table says what the others were.

Era "0" is the API of the official SDK 0.0.38, "1" that of 1.1.8, "2" that of 2.x and the default. Anything not listed here has one name in all
three. An empty name: that era does not have it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

DEFAULT = "2"
TITLES = {"2": "2.x (today)", "1": "1.x", "0": "0.x"}


class Names(NamedTuple):
    """What one thing is called in each era."""

    era2: str
    era1: str
    era0: str

    def at(self, era: str) -> str:
        return self[{"2": 0, "1": 1, "0": 2}[era]]


ANY = "*"
_IMAGE = Names("imageFileId", "imageStorageFileId", "imageStorageFileId")
_VIDEO = Names("videoFileId", "videoStorageFileId", "videoStorageFileId")

FIELDS: dict[str, dict[str, Names]] = {
    ANY: {"hideFromUi": Names("hideFromUi", "", "")},
    "/v1/tools/generate-image": {
        "entityIds": Names("entityIds", "", ""),
        "quality": Names("quality", "quality", ""),
        "contentPolicyConfig": Names("contentPolicyConfig", "", ""),
    },
    "/v1/tools/generate-video-clip": {
        "videoFileIds": Names("videoFileIds", "videoFileIds", "videoFileId"),
        "audioFileIds": Names("audioFileIds", "audioFileIds", ""),
        "durationSeconds": Names("durationSeconds", "durationSeconds", ""),
        "quality": Names("quality", "quality", ""),
        "startFrameFileId": Names("startFrameFileId", "", ""),
        "spokenDialogue": Names("spokenDialogue", "", ""),
        "voiceDescription": Names("voiceDescription", "", ""),
        "suppressBackgroundMusic": Names("suppressBackgroundMusic", "", ""),
        "contentPolicyConfig": Names("contentPolicyConfig", "", ""),
    },
    "/v1/tools/generate-avatar": {
        "actorEntityId": Names("actorEntityId", "avatarPresenterId", "avatarPresenterId"),
        "audioFileId": Names("audioFileId", "audioStorageFileId", "audioStorageFileId"),
        "avatarQuality": Names("avatarQuality", "", ""),
    },
    "/v1/tools/vectorize-image": {"imageFileId": _IMAGE},
    "/v1/tools/remove-image-background": {"imageFileId": _IMAGE},
    "/v1/tools/upscale-image": {"imageFileId": _IMAGE},
    "/v1/tools/image-3d-effect": {"imageFileId": _IMAGE},
    "/v1/tools/remove-video-background": {"videoFileId": _VIDEO},
    "/v1/tools/upscale-video": {"videoFileId": _VIDEO},
    "/v1/files/upload": {"transcript": Names("transcript", "", "")},
    "/v1/files": {
        "limit": Names("limit", "limit", ""),
        "cursor": Names("cursor", "cursor", ""),
        "selfOnly": Names("selfOnly", "", ""),
        "includeExportFiles": Names("includeExportFiles", "", ""),
        "includeProjectFiles": Names("includeProjectFiles", "", ""),
    },
    "/v1/resources/tts-voices": {
        "limit": Names("limit", "limit", ""),
        "cursor": Names("cursor", "cursor", ""),
        "query": Names("query", "", ""),
    },
    "/v1/resources/languages": {"query": Names("query", "", "")},
    "/v1/resources/avatar-presenters": {
        "limit": Names("", "limit", ""),
        "cursor": Names("", "cursor", ""),
        "voiceId": Names("", "voiceId", ""),
    },
    "/v1/webhooks/endpoints": {"limit": Names("limit", "limit", ""), "cursor": Names("cursor", "cursor", "")},
}
"""Path (or any) -> today's name -> the name in each era. `videoFileId` of a clip in era 0 is one string, not a list."""

SINGLE = {("/v1/tools/generate-video-clip", "videoFileIds", "0")}
"""Lists of today that an era gives as one bare value."""

REQUIRED: dict[tuple[str, str, str], Any] = {
    ("/v1/tools/generate-image", "quality", "1"): "STANDARD",
    ("/v1/tools/generate-video-clip", "quality", "1"): "STANDARD",
}
"""What an era insists on and today's leaves open -> what is said where nobody chose."""

ENDPOINTS: dict[str, tuple[str, ...]] = {
    "/v1/tools/generate-music": ("2", "1"),
    "/v1/tools/image-3d-effect": ("2", "1"),
    "/v1/tools/generate-motion-graphic": ("2",),
    "/v1/text/generate": ("2", "1"),
    "/v1/me": ("2", "1"),
    "/v1/tools/executions": ("2", "1"),
    "/v1/resources/avatar-presenters": ("1", "0"),
    "/v1/resources/languages": ("2", "1"),
    "/v1/entities": ("2", "1"),
}
"""Paths that not every era has -> those that do. `/v1/tools/executions` is the list; one execution can be asked for in all."""


class NotInEra(ValueError):
    """A name or an endpoint that this era does not have. `name` is today's."""

    def __init__(self, name: str, era: str) -> None:
        super().__init__(f"VideoGen {TITLES[era]} does not know “{name}”.")
        self.name = name
        self.era = era


def has_endpoint(path: str, era: str) -> bool:
    return era in ENDPOINTS.get(path, tuple(TITLES))


def name_at(path: str, name: str, era: str) -> str:
    """What today's `name` is called at `path` in `era`; empty where it does not exist."""
    names = FIELDS.get(path, {}).get(name) or FIELDS[ANY].get(name)
    return names.at(era) if names else name


def to_era(path: str, body: Mapping[str, Any], era: str) -> dict[str, Any]:
    """A message in today's names, in the names of `era`. Raises NotInEra rather than dropping anything."""
    if not has_endpoint(path, era):
        raise NotInEra(path, era)
    told: dict[str, Any] = {}
    for name, value in body.items():
        spelled = name_at(path, name, era)
        single = (path, name, era) in SINGLE
        if not spelled or (single and len(value) > 1):
            raise NotInEra(name, era)
        told[spelled] = value[0] if single else value
    for (where, name, when), value in REQUIRED.items():
        if (where, when) == (path, era):
            told.setdefault(name, value)
    return told


def from_any(path: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A message in the names of any era, in today's."""
    spelled = {old: today for today, names in FIELDS.get(path, {}).items() for old in names if old}
    return {spelled.get(name, name): value for name, value in body.items()}


_NOT_KNOWN = re.compile(
    r"unrecogni[sz]ed|unexpected (field|key|propert|param)|unknown (field|key|propert|param)|additional propert|not allowed",
    re.I,
)


def other_era(message: str, path: str, era: str) -> str:
    """Which era a 400 speaks, if its message gives that away: it names a field that only another era has here, or it does not know one
    that only ours has. Empty where it does not."""
    words = set(re.findall(r"[A-Za-z]\w+", message))
    others = [other for other in TITLES if other != era]
    table = FIELDS.get(path, {})
    ours = {names.at(era) for names in table.values()} | {
        name for name in words if name not in {spelled for names in table.values() for spelled in names}
    }
    for other in others:
        if {names.at(other) for names in table.values() if names.at(other)} & words - ours:
            return other
    if _NOT_KNOWN.search(message):
        mine = words & {names.at(era) for names in table.values() if names.at(era)}
        for other in others:
            if mine - {names.at(other) for names in table.values()}:
                return other
    return ""
