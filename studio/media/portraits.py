"""Whether a photo is fit to show a person: how many faces, how sharp, how bright, how large, how close, and what it nearly repeats.

Measured in the limited child (`portrait`), kept as plain numbers beside the photo; the advice is made of them afterwards. Nothing here
forbids anything: it says before money is spent what a service would make of the photo. Who a face belongs to is not asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from studio.media.decode import PREVIEW, run_child, workplace

VERSION = 1
_SIDE_PX = 1600
FACE_PX = 128
"""A face is measured at this height, so that the same photo at another size is as sharp."""
ALSO_THERE = 0.4
"""A second face counts from this share of the first one's height; smaller ones are passers-by."""
CLOSE, HALF = 0.24, 0.115
"""A face from brow to chin takes this share of the height in a close-up, in a picture to the waist; below it the whole person is seen."""
SHARP = 30.0
DARK = 66.0
"""Of the brightest tenth of the face: well lit dark skin shines, an unlit face of any colour does not."""
BURNT, BURNT_SHARE = 250, 0.12
LEAST_PX = {"close": 160, "half": 96, "full": 56}
SAME_BITS = 24
"""Of 256. The same shot at another size, or saved again, differs in twenty at most; another pose in fifty and more."""

POSES = {"close": "Close-up", "half": "Half length", "full": "Full height"}
NO_FACE = "No face found"


@dataclass(frozen=True, slots=True)
class Advice:
    """text: what is wrong with this photo and what to do. is_grave: the service would probably make another person of it."""

    code: Literal["none", "many", "blurred", "dark", "burnt", "small", "cut", "same"]
    text: str
    is_grave: bool = False


def check(path: Path) -> dict[str, Any]:
    """The facts of a stored picture, as kept in `InfluencerPhoto.checks`. About a second. Raises MediaRefused where it cannot be opened."""
    with workplace() as folder:
        return run_child({"do": "portrait"}, path, folder, PREVIEW)


def measure_file(file: BinaryIO) -> dict[str, Any]:
    """In the child: {"version", "faces", "face" (x, y, width, height; fractions), "face_px", "sharp", "light", "burnt", "pose", "hash"}."""
    from PIL import Image, ImageOps

    from studio.media.limits import refusal_of_size

    opened = Image.open(file)
    refusal = refusal_of_size(*opened.size)
    if refusal:
        raise ValueError(refusal)
    width, height = opened.size
    opened.draft("RGB", (_SIDE_PX, _SIDE_PX))
    image = ImageOps.exif_transpose(opened)
    if (image.width > image.height) != (width > height):
        width, height = height, width
    image.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.BOX, reducing_gap=2.0)
    return measure(image.convert("RGB"), height)


def measure(image: Any, height_px: int) -> dict[str, Any]:
    """The same of a decoded, upright RGB picture. height_px: of the original."""
    from studio.render.faces import find_faces

    found = sorted(find_faces(image), key=lambda face: -face.box.height)
    facts: dict[str, Any] = {"version": VERSION, "faces": 0, "pose": "", "hash": fingerprint(image)}
    if not found:
        return facts
    box = found[0].box
    there = [face for face in found if face.box.height >= ALSO_THERE * box.height]
    sharp, light, burnt = _pixels(image, (box.x, box.y, box.width, box.height))
    return facts | {
        "faces": len(there),
        "face": [box.x, box.y, box.width, box.height],
        "face_px": round(box.height * height_px),
        "sharp": sharp,
        "light": light,
        "burnt": burnt,
        "pose": pose_of(box.height),
    }


def pose_of(share: float) -> str:
    """close, half or full, by the share of the height that the face takes."""
    return "close" if share >= CLOSE else "half" if share >= HALF else "full"


def _pixels(image: Any, box: tuple[float, float, float, float]) -> tuple[float, float, float]:
    """Of the face: variance of the Laplacian (sharpness), luma of the brightest tenth 0..255, share of burnt-out pixels."""
    import numpy as np
    from PIL import Image

    left, top = box[0] * image.width, box[1] * image.height
    right, bottom = left + box[2] * image.width, top + box[3] * image.height
    face = image.crop((round(left), round(top), max(round(right), round(left) + 8), max(round(bottom), round(top) + 8)))
    if face.height > FACE_PX:
        face = face.resize((max(8, round(face.width * FACE_PX / face.height)), FACE_PX), Image.Resampling.BOX)
    luma = np.asarray(face.convert("L"), np.float32)
    around = luma[:-2, 1:-1] + luma[2:, 1:-1] + luma[1:-1, :-2] + luma[1:-1, 2:]
    edges = around - 4 * luma[1:-1, 1:-1]
    # A dim face has weaker edges without being blurred.
    contrast = max(float(luma.std()), 12.0) / 48.0
    sharp = float(edges.var()) / contrast**2
    return round(sharp, 1), round(float(np.percentile(luma, 90)), 1), round(float((luma >= BURNT).mean()), 3)


def fingerprint(image: Any) -> str:
    """256 bits as hexadecimal digits: which of the 16 x 16 slowest waves that the picture is made of are stronger than the middle one."""
    import numpy as np
    from PIL import Image

    side = 48
    small = np.asarray(image.convert("L").resize((side, side), Image.Resampling.BOX, reducing_gap=2.0), np.float64)
    steps = np.arange(side)
    waves = np.cos(np.pi * np.outer(np.arange(16), 2 * steps + 1) / (2 * side))
    strength = waves @ small @ waves.T
    return np.packbits(strength > np.median(strength)).tobytes().hex()


# -- What it means ----------------------------------------------------------------------------------------------------------------


def is_checked(facts: Mapping[str, Any]) -> bool:
    """Whether these are facts, of this version. {"version": 1, "unreadable": True} are: nothing more can be found out."""
    return facts.get("version") == VERSION


def advise(facts: Mapping[str, Any], *, first: bool = False) -> list[Advice]:
    """What to say about one photo; nothing is wrong with an unchecked one. first: it shows the face."""
    if not is_checked(facts) or facts.get("unreadable"):
        return []
    if not facts["faces"]:
        words = (
            "the first photo must show the face." if first else "fine for a back or a detail, of no use for the face."
        )
        return [Advice("none", f"{NO_FACE}: {words}", first)]
    found: list[Advice] = []
    if facts["faces"] > 1:
        number = "Two" if facts["faces"] == 2 else str(facts["faces"])
        found.append(Advice("many", f"{number} faces: crop to one.", True))
    x, y, width, height = facts["face"]
    if min(x, y) <= 0.002 or x + width >= 0.998 or y + height >= 0.998:
        found.append(Advice("cut", "The face is cut off at the edge: use one with some room around it.", first))
    least = LEAST_PX["close" if first else facts["pose"]]
    if facts["face_px"] < least:
        found.append(
            Advice("small", f"Small face ({facts['face_px']} px high): use one of at least {least} px.", first)
        )
    if facts["sharp"] < SHARP:
        found.append(Advice("blurred", "Blurred: use a sharper one.", first))
    if facts["light"] < DARK:
        found.append(Advice("dark", "Too dark: use one with light on the face.", first))
    elif facts["burnt"] > BURNT_SHARE:
        found.append(Advice("burnt", "Burnt out: the light has wiped out the skin. Use a softer one.", first))
    return found


def advise_all(photos: Sequence[Mapping[str, Any]]) -> list[list[Advice]]:
    """The advice for each of a person's photos, in order; the first is the face. Of two alike, the later one is named."""
    found = [advise(facts, first=position == 0) for position, facts in enumerate(photos)]
    for later, facts in enumerate(photos):
        twin = next((at for at in range(later) if is_alike(photos[at], facts)), None)
        if twin is not None:
            found[later].append(Advice("same", f"Almost the same as photo {twin + 1}: another angle helps more."))
    return found


def is_alike(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two photos are the same shot."""
    first, second = str(one.get("hash", "")), str(other.get("hash", ""))
    if not first or len(first) != len(second):
        return False
    return (int(first, 16) ^ int(second, 16)).bit_count() <= SAME_BITS


def covered(photos: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many photos there are of each pose."""
    poses = [str(facts.get("pose", "")) for facts in photos]
    return {pose: poses.count(pose) for pose in POSES}
