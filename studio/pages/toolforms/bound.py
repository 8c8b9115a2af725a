"""One input of a form as its template needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.tools.base import WORDY
from studio.tools.fields import PLACEMENTS, RATIOS

from .held import Held
from .things import Things

MOST_BUTTONS = 6
"""More choices than this are a list to open, not buttons in a row."""
LONGEST_LABEL = 24
UNSET = "Default"
"""What a choice is called that leaves the matter to the service."""


@dataclass(frozen=True, slots=True)
class BoundField:
    """value: a str, a list of str where `many`. limits: the JSON schema of the field, narrowed by the offer (maxLength, maxItems, minimum,
    maximum, enum). rows: of a list of groups. held: the files that it holds. things: what can be chosen.
    """

    name: str
    title: str
    help: str
    widget: str
    group: str
    options: Mapping[str, Any]
    limits: Mapping[str, Any]
    many: bool
    value: Any
    errors: tuple[str, ...] = ()
    is_required: bool = False
    rows: tuple[Row, ...] = ()
    held: tuple[Held, ...] = ()
    things: Things | None = None
    is_picking: bool = False
    said: str = ""

    @property
    def is_wordy(self) -> bool:
        """Whether people write into it, so that a word may stand there which the brand never says (`said` is that warning)."""
        return self.widget in WORDY

    @property
    def id(self) -> str:
        return f"f-{self.name.replace('_', '-')}"

    @property
    def template(self) -> str:
        return f"fields/{self.widget}.html"

    @property
    def max_length(self) -> int | None:
        return self.limits.get("maxLength")

    @property
    def most(self) -> int:
        """How many files or groups it takes."""
        return int(self.limits.get("maxItems", 1))

    @property
    def is_full(self) -> bool:
        return len(self.rows or self.held) >= self.most

    @property
    def choices(self) -> list[str]:
        """The values of a literal, one or many."""
        items = self.limits.get("items", {}) if self.many else self.limits
        return [str(choice) for choice in items.get("enum", ())]

    @property
    def can_be_unset(self) -> bool:
        return bool(self.limits.get("nullable")) and not self.is_required

    @property
    def numbers(self) -> list[int]:
        """The whole numbers that a counted field takes, where they are few enough for buttons."""
        if "enum" in self.limits:
            return [int(choice) for choice in self.limits["enum"]]
        low, high = int(self.limits["minimum"]), int(self.limits["maximum"])
        return list(range(low, high + 1)) if high - low < MOST_BUTTONS else []

    @property
    def low(self) -> str:
        return plain(self.limits.get("minimum"))

    @property
    def high(self) -> str:
        return plain(self.limits.get("maximum"))

    @property
    def step(self) -> str:
        return plain(self.options.get("step", 1 if self.limits.get("type") == "integer" else 0.1))

    @property
    def shapes(self) -> list[tuple[str, str, float | None]]:
        """Of a field of ratios: each choice with its placement and its width over height (None for auto)."""
        return [
            (
                name,
                PLACEMENTS.get(name, "By the picture"),
                RATIOS[name][0] / RATIOS[name][1] if name in RATIOS else None,
            )
            for name in self.choices
        ]

    @property
    def labelled(self) -> list[tuple[str, str, str]]:
        """Of a literal: each choice, what is written on it, and all that it means."""
        labels = self.options.get("labels", {})
        unit = f" {self.options['unit']}" if self.options.get("unit") else ""
        written = {it: f"{it.capitalize() if it.isalpha() else it}{unit}" for it in self.choices}
        whole = [(choice, str(labels.get(choice, text))) for choice, text in written.items()]
        return [
            (choice, text if len(text) <= LONGEST_LABEL else text.partition(",")[0], text) for choice, text in whole
        ]

    @property
    def is_list(self) -> bool:
        """Whether its choices are a list to open, and not buttons."""
        written = sum(len(short) + 4 for _, short, _ in self.labelled)
        return len(self.choices) > MOST_BUTTONS or written > 76

    @property
    def half(self) -> bool:
        return bool(self.options.get("half"))

    @property
    def more(self) -> bool:
        """Waits behind a disclosure: never what has to be filled."""
        return bool(self.options.get("more")) and not self.is_required


@dataclass(frozen=True, slots=True)
class Row:
    """One group in a list of groups. number: from 1, for people."""

    index: int
    members: tuple[BoundField, ...]

    @property
    def number(self) -> int:
        return self.index + 1


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the form. rows: fields that share a line; more: fields behind a disclosure."""

    key: str
    title: str
    help: str
    rows: tuple[tuple[BoundField, ...], ...]
    more: tuple[BoundField, ...]

    @property
    def only(self) -> BoundField | None:
        """The field that stands alone in the section under its very name: what the section says it need not say again."""
        several = len(self.rows) != 1 or len(self.rows[0]) != 1
        return None if several or self.rows[0][0].title != self.title else self.rows[0][0]

    @property
    def more_titles(self) -> str:
        titles = [in_sentence(it.title) for it in self.more]
        if len(titles) > 4:
            return f"{', '.join(titles[:3])} and {len(titles) - 3} more"
        return f"{', '.join(titles[:-1])} and {titles[-1]}" if len(titles) > 1 else "".join(titles)

    @property
    def is_open(self) -> bool:
        # What is taken from a reference is ticked beforehand, and says nothing before there is one.
        return any((item.value and item.widget != "uses") or item.errors or item.is_picking for item in self.more)


def in_sentence(title: str) -> str:
    """A title as it stands inside of a sentence: "a longer prompt", but "LoRA" and "H.264"."""
    word = title.split(maxsplit=1)[0]
    is_name = not word.isalpha() or word[1:] != word[1:].lower()
    return title if is_name else title[0].lower() + title[1:]


def grouped(key: str, title: str, help_: str, fields: list[BoundField]) -> Group:
    rows: list[tuple[BoundField, ...]] = []
    mine = [bound for bound in fields if bound.group == key]
    for bound in mine:
        if bound.more:
            continue
        if bound.half and rows and len(rows[-1]) == 1 and rows[-1][0].half:
            rows[-1] = (*rows[-1], bound)
        else:
            rows.append((bound,))
    return Group(key, title, help_, tuple(rows), tuple(bound for bound in mine if bound.more))


def plain(number: Any) -> str:
    """`plain(2.0) == "2"`, `plain(None) == ""`."""
    return "" if number is None else f"{number:g}" if isinstance(number, float) else str(number)
