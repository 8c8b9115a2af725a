"""One line of text, shaped: bidi order, a face for every character, kerning, and outlines or emoji pictures. Everything at one em = 1."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Any, Literal, NamedTuple

import uharfbuzz as hb
from bidi import algorithm

from studio.render import fonts
from studio.render.words import Mark, clusters, language_of

Case = Literal["none", "upper"]
_JOINED_SCRIPTS = frozenset({"Arab", "Syrc", "Mong", "Deva", "Beng"})
_CAPITAL_SCRIPTS = ((0x0000, 0x058F), (0x1E00, 0x2BFF))
_EMOJI_BMP = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)


class Cut(NamedTuple):
    """What decides the shapes of letters (and not their size or colour). tracking is in em; scale is relative to the line."""

    font: str
    weight: int
    italic: bool
    tracking: float
    case: Case
    optical: fonts.Optical
    width: float | None
    scale: float


class Glyph(NamedTuple):
    """A glyph of a run: id, and the place of its origin in the run's font units."""

    id: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring glyphs of one face, in visual order. x is its left end on the line; scale turns font units into em; advance is in em.

    An emoji run has one glyph, and is drawn as a picture of `size` em with its lower left corner at (x, lift).
    """

    file: str
    font: hb.Font
    emphasised: bool
    x: float
    scale: float
    advance: float
    glyphs: tuple[Glyph, ...]
    size: tuple[float, float] | None = None
    lift: float = 0.0


@dataclass(frozen=True, slots=True)
class Shaped:
    """A shaped line in em, y downwards, baseline at 0. ink is left, top, right, bottom; cap_top is where it looks as if it began."""

    runs: tuple[Run, ...]
    advance: float
    ink: tuple[float, float, float, float]
    cap_top: float
    interlocks: bool
    missing: bool


def is_emoji(cluster: str) -> bool:
    if "\ufe0e" in cluster or not fonts.covers(fonts.EMOJI_FILE, cluster[0]):
        return False
    return cluster[0] >= "\U0001f000" or cluster[0] in _EMOJI_BMP or "\ufe0f" in cluster or "\u20e3" in cluster


def is_rtl(text: str) -> bool:
    """The direction of a paragraph: that of its first letter with a direction."""
    return bool(algorithm.get_base_level(text) % 2)


@lru_cache(maxsize=2048)
def shape(text: str, marks: tuple[Mark, ...], cut: Cut, emphasis: Cut | None, rtl: bool) -> Shaped:
    """Shape one line. `marks` are the emphasised stretches, drawn as `emphasis` says (as the rest where that is None)."""
    items, missing = _items(text.replace("\u00ad", "").replace("\u200b", ""), marks, cut, emphasis, rtl)
    runs: list[Run] = []
    x = 0.0
    language = language_of(text)
    for (level, file, emphasised), group in _reordered(
        [(k, list(g)) for k, g in groupby(items, key=lambda item: item[1])]
    ):
        content = [cluster for cluster, _ in group]
        use = emphasis if emphasised and emphasis else cut
        if file == fonts.EMOJI_FILE:
            made = _emoji_runs(content, level, emphasised, use, x)
        else:
            made = [_text_run("".join(content), level, file, emphasised, use, x, language)]
        runs.extend(made)
        x = made[-1].x + made[-1].advance if made else x
    return _measured(tuple(runs), x, text, cut, missing)


def _items(
    text: str, marks: tuple[Mark, ...], cut: Cut, emphasis: Cut | None, rtl: bool
) -> tuple[list[tuple[str, tuple[int, str, bool]]], bool]:
    """Clusters in logical order, each with (bidi level, file, emphasised); and whether any had to be left out for want of a glyph."""
    parts = clusters(text)
    levels = _levels(parts, rtl)
    out: list[tuple[str, tuple[int, str, bool]]] = []
    at, missing, last = 0, False, ""
    for cluster, level in zip(parts, levels, strict=True):
        emphasised = emphasis is not None and any(start <= at < end for start, end in marks)
        at += len(cluster)
        use = emphasis if emphasised and emphasis else cut
        drawn = cluster.upper() if use.case == "upper" else cluster
        files = fonts.chain(use.font, use.italic, use.weight, use.optical)
        if is_emoji(cluster):
            file: str | None = fonts.EMOJI_FILE
        elif cluster == "\u3000" and last:
            file = last
        else:
            file = fonts.first_with(files, drawn)
        if file is None:
            file, drawn, missing = fonts.first_with(files, drawn[0]), drawn[0], True
        if file is not None:
            out.append((drawn, (level, file, emphasised)))
            last = file
    return out, missing


def _levels(parts: list[str], rtl: bool) -> list[int]:
    """One bidi level for each cluster (UAX 9 on the first character of each; joiners and marks follow their base)."""
    if not rtl and all(ord(part[0]) < 0x590 for part in parts):
        return [0] * len(parts)
    storage: dict[str, Any] = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = int(rtl), "R" if rtl else "L"
    # Characters that rule X9 removes would shift the list of levels; a space in their place is as neutral.
    removed = set(algorithm.X9_REMOVED) | {"BN", "B", "S"}
    firsts = "".join(" " if algorithm.bidirectional(part[0]) in removed else part[0] for part in parts)
    algorithm.get_embedding_levels(firsts, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    return [int(character["level"]) for character in storage["chars"]]


_Item = tuple[tuple[int, str, bool], list[tuple[str, tuple[int, str, bool]]]]


def _reordered(runs: list[_Item]) -> list[_Item]:
    """Rule L2: from the highest level down, turn round every stretch of runs at that level or above."""
    for level in range(max((run[0][0] for run in runs), default=0), 0, -1):
        start = 0
        while start < len(runs):
            end = start
            while end < len(runs) and runs[end][0][0] >= level:
                end += 1
            runs[start:end] = runs[start:end][::-1]
            start = max(end, start + 1)
    return runs


def _text_run(text: str, level: int, file: str, emphasised: bool, cut: Cut, x: float, language: str) -> Run:
    family = fonts.font(cut.font)
    made = fonts.instance(file, cut.weight, cut.optical, cut.width or family.width)
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if level % 2 else "ltr"
    if language:
        buffer.language = {"zh": "zh-Hans", "zh-hant": "zh-Hant"}.get(language, language)
    spaced = cut.tracking != 0 and buffer.script not in _JOINED_SCRIPTS
    # Prices and percentages stand as high as capitals; letter-spaced words do without ligatures.
    hb.shape(made, buffer, {"lnum": True, "liga": not spaced, "clig": not spaced})
    upem = fonts.units_per_em(file)
    extra = round(cut.tracking * upem) if spaced else 0
    glyphs: list[Glyph] = []
    pen, cluster = 0, -1
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        if extra and cluster not in (-1, info.cluster):
            pen += extra
        cluster = info.cluster
        glyphs.append(Glyph(info.codepoint, pen + place.x_offset, place.y_offset))
        pen += place.x_advance
    scale = cut.scale / upem
    return Run(file, made, emphasised, x, scale, (pen + extra) * scale, tuple(glyphs))


def _emoji_runs(content: list[str], level: int, emphasised: bool, cut: Cut, x: float) -> list[Run]:
    """Emoji as high as the capitals and a quarter, centred on them: that is how large they look beside letters."""
    made = fonts.instance(fonts.EMOJI_FILE, 400, "text", None)
    cap = fonts.height_of("H", cut.font, cut.weight, cut.italic, cut.optical)
    high = min(1.28 * cap, 1.05) * cut.scale
    wide = high * 136 / 128
    runs: list[Run] = []
    for cluster in content if level % 2 == 0 else reversed(content):
        buffer = hb.Buffer()
        buffer.add_str(cluster)
        buffer.guess_segment_properties()
        hb.shape(made, buffer)
        for info in buffer.glyph_infos:
            if emoji_png(info.codepoint):
                lift = (cap * cut.scale - high) / 2
                runs.append(
                    Run(
                        fonts.EMOJI_FILE,
                        made,
                        emphasised,
                        x,
                        1.0,
                        wide * 1.04,
                        (Glyph(info.codepoint, 0, 0),),
                        (wide, high),
                        lift,
                    )
                )
                x += wide * 1.04
    return runs


def _measured(runs: tuple[Run, ...], advance: float, text: str, cut: Cut, missing: bool) -> Shaped:
    left, top, right, bottom = 9e9, 9e9, -9e9, -9e9
    for run in runs:
        if run.size:
            boxes = [(run.x, -run.lift - run.size[1], run.x + run.size[0], -run.lift)]
        else:
            boxes = [_ink(run, glyph) for glyph in run.glyphs]
        for x0, y0, x1, y1 in boxes:
            if x1 > x0:
                left, top, right, bottom = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
    if right < left:
        left = top = right = bottom = 0.0
    letters = [c for c in text if c.isalpha()]
    capitals = all(any(low <= ord(c) <= high for low, high in _CAPITAL_SCRIPTS) for c in letters)
    own = (*fonts.font(cut.font).upright, *fonts.font(cut.font).italic)
    lettered = [(len(run.glyphs), run.file in own or run.emphasised) for run in runs if not run.size]
    borrowed = 2 * sum(count for count, ours in lettered if ours) < sum(count for count, _ in lettered)
    cap = -fonts.height_of("H", cut.font, cut.weight, cut.italic, cut.optical) * cut.scale
    # The cap height of the family says nothing about letters that another family drew.
    return Shaped(
        runs, advance, (left, top, right, bottom), top if borrowed or not capitals else cap, capitals, missing
    )


def _ink(run: Run, glyph: Glyph) -> tuple[float, float, float, float]:
    x, y, width, height = _extents(run.font, glyph.id)
    left = run.x + (glyph.x + x) * run.scale
    top = -(glyph.y + y) * run.scale
    return left, top, left + width * run.scale, top - height * run.scale


@lru_cache(maxsize=8192)
def _extents(font: hb.Font, glyph: int) -> tuple[int, int, int, int]:
    extents = font.get_glyph_extents(glyph)
    return (extents.x_bearing, extents.y_bearing, extents.width, extents.height) if extents else (0, 0, 0, 0)


@lru_cache(maxsize=512)
def emoji_png(glyph: int) -> bytes | None:
    """The PNG picture (136 x 128) of an emoji glyph."""
    blob = fonts.instance(fonts.EMOJI_FILE, 400, "text", None).get_glyph_color_png(glyph)
    return bytes(blob.data) if blob and blob.data else None


@lru_cache(maxsize=128)
def emoji_uri(glyph: int) -> str:
    return "data:image/png;base64," + base64.b64encode(emoji_png(glyph) or b"").decode()


class _Pen:
    """Writes a glyph as relative path commands, y downwards. HarfBuzz calls its methods by these names."""

    def __init__(self) -> None:
        self.start: tuple[int, int] | None = None
        self.at = self.begin = (0, 0)
        self.out: list[str] = []

    def _step(self, command: str, *points: tuple[float, float]) -> None:
        steps = [n for x, y in points for n in (round(x) - self.at[0], -round(y) - self.at[1])]
        self.out.append(command + " ".join(map(str, steps)).replace(" -", "-"))
        self.at = (round(points[-1][0]), -round(points[-1][1]))

    def moveTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        if self.start is None:
            self.start = self.at = self.begin = (round(point[0]), -round(point[1]))
        else:
            # After "z" the pen stands where the last contour began, and a relative move starts there.
            self.at = self.begin
            self._step("m", point)
            self.begin = self.at

    def lineTo(self, point: tuple[float, float]) -> None:  # noqa: N802
        self._step("l", point)

    def qCurveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._step("q", *points)

    def curveTo(self, *points: tuple[float, float]) -> None:  # noqa: N802
        self._step("c", *points)

    def closePath(self) -> None:  # noqa: N802
        self.out.append("z")


@lru_cache(maxsize=8192)
def outline(font: hb.Font, glyph: int) -> tuple[int, int, str]:
    """A glyph in font units, y downwards: where its first contour begins, and the rest as relative path commands ("" for a space)."""
    pen = _Pen()
    font.draw_glyph_with_pen(glyph, pen)
    return (*(pen.start or (0, 0)), "".join(pen.out))
