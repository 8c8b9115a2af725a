"""What the canvas remembers of an ad: texts with all that they stand on, products, places that are taken, sentences for the person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from studio.render import colours, light, pictures, placement
from studio.render.spec import Box
from studio.render.svg import Piece
from studio.render.text import Block, Placed

DIP = 0.2
"""How far (share of a line's height) the product may dip into a text drawn with `dip=True`."""
GRAIN = 0.03
"""How far film grain moves a ground towards black or white under all but a fiftieth of a text's pixels."""


def grained(grounds: str | Sequence[str]) -> list[str]:
    """The grounds with what grain makes of them: whatever reads on all of these reads in the picture."""
    plain = [grounds] if isinstance(grounds, str) else list(grounds)
    return [*plain, *(colours.mix(ground, end, GRAIN) for ground in plain for end in (colours.PAPER, "#000000"))]


@dataclass(frozen=True, slots=True)
class Veil:
    """Something soft that lies over the ground and under the texts: a shadow, a glow. most: its highest opacity within a box."""

    colour: str
    most: Callable[[Box], float]


@dataclass(frozen=True, slots=True)
class Entry:
    """A text. fills: its colours. grounds: what it was put on. plate: nothing soft comes between (a button, a sticker)."""

    role: str
    placed: Placed
    fills: frozenset[str]
    grounds: tuple[str, ...]
    dip: bool
    plate: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """A product in its box."""

    item: pictures.Product
    box: Box


class Books:
    """avoid: what must stay free. faces: of photos. ruled: hairlines that no sticker may lie on. Everything in units of the canvas."""

    def __init__(self) -> None:
        self.avoid: list[Box] = []
        self.faces: list[Box] = []
        self.ruled: list[Box] = []
        self.entries: list[Entry] = []
        self.standing: list[Standing] = []
        self.notes: list[str] = []
        self._veils: list[Veil] = []

    def text(
        self, role: str, block: Block, placed: Placed, grounds: str | Sequence[str], *, dip: bool, plate: bool
    ) -> None:
        """Enters a text, and takes its place."""
        emphasis = block.style.emphasis
        fills = frozenset({block.style.fill, (emphasis.fill if emphasis else None) or block.style.fill})
        plain = (grounds,) if isinstance(grounds, str) else tuple(grounds)
        self.entries.append(Entry(role, placed, fills, plain, dip, plate))
        for index, line in enumerate(placed.lines):
            last = index == len(placed.lines) - 1
            self.avoid.append(replace(line, height=line.height * (1 - DIP)) if dip and last else line)
        for note in block.notes:
            self.note(note)

    def note(self, sentence: str) -> None:
        """A sentence for the person, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def veil(self, colour: str, piece: Piece) -> None:
        """A soft picture of one colour, as `light` makes them."""
        self._veils.append(Veil(colour, lambda box: light.strongest(piece, box)))

    def glow(self, colour: str, centre: tuple[float, float], radius: float, strength: float) -> None:
        """A round light, as `light.glow` draws it."""
        self._veils.append(Veil(colour, lambda box: light.glow_at(placement.away(box, *centre), radius, strength)))

    def lines(self) -> list[Box]:
        """The ink of every line that light may fall on."""
        return [line for entry in self.entries if not entry.plate for line in entry.placed.lines]

    def contrast(self, entry: Entry) -> float:
        """The lowest contrast of a text over all that can lie under it: its grounds, as they are and under every veil, with grain."""
        worst = 21.0
        for line in entry.placed.lines or (entry.placed.box,):
            found = list(entry.grounds)
            if not entry.plate:
                for veil in self._veils:
                    opacity = veil.most(line)
                    if opacity > 0.004:
                        found += [colours.mix(ground, veil.colour, opacity) for ground in found]
            worst = min(worst, *(colours.worst_contrast(fill, grained(found)) for fill in entry.fills))
        return worst

    def covered(self) -> float:
        """The largest share of a text's line under or over a product or a face; what a dipping product may take does not count."""
        return max((self._covered(entry) for entry in self.entries), default=0.0)

    def _covered(self, text: Entry) -> float:
        worst = 0.0
        for index, line in enumerate(text.placed.lines):
            last = index == len(text.placed.lines) - 1
            box = replace(line, height=line.height * (1 - DIP)) if text.dip and last else line
            area = max(1e-6, box.width * box.height)
            worst = max(
                worst,
                *(placement.cover(it.item.shape, it.box, box) for it in self.standing),
                *(placement.overlap(face, box) / area for face in self.faces),
                0.0,
            )
        return worst
