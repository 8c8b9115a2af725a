"""The child's longest job: faces, focal point and cut-out. The one place in `media` that knows the renderer, and only as a subprocess."""

from __future__ import annotations

from typing import Any, BinaryIO

from PIL import Image

from studio.media.limits import refusal_of_size
from studio.render.analyse import analyse

_SIDE_PX = 2400


def analyse_file(file: BinaryIO) -> dict[str, Any]:
    """Facts for the asset: faces, focal, cutout_refused. Writes `cutout` (WebP with alpha) where there is one."""
    image = Image.open(file)
    refusal = refusal_of_size(*image.size)
    if refusal:
        raise ValueError(refusal)
    image.draft("RGB", (_SIDE_PX, _SIDE_PX))
    image.load()
    if max(image.size) > _SIDE_PX:
        image.thumbnail((_SIDE_PX, _SIDE_PX), Image.Resampling.LANCZOS, reducing_gap=2.0)
    found = analyse(image)
    if found.cutout is not None:
        found.cutout.save("cutout", "WEBP", quality=92, alpha_quality=100, method=2)
    return {
        "faces": [[face.box.x, face.box.y, face.box.width, face.box.height] for face in found.faces],
        "focal": list(found.focal),
        "cutout_refused": found.cutout_reason if found.cutout is None else "",
    }
