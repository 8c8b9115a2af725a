"""Whether an offer can take these inputs, said at the field before anything is paid. Pure: offer and inputs in, sentences out.

What all offers of a tool share stands in the tool's own `Inputs`; here is only what an offer says about itself (`Offer.takes`, `limits`,
`one_of`, `not_together`). A rule that carries the page's own sentence (`said`) speaks with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .base import Inputs
from .offer import Offer
from .values import MediaValue, Resolved

Problem = tuple[str, str]
"""A field's name and the sentence shown there."""


def check(offer: Offer, inputs: Inputs) -> list[Problem]:
    """Everything that is wrong with the inputs for this offer, in the order of the form; at most one sentence a field."""
    found = [
        *_not_taken(offer, inputs),
        *_limits(offer, inputs),
        *_one_of(offer, inputs),
        *_not_together(offer, inputs),
    ]
    first: dict[str, str] = {}
    for name, sentence in found:
        first.setdefault(name, sentence)
    order = list(type(inputs).model_fields)
    return sorted(first.items(), key=lambda item: order.index(item[0]))


def check_media(offer: Offer, values: Resolved) -> list[Problem]:
    """What only the files themselves tell: their number of seconds, bytes and pixels. A file whose fact is unknown passes: its service decides.

    Limits: min_seconds, max_seconds (each file), max_total_seconds (all of a field), max_megabytes, min_side, max_side (pixels),
    media_types.
    """
    found: list[Problem] = []
    for name, limit in offer.limits.items():
        files = values.media.get(name, ())
        sentence = next((said for file in files if (said := _file(file, limit))), "") or _together(files, limit)
        if sentence:
            found.append((name, str(limit.get("said") or sentence)))
    return found


def is_set(inputs: Inputs, name: str) -> bool:
    """Whether the person gave this field something of their own. A switch that is off, or a zero, is something."""
    value = getattr(inputs, name, None)
    return value not in (None, "", ()) and value != type(inputs).model_fields[name].default


def _title(inputs: Inputs, name: str) -> str:
    return type(inputs).model_fields[name].title or name.replace("_", " ").capitalize()


def _has(inputs: Inputs, name: str) -> bool:
    """Whether a field that may have a default holds anything at all."""
    return getattr(inputs, name, None) not in (None, "", ())


def _not_taken(offer: Offer, inputs: Inputs) -> Iterator[Problem]:
    for name in type(inputs).model_fields:
        if not offer.takes_input(name) and is_set(inputs, name):
            title = _title(inputs, name)
            yield name, f"{offer.title} has no use for “{title}”. Empty it, or choose another model."


def _limits(offer: Offer, inputs: Inputs) -> Iterator[Problem]:
    for name, limit in offer.limits.items():
        if name not in type(inputs).model_fields:
            continue
        sentence = _field(offer, inputs, name, limit)
        if sentence:
            yield name, str(limit.get("said") or sentence)


def _field(offer: Offer, inputs: Inputs, name: str, limit: Mapping[str, Any]) -> str:
    value, title = getattr(inputs, name), _title(inputs, name)
    if not _has(inputs, name):
        needed = limit.get("required") or (isinstance(value, tuple) and limit.get("min", 0) > 0)
        return f"{offer.title} needs “{title}”. Fill it in, or choose another model." if needed else ""
    if isinstance(value, tuple):
        return _number_of(value, title, limit) or _listed(value, title, limit)
    if isinstance(value, str):
        return _length(value, title, limit) or _choice(value, title, limit)
    if isinstance(value, bool):
        return _choice(value, title, limit)
    if isinstance(value, int | float):
        return _range(value, title, limit) or _choice(value, title, limit) or _by(inputs, value, title, limit)
    return ""


def _number_of(value: tuple[Any, ...], title: str, limit: Mapping[str, Any]) -> str:
    count, least, most = len(value), limit.get("min", 0), limit.get("max")
    if most is not None and count > most:
        if most == 0:
            return f"“{title}” must stay empty for this model. Take {'it' if count == 1 else f'all {count}'} out."
        return f"“{title}” holds {count}, and this model takes at most {most}. Take {count - most} out."
    if count < least:
        return f"“{title}” holds {count}, and this model needs at least {least}. Add {least - count} more."
    return ""


def _listed(value: tuple[Any, ...], title: str, limit: Mapping[str, Any]) -> str:
    choices = limit.get("choices")
    # `auto` is ours: a shape of the first picture takes its place before anything is sent.
    wrong = [item for item in value if choices and isinstance(item, str) and item not in (*choices, "auto")]
    return _choice(wrong[0], title, limit) if wrong else ""


def _length(value: str, title: str, limit: Mapping[str, Any]) -> str:
    most, least = limit.get("max_length"), limit.get("min_length", 0)
    if most is not None and len(value) > most:
        over = len(value) - most
        return f"“{title}” has {len(value):,} characters, and this model takes at most {most:,}. Cut {over:,}."
    if len(value) < least:
        return f"“{title}” has {len(value)} characters, and this model needs at least {least}. Say a little more."
    return ""


def _choice(value: Any, title: str, limit: Mapping[str, Any]) -> str:
    choices = limit.get("choices")
    if not choices or value in choices:
        return ""
    return f"“{title}” cannot be {_word(value)} with this model. It takes {_words(choices)}."


def _range(value: float, title: str, limit: Mapping[str, Any]) -> str:
    least, most = limit.get("min"), limit.get("max")
    if least is not None and value < least:
        return f"“{title}” is {_word(value)}, and this model starts at {_word(least)}. Use {_word(least)} or more."
    if most is not None and value > most:
        return f"“{title}” is {_word(value)}, and this model goes up to {_word(most)}. Use {_word(most)} or less."
    return ""


def _by(inputs: Inputs, value: float, title: str, limit: Mapping[str, Any]) -> str:
    """{"by": {"quality": {"high": [4, 8]}}}: what fits depends on another field."""
    for other, fitting in limit.get("by", {}).items():
        chosen = getattr(inputs, other, None)
        choices = fitting.get(chosen)
        if choices and value not in choices:
            name = _title(inputs, other).lower()
            return f"“{title}” cannot be {_word(value)} at the {name} {_word(chosen)}. It takes {_words(choices)}."
    return ""


def _one_of(offer: Offer, inputs: Inputs) -> Iterator[Problem]:
    for rule in offer.one_of:
        fields = _known(inputs, rule)
        if fields and not any(_has(inputs, name) for name in fields):
            titles = _words([f"“{_title(inputs, name)}”" for name in fields])
            yield fields[0], str(rule.get("said") or f"{offer.title} needs at least one of {titles}.")


def _not_together(offer: Offer, inputs: Inputs) -> Iterator[Problem]:
    for rule in offer.not_together:
        filled = [name for name in _known(inputs, rule) if is_set(inputs, name)]
        if len(filled) > 1:
            titles = _words([f"“{_title(inputs, name)}”" for name in filled], "and")
            yield filled[1], str(rule.get("said") or f"{offer.title} takes only one of {titles}. Empty the others.")


def _known(inputs: Inputs, rule: Mapping[str, Any]) -> list[str]:
    return [name for name in rule["fields"] if name in type(inputs).model_fields]


def _file(file: MediaValue, limit: Mapping[str, Any]) -> str:
    name = f"“{file.name}”" if file.name else "This file"
    most, least = limit.get("max_seconds"), limit.get("min_seconds")
    if most is not None and file.seconds > most:
        return f"{name} lasts {file.seconds:.1f} s, and this model takes at most {most} s. Use a shorter one."
    if least is not None and 0 < file.seconds < least:
        return f"{name} lasts {file.seconds:.1f} s, and this model needs at least {least} s. Use a longer one."
    return _weight(file, name, limit) or _pixels(file, name, limit) or _type(file, name, limit)


def _weight(file: MediaValue, name: str, limit: Mapping[str, Any]) -> str:
    most = limit.get("max_megabytes")
    if most is None or file.size_bytes <= most * 1_000_000:
        return ""
    megabytes = file.size_bytes / 1_000_000
    return f"{name} has {megabytes:.1f} MB, and this model takes at most {most} MB. Use a smaller file."


def _pixels(file: MediaValue, name: str, limit: Mapping[str, Any]) -> str:
    if not (file.width and file.height):
        return ""
    size, least, most = f"{file.width} × {file.height} px", limit.get("min_side"), limit.get("max_side")
    if least is not None and min(file.width, file.height) < least:
        return f"{name} has {size}, and this model needs at least {least} px on each side. Use a larger one."
    if most is not None and max(file.width, file.height) > most:
        return f"{name} has {size}, and this model takes at most {most} px on a side. Use a smaller one."
    return ""


def _type(file: MediaValue, name: str, limit: Mapping[str, Any]) -> str:
    kinds = limit.get("media_types")
    if not kinds or not file.media_type or file.media_type in kinds:
        return ""
    return f"{name} is {_kind(file.media_type)}, and this model takes {_words([_kind(it) for it in kinds])}."


def _together(files: Sequence[MediaValue], limit: Mapping[str, Any]) -> str:
    most, total = limit.get("max_total_seconds"), sum(file.seconds for file in files)
    if most is None or total <= most:
        return ""
    return f"Together they last {total:.1f} s, and this model takes at most {most} s. Use shorter ones."


def _kind(media_type: str) -> str:
    return media_type.rpartition("/")[2].upper()


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _words(values: Sequence[Any], joint: str = "or") -> str:
    words = [_word(value) for value in values]
    return f"{', '.join(words[:-1])} {joint} {words[-1]}" if len(words) > 1 else "".join(words)
