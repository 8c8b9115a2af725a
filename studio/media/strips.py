"""A picture made upright and sRGB in strips: the whole of it is in memory once as it was, or once as it will be, never both.

Runs inside `studio.media.child` only.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

STRIP_PIXELS = 4_000_000
_FLIPPED = (
    Image.Transpose.FLIP_TOP_BOTTOM,
    Image.Transpose.ROTATE_180,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_270,
)
_SIDEWAYS = (
    Image.Transpose.TRANSPOSE,
    Image.Transpose.TRANSVERSE,
    Image.Transpose.ROTATE_90,
    Image.Transpose.ROTATE_270,
)


Cut = Callable[[int, int], Image.Image]
"""The rows from one to before another."""


class Strips:
    """Lays the strips of a picture aside in the working directory, and puts them together again, turned.

    change: an image to RGB or RGBA of the same size.
    """

    def __init__(self, size: tuple[int, int], cut: Cut, change: Callable[[Image.Image], Image.Image]) -> None:
        self.width, self.height = size
        self.rows = max(1, STRIP_PIXELS // self.width)
        self.modes = [self._lay(number, change(cut(*self._span(number)))) for number in range(self.count)]

    @property
    def count(self) -> int:
        return -(-self.height // self.rows)

    def joined(self, turn: Image.Transpose | None) -> Image.Image:
        mode = "RGBA" if "RGBA" in self.modes else "RGB"
        size = (self.height, self.width) if turn in _SIDEWAYS else (self.width, self.height)
        whole = Image.new(mode, size, "#000000ff" if mode == "RGBA" else "#000000")
        for number in range(self.count):
            strip = self._taken(number)
            whole.paste(strip.transpose(turn) if turn is not None else strip, self._place(number, turn))
        return whole

    def _span(self, number: int) -> tuple[int, int]:
        return number * self.rows, min(self.height, (number + 1) * self.rows)

    def _place(self, number: int, turn: Image.Transpose | None) -> tuple[int, int]:
        """Left and top of the strip in the turned picture."""
        first, after = self._span(number)
        along = self.height - after if turn in _FLIPPED else first
        return (along, 0) if turn in _SIDEWAYS else (0, along)

    def _lay(self, number: int, strip: Image.Image) -> str:
        Path(f"strip-{number}").write_bytes(strip.tobytes())
        return strip.mode

    def _taken(self, number: int) -> Image.Image:
        path, (first, after) = Path(f"strip-{number}"), self._span(number)
        strip = Image.frombytes(self.modes[number], (self.width, after - first), path.read_bytes())
        path.unlink()
        return strip
