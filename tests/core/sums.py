"""A sum of the bits of each function at a million points, as numba compiles it for this process: as `functions.c` does.

`python -m tests.core.sums COUNT` writes one for exp, log and standard_normal, hexadecimal. COUNT is a multiple of 16.
"""

import sys
from functools import cache

import numba
import numpy as np

from sim.core.functions import FRACTION, bits_of, exp, log
from sim.core.normal import standard_normal

LANES = 16
RECORD = np.dtype([("x", np.float64, LANES), ("y", np.float64, LANES)])
WEYL, FIRST, SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))
SIGN = np.uint64(0x800)
FUNCTIONS = {"e": exp, "l": log, "n": standard_normal}


def any_bits(which: str, count: int) -> np.ndarray:
    """So many numbers of 64 bits: splitmix64."""
    z = np.arange(1, count + 1, dtype=np.uint64) * WEYL + np.uint64(ord(which))
    z = (z ^ (z >> np.uint64(30))) * FIRST
    z = (z ^ (z >> np.uint64(27))) * SECOND
    return z ^ (z >> np.uint64(31))


def points(which: str, count: int) -> np.ndarray:
    """Half of them are even in the range; in the other half a logarithm is. See `point` in functions.c."""
    bits, i = any_bits(which, count), np.arange(count)
    even = ((bits >> np.uint64(12)).astype(float) + 0.5) / 2.0**52
    fraction, exponent, field = bits & FRACTION, bits >> np.uint64(52), np.uint64(52)
    if which == "e":
        even = (even - 0.5) * 1500.0
        other = ((exponent & SIGN) | (np.uint64(959) + exponent % np.uint64(74))) << field | fraction
    elif which == "l":
        even = 0.5 + 1.5 * even
        other = np.where(i % 8, exponent % np.uint64(2047), np.uint64(0)) << field | fraction | np.uint64(1)
    else:
        other = (np.uint64(970) + exponent % np.uint64(53)) << field | fraction
    return np.where(i % 2, even, other.view(float))


@cache
def in_lanes(function):
    """The function over records of 16 lanes, as the engine has them."""

    @numba.njit(error_model="numpy")
    def fill(records):
        for i in range(records.size):
            record = records[i]
            for lane in range(LANES):
                record.y[lane] = function(record.x[lane])

    return fill


@numba.njit(error_model="numpy")
def mixed(x, y):
    """Sum of bits, in which each place has a weight of its own."""
    one, rest = np.uint64(1), np.uint64(63)
    total = np.uint64(0)
    for i in range(x.size):
        bits = bits_of(y[i])
        total = total * WEYL + (bits_of(x[i]) ^ (bits << one | bits >> rest))
    return total


def values(which: str, x: np.ndarray) -> np.ndarray:
    """The function's values at `x`, as many as a multiple of 16, worked out in lanes."""
    records = np.zeros(x.size // LANES, RECORD)
    records["x"] = x.reshape(-1, LANES)
    in_lanes(FUNCTIONS[which])(records)
    return records["y"].ravel()


def main(count: int) -> None:
    for which in FUNCTIONS:
        x = points(which, count)
        print(f"{int(mixed(x, values(which, x))):016x}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
