"""The canvas that a template draws on.

Templates think in units: the canvas's short side is always 1080, so an ad at any pixel size of a ratio is the same layout. The canvas keeps
the books: every text with its contrast, every place that something stands on, and how much of a text the product covers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cached_property
from typing import Literal

from studio.render import colours, light, pictures, placement
from studio.render.shaping import is_rtl
from studio.render.spec import Box, Drawing, Picture, StaticAd, TextBox
from studio.render.svg import Piece, Ref, Svg
from studio.render.templates.books import Books, Standing, grained
from studio.render.templates.copy import Copy, copy_of
from studio.render.templates.lineup import lineup
from studio.render.text import Align, Block, Placed, Vertical

SHORT_SIDE = 1080.0
SMALLEST_TEXT = 26.0
SMALLEST_STORY_TEXT = 34.0
_STORY_TOP, _STORY_BOTTOM = 250 / 1920, 330 / 1920

Kind = Literal["square", "portrait", "story", "landscape"]


class Canvas:
    """One ad while it is drawn. All lengths and boxes are units (short side 1080), never pixels.

    width, height; kind; margin; safe: where texts may stand. copy: the texts as a template should set them. rtl: the copy reads from
    right to left. flip: the layout is mirrored (by the reading direction, by `mirror()`); ask `side`/`across` instead of testing it.
    """

    def __init__(self, ad: StaticAd) -> None:
        self.ad, self.brand, self.variant = ad, ad.brand, max(0, ad.variant)
        self.unit = min(ad.width, ad.height) / SHORT_SIDE
        self.width, self.height = ad.width / self.unit, ad.height / self.unit
        self.kind: Kind = _kind(self.width / self.height)
        self.margin = 80.0 if self.kind in {"landscape", "story"} else 72.0
        top, bottom = self.margin, self.height - self.margin
        if self.kind == "story":
            top, bottom = _STORY_TOP * self.height + 12, self.height * (1 - _STORY_BOTTOM) - 12
        self.safe = Box(self.margin, top, self.width - 2 * self.margin, bottom - top)
        self.copy: Copy = copy_of(ad)
        self.rtl = is_rtl(self.copy.headline or self.copy.subline or "a")
        self.flip = self.rtl
        self.smallest = SMALLEST_STORY_TEXT if self.kind == "story" else SMALLEST_TEXT
        self.svg = Svg(self.width, self.height)
        self.books = Books()
        self.avoid = self.books.avoid

    # What there is

    @cached_property
    def item(self) -> pictures.Product | None:
        """The product: the cut-out of the first picture that has a trustworthy one."""
        return next(iter(self.items(1)), None)

    def items(self, most: int = 3) -> list[pictures.Product]:
        """Up to so many cut-outs."""
        found = (pictures.product(picture) for picture in self.ad.pictures[:8])
        return [item for item in found if item is not None][:most]

    @cached_property
    def range(self) -> pictures.Product | None:
        """Up to three cut-outs standing side by side as one thing (the first in the middle and in front); a single one as it is."""
        return lineup(self.items(3))

    @cached_property
    def photo(self) -> Picture | None:
        """The first picture, if none of them can be cut out: then it is shown as a photo."""
        return self.ad.pictures[0] if self.ad.pictures and self.item is None else None

    @property
    def px(self) -> float:
        """Raster pixels for one unit: the `scale` of everything soft."""
        return self.unit * self.ad.pixel_scale

    # Colours

    def grounds(self, edges: Sequence[str] = ()) -> list[str]:
        """The brand's grounds, best first, apart from the product's edges where the brand allows it."""
        b = self.brand
        return colours.grounds(b.primary, b.accent, b.dark, b.light, edges)

    def ink(self, ground: str | Sequence[str], *preferred: str) -> str:
        """A colour for text on a ground, under grain too; without a wish the brand's dark or light, whichever reads better."""
        grounds = grained(ground)
        own = sorted((self.brand.dark, self.brand.light), key=lambda c: -colours.worst_contrast(c, grounds))
        return colours.readable_on(grounds, *preferred, *own, colours.PAPER, colours.INK)

    def accent(self, ground: str | Sequence[str], beside: str | None = None) -> str:
        """A colour for the emphasised word: the brand's accent or primary where they read on the ground, else `beside`."""
        grounds = grained(ground)
        text = beside or self.ink(ground)
        for colour in (self.brand.accent, self.brand.primary):
            for lift in (0.0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18):
                lightness, chroma, _ = colours.to_oklch(colour)
                tried = colours.with_lightness(colour, lightness + lift) if lift else colours.check(colour)
                far = colours.difference(tried, text) > 0.16
                if chroma > 0.05 and far and colours.worst_contrast(tried, grounds) >= 4.5:
                    return tried
        return text

    # Sides: written for a layout that reads from the left, mirrored where `flip` is set

    def mirror(self, wish: bool = True) -> None:
        """Mirror the layout (never a picture)."""
        self.flip = self.rtl ^ wish

    def across(self, box: Box) -> Box:
        """The box on the other side of the canvas, if the layout is mirrored."""
        return replace(box, x=self.width - box.x - box.width) if self.flip else box

    def x(self, x: float) -> float:
        """The same for a point."""
        return self.width - x if self.flip else x

    def side(self, side: Literal["left", "right"]) -> Literal["left", "right"]:
        """The same for the name of a side."""
        if not self.flip:
            return side
        return "right" if side == "left" else "left"

    def prefer(self, x: float, y: float) -> tuple[float, float]:
        """The same for `placement`'s wish."""
        return (1 - x if self.flip else x), y

    def angle(self, angle: float) -> float:
        """The same for the direction of a shadow."""
        return 180 - angle if self.flip else angle

    @property
    def align(self) -> Align:
        """How copy is aligned in a column: by its reading direction, mirrored layout or not."""
        return "right" if self.rtl else "left"

    # Text

    def put(
        self,
        role: str,
        block: Block,
        ground: str | Sequence[str],
        x: float,
        y: float,
        *,
        width: float | None = None,
        align: Align | None = None,
        valign: Vertical = "top",
        dip: bool = False,
        plate: bool = False,
    ) -> Placed:
        """Draws a text and books it. ground: the colour(s) it stands on. dip: the product may dip into its last line by DIP of its
        height; else nothing may touch it. plate: it stands on a button or the like, which no shadow falls on."""
        placed = block.at(x, y, width=width, align=align or self.align, valign=valign)
        self.book(role, block, placed, ground, dip=dip, plate=plate)
        self.svg.text(placed)
        return placed

    def book(
        self,
        role: str,
        block: Block,
        placed: Placed,
        ground: str | Sequence[str],
        *,
        dip: bool = False,
        plate: bool = False,
    ) -> None:
        """Books a text without drawing it (draw it later with `svg.text`)."""
        if block:
            self.books.text(role, block, placed, ground, dip=dip, plate=plate)

    def keep_free(self, box: Box) -> None:
        """Nothing placed later may touch this box."""
        self.avoid.append(box)

    def note(self, sentence: str) -> None:
        """Tells the person something, once."""
        self.books.note(sentence)

    # Pictures

    def place(
        self,
        item: pictures.Product,
        area: Box,
        *,
        gap: float = 28.0,
        prefer: tuple[float, float] = (0.5, 1.0),
        bleed: Collection[str] = (),
        bleed_share: float = 0.35,
        largest: float = 1.0,
        avoid: Sequence[Box] | None = None,
    ) -> Box | None:
        """`placement.place` around everything booked so far (or `avoid`). Sides are real ones: mirror them with `side` and `prefer`."""
        return placement.place(
            item.shape,
            area,
            self.avoid if avoid is None else avoid,
            gap=gap,
            prefer=prefer,
            bleed=bleed,
            bleed_share=bleed_share,
            largest=largest,
        )

    def stand(
        self,
        item: pictures.Product,
        box: Box,
        ground: str,
        *,
        angle: float = 150.0,
        cast: float = 0.34,
        contact: float = 0.42,
        length: float = 0.62,
        blur: float = 0.035,
        clip: Ref | None = None,
        under: int | None = None,
    ) -> None:
        """Draws the product standing in its box, with the shadow it throws (see `light.cast_shadow`; mirrored with the layout) and the
        line where it touches the ground. The shadows are a deep shade of the ground. clip: the thrown shadow shows only there.
        under: the level (see `Svg.beneath`) of the shadows, where texts painted since then lie under the product but over its shadows."""
        with nullcontext() if under is None else self.svg.beneath(under):
            if cast:
                self.veil(
                    light.cast_shadow(
                        item,
                        box,
                        angle=self.angle(angle),
                        length=length,
                        blur=blur,
                        colour=colours.shade(ground, 0.78),
                        strength=cast,
                        scale=self.px,
                    ),
                    colours.shade(ground, 0.78),
                    clip=clip,
                )
            if contact:
                # Round bases touch the ground a little inside their outline.
                foot = Box(box.x + 0.03 * box.width, box.y, 0.94 * box.width, 0.993 * box.height)
                tone = colours.shade(ground, 0.88)
                self.svg.piece(light.contact_shadow(item, foot, colour=tone, strength=contact, scale=self.px))
        self.show(item, box)

    def veil(self, piece: Piece, colour: str, *, clip: Ref | None = None) -> None:
        """Draws something soft of one colour under the texts, and books what it does to them (nothing, where it is cut off)."""
        self.svg.piece(piece, clip=clip)
        if clip is None:
            self.books.veil(colour, piece)

    def glow(
        self, centre: tuple[float, float], radius: float, colour: str, strength: float, *, most: float = 1.0
    ) -> None:
        """A round light under the texts, only as wide as lets no text have more of it than the opacity `most`."""
        if most < strength:
            near = min((placement.away(line, *centre) for line in self.books.lines()), default=1e6)
            while radius > 1 and light.glow_at(near, radius, strength) > most:
                radius *= 0.94
        light.glow(self.svg, centre, radius, colour, strength)
        self.books.glow(colour, centre, radius, strength)

    def show(self, item: pictures.Product, box: Box) -> None:
        """Draws the product in its box, without any shadow, at whole pixels of the final picture."""
        size = (self.ad.width, self.ad.height)
        piece = pictures.product_piece(item, self.pixels(box), size, scale=self.ad.pixel_scale)
        self.books.standing.append(Standing(item, box))
        if piece is not None:
            self.svg.piece(self.units(piece))

    def photo_in(self, picture: Picture, box: Box, *, window: Box | None = None, radius: float = 0.0) -> Box:
        """Draws a photo filling a box (round corners with `radius`), keeps its faces free of texts and its focal point
        free of stickers, and returns the window it shows."""
        part = window or pictures.cover_crop(picture, box.width / box.height)
        piece = pictures.photo_piece(
            picture, self.pixels(box), window=part, scale=self.ad.pixel_scale, ground=self.brand.light
        )
        for face in picture.faces:
            seen = pictures.on_canvas(face, part, box)
            self.books.faces.append(seen)
            self.avoid.append(seen)
        focus = pictures.on_canvas(Box(*picture.focal, 0, 0), part, box)
        core = (0.34 * box.width, 0.34 * box.height)
        self.avoid.append(Box(focus.x - core[0] / 2, focus.y - core[1] / 2, *core))
        if radius:
            with self.svg.clip() as frame:
                self.svg.rect(box, "#000000", radius=radius)
            self.svg.piece(self.units(piece), clip=frame)
        else:
            self.svg.piece(self.units(piece))
        return part

    def grain(self, strength: float = 0.045) -> None:
        """The faint film grain over all that was drawn so far."""
        light.grain(self.svg, strength)

    @contextmanager
    def within(self, box: Box, radius: float = 0.0) -> Iterator[None]:
        """What is drawn inside is cut off at the box."""
        with self.svg.clip() as frame:
            self.svg.rect(box, "#000000", radius=radius)
        with self.svg.group(clip=frame):
            yield

    def pixels(self, box: Box) -> Box:
        """A box of units as canvas pixels: for `pictures`, which makes exact pixels."""
        return Box(box.x * self.unit, box.y * self.unit, box.width * self.unit, box.height * self.unit)

    def units(self, piece: Piece) -> Piece:
        """A piece made for canvas pixels, as it is drawn here."""
        at = piece.box
        return Piece(piece.href, Box(at.x / self.unit, at.y / self.unit, at.width / self.unit, at.height / self.unit))

    # The result

    def finish(self) -> Drawing:
        """The document with its books."""
        books = self.books
        texts = tuple(
            TextBox(entry.role, self.pixels(entry.placed.box), round(books.contrast(entry), 2))
            for entry in books.entries
        )
        document = self.svg.render(self.ad.width, self.ad.height)
        return Drawing(document, self.ad.width, self.ad.height, tuple(books.notes), texts, round(books.covered(), 4))


def _kind(ratio: float) -> Kind:
    if ratio > 1.15:
        return "landscape"
    if ratio > 0.9:
        return "square"
    return "portrait" if ratio > 0.65 else "story"
