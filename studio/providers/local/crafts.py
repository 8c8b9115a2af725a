"""What the render lane can make: for each kind of thing its process, its limits and its words. A job holds a list of parts of one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.render.job import write_job

from . import drawing, speaking


@dataclass(frozen=True, slots=True)
class Craft:
    """key: under which a job lists its parts. module: the child's command line, "" for the one that draws. write: puts one part's job file
    into a folder; raises OSError where a file of ours is gone. file: what the child makes; begins: how such a file begins, any of them.

    turn_seconds: after so long it lets others go first where some wait, and goes on afterwards; None where it starts from scratch.
    """

    key: str
    module: str
    write: Callable[[dict[str, Any], Path], Path]
    file: str
    begins: tuple[bytes, ...]
    step: str
    seconds: float
    turn_seconds: float | None
    too_long: str
    not_made: str
    killed: str
    worn_out: str
    lost: str


def _write_ad(part: dict[str, Any], out: Path) -> Path:
    return write_job(drawing.decode_ad(part), out)


ADS = Craft(
    key="ads",
    module="",
    write=_write_ad,
    file="out.png",
    begins=(b"\x89PNG\r\n\x1a\n",),
    step="Drawing",
    seconds=120.0,
    turn_seconds=None,
    too_long="Drawing took longer than two minutes and was stopped. Try smaller pictures.",
    not_made="The renderer could not draw this. Try another template or picture.",
    killed="The renderer was stopped twice, probably for want of memory. Try smaller pictures or a smaller size.",
    worn_out="The renderer stopped three times at this ad. Try smaller pictures.",
    lost="One of the pictures is not in storage any more. Upload it again.",
)
SPEECHES = Craft(
    key="speeches",
    module="studio.speech.job",
    write=speaking.write_speech,
    file="out.mp3",
    begins=(b"ID3", b"\xff\xf3", b"\xff\xfb", b"\xff\xf2"),
    step="Speaking",
    seconds=900.0,
    turn_seconds=8.0,
    too_long="Speaking took longer than a quarter of an hour and was stopped. Split the text into shorter ones.",
    not_made="This could not be spoken. Try another voice, or a shorter text.",
    killed="Speaking was stopped twice, probably for want of memory. Try a shorter text.",
    worn_out="The renderer stopped three times at this text. Try a shorter one.",
    lost="The job could not be written. Check the disk of this server, then run it again.",
)


def craft_of(job: dict[str, Any]) -> Craft:
    return SPEECHES if SPEECHES.key in job else ADS
