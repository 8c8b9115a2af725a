"""Writes our SVG documents.

Nothing foreign gets in: numbers are rounded here, colours are checked, path data and picture references must match their alphabets, and
there is no way to write a text. Ids are prefixed, so several drawings can stand inline in one page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from studio.render import colours
from studio.render.spec import Box
from studio.render.text import Placed

ELEMENTS = frozenset(
    [
        "svg",
        "title",
        "defs",
        "g",
        "rect",
        "circle",
        "ellipse",
        "path",
        "image",
        "linearGradient",
        "radialGradient",
        "stop",
        "clipPath",
        "mask",
        "pattern",
    ]
)
"""Every element that a document of ours can hold."""

WORDS = "words"
"""The class of every group that holds a text; nothing else in a document has a class."""

_TITLE = "Ad preview"
_PATH = re.compile(r"[MmLlHhVvCcSsQqTtAaZz0-9eE+\-., ]*")
_PICTURE = re.compile(r"data:image/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]+")
_PREFIX = re.compile(r"[a-z][a-z0-9]{0,15}")
_BLENDS = frozenset({"normal", "multiply", "screen", "overlay", "soft-light"})


@dataclass(frozen=True, slots=True)
class Ref:
    """Names a gradient, clip path or mask of the same drawing. Gradients go where a colour goes."""

    name: str

    @property
    def url(self) -> str:
        """As SVG writes it."""
        return f"url(#{self.name})"


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of a gradient; offset and opacity are 0..1."""

    offset: float
    colour: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A raster picture with the place it belongs to, in canvas pixels."""

    href: str
    box: Box


Paint = str | Ref | None


def number(value: float) -> str:
    """A number as short as it can be written: two decimals, no trailing zeros."""
    rounded = round(float(value), 2)
    if rounded != rounded or abs(rounded) > 1e6:
        raise ValueError(f"{value!r} is not a length that can be drawn.")
    text = f"{rounded:.2f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text


def transform(
    *, move: tuple[float, float] = (0, 0), turn: float = 0.0, scale: float | tuple[float, float] = 1.0
) -> str:
    """`transform` for a group or path: scaled first, then turned (degrees, clockwise), then moved."""
    wide, high = scale if isinstance(scale, tuple) else (scale, scale)
    parts = []
    if move != (0, 0):
        parts.append(f"translate({number(move[0])} {number(move[1])})")
    if turn:
        parts.append(f"rotate({number(turn)})")
    if (wide, high) != (1, 1):
        parts.append(f"scale({wide:.5g} {high:.5g})")
    return "".join(parts)


class Svg:
    """One drawing. Draw calls append in painting order; `render` gives the document.

    prefix: lower-case letters and digits; unique per drawing on a page.
    """

    def __init__(self, width: float, height: float, prefix: str = "a") -> None:
        if not _PREFIX.fullmatch(prefix):
            raise ValueError("A drawing's prefix is a lower-case letter and up to 15 letters or digits.")
        self.width, self.height = width, height
        self._prefix = prefix
        self._count = 0
        self._defs: list[str] = []
        self._body: list[str] = []
        self._target = self._body

    def render(self, width: float | None = None, height: float | None = None) -> str:
        """The finished document. width, height: the size it says it has, where that is not the units it was drawn in."""
        size = f"{number(self.width)} {number(self.height)}"
        defs = f"<defs>{''.join(self._defs)}</defs>" if self._defs else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{number(width or self.width)}" '
            f'height="{number(height or self.height)}" viewBox="0 0 {size}" preserveAspectRatio="none" role="img"><title>{_TITLE}</title>{defs}{"".join(self._body)}</svg>'
        )

    # Things to refer to

    def linear(self, stops: Sequence[Stop], start: tuple[float, float], end: tuple[float, float]) -> Ref:
        """A straight gradient between two points in canvas pixels."""
        name = self._name()
        points = f'x1="{number(start[0])}" y1="{number(start[1])}" x2="{number(end[0])}" y2="{number(end[1])}"'
        self._defs.append(
            f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" {points}>{_stops(stops)}</linearGradient>'
        )
        return Ref(name)

    def radial(self, stops: Sequence[Stop], centre: tuple[float, float], radius: float, squash: float = 1.0) -> Ref:
        """A round gradient, in canvas pixels; `squash` below 1 makes it a flat ellipse."""
        name = self._name()
        bend = (
            f' gradientTransform="translate(0 {number(centre[1] * (1 - squash))}) scale(1 {squash:.4g})"'
            if squash != 1
            else ""
        )
        self._defs.append(
            f'<radialGradient id="{name}" gradientUnits="userSpaceOnUse" cx="{number(centre[0])}" cy="{number(centre[1])}" '
            f'r="{number(radius)}"{bend}>{_stops(stops)}</radialGradient>'
        )
        return Ref(name)

    @contextmanager
    def clip(self) -> Iterator[Ref]:
        """`with svg.clip() as window: svg.circle(...)`: the shapes drawn inside become a clip path."""
        with self._collect("clipPath") as ref:
            yield ref

    @contextmanager
    def mask(self) -> Iterator[Ref]:
        """`with svg.mask() as fade: svg.rect(...)`: what is drawn inside becomes a mask (white shows, black hides)."""
        with self._collect("mask", ' maskUnits="userSpaceOnUse"') as ref:
            yield ref

    def pattern(self, href: str, side: float) -> Ref:
        """A paint that repeats a square picture every `side` pixels."""
        name = self._name()
        self._defs.append(
            f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{number(side)}" height="{number(side)}">'
            f'<image width="{number(side)}" height="{number(side)}" href="{_picture(href)}"/></pattern>'
        )
        return Ref(name)

    # Things to see

    def rect(self, box: Box, fill: Paint, *, radius: float = 0, **more: object) -> None:
        """A rectangle, with round corners if a radius is given. `more`: see `_look`."""
        corner = f' rx="{number(radius)}"' if radius else ""
        self._target.append(f"<rect {_box(box)}{corner}{_look(fill, **more)}/>")  # type: ignore[arg-type]

    def fill(self, paint: Paint, opacity: float = 1.0) -> None:
        """The whole canvas."""
        self.rect(Box(0, 0, self.width, self.height), paint, opacity=opacity)

    def circle(self, x: float, y: float, radius: float, fill: Paint, **more: object) -> None:
        """A circle. `more`: see `_look`."""
        self._target.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"{_look(fill, **more)}/>')  # type: ignore[arg-type]

    def ellipse(self, x: float, y: float, wide: float, high: float, fill: Paint, **more: object) -> None:
        """An ellipse with two radii. `more`: see `_look`."""
        radii = f'rx="{number(wide)}" ry="{number(high)}"'
        self._target.append(f'<ellipse cx="{number(x)}" cy="{number(y)}" {radii}{_look(fill, **more)}/>')  # type: ignore[arg-type]

    def path(self, data: str, fill: Paint, **more: object) -> None:
        """Path data (outlined text comes here). `more`: see `_look`."""
        if not _PATH.fullmatch(data):
            raise ValueError("Path data holds something that is neither a command nor a number.")
        if data:
            self._target.append(f'<path d="{data}"{_look(fill, **more)}/>')  # type: ignore[arg-type]

    def text(self, placed: Placed) -> None:
        """A placed text (outlines and pictures of emoji, already written by `text`), in a group that says it is one: whoever measures
        the ground under the words leaves those groups out."""
        self._target.append(placed.svg.replace("<g>", f'<g class="{WORDS}">', 1))

    def ornament(self, placed: Placed) -> None:
        """Outlines of type that nobody has to read: a large quotation mark."""
        self._target.append(placed.svg)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], colour: str, width: float, opacity: float = 1.0
    ) -> None:
        """A straight line (hairlines: about 1/700 of the canvas's short side)."""
        data = f"M{number(start[0])} {number(start[1])}L{number(end[0])} {number(end[1])}"
        self.path(data, None, stroke=colour, stroke_width=width, opacity=opacity)

    def image(
        self,
        href: str,
        box: Box,
        *,
        opacity: float = 1.0,
        clip: Ref | None = None,
        mask: Ref | None = None,
        blend: str = "normal",
    ) -> None:
        """A picture stretched over a box (prepare it at that ratio)."""
        look = _effects(opacity, clip, mask, "", blend)
        self._target.append(f'<image {_box(box)} preserveAspectRatio="none" href="{_picture(href)}"{look}/>')

    def piece(
        self,
        piece: Piece,
        *,
        opacity: float = 1.0,
        clip: Ref | None = None,
        mask: Ref | None = None,
        blend: str = "normal",
    ) -> None:
        """A prepared picture at its place."""
        self.image(piece.href, piece.box, opacity=opacity, clip=clip, mask=mask, blend=blend)

    @contextmanager
    def group(
        self,
        *,
        opacity: float = 1.0,
        clip: Ref | None = None,
        mask: Ref | None = None,
        transform: str = "",
        blend: str = "normal",
    ) -> Iterator[None]:
        """`with svg.group(...)`: what is drawn inside is treated as one thing."""
        self._target.append(f"<g{_effects(opacity, clip, mask, transform, blend)}>")
        target = self._target
        yield
        target.append("</g>")

    def level(self) -> int:
        """How much is painted by now: a place for `beneath`."""
        return len(self._body)

    @contextmanager
    def beneath(self, level: int) -> Iterator[None]:
        """`with svg.beneath(level)`: what is drawn inside lies under everything painted since that level was asked for. Levels asked
        for later than the one that is used no longer hold."""
        outer, self._target = self._target, []
        try:
            yield
            self._body[level:level] = self._target
        finally:
            self._target = outer

    @contextmanager
    def _collect(self, element: str, more: str = "") -> Iterator[Ref]:
        name, outer = self._name(), self._target
        self._target = []
        try:
            yield Ref(name)
            self._defs.append(f'<{element} id="{name}"{more}>{"".join(self._target)}</{element}>')
        finally:
            self._target = outer

    def _name(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"


def _box(box: Box) -> str:
    return f'x="{number(box.x)}" y="{number(box.y)}" width="{number(box.width)}" height="{number(box.height)}"'


def _stops(stops: Sequence[Stop]) -> str:
    return "".join(
        f'<stop offset="{number(stop.offset)}" stop-color="{colours.check(stop.colour)}"'
        + (f' stop-opacity="{stop.opacity:.3g}"' if stop.opacity < 1 else "")
        + "/>"
        for stop in stops
    )


def _paint(paint: Paint) -> str:
    if paint is None:
        return "none"
    return paint.url if isinstance(paint, Ref) else colours.check(paint)


def _picture(href: str) -> str:
    if not _PICTURE.fullmatch(href):
        raise ValueError("A drawing embeds only PNG, JPEG or WebP pictures that were made here.")
    return href


def _look(
    fill: Paint,
    *,
    stroke: Paint = None,
    stroke_width: float = 0.0,
    dashes: Sequence[float] = (),
    opacity: float = 1.0,
    clip: Ref | None = None,
    mask: Ref | None = None,
    transform: str = "",
    blend: str = "normal",
    even_odd: bool = False,
) -> str:
    """Attributes of a shape: fill and stroke are colours, gradients or None."""
    parts = [f' fill="{_paint(fill)}"']
    if even_odd:
        parts.append(' fill-rule="evenodd" clip-rule="evenodd"')
    if stroke is not None:
        parts.append(
            f' stroke="{_paint(stroke)}" stroke-width="{number(stroke_width)}" stroke-linejoin="round" stroke-linecap="round"'
        )
        if dashes:
            parts.append(f' stroke-dasharray="{" ".join(map(number, dashes))}"')
    return "".join(parts) + _effects(opacity, clip, mask, transform, blend)


_TRANSFORM = re.compile(r"(?:(?:translate|rotate|scale|matrix)\([0-9eE+\-. ]+\))*")


def _effects(opacity: float, clip: Ref | None, mask: Ref | None, transform: str, blend: str) -> str:
    if not _TRANSFORM.fullmatch(transform):
        raise ValueError("A transform is made by svg.transform(…).")
    if blend not in _BLENDS:
        raise ValueError(f"“{blend[:40]}” is not one of the blend modes {', '.join(sorted(_BLENDS))}.")
    parts = []
    if opacity < 1:
        parts.append(f' opacity="{max(0.0, opacity):.3g}"')
    if clip is not None:
        parts.append(f' clip-path="{clip.url}"')
    if mask is not None:
        parts.append(f' mask="{mask.url}"')
    if transform:
        parts.append(f' transform="{transform}"')
    if blend != "normal":
        parts.append(f' style="mix-blend-mode:{blend}"')
    return "".join(parts)
