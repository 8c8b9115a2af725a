"""What is told of a result because of what it is: a clip's length and frames, a model's triangles, a person's readiness; and its next uses."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language_info

from studio.media.sniff import SVG
from studio.models import Asset, Influencer, Output, OutputKind, OutputState, Readiness, RemoteCopy, Voice
from studio.providers import get_provider
from studio.tools import get_tool

from .asked import Fact

_VOICES = {"cloned": "Copied from a recording", "designed": "From a description", "library": "From a library"}
_READY = {
    Readiness.READY: "Ready",
    Readiness.TRAINING: "Still learning, usable soon",
    Readiness.FAILED: "Could not be learnt. Make it again with other photos",
}

_USES = {
    OutputKind.INFLUENCER: (
        ("Use in a shoot", "influencer-shoot", "influencer", "camera"),
        ("Make a video", "influencer-video", "influencer", "video"),
    ),
    OutputKind.VOICE: (
        ("Use this voice", "speech", "voice", "speech"),
        ("Talking head", "talking-head", "voice", "user-round"),
    ),
    OutputKind.IMAGE: (
        ("Animate", "video", "photo", "film"),
        ("Edit", "image-edit", "image", "pen-line"),
        ("Upscale", "image-upscale", "image", "image-upscale"),
    ),
    OutputKind.VIDEO: (
        ("Lip sync", "lipsync", "video", "mic-vocal"),
        ("Restyle", "video-edit", "video", "wand-sparkles"),
        ("Upscale", "video-upscale", "video", "maximize-2"),
    ),
    OutputKind.AUDIO: (
        ("Lip sync", "lipsync", "audio", "mic-vocal"),
        ("Presenter clip", "avatar-clip", "audio", "presentation"),
    ),
}
"""By kind: what the link says, the tool it opens, the parameter that carries this result, and the icon."""


@dataclass(frozen=True, slots=True)
class Use:
    """A form that starts with this result."""

    title: str
    url: str
    icon: str


def of(output: Output, text: str) -> list[Fact]:
    """Needs `asset`, `influencer` and `voice` loaded. One query, of an influencer or a voice: which services know it."""
    pairs: list[tuple[str, str]] = []
    if output.kind == OutputKind.TEXT and text:
        pairs = [("Words", f"{len(text.split()):,}"), ("Characters", f"{len(text):,}")]
    elif output.kind == OutputKind.VOICE and output.voice:
        pairs = _voice(output.voice)
    elif output.kind == OutputKind.INFLUENCER and output.influencer:
        pairs = _influencer(output.influencer)
    if output.asset:
        pairs += _file(output.asset)
    return [Fact(name, value) for name, value in pairs if value]


def uses(output: Output) -> list[Use]:
    """Where to go on from here: only with a result that is there, and no service works on a drawing."""
    if output.state != OutputState.READY or output.deleted_at or (output.asset and output.asset.media_type == SVG):
        return []
    own = {OutputKind.INFLUENCER: output.influencer_id, OutputKind.VOICE: output.voice_id}
    kind = OutputKind(output.kind)
    reference = own.get(kind, output.asset_id)
    cast = Use("Make an influencer of this face", f"{reverse('influencer_new')}?photo={reference}", "user-plus")
    return [cast] * (output.tool == "face" and reference is not None) + [
        Use(title, f"{reverse('create_tool', args=[tool])}?{parameter}={reference}", icon)
        for title, tool, parameter, icon in _USES.get(kind, ())
        if reference and get_tool(tool)
    ]


def _voice(voice: Voice) -> list[tuple[str, str]]:
    return [
        ("Voice", _VOICES.get(voice.kind, voice.kind.capitalize())),
        ("Language", _language(voice.language)),
        ("Gender", voice.gender.capitalize()),
        ("Description", voice.description),
        ("Known at", _known_at(voice)),
    ]


def _language(code: str) -> str:
    """`_language("en") == "English"`; what is no known code stays as it is."""
    try:
        return str(get_language_info(code)["name"])
    except KeyError:
        return code


def _influencer(influencer: Influencer) -> list[tuple[str, str]]:
    return [("Readiness", _READY[Readiness(influencer.readiness)]), ("Known at", _known_at(influencer))]


def _known_at(row: Influencer | Voice) -> str:
    """The services that can use it by its name there; others are given its pictures, or its sample."""
    copies = RemoteCopy.objects.filter(team=row.team_id, object_id=row.pk).select_related("connection")
    return ", ".join(sorted({get_provider(copy.connection.provider).title for copy in copies}))


def _file(asset: Asset) -> list[tuple[str, str]]:
    pairs = []
    if asset.duration_seconds:
        pairs.append(("Length", _length(asset.duration_seconds)))
    if asset.kind == "video":
        pairs.append(("Frames", f"{asset.fps:.2f}".rstrip("0").rstrip(".") + " a second" if asset.fps else ""))
        pairs.append(("Sound", "" if asset.has_sound is None else "Yes" if asset.has_sound else "None"))
    for name in ("triangles", "materials", "textures", "animations"):
        count = asset.solid.get(name)
        if isinstance(count, int) and count:
            pairs.append((name.capitalize(), f"{count:,}"))
    return pairs


def _length(seconds: float) -> str:
    whole = round(seconds)
    return f"{seconds:.1f} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"
