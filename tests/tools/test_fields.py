"""The vocabulary that tools are declared with."""

from __future__ import annotations

from typing import Annotated, Any

import pytest
from pydantic import Field, ValidationError

from studio.tools import Inputs, all_tools
from studio.tools.base import Expected, shaped, shortened
from studio.tools.fields import Count, Limit, Prompt, Required, Toggle, Widget, place, widget_of
from studio.tools.films import ReferenceVideoInputs
from studio.tools.images import ImageInputs
from studio.tools.people import FaceInputs
from studio.tools.schema import limits_of
from studio.tools.sound import MusicInputs, SoundEffectInputs
from studio.tools.speech import SpeechInputs
from studio.tools.videos import LoraVideoInputs, VideoInputs


def said(model: type[Inputs], data: dict[str, Any]) -> list[tuple[tuple[Any, ...], str]]:
    with pytest.raises(ValidationError) as raised:
        model.model_validate(data)
    return [(found["loc"], found.get("ctx", {}).get("sentence", found["type"])) for found in raised.value.errors()]


def test_a_narrowed_type_leaves_the_shared_one_alone() -> None:
    assert limits_of(FaceInputs)["count"]["maximum"] == 10
    assert limits_of(ImageInputs)["count"]["maximum"] == 100
    assert said(FaceInputs, {"prompt": "x", "count": 11}) == [(("count",), "less_than_equal")]


def test_a_narrowed_text_is_measured_after_cleaning() -> None:
    class Short(Inputs):
        prompt: Annotated[Prompt, Limit(max_length=3)] = Field(default="", title="t", description="d")

    assert Short(prompt="  abc\r\n").prompt == "abc"
    assert limits_of(Short)["prompt"]["maxLength"] == 3


def test_a_place_moves_a_widget_and_adds_to_its_options() -> None:
    found = widget_of([Widget("text", "a", {"half": True}), place("b", rows=2), place("c", half=False)])
    assert found == Widget("text", "c", {"half": False, "rows": 2})
    with pytest.raises(LookupError):
        widget_of([place("a")])


def test_every_missing_field_is_told_at_once() -> None:
    class Two(Inputs):
        prompt: Annotated[Prompt, Required("Say it.")] = Field(default="", title="t", description="d")
        image: Annotated[Prompt, Required("Show it.")] = Field(default="", title="t", description="d")
        count: Count = Field(default=1, title="t", description="d")

    assert said(Two, {"prompt": "   "}) == [(("prompt",), "Say it."), (("image",), "Show it.")]
    assert Two.required() == ("prompt", "image")


@pytest.mark.parametrize(
    ("sent", "kept"), [("", None), (None, None), ("true", True), ("on", True), ("0", False), (False, False)]
)
def test_a_switch_has_three_states(sent: object, kept: bool | None) -> None:
    class Switched(Inputs):
        sound: Toggle = Field(default=None, title="t", description="d")

    assert Switched.model_validate({"sound": sent}).sound is kept


def test_choices_and_numbers_left_empty_are_unset() -> None:
    inputs = VideoInputs.model_validate({"prompt": "x", "quality": "", "duration": " ", "aspect_ratio": ""})
    assert (inputs.quality, inputs.duration, inputs.aspect_ratio) == (None, None, ())
    assert SoundEffectInputs.model_validate({"prompt": "x", "duration": "2.5"}).duration == 2.5


@pytest.mark.parametrize("sent", ["nan", "inf", "-1", "31", "long"])
def test_a_number_out_of_bounds_is_refused(sent: str) -> None:
    assert said(SoundEffectInputs, {"prompt": "x", "duration": sent})


def test_spare_rows_are_dropped_and_half_filled_ones_are_told() -> None:
    empty = {"original": "", "replacement": ""}
    kept = SpeechInputs.model_validate(
        {"text": "x", "replacements": [empty, {"original": "SQL", "replacement": "sequel"}]}
    )
    assert [(it.original, it.replacement) for it in kept.replacements] == [("SQL", "sequel")]
    ((place_, sentence),) = said(SpeechInputs, {"text": "x", "replacements": [{"original": "SQL", "replacement": ""}]})
    assert place_ == ("replacements", 0, "replacement")
    assert sentence == "Write how the word sounds, or take this row out."


def test_unknown_names_are_refused_inside_of_groups_too() -> None:
    found = said(ReferenceVideoInputs, {"prompt": "x", "shots": [{"prompt": "y", "length": 3}]})
    assert found == [(("shots", 0, "length"), "extra_forbidden")]


def test_no_shape_is_one_request_and_several_are_one_each() -> None:
    assert ImageInputs(prompt="x").requests() == [ImageInputs(prompt="x")]
    inputs = ImageInputs(prompt="x", aspect_ratio=("16:9", "3:2"), count=3)
    assert [it.aspect_ratio for it in inputs.requests()] == [("16:9",), ("3:2",)]
    assert all_tools()["image"].expected(inputs.requests()[1]) == [Expected("image", "3:2", 1.5)] * 3


def test_an_unset_shape_has_a_place_but_no_label() -> None:
    assert shaped("video", None, "16:9") == Expected("video", "", 16 / 9)
    assert shaped("video", "auto", "9:16") == Expected("video", "", 9 / 16)


def test_a_name_is_cut_at_a_word() -> None:
    assert shortened("one two three", 9) == "one two…"
    assert shortened(" one\n two ") == "one two"


def test_words_hold_what_was_written_and_no_codes() -> None:
    tool = all_tools()["reference-video"]
    inputs = ReferenceVideoInputs.model_validate({"prompt": "wave", "shots": [{"prompt": "smile"}]})
    assert tool.words(inputs) == "wave smile"
    track = MusicInputs(title="Harbour", prompt="calm", style="piano")
    assert all_tools()["music"].title_for(track) == "Harbour"
    assert all_tools()["music"].words(track) == "Harbour calm piano"
    speech = SpeechInputs(text="Hello.", language="en")
    assert all_tools()["speech"].words(speech) == "Hello."


def test_an_empty_row_is_no_lora() -> None:
    assert said(LoraVideoInputs, {"prompt": "x", "loras": [{"path": "", "scale": ""}]}) == [
        (("loras",), "Add at least one LoRA: a .safetensors file.")
    ]
