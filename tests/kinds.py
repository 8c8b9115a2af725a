"""One finished output of every kind, as the engine leaves it, with real files: films whose frames carry their number, a textured model, …"""

from __future__ import annotations

import json
import struct
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from studio.media.ingest import ingest_result
from studio.media.previews import make_previews
from studio.models import Asset, Influencer, Output, State, Team, User, Voice, Workspace, uuid7
from tests.factories import make_generation, make_output
from tests.media.clips import recording

BITS = 8
"""A numbered frame is this many vertical bars, white for 1 and black for 0, the lowest bit on the left."""

CODECS = {"mp4": "libx264", "webm": "libvpx-vp9"}
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400"><path d="M200 60 340 320H60Z" fill="#b5602a"/></svg>'
)


def numbered(container: str, fps: Fraction, frames: int, size: tuple[int, int] = (256, 144)) -> bytes:
    """A film; read the frames back with `READ_FRAME` of the browser test."""
    out = BytesIO()
    with av.open(out, "w", format=container) as file:
        stream: Any = file.add_stream(CODECS[container], rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = 1 / fps
        for number in range(frames):
            bars = np.array([255 if number >> bit & 1 else 0 for bit in range(BITS)], np.uint8)
            row = np.repeat(bars, size[0] // BITS)
            picture = np.broadcast_to(row[None, :, None], (size[1], size[0], 3))
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
            frame.pts, frame.time_base = number, 1 / fps
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def textured_model() -> bytes:
    """A GLB of one square that faces the camera, with a red PNG inside it as its texture."""
    picture = BytesIO()
    Image.new("RGB", (16, 16), "#e02020").save(picture, "PNG")
    png = picture.getvalue() + b"\0" * (-len(picture.getvalue()) % 4)
    places = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
    towards = np.tile(np.array([0, 0, 1], np.float32), (4, 1))
    on_picture = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], np.float32)
    corners = np.array([0, 1, 2, 0, 2, 3], np.uint32)
    parts = [places.tobytes(), towards.tobytes(), on_picture.tobytes(), corners.tobytes(), png]
    starts = np.cumsum([0, *map(len, parts)])
    views = [
        {"buffer": 0, "byteOffset": int(at), "byteLength": len(part)} for at, part in zip(starts, parts, strict=False)
    ]
    content = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1, "TEXCOORD_0": 2}, "indices": 3, "material": 0}]}],
        "materials": [{"doubleSided": True, "pbrMetallicRoughness": {"baseColorTexture": {"index": 0}, "metallicFactor": 0}}],
        "textures": [{"source": 0}],
        "images": [{"bufferView": 4, "mimeType": "image/png"}],
        "buffers": [{"byteLength": int(starts[-1])}],
        "bufferViews": views,
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": 4, "type": "VEC3", "min": [-1, -1, 0], "max": [1, 1, 0]},
            {"bufferView": 1, "componentType": 5126, "count": 4, "type": "VEC3"},
            {"bufferView": 2, "componentType": 5126, "count": 4, "type": "VEC2"},
            {"bufferView": 3, "componentType": 5125, "count": 6, "type": "SCALAR"},
        ],
    }  # fmt: skip
    text = json.dumps(content).encode()
    text += b" " * (-len(text) % 4)
    body = (
        struct.pack("<II", len(text), 0x4E4F534A)
        + text
        + struct.pack("<II", int(starts[-1]), 0x004E4942)
        + b"".join(parts)
    )
    return struct.pack("<4sII", b"glTF", 2, 12 + len(body)) + body


def stored(workspace: Workspace, data: bytes, name: str) -> Asset:
    """A result as it is after it was collected and its previews were made."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        asset = ingest_result(team=workspace.team, workspace=workspace, path=path, original_name=name, description=name)
    make_previews(asset.pk, analyse=False)
    asset.refresh_from_db()
    return asset


def add(workspace: Workspace, kind: str, tool: str, title: str, asset: Asset | None, **fields: Any) -> Output:
    generation = make_generation(
        workspace, provider="videogen", cost="12", cost_unit="credits", inputs={"prompt": title}
    )
    width = {"ratio": asset.ratio} if asset and asset.width else {}
    output = make_output(workspace, generation=generation, asset=asset, title=title, ratio="1:1")
    Output.objects.filter(pk=output.pk).update(kind=kind, tool=tool, asset=asset, ratio_label="", **width, **fields)
    output.refresh_from_db()
    return output


def make_kinds(workspace: Workspace) -> dict[str, Output]:
    """By name: image, drawing, video, webm, broken, audio, model, text, voice, voice_bare, influencer, influencer_bare."""
    portrait = (Path(__file__).parent / "media" / "portrait.jpg").read_bytes()
    speech, face = stored(workspace, recording("mp3"), "voice.mp3"), stored(workspace, portrait, "face.jpg")
    film = stored(workspace, numbered("mp4", Fraction(24), 72), "film.mp4")
    webm = stored(workspace, numbered("webm", Fraction(30000, 1001), 60), "film.webm")
    webm.sprite, webm.sprite_frames = "", 0  # As one that came before there were any.
    webm.save(update_fields=("sprite", "sprite_frames"))
    owned = {"team": workspace.team, "workspace": workspace}
    voice = Voice.objects.create(**owned, name="Narrator", kind="cloned", language="en", preview=speech)
    person = Influencer.objects.create(**owned, name="Ada Rivers", face=face)
    bare = {"preview_small": "", "preview_large": "", "sprite": "", "sprite_frames": 0}
    broken = Asset.objects.create(**{**_columns(film), "id": uuid7(), **bare})
    broken.file.save("film.mp4", _damaged(film), save=True)
    rows: dict[str, tuple[str, str, str, Asset | None, dict[str, Any]]] = {
        "image": ("image", "image", "A jar of peaches", face, {}),
        "drawing": ("image", "vectorize", "A drawn mark", stored(workspace, SVG.encode(), "mark.svg"), {}),
        "video": ("video", "video", "Waves at a pier", film, {}),
        "webm": ("video", "video", "Waves in the web", webm, {}),
        "broken": ("video", "video", "Waves that broke", broken, {}),
        "audio": ("audio", "music", "Harbour lights", stored(workspace, recording("mp3", seconds=20), "song.mp3"), {}),
        "model": ("model", "model-3d", "A red square", stored(workspace, textured_model(), "square.glb"), {}),
        "text": ("text", "text", "Three names", stored(workspace, b"Quay. Ember.\n\nDrift, for those who stay.\n", "names.txt"), {}),
        "voice": ("voice", "voice", "Narrator", speech, {"voice": voice}),
        "voice_bare": ("voice", "voice", "Presenter", None, {}),
        "influencer": ("influencer", "influencer", "Ada Rivers", face, {"influencer": person}),
        "influencer_bare": ("influencer", "influencer", "Mia Stone", None, {}),
    }  # fmt: skip
    return {name: add(workspace, *row[:4], **row[4]) for name, row in rows.items()}


def make_running(workspace: Workspace) -> Output:
    """A video that is being made, with its first and last frames."""
    frames = [stored(workspace, data, "frame.png") for data in (_square("#3060a0"), _square("#a06030"))]
    generation = make_generation(
        workspace,
        None,
        State.RUNNING,
        provider="videogen",
        frame_assets=[str(frame.pk) for frame in frames],
        progress=0.4,
    )
    return make_output(workspace, state=State.RUNNING, generation=generation, title="Ada pours", ratio="9:16")


def in_a_team_of_their_own(email: str, password: str) -> dict[str, str]:
    """Ids of `make_kinds` and `make_running`, by name, in a new team with an owner of this address."""
    team = Team.objects.create(name="Kinds")
    workspace = Workspace.objects.create(team=team, name="Kinds of work")
    user = User.objects.create_user(email, "Kim Lee", password)
    user.memberships.create(team=team, role="owner")
    outputs = make_kinds(workspace) | {"running": make_running(workspace)}
    Output.objects.filter(workspace=workspace, ready_at__isnull=False).update(ready_at=timezone.now(), created_by=user)
    return {name: str(output.pk) for name, output in outputs.items()}


def _square(colour: str) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (90, 160), colour).save(buffer, "PNG")
    return buffer.getvalue()


def _columns(asset: Asset) -> dict[str, Any]:
    return {
        field.attname: getattr(asset, field.attname) for field in asset._meta.concrete_fields if field.name != "file"
    }


def _damaged(asset: Asset) -> Any:
    """Only its first bytes are as they were: sniffed as a film, and no player's business."""
    with asset.file.open("rb") as file:
        head: bytes = file.read(64)
    return ContentFile(head + b"\0" * 4000)
