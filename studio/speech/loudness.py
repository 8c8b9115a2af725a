"""How loud a recording is (ITU-R BS.1770, mono), and the same at the loudness that we want, its peaks held without a click."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

TARGET_LUFS = -16.0
CEILING = 0.79
"""-2 dB: what an encoder adds to a peak stays below full scale."""
BLOCK_SECONDS, STEP_SECONDS = 0.4, 0.1
GATE_LUFS, RELATIVE_GATE = -70.0, -10.0
HOLD_SECONDS = 0.004
AT_ONCE = 1 << 20
OFFSET = -0.691


def lufs(sound: Sound, rate: int) -> float:
    """Gated loudness; -inf for silence. Shorter than a block counts as one block."""
    size, step = int(BLOCK_SECONDS * rate), int(STEP_SECONDS * rate)
    padded = np.pad(sound, (0, max(0, size - len(sound))))
    blocks = np.lib.stride_tricks.sliding_window_view(padded, size)[::step]
    weights = _weights(size, rate)
    # The filter's effect is taken block by block on the spectrum: no sample-by-sample loop.
    powers = np.array([float(np.sum(weights * np.abs(np.fft.rfft(block.astype(np.float64))) ** 2)) for block in blocks])
    with np.errstate(divide="ignore"):
        each = OFFSET + 10 * np.log10(powers)
        heard = powers[each > GATE_LUFS]
        if not heard.size:
            return float("-inf")
        gate = OFFSET + 10 * np.log10(heard.mean()) + RELATIVE_GATE
    return float(OFFSET + 10 * np.log10(powers[each > max(gate, GATE_LUFS)].mean()))


def _weights(size: int, rate: int) -> NDArray[np.float64]:
    """What each line of a block's spectrum adds to its mean square after the standard's two filters (a shelf and a high-pass)."""
    shelf = _biquad_shelf(1681.974450955533, 3.999843853973347, 0.7071752369554196, rate)
    high = _biquad_high(38.13547087602444, 0.5003270373238773, rate)
    at = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    gain = np.abs(_response(shelf, at) * _response(high, at)) ** 2
    both = np.full(len(gain), 2.0)
    both[0] = 1.0
    if size % 2 == 0:
        both[-1] = 1.0
    return np.asarray(gain * both / size**2, np.float64)


Biquad = tuple[tuple[float, float, float], tuple[float, float, float]]


def _biquad_shelf(hertz: float, decibels: float, quality: float, rate: int) -> Biquad:
    k, high = np.tan(np.pi * hertz / rate), 10 ** (decibels / 20)
    band = high**0.4996667741545416
    first = 1 + k / quality + k * k
    above = (
        (high + band * k / quality + k * k) / first,
        2 * (k * k - high) / first,
        (high - band * k / quality + k * k) / first,
    )
    return above, (1.0, 2 * (k * k - 1) / first, (1 - k / quality + k * k) / first)


def _biquad_high(hertz: float, quality: float, rate: int) -> Biquad:
    k = np.tan(np.pi * hertz / rate)
    first = 1 + k / quality + k * k
    return (1.0, -2.0, 1.0), (1.0, 2 * (k * k - 1) / first, (1 - k / quality + k * k) / first)


def _response(filter_: Biquad, at: NDArray[np.complex128]) -> NDArray[np.complex128]:
    above, below = filter_
    return (above[0] + above[1] * at + above[2] * at**2) / (below[0] + below[1] * at + below[2] * at**2)


def levelled(sound: Sound, rate: int) -> Sound:
    """At TARGET_LUFS, with no sample beyond CEILING. Silence stays silence."""
    for _ in range(2):  # Holding the peaks takes half a decibel away; the second time gives it back.
        loud = lufs(sound, rate)
        if np.isfinite(loud):
            sound = held(sound * np.float32(10 ** ((TARGET_LUFS - loud) / 20)), rate)
    return sound


def held(sound: Sound, rate: int) -> Sound:
    """A limiter that sees what comes: the volume goes down before a peak and up after it, never within one."""
    size = max(1, int(HOLD_SECONDS * rate / 4))
    count = -(-len(sound) // size)
    if not count:
        return sound
    peaks = np.abs(np.pad(sound, (0, count * size - len(sound)))).reshape(count, size).max(axis=1)
    gains = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-9))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(gains, 4, constant_values=1.0), 9).min(axis=1)
    smooth = np.lib.stride_tricks.sliding_window_view(np.pad(around, 2, mode="edge"), 5).mean(axis=1)
    middles = np.arange(count) * size + size / 2
    made = np.empty_like(sound)
    for start in range(0, len(sound), AT_ONCE):  # Ten minutes are fourteen million samples: not all of them twice over.
        some = slice(start, min(start + AT_ONCE, len(sound)))
        curve = np.interp(np.arange(some.start, some.stop), middles, smooth)
        made[some] = np.clip(sound[some] * curve, -CEILING, CEILING)
    return made
