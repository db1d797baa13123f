"""Gaussian noise keyed by position: the same pixel gets the same noise whatever tile it is computed in.

A counter-based generator in the sense of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011): no state, each
value is a hash of its coordinates. The hash is the finaliser of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014) with a second key
added between its rounds; Box and Muller (1958) make two normals of one 64-bit hash, and the two go to a pair of bands.
"""

import numpy as np

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_LOW_32 = np.uint64(0xFFFFFFFF)
_MASK = (1 << 64) - 1
_BLOCK = 1 << 16  # values hashed at a time: temporaries stay in the second-level cache
_UNIT = np.float32(2.0**-32)


def position_noise(seed: int, row: int, column: int, height: int, width: int, bands: int, number: int = 0) -> np.ndarray:
    """N(0,1) values of a window of the fine grid.

    Args:
        seed: any whole number.
        row: absolute fine row of the window's first pixel; may be negative (the halo of a tile at the image's edge).
        column: absolute fine column of the window's first pixel; may be negative.
        height: rows of the window.
        width: columns of the window.
        bands: number of bands.
        number: which noise; the two draws of an ensemble's pair share one.

    Returns:
        (bands, height, width) float32; value [b, i, j] depends on (seed, row + i, column + j, b, number) and on nothing else.
    """
    noise = np.empty((bands, height, width), np.float32)
    rows = (np.arange(row, row + height, dtype=np.int64).astype(np.uint64) & _LOW_32) << np.uint64(32)
    columns = np.arange(column, column + width, dtype=np.int64).astype(np.uint64) & _LOW_32
    rows, columns = rows * _GOLDEN, columns * _GOLDEN
    step = max(1, _BLOCK // max(width, 1))
    for pair in range(0, bands, 2):
        keys = _keys(seed, number, pair)
        for start in range(0, height, step):
            block = slice(start, min(start + step, height))
            bits = _hash(rows[block, None] + columns[None, :], *keys)
            radius, angle = _polar(bits)
            np.multiply(radius, np.cos(angle), out=noise[pair, block])
            if pair + 1 < bands:
                np.multiply(radius, np.sin(angle), out=noise[pair + 1, block])
    return noise


def _keys(seed: int, number: int, pair: int) -> tuple[np.uint64, np.uint64]:
    """Two 64-bit keys of one plane of noise, in Python's integers because it is done once a plane."""
    key = 0
    for word in (seed, number, pair):
        key = _mix_integer(key ^ _mix_integer((word & _MASK) + int(_GOLDEN)))
    return np.uint64(key), np.uint64(_mix_integer(key + int(_GOLDEN)))


def _mix_integer(value: int) -> int:
    value &= _MASK
    value = ((value ^ (value >> 30)) * int(_MIX_1)) & _MASK
    value = ((value ^ (value >> 27)) * int(_MIX_2)) & _MASK
    return value ^ (value >> 31)


def _hash(counter: np.ndarray, key_1: np.uint64, key_2: np.uint64) -> np.ndarray:
    """SplitMix64's finaliser, in place on ``counter`` (uint64); arithmetic wraps modulo 2^64 on purpose."""
    shifted = np.empty_like(counter)
    counter ^= key_1
    counter ^= np.right_shift(counter, np.uint64(30), out=shifted)
    counter *= _MIX_1
    counter += key_2
    counter ^= np.right_shift(counter, np.uint64(27), out=shifted)
    counter *= _MIX_2
    counter ^= np.right_shift(counter, np.uint64(31), out=shifted)
    return counter


def _polar(bits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Radius and angle of Box and Muller from the upper and the lower 32 bits. The radius is at most 6.7."""
    halves = bits.view(np.uint32)
    uniform = halves[..., 0::2].astype(np.float32)
    angle = halves[..., 1::2].astype(np.float32)
    uniform += np.float32(0.5)
    uniform *= _UNIT
    np.log(uniform, out=uniform)
    uniform *= np.float32(-2.0)
    np.sqrt(np.maximum(uniform, 0, out=uniform), out=uniform)
    angle *= np.float32(2.0 * np.pi) * _UNIT
    return uniform, angle
