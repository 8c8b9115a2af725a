"""How a text looks: a style, and what sets its emphasised words off."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studio.render import fonts
from studio.render.shaping import Case, Cut, shape

_PAINT = re.compile(r"#[0-9a-fA-F]{6}|url\(#[A-Za-z][\w-]*\)|none|currentColor")


@dataclass(frozen=True, slots=True)
class Emphasis:
    """How the words between asterisks differ. What is None stays as in the rest of the text. scale: size beside the rest."""

    font: str | None = None
    weight: int | None = None
    italic: bool = False
    fill: str | None = None
    scale: float = 1.0
    tracking: float | None = None
    case: Case | None = None

    @classmethod
    def beside(
        cls, key: str, *, weight: int = 700, case: Case = "none", fill: str | None = None, face_weight: int = 400
    ) -> Emphasis:
        """The family's partner (`Font.emphasis`), italic where it has one, made as tall as the letters around it."""
        partner = fonts.font(fonts.font(key).emphasis)
        letter = "H" if case == "upper" else "x"
        around = fonts.height_of(letter, key, weight, False, "display")
        own = fonts.height_of(letter, partner.key, face_weight, partner.has_italic, "display")
        scale = min(max(1.03 * around / own, 0.9), 1.3)
        return cls(partner.key, face_weight, partner.has_italic, fill, round(scale, 3), -0.01)


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks. size in canvas pixels (per em), tracking in em, leading in em from baseline to baseline, fill `#rrggbb`.

    optical: "display" for headlines, "text" for small copy (families with optical sizes draw sturdier letters).
    width: the width axis (62..125 for Archivo), None for the family's own.
    """

    font: str = "inter"
    size: float = 40.0
    weight: int = 700
    tracking: float = 0.0
    leading: float = 1.1
    fill: str = "#17171a"
    case: Case = "none"
    italic: bool = False
    optical: fonts.Optical = "display"
    width: float | None = None
    emphasis: Emphasis | None = None

    @property
    def cut(self) -> Cut:
        return Cut(self.font, self.weight, self.italic, self.tracking, self.case, self.optical, self.width, 1.0)

    @property
    def emphasis_cut(self) -> Cut | None:
        e = self.emphasis
        if e is None:
            return None
        same = e.font is None or e.font == self.font
        weight = self.weight if e.weight is None else e.weight
        tracking = self.tracking if e.tracking is None else e.tracking
        width = self.width if same else None
        return Cut(e.font or self.font, weight, e.italic, tracking, e.case or self.case, self.optical, width, e.scale)


def measure_space(style: Style) -> float:
    """The width of a space, in em."""
    return shape(" ", (), style.cut, None, False).advance


def number(value: float) -> str:
    """A number as short as two decimals allow."""
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short in ("-0", "") else short


def paint(value: str) -> str:
    """A colour of ours, checked: `#rrggbb`, `url(#id)`, `none` or `currentColor`. ValueError otherwise."""
    if not _PAINT.fullmatch(value):
        raise ValueError(f"{value!r} is not a colour. Write it as #rrggbb.")
    return value
