"""The answers of Influencer Studio's API v1. Tolerant: unknown names are kept, what cannot be read counts as not said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from studio.dialects.base import Unreadable

NAME = "Influencer Studio"


def amount(value: object) -> Decimal | None:
    """A number or a text that holds one; anything else is not said."""
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    try:
        found = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value).strip()


def _whole(value: object) -> int:
    found = amount(value)
    return max(int(found), 0) if found is not None else 0


def _seconds(value: object) -> float:
    found = amount(value)
    return min(max(float(found), 0.0), 3600.0) if found is not None else 0.0


def _urls(value: object) -> list[str]:
    """Addresses alone: at queue time, ids stand in some of these lists."""
    return [it for it in value if _is_url(it)] if isinstance(value, list) else []


def _url(value: object) -> str:
    return str(value) if _is_url(value) else ""


def _is_url(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "http://"))


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _rows(value: object) -> list[Any]:
    return [it for it in value if isinstance(it, dict)] if isinstance(value, list) else []


def _flag(value: object) -> bool:
    return value is True


def _read(how: Callable[[object], object]) -> Any:
    return BeforeValidator(how)


Text = Annotated[str, _read(_text)]
Status = Annotated[str, _read(lambda value: _text(value).lower())]
"""A status in lower case: job statuses are sent so, item statuses in upper case."""
Url = Annotated[str, _read(_url)]
Urls = Annotated[list[str], _read(_urls)]
Whole = Annotated[int, _read(_whole)]
Flag = Annotated[bool, _read(_flag)]
Credits = Annotated[Decimal | None, _read(amount)]
Seconds = Annotated[float, _read(_seconds)]
Time = Annotated[datetime | None, _read(_time)]


class Answer(BaseModel):
    """An answer body. Unknown names are kept."""

    model_config = ConfigDict(extra="allow", populate_by_name=True, protected_namespaces=())

    @classmethod
    def read(cls, data: object) -> Self:
        """Raises Unreadable for what is no such answer."""
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise Unreadable(f"{NAME} answered with something that cannot be read.") from error


class Queued(Answer):
    """What every queued endpoint answers, and what some add. images, videos, model_url: unreliable while it is queued, never used."""

    generation_id: Text = ""
    status: Status = ""
    estimated_time: Seconds = 0.0
    credits_used: Credits = None
    image_id: Text = ""
    batch: Whole = 0
    first_frame_url: Url = ""
    last_frame_url: Url = ""
    video_url: Url = ""
    has_voice_conversion: Flag = False


class Wan22Made(Answer):
    generation_id: Text = ""
    video_url: Url = ""
    mode: Text = ""


class Usage(Answer):
    prompt_tokens: Whole = 0
    completion_tokens: Whole = 0
    total_tokens: Whole = 0


class TextMade(Answer):
    """text: None where the answer has none. model may be another than was asked for."""

    generation_id: Text = ""
    text: Annotated[str | None, _read(lambda value: value if isinstance(value, str) else None)] = None
    model: Text = ""
    usage: Annotated[Usage | None, _read(lambda value: value if isinstance(value, dict) else None)] = None


class Item(Answer):
    id: Text = ""
    type: Status = ""
    status: Status = ""
    url: Url = ""
    created_at: Time = None
    updated_at: Time = None


class JobStatus(Answer):
    generation_id: Text = ""
    status: Status = ""
    result_urls: Urls = Field(default_factory=list)
    credits_used: Credits = None
    total_items: Whole = 0
    completed_items: Whole = 0
    failed_items: Whole = 0
    items: Annotated[list[Item], _read(_rows)] = Field(default_factory=list)


class _Named(Answer):
    """`id` in lists is `influencer_id` or `voice_id` in the answers that create: both are read."""

    id: Text = ""
    name: Text = ""

    other_id: ClassVar[str] = "influencer_id"

    @model_validator(mode="before")
    @classmethod
    def takes_either_id(cls, data: Any) -> Any:
        if isinstance(data, dict) and not data.get("id"):
            return {**data, "id": data.get(cls.other_id, "")}
        return data


class Influencer(_Named):
    face_image: Url = ""
    best_full_image: Url = ""
    training_status: Status = ""
    ready_for_generation: Flag = False
    created_at: Time = None


class InfluencerMade(_Named):
    status: Status = ""
    ready_for_generation: Flag = False
    credits_used: Credits = None


class Voice(_Named):
    other_id = "voice_id"

    description: Text = ""
    type: Status = ""
    audio_url: Url = ""
    influencer_id: Text = ""
    influencer_name: Text = ""
    custom_voice_id: Text = ""
    created_at: Time = None


class VoiceMade(Voice):
    status: Status = ""
    credits_used: Credits = None


class Track(Answer):
    id: Text = ""
    title: Text = ""
    style: Text = ""
    url: Url = ""
    status: Status = ""
    generation_id: Text = ""
    created_at: Time = None


class Variant(Answer):
    id: Text = ""
    active: Annotated[bool, _read(lambda value: value is not False)] = True
    price: Credits = None
    currency: Text = ""
    interval: Text = ""
    interval_count: Whole = 0
    is_signup_bonus: Flag = False


class Plan(Answer):
    id: Text = ""
    name: Text = ""
    description: Text = ""
    store_id: Text = Field(default="", alias="storeId")
    variants: Annotated[list[Variant], _read(_rows)] = Field(default_factory=list)


class Checkout(Answer):
    """Either casing is read."""

    checkout_url: Url = Field(default="", alias="checkoutUrl")


class Model(Answer):
    """One entry of a model catalogue, whose shape is documented nowhere: the name stands under one of four keys."""

    name: Text = ""
    title: Text = ""
    supports_lora: Flag = False
    lora_types: Annotated[
        list[str], _read(lambda it: [v for v in it if isinstance(v, str)] if isinstance(it, list) else [])
    ] = Field(default_factory=list)
    supports_text_to_image: bool | None = None
    supports_image_to_image: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def finds_its_name(cls, data: Any) -> Any:
        if isinstance(data, str):
            return {"name": data}
        if not isinstance(data, dict):
            return data
        found = next((data[key] for key in ("id", "name", "model", "slug") if isinstance(data.get(key), str)), "")
        label = next((data[key] for key in ("title", "label", "name") if isinstance(data.get(key), str)), found)
        flags = {key: data.get(key) if isinstance(data.get(key), bool) else None for key in FLAGS}
        return {**data, **flags, "name": found, "title": label}


FLAGS = ("supports_text_to_image", "supports_image_to_image")


def rows_of(data: object, *names: str) -> list[Any]:
    """A list as it is, or the first list that an object holds under one of the names."""
    if isinstance(data, list):
        return data
    if isinstance(data, dict):
        return next((data[name] for name in (*names, "data") if isinstance(data.get(name), list)), [])
    raise Unreadable(f"{NAME} answered with something that is no list.")


def credits_of(data: object) -> Decimal:
    """The balance: a bare number, a text that holds one, or an object with it. Raises Unreadable."""
    if isinstance(data, dict):
        data = next((data[name] for name in ("credits", "balance", "total") if name in data), None)
    found = amount(data)
    if found is None:
        raise Unreadable(f"{NAME} answered with a balance that cannot be read.")
    return found


def said_of(data: object, text: str) -> str:
    """What an error answer says to people, "" where it says nothing: no shape is documented."""
    if not isinstance(data, dict):
        return " ".join(text.split())[:300] if text and not text.lstrip().startswith("<") else ""
    error = data.get("error")
    inner = error.get("message") if isinstance(error, dict) else error
    for found in (inner, data.get("message"), data.get("detail"), data.get("details"), data.get("issues")):
        if isinstance(found, str) and found.strip():
            return " ".join(found.split())[:300]
        if isinstance(found, list | dict) and found:
            return str(found)[:300]
    return ""
