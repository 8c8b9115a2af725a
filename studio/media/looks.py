"""The look of an inspiration: colours, light, how the words stand, what kind of ground. Found once, in the limited child.

Everything is measured on a small copy and is a plain number that a person could check by eye; no model is asked but the face finder. What
the numbers are used for is told in docs/references.md.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from studio.media.lettering import BASE_PX, Lettering, find_lettering, mean_of
from studio.media.limits import refusal_of_size
from studio.render import colours, tones
from studio.render.faces import find_faces

VERSION = 1
_SIDE_PX = 1200
FAMILIES = ("split", "hero", "editorial", "review", "poster", "arch")
"""The layouts of static ads that a picture is compared with; their slugs are those of the local templates."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What was measured. Shares are 0..1.

    palette: five colours, most important first; ground: the border's. ratio: width over height. brightness: mean, black to white. warmth: -1
    blue to 1 orange. density: of the picture under lettering; coarse, fine: of that, very large type and small print; lines; words_x, words_y:
    the middle of the words. faces; face: height of the largest as a share of the picture's. plain: how even the border is. texture: how busy
    all is that is no lettering. vivid: how colourful the ground is; colourful: all of it. even: how alike left and right are. framed: how much
    the middle differs from an even border.
    """

    palette: tuple[str, ...]
    ground: str
    ratio: float
    brightness: float
    warmth: float
    density: float
    coarse: float
    fine: float
    lines: int
    words_x: float
    words_y: float
    faces: int
    face: float
    plain: float
    texture: float
    vivid: float
    colourful: float
    even: float
    framed: float


def look_at_file(file: BinaryIO) -> dict[str, Any]:
    """The look of a stored picture, as it is kept in `Reference.look`: the facts, the likeness to each layout, words for people."""
    stored = Image.open(file)
    refusal = refusal_of_size(*stored.size)
    if refusal:
        raise ValueError(refusal)
    stored.draft("RGB", (_SIDE_PX, _SIDE_PX))
    image = ImageOps.exif_transpose(stored)
    image.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX, reducing_gap=2.0)
    return look_of(image)


def look_of(image: Image.Image) -> dict[str, Any]:
    """The same of a decoded, upright picture. Some 150 ms of one core, most of it the look for faces."""
    facts = facts_of(image)
    likeness = families(facts)
    best = max(likeness, key=lambda name: likeness[name])
    return {
        "version": VERSION,
        **asdict(facts),
        "families": likeness,
        "layout": best,
        "side": side_of(facts),
        "words": words_about(facts),
    }


def facts_of(image: Image.Image) -> Facts:
    flat = _flat(image)
    found, faces = find_lettering(flat), find_faces(flat)
    tiny = flat.resize((48, 48), Image.Resampling.BOX, reducing_gap=2.0)
    small: NDArray[np.float32] = np.asarray(tiny, np.float32) / np.float32(255)
    border = np.concatenate(
        [small[:3].reshape(-1, 3), small[-3:].reshape(-1, 3), small[:, :3].reshape(-1, 3), small[:, -3:].reshape(-1, 3)]
    )
    middle = np.median(border, 0)
    near = np.abs(border - middle).max(1) < 0.09
    ground = colours.to_hex((middle * 255).tolist())
    grey = np.asarray(small @ np.array([0.2126, 0.7152, 0.0722], np.float32), np.float32)
    palette = tuple((tones.palette(flat, 5) * 5)[:5])
    return Facts(
        palette=palette,
        ground=ground,
        ratio=round(image.width / image.height, 4),
        brightness=round(float(grey.mean()), 3),
        warmth=round(float(np.clip(2 * (small[..., 0].mean() - small[..., 2].mean()), -1, 1)), 3),
        density=found.density,
        coarse=found.coarse,
        fine=found.fine,
        lines=found.lines,
        words_x=found.x,
        words_y=found.y,
        faces=len(faces),
        face=round(max((face.box.height for face in faces), default=0.0), 3),
        plain=round(float(near.mean()), 3),
        texture=_texture(flat, found),
        vivid=round(colours.to_oklch(ground)[1] / 0.3, 3),
        colourful=round(float(np.mean([colours.to_oklch(colour)[1] for colour in palette])) / 0.3, 3),
        even=_evenness(grey),
        framed=_framed(small, middle, float(near.mean())),
    )


def _flat(image: Image.Image) -> Image.Image:
    """RGB; what is see-through shows white."""
    if image.mode not in ("RGBA", "LA", "PA", "P"):
        return image.convert("RGB")
    seen = image.convert("RGBA")
    flat = Image.new("RGB", seen.size, "#ffffff")
    flat.paste(seen, mask=seen.getchannel("A"))
    return flat


def _texture(image: Image.Image, found: Lettering) -> float:
    """How much changes from pixel to pixel where no words are."""
    grey = image.convert("L").resize((found.mask.shape[1], found.mask.shape[0]), Image.Resampling.BOX, reducing_gap=2.0)
    plane = np.asarray(grey, np.float32) / 255
    change = np.zeros_like(plane)
    change[1:, 1:] = np.abs(plane[1:, 1:] - plane[:-1, 1:]) + np.abs(plane[1:, 1:] - plane[1:, :-1])
    # The rim of a shape is a line and counts little; a photograph changes everywhere.
    busy = mean_of((change > 0.012).astype(np.float32), 3, 3) > 0.4
    away = mean_of(found.mask.astype(np.float32), 6, 6) == 0
    return round(float(busy[away].mean()), 3) if away.any() else 0.0


def _evenness(grey: NDArray[np.float32]) -> float:
    """How alike the picture and its mirror image are, against how much there is to see."""
    spread = float(np.abs(grey - np.median(grey)).mean()) + 0.02
    return round(float(np.clip(1 - np.abs(grey - grey[:, ::-1]).mean() / (1.6 * spread), 0, 1)), 3)


def _framed(small: NDArray[np.float32], ground: NDArray[np.float32], plain: float) -> float:
    """Whether the middle is another, even colour than an even border: a window, an arch, a sun."""
    inner = small[18:44, 15:33].reshape(-1, 3)
    common = np.median(inner, 0)
    alike = float((np.abs(inner - common).max(1) < 0.12).mean())
    apart = float(np.abs(common - ground).max())
    return round(min(1.0, apart / 0.12) * alike * plain, 3)


def near(value: float, low: float, high: float, soft: float) -> float:
    """1 within low..high, falling to 0 over `soft` outside of it."""
    away = max(low - value, value - high, 0.0)
    return max(0.0, 1.0 - away / soft)


def families(facts: Facts) -> dict[str, float]:
    """How like each layout it is, 0..1. Each is the mean of a few questions; what a layout lives of counts double."""
    f = facts
    flat = near(f.texture, 0.0, 0.2, 0.3)
    aside = min(1.0, abs(f.words_x - 0.5) / 0.16) if f.density else 0.0
    centred = 1 - min(1.0, abs(f.words_x - 0.5) / 0.16)
    questions: dict[str, tuple[float, ...]] = {
        "split": (
            aside,
            aside,
            f.plain,
            flat,
            near(f.density, 0.06, 0.22, 0.1),
            near(f.coarse, 0.0, 0.5, 0.3),
            1 - f.even,
        ),
        "hero": (
            near(f.density, 0.18, 0.5, 0.12),
            f.coarse,
            centred,
            near(f.words_y, 0.25, 0.55, 0.2),
            flat,
            f.even,
            f.even,
        ),
        "editorial": (1 - flat, 1 - flat, 1 - f.plain, near(f.density, 0.0, 0.09, 0.08), near(f.coarse, 0.0, 0.2, 0.5)),
        "review": (
            near(f.density, 0.14, 0.4, 0.1),
            1 - f.coarse,
            1 - f.coarse,
            f.fine,
            f.plain,
            near(f.lines, 2, 12, 2),
            flat,
        ),
        "poster": (near(f.density, 0.2, 0.7, 0.12), f.coarse, f.coarse, near(f.vivid, 0.3, 1.0, 0.3), flat, 1 - f.even),
        "arch": (f.framed, f.framed, centred, near(f.density, 0.0, 0.1, 0.08), f.even, flat),
    }
    return {name: round(sum(parts) / len(parts), 3) for name, parts in questions.items()}


def side_of(facts: Facts) -> str:
    """Where the words stand: "left", "right", "top", "bottom", "middle"; empty without words."""
    if facts.density < 0.01:
        return ""
    across, down = facts.words_x - 0.5, facts.words_y - 0.5
    if max(abs(across), abs(down)) < 0.1:
        return "middle"
    if abs(across) >= abs(down):
        return "left" if across < 0 else "right"
    return "top" if down < 0 else "bottom"


def density_of(density: float) -> str:
    """How much is written, in one word: "none", "little", "some", "much"."""
    if density < 0.01:
        return "none"
    return "little" if density < 0.09 else "some" if density < 0.2 else "much"


_WRITTEN = {"none": "No words", "little": "Few words", "some": "Some words", "much": "Many words"}
_PLACES = {
    "left": "on the left",
    "right": "on the right",
    "top": "at the top",
    "bottom": "at the bottom",
    "middle": "in the middle",
}


def words_about(facts: Facts) -> list[list[str]]:
    """What was noticed, as [title, sentence], for people."""
    light = "Dark" if facts.brightness < 0.33 else "Bright" if facts.brightness > 0.66 else "Half-light"
    tone = ", warm" if facts.warmth > 0.15 else ", cool" if facts.warmth < -0.15 else ""
    place = _PLACES.get(side_of(facts), "")
    written = f"{_WRITTEN[density_of(facts.density)]} {place}".strip()
    size = (
        ", set large"
        if facts.density >= 0.02 and facts.coarse > 0.5
        else ", in small print"
        if facts.fine > 0.9 and facts.density > 0.1
        else ""
    )
    ground = "Plain ground" if facts.plain > 0.75 else "Full picture" if facts.texture > 0.35 else "Mixed ground"
    people = "" if not facts.faces else "One face" if facts.faces == 1 else f"{facts.faces} faces"
    found = [["Light", light + tone], ["Words", written + size], ["Ground", ground], ["People", people]]
    return [it for it in found if it[1]]


def facts_from(look: dict[str, Any]) -> Facts | None:
    """The facts of a stored look; None where there is none, or one of another age."""
    names = Facts.__dataclass_fields__
    if look.get("version") != VERSION or any(name not in look for name in names):
        return None
    values = {name: look[name] for name in names}
    return Facts(**cast(Any, {**values, "palette": tuple(values["palette"])}))


__all__ = ["BASE_PX", "FAMILIES", "Facts", "density_of", "facts_from", "families", "look_at_file", "look_of", "side_of"]
