"""The whole of it: routes, what can be picked, keys, limits and credits."""

from __future__ import annotations

import fnmatch
import time
from typing import Any

from tests.upstreams.common import Answer, Recorded

from .hooks import Hooks
from .jobs import paged
from .rules import complaint

VOICES = [
    {
        "voiceId": f"vg_voic_{number}",
        "languageCode": language,
        "displayName": name,
        "displayGender": gender,
        "accent": accent,
        "description": None,
        "supportsDirectToolExecution": direct,
        "supportsAllLanguages": True,
        "isDeprecated": old,
    }
    for number, language, name, gender, accent, direct, old in (
        ("m9", "en-GB", "Rowan", "NEUTRAL", "british", True, False),
        ("k2", "es-ES", "Lucía", "FEMALE", None, True, False),
        ("w1", "en-US", "Only In Workflows", "MALE", None, False, False),
        ("d0", "en-US", "Retired", "MALE", None, True, True),
    )
]


class VideoGen(Hooks):
    """era: "2", "1" or "0" is one API that knows no other names; "any" takes every spelling and answers as today."""

    routes = (
        ("POST", "/v1/tools/executions/{job}/cancel", "cancel"),
        ("GET", "/v1/tools/executions/{job}", "execution"),
        ("GET", "/v1/tools/executions", "executions"),
        ("POST", "/v1/tools/{tool}", "start"),
        ("GET", "/v1/files", "list_files"),
        ("POST", "/v1/files/search", "search_files"),
        ("POST", "/v1/files/upload", "upload"),
        ("GET", "/v1/files/{file}", "one_file"),
        ("POST", "/v1/files/{file}/hydrate", "hydrate"),
        ("POST", "/v1/files/{file}/archive", "archive"),
        ("POST", "/v1/files/{file}/enable-public-preview", "preview_on"),
        ("POST", "/v1/files/{file}/disable-public-preview", "preview_off"),
        ("PUT", "/put/{file}", "put"),
        ("GET", "/v1/resources/avatar-presenters", "presenters"),
        ("GET", "/v1/resources/tts-voices", "voices"),
        ("GET", "/v1/resources/languages", "languages"),
        ("GET", "/v1/entities", "entities"),
        ("GET", "/v1/webhooks/endpoints", "list_hooks"),
        ("POST", "/v1/webhooks/endpoints", "create_hook"),
        ("DELETE", "/v1/webhooks/endpoints/{endpoint}", "delete_hook"),
        ("POST", "/v1/text/generate", "text"),
        ("GET", "/v1/me", "me"),
    )
    open_paths = ("/media/*", "/put/*")
    orders = (
        "foreign", "progress", "say", "finish", "fail", "forget", "add_file", "break_upload", "ring", "limit", "set",
    )  # fmt: skip

    def __init__(self, *keys: str, era: str = "any", seconds: float | None = None) -> None:
        super().__init__(*keys)
        self.era = era
        self.seconds = seconds
        self.jobs = {}
        self.files = {}
        self.endpoints = {}
        self.hydrates = 0
        self.insecure_hooks = False
        self.credits = None
        self.out_of_credits_status = 429
        self.may_drop_watermark = True
        self.limits: dict[str, list[float]] = {}

    def set(self, **facts: Any) -> None:
        """Any of the attributes above, from another process."""
        for name, value in facts.items():
            setattr(self, name, value)

    def limit(self, path: str, per_hour: int, reset_seconds: float = 60) -> None:
        """A group of paths (glob) that may be asked for this often until the window ends."""
        self.limits[path] = [per_hour, per_hour, time.time() + reset_seconds]

    def unauthorised(self) -> Answer:
        return self.refuse(401, "Unauthorized", "invalid_api_key")

    def not_found(self) -> Answer:
        return self.refuse(404, "Not found.", "not_found")

    def handle(self, request: Recorded) -> Answer:
        headers = {"x-request-id": self.script.new_id("req_")}
        for path, window in self.limits.items():
            if fnmatch.fnmatchcase(request.path, path):
                most, left, reset = window
                window[1] = max(left - 1, 0)
                headers |= {
                    "x-ratelimit-limit": f"{most:.0f}",
                    "x-ratelimit-remaining": f"{window[1]:.0f}",
                    "x-ratelimit-reset": f"{reset:.0f}",
                }
                if left <= 0:
                    answer = self.refuse(429, "Too many requests.", "rate_limited")
                    return Answer(answer.data, answer.status, headers)
        answer = super().handle(request)
        return Answer(answer.data, answer.status, {**headers, **answer.headers})

    def presenters(self, request: Recorded) -> Answer:
        if not self.knows("0", "1"):
            return self.not_found()
        kinds = (("imageUrl", "k1.png"), ("thumbnailUrl", "k1_t.jpg"), ("previewVideoUrl", "k1.mp4"))
        listed = [
            {
                "avatarPresenterId": f"vg_pres_{name}",
                "displayableGender": gender,
                **{field: f"{self.script.url}/media/{file}" for field, file in kinds},
            }
            for name, gender in (("k1", "FEMALE"), ("k2", "MALE"))
        ]
        return Answer({"avatarPresenters": listed} if self.era == "0" else paged(listed, request, "avatarPresenters"))

    def voices(self, request: Recorded) -> Answer:
        old = request.query.get("includeDeprecatedVoices") == ["true"]
        wanted = request.query.get("query", [""])[0].lower()
        listed = [
            voice
            for voice in VOICES
            if (old or not voice["isDeprecated"]) and wanted in " ".join(map(str, voice.values())).lower()
        ]
        return Answer({"ttsVoices": listed} if self.era == "0" else paged(listed, request, "ttsVoices"))

    def languages(self, request: Recorded) -> Answer:
        if not self.knows("1", "2"):
            return self.not_found()
        wanted = request.query.get("query", [""])[0].lower()
        known = [{"languageCode": "es", "name": "Spanish"}, {"languageCode": "en", "name": "English"}]
        return Answer({"languages": [one for one in known if wanted in one["name"].lower()]})

    def entities(self, request: Recorded) -> Answer:
        if not self.knows("1", "2"):
            return self.not_found()
        wanted = request.query.get("entityType", [""])[0]
        listed = [
            {
                "entityId": f"vg_enti_{number}",
                "entityType": kind,
                "name": name,
                "description": "",
                "actorConfig": {"voiceDisplayName": None, "hasVoice": False, "hasAvatarPresenter": True}
                if kind == "ACTOR"
                else None,
                "references": [{"fileId": "vg_file_ref", "description": "", "isDefault": True}],
                "createdAt": "2026-08-01T00:00:00Z",
                "updatedAt": "2026-08-01T00:00:00Z",
            }
            for number, kind, name in (("a1", "ACTOR", "Nora"), ("p1", "PRODUCT", "Can"), ("s1", "VISUAL_STYLE", "Ink"))
        ]
        return Answer(paged([one for one in listed if wanted in ("", one["entityType"])], request, "entities"))

    def text(self, request: Recorded) -> Answer:
        if not self.knows("1", "2"):
            return self.not_found()
        body = self.read_json(request)
        wrong = complaint("text", body, self.era)
        if wrong:
            return self.refuse(400, wrong, "invalid_request")
        short = self.take_credits(1)
        if short:
            return short
        self.script.pay(request, self.script.new_id("text_"), 1)
        return Answer({"text": f"About {body['prompt']}."})

    def me(self, request: Recorded) -> Answer:
        if not self.knows("1", "2"):
            return self.not_found()
        return Answer(
            {
                "apiKeyId": "vg_key_1",
                "apiKeyNickname": "Backlot",
                "email": "sam@example.com",
                "displayName": None,
                "teamId": "vg_team_1",
            }
        )
