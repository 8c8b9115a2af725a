"""One table of names, three eras."""

from __future__ import annotations

import pytest

from studio.dialects.videogen import wire
from studio.dialects.videogen.eras import ENDPOINTS, FIELDS, TITLES, NotInEra, from_any, name_at, other_era, to_era

IMAGE = "/v1/tools/generate-image"
CLIP = "/v1/tools/generate-video-clip"
UPSCALE = "/v1/tools/upscale-image"
AVATAR = "/v1/tools/generate-avatar"


@pytest.mark.parametrize("path", sorted(path for path in FIELDS if path in wire.PATHS))
def test_the_table_names_fields_that_exist(path: str) -> None:
    known = {info.alias for info in wire.PATHS[path].model_fields.values()}
    assert set(FIELDS[path]) <= known


@pytest.mark.parametrize(
    ("message", "path", "era", "other"),
    [
        ("imageStorageFileId is required.", UPSCALE, "2", "1"),
        ("avatarPresenterId is required", AVATAR, "2", "1"),
        ('Unrecognized key: "imageFileId".', UPSCALE, "2", "1"),
        ('Unrecognized key: "durationSeconds".', CLIP, "2", "0"),
        ('Unrecognized key: "spokenDialogue".', CLIP, "2", "1"),
        ("videoFileId must be a string.", CLIP, "2", "0"),
        ("At least one of prompt, imageFileIds, or videoFileId must be provided.", CLIP, "2", "0"),
        ("Use actorEntityId instead.", AVATAR, "0", "2"),
        ('Unrecognized key: "imageStorageFileId".', UPSCALE, "0", "2"),
        ("imageFileIds accepts at most 4 items.", IMAGE, "2", ""),
        ("prompt is required.", IMAGE, "1", ""),
        ("imageFileId is malformed.", UPSCALE, "2", ""),
        ('Unrecognized key: "banana".', UPSCALE, "2", ""),
        ("", UPSCALE, "2", ""),
    ],
)
def test_a_400_gives_the_era_away(message: str, path: str, era: str, other: str) -> None:
    assert other_era(message, path, era) == other


@pytest.mark.parametrize("era", TITLES)
@pytest.mark.parametrize("path", sorted(wire.PATHS))
def test_names_go_out_in_an_era_and_come_back(path: str, era: str) -> None:
    if era not in ENDPOINTS.get(path, tuple(TITLES)):
        with pytest.raises(NotInEra):
            to_era(path, {}, era)
        return
    for name in (info.alias or "" for info in wire.PATHS[path].model_fields.values()):
        value = ["vg_file_1"] if name == "videoFileIds" else "x"
        if name_at(path, name, era):
            assert name in from_any(path, to_era(path, {name: value}, era))
        else:
            with pytest.raises(NotInEra, match=name):
                to_era(path, {name: value}, era)


def test_reads_a_null_as_nothing_and_keeps_what_it_does_not_know() -> None:
    execution = wire.Execution.model_validate({"status": "running", "results": None, "error": None, "newThing": 1})
    assert execution.results == []
    assert execution.model_extra == {"newThing": 1}
    assert wire.Execution.model_validate({"status": "failed", "error": "plain words"}).error == wire.ApiError(
        message="plain words"
    )


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (IMAGE, {"prompt": "p", "banana": 1}),
        (IMAGE, {}),
        (IMAGE, {"prompt": "p", "numResults": 0}),
        (IMAGE, {"prompt": "p", "numResults": 101}),
        (IMAGE, {"prompt": "p", "imageFileIds": ["1", "2", "3", "4", "5"]}),
        (IMAGE, {"prompt": "p", "aspectRatio": {"width": 1}}),
        (IMAGE, {"prompt": "p", "aspectRatio": {"width": 0, "height": 1}}),
        (IMAGE, {"prompt": "p", "watermarkMode": "SOME"}),
        (IMAGE, {"prompt": "p", "contentPolicyConfig": {"maxPromptRewrites": 5}}),
        (CLIP, {}),
        (CLIP, {"voiceDescription": "warm"}),
        (CLIP, {"prompt": "p", "durationSeconds": 31}),
        (CLIP, {"prompt": "p", "videoFileIds": ["1", "2", "3", "4", "5"]}),
        ("/v1/tools/generate-motion-graphic", {"prompt": "p", "durationSeconds": 301}),
        ("/v1/tools/generate-motion-graphic", {"prompt": "p", "fileIds": ["1"] * 9}),
        ("/v1/tools/text-to-speech", {}),
        (UPSCALE, {}),
        (AVATAR, {"actorEntityId": "vg_enti_1"}),
    ],
)
def test_refuses_to_send_what_the_reference_forbids(path: str, body: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        wire.PATHS[path].model_validate(body)
