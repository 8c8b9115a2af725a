"""Files that mean harm, made here: each is refused with a sentence of a known family, or taken and harmless. `HOSTILE` has them all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from . import hostile_clips, hostile_drawings, hostile_pictures, hostile_solids

FAMILIES = {
    "empty": r"This file is empty \(0 bytes\)\.",
    "kind": r"This (file is named \.\w+ but )?is (an? )?.+\. Use an? ",
    "megapixels": r"This picture has [\d,]+ megapixels \([\d,]+ × [\d,]+\)\. The most is \d+",
    "small": r"This picture is only \d+ × \d+ pixels\. Use one of at least",
    "cut": r"The file ends too early: it was not copied whole\. (Export or download|Download) it again\.",
    "unreadable": r"This file begins like an? \w+ picture but cannot be read\. Open it in a picture editor",
    "too much": r"This (picture|file|3D model) takes too much memory or time to open\. Export it again",
    "declared": r"This SVG declares a document type or entities, which are not taken\.",
    "undrawable": r"This SVG cannot be drawn\. Export it again as plain SVG",
    "nothing": r"Nothing shows when this SVG is drawn\.",
    "long svg": r"This SVG has more than 1 MB\.",
    "unplayable": r"This file cannot be played: its contents are damaged",
    "unknown": r"This file is in a form that we do not know\. Export it as MP4 \(H\.264\) or",
    "no streams": r"This file has neither pictures nor sound in it\.",
    "sides": r"This video has [\d,]+ × [\d,]+ pixels\. Its sides must have",
    "glb version": r"This is a GLB file of version \d+\. Export it as glTF 2\.0\.",
    "glb": r"This GLB file is damaged: its parts do not fit together\.",
    "weights": r"This \.safetensors file is damaged: its header does not fit its contents\.",
    "no weights": r"This \.safetensors file has no weights in it\.",
}
"""How the sentences of one cause begin: what is wrong, then what to do."""


@dataclass(frozen=True, slots=True)
class Hostile:
    """families: of the sentence it is refused with, any of them; "" among them: it may be taken, and is harmless."""

    what: str
    name: str
    make: Callable[[], bytes]
    families: tuple[str, ...]


def _all() -> Iterator[Hostile]:
    for module in (hostile_pictures, hostile_drawings, hostile_clips, hostile_solids):
        for what, name, family, make in module.FILES:
            yield Hostile(what, name, make, tuple(family.split(" | ")))


HOSTILE = tuple(_all())
