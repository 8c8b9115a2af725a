"""What the limited child does to films and sound: facts, a poster, a waveform. Runs inside `studio.media.child` only.

One thread, one frame at a time: a film of any length is looked at within the same memory.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, BinaryIO

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from PIL import Image, ImageStat

from studio.media.errors import MediaRefused
from studio.media.limits import (
    LARGE_SIDE_PX,
    MAX_CLIP_SIDE_PX,
    MIN_SIDE_PX,
    SPRITE_FRAMES,
    SPRITE_WIDTH_PX,
    WAVEFORM_PEAKS,
)
from studio.media.pixels import CUT_SHORT, save_previews
from studio.media.provenance import provenance_of

# Only what uploads and results may be. Playlists and the like, which name other files to open, are not among them.
FORMATS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "audio/webm": "matroska",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "video/ogg": "ogg",
    "audio/flac": "flac",
    "audio/aac": "aac",
}
# Refuses whatever a file names outside itself: other files, addresses, other protocols.
_OPTIONS = {"protocol_whitelist": "pipe", "enable_drefs": "0", "use_absolute_path": "0"}
_BROKEN = "This file cannot be played: its contents are damaged or in a form that we do not know. Export it again."
_UNKNOWN = "This file is in a form that we do not know. Export it as MP4 (H.264) or, if it is sound, as MP3."
_BLOCK_SECONDS = 0.02
_LONGEST_SECONDS = 4 * 3600
_SAMPLE_RATE = 8000
_SPRITE_SECONDS = 12.0
"""Processor time after which a film is too slow to look through: a gigantic one, or one without a frame to start from."""
_SHORTEST_SPRITE_SECONDS = 0.5
_FEWEST_MOMENTS = 3
_LARGE_FRAME_PIXELS = 4096 * 2304
"""Of films with larger frames only the key frames are decoded: each between them needs up to ten others, of 50 to 200 MB."""
_DARK = 18.0
"""Mean brightness of 255 under which a frame is a fade, not a picture."""


def probe(file: BinaryIO, *, media_type: str, placeless: bool = False) -> dict[str, Any]:
    """Facts: kind ("video" or "audio"), width and height as shown (upright), duration_seconds, fps, has_sound, provenance.

    The first frame or sample is decoded, so a file that has only a header is refused.
    placeless: an MP4 or MOV that says where it was recorded, as phones write it, is written again as `clip` without any such words, its
    pictures and sound untouched.
    """
    facts = {"provenance": provenance_of(file), **_facts(file, media_type)}
    if placeless and FORMATS[media_type] == "mov":
        file.seek(0)
        _strip(file, media_type)
    return facts


def _facts(file: BinaryIO, media_type: str) -> dict[str, Any]:
    if FORMATS[media_type] == "mov":
        _raise_for_boxes(file)
    with opened(file, media_type) as container:
        film = _film(container)
        duration = _duration(container)
        if film is None:
            if not container.streams.audio:
                raise MediaRefused("This file has neither pictures nor sound in it.")
            if not container.streams.audio[0].codec_context:
                raise MediaRefused(_UNKNOWN)
            next(container.decode(container.streams.audio[0]))
            return {"kind": "audio", "duration_seconds": duration}
        width, height = _shown(film, next(_frames(container, film)))
        longest, shortest = max(width, height), min(width, height)
        if longest > MAX_CLIP_SIDE_PX or shortest < MIN_SIDE_PX:
            raise MediaRefused(
                f"This video has {width:,} × {height:,} pixels. Its sides must have {MIN_SIDE_PX} to {MAX_CLIP_SIDE_PX:,}."
            )
        rate = film.average_rate or film.guessed_rate
        return {
            "kind": "video",
            "width": width,
            "height": height,
            "duration_seconds": duration,
            "fps": round(float(rate), 3) if rate and 0 < rate < 1000 else None,
            "has_sound": bool(container.streams.audio),
        }


def _strip(file: BinaryIO, media_type: str) -> None:
    with opened(file, media_type) as container:
        told = [container.metadata, *(stream.metadata for stream in container.streams)]
        if not any(word in key.lower() for words in told for key in words for word in ("location", "gps", "xyz")):
            return
        film = _film(container)
        kept = [*([film] if film else []), *container.streams.audio]
        with av.open("clip", "w", format="mov" if media_type == "video/quicktime" else "mp4") as clean:
            copies = {stream.index: clean.add_stream_from_template(stream) for stream in kept}
            for packet in container.demux(kept):
                if packet.dts is not None:
                    packet.stream = copies[packet.stream.index]
                    clean.mux(packet)


def poster(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """Writes `large` and `small` (WebP) of a frame that shows something, and returns dominant_colour."""
    with opened(file, media_type) as container:
        film = _film(container)
        if film is None:
            raise MediaRefused("This file has no pictures in it.")
        return save_previews(_telling_frame(container, film))


def sprite(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """Writes `sprite` (WebP): SPRITE_FRAMES frames from evenly over the film, side by side, each SPRITE_WIDTH_PX wide (less where
    they would be higher than LARGE_SIDE_PX). frames: how many. Refused: a film of less than half a second, one that takes too long, or
    one with hardly a moment to start from.
    """
    frames: list[Image.Image] = []
    moments: set[int | None] = set()
    with opened(file, media_type) as container:
        film, length = _film(container), _duration(container)
        if film is None or not length or length < _SHORTEST_SPRITE_SECONDS:
            raise MediaRefused("This film is too short to look through.")
        for number in range(SPRITE_FRAMES):
            frame = _frame_at(container, film, (number + 0.5) / SPRITE_FRAMES * length)
            if frame is None or time.process_time() > _SPRITE_SECONDS:
                break
            moments.add(frame.pts)
            frames.append(_picture(film, frame, SPRITE_WIDTH_PX))
            del frame  # Of 8K, each is 50 MB.
    if len(frames) < SPRITE_FRAMES or len(moments) < _FEWEST_MOMENTS:  # They would not be where the pointer is.
        raise MediaRefused("This film is too short, damaged or slow to look through.")
    width, height = frames[0].size
    strip = Image.new("RGB", (width * len(frames), height))
    for number, image in enumerate(frames):
        strip.paste(image.resize((width, height)) if image.size != (width, height) else image, (number * width, 0))
    strip.save("sprite", "WEBP", quality=70, method=4)
    return {"frames": len(frames)}


def waveform(file: BinaryIO, *, media_type: str) -> dict[str, Any]:
    """peaks: WAVEFORM_PEAKS numbers from 0 to 100, the loudest being 100, evenly over the whole length (all 0 in silence).
    duration_seconds: as counted, where a header may only have guessed.
    """
    with opened(file, media_type) as container:
        if not container.streams.audio:
            raise MediaRefused("This file has no sound in it.")
        blocks = np.fromiter(_loudness(container), np.float32)
    if not len(blocks):
        raise MediaRefused(_BROKEN)
    edges = np.linspace(0, len(blocks), WAVEFORM_PEAKS + 1)
    peaks = [float(blocks[int(start) : max(int(start) + 1, math.ceil(end))].max()) for start, end in pairwise(edges)]
    loudest = max(peaks)
    return {
        "peaks": [round(100 * peak / loudest) if loudest > 1e-4 else 0 for peak in peaks],
        "duration_seconds": round(len(blocks) * _BLOCK_SECONDS, 2),
    }


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    "clip": probe,
    "poster": poster,
    "sprite": sprite,
    "waveform": waveform,
}


def _raise_for_boxes(file: BinaryIO) -> None:
    """MP4 and MOV say how long each of their parts is: one cut short in the middle would play, but end too early."""
    size, start = file.seek(0, 2), 0
    while start + 8 <= size:
        file.seek(start)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:  # 0: to the end of the file, however long that is. Else the decoder judges what this is.
            break
        start += length
    file.seek(0)
    if start > size:
        raise MediaRefused(CUT_SHORT)


@contextmanager
def opened(file: BinaryIO, media_type: str) -> Iterator[InputContainer]:
    """A video or sound, its streams not decoded yet. Raises MediaRefused, also for what breaks while it is read."""
    try:
        with av.open(file, "r", format=FORMATS[media_type], options=_OPTIONS, metadata_errors="replace") as container:
            yield container
    except (av.error.FFmpegError, StopIteration, ValueError, EOFError) as error:
        raise MediaRefused(_BROKEN) from error


def _film(container: InputContainer) -> VideoStream | None:
    """The first stream of moving pictures; a cover in a sound file is not one."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            if not stream.codec_context:
                raise MediaRefused(_UNKNOWN)
            stream.thread_type = "NONE"
            stream.codec_context.thread_count = 1
            return stream
    return None


def _is_large(film: VideoStream) -> bool:
    return film.width * film.height > _LARGE_FRAME_PIXELS


def _frames(container: InputContainer, film: VideoStream) -> Iterator[VideoFrame]:
    """From here on: all; of a film with large frames those alone that need no others."""
    if not _is_large(film):
        yield from container.decode(film)
        return
    for packet in container.demux(film):
        if packet.is_keyframe:
            yield from packet.decode()
            yield from film.codec_context.decode(None)  # Else it waits for others before it gives this one out.
            film.codec_context.flush_buffers()


def _duration(container: InputContainer) -> float | None:
    """From the container, else the longest stream. Some WebM files of live recorders say nothing."""
    if container.duration and container.duration > 0:
        return round(container.duration / av.time_base, 3)
    lengths = [
        float(stream.duration * stream.time_base)
        for stream in container.streams
        if stream.duration and stream.time_base
    ]
    return round(max(lengths), 3) if lengths else None


def _shown(film: VideoStream, frame: VideoFrame) -> tuple[int, int]:
    """Width and height as a player shows them: pixels made square, phones' turns applied."""
    width, height = frame.width, frame.height
    aspect = film.sample_aspect_ratio
    if aspect and 0.1 < aspect < 10:
        width = round(width * float(aspect))
    return (height, width) if frame.rotation % 180 else (width, height)


def _picture(film: VideoStream, frame: VideoFrame, most_width: int = LARGE_SIDE_PX) -> Image.Image:
    """The frame upright, at most LARGE_SIDE_PX long before it is turned into RGB, which is the costly part."""
    width, height = _shown(film, frame)
    scale = min(1.0, LARGE_SIDE_PX / max(width, height), most_width / width)
    width, height = max(2, round(width * scale)), max(2, round(height * scale))
    stored = (height, width) if frame.rotation % 180 else (width, height)
    image: Image.Image = frame.to_image(width=stored[0], height=stored[1])  # type: ignore[no-untyped-call]
    return image.rotate(frame.rotation, expand=True) if frame.rotation else image


def _telling_frame(container: InputContainer, film: VideoStream) -> Image.Image:
    """A moment after the beginning; where that is nearly black, one further on."""
    length = _duration(container) or 0.0
    best: tuple[float, Image.Image] | None = None
    for moment in (min(1.0, 0.1 * length), 0.3 * length, 0.6 * length):
        frame = _frame_at(container, film, moment)
        if frame is None:
            continue
        image = _picture(film, frame)
        brightness = ImageStat.Stat(image.convert("L").resize((32, 32))).mean[0]
        if brightness >= _DARK:
            return image
        if best is None or brightness > best[0]:
            best = brightness, image
    if best is None:
        raise MediaRefused(_BROKEN)
    return best[1]


def _frame_at(container: InputContainer, film: VideoStream, seconds: float) -> VideoFrame | None:
    """The first frame at or after this moment, or the last one before it that could be decoded; of large frames the key frame before it."""
    frame = None
    try:
        container.seek(int(seconds * av.time_base), backward=True)
        for frame in _frames(container, film):
            if frame.time is None or frame.time + 1e-3 >= seconds or _is_large(film):
                break
    except (av.error.FFmpegError, ValueError):
        pass  # Damaged from here on: what came before will do.
    return frame


def _loudness(container: InputContainer) -> Iterator[float]:
    """The peak of each block of _BLOCK_SECONDS, of all channels mixed, from 0 to 1. What is damaged ends it early."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=_SAMPLE_RATE)
    block = int(_SAMPLE_RATE * _BLOCK_SECONDS)
    rest = np.empty(0, np.float32)
    left = int(_LONGEST_SECONDS / _BLOCK_SECONDS)
    try:
        for decoded in container.decode(container.streams.audio[0]):
            for frame in resampler.resample(decoded):
                samples = np.concatenate((rest, np.abs(frame.to_ndarray().reshape(-1))))
                whole = len(samples) // block
                yield from samples[: whole * block].reshape(whole, block).max(axis=1) if whole else ()
                rest = samples[whole * block :]
                left -= whole
            if left <= 0:
                return
    except av.error.FFmpegError:
        return
    if len(rest):
        yield float(rest.max())
