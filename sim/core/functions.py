"""Elementary functions of + - * / sqrt and integer moves alone: the same bits on any machine with IEEE arithmetic.

No operation is fused, none is left to a library, and there is no branch: a choice is made between values that are
both worked out, so that a compiler can do many lanes at once. Every sum that decides the last bits is taken in two
parts, large and small, and rounded once. Coefficients are minimax polynomials, fitted with 200 bits.
"""

import math

import numpy as np

from sim.core.jit import rule

LOG2E = float.fromhex("0x1.71547652b82fep+0")
LOG_TWO = 0.6931471805599453
LN2_HIGH = float.fromhex("0x1.62e42fefa3000p-1")  # 41 bits, so that it times an exponent is exact
LN2_LOW = float.fromhex("0x1.3de6af278ece6p-42")
INFINITY = math.inf
NOT_A_NUMBER = math.nan

EXP_LEAST, EXP_MOST = -746.0, 710.0
SHIFTER = 6755399441055744.0 + 2046.0  # 1.5 * 2^52: a sum with it ends in units; 2046 is twice the bias
ONE, FIELD = np.uint64(1), np.uint64(52)

E3, E4, E5, E6, E7, E8, E9, E10, E11 = (
    float.fromhex(digits)
    for digits in (
        "0x1.5555555555501p-3",
        "0x1.555555555320ep-5",
        "0x1.1111111128807p-7",
        "0x1.6c16c17cc0c63p-10",
        "0x1.a01a011c44651p-13",
        "0x1.a019ab358931ap-16",
        "0x1.71df55064f138p-19",
        "0x1.289f81e0a25e5p-22",
        "0x1.ad205910e28abp-26",
    )
)

LEAST_NORMAL, SCALE, SCALED = 2.0**-1022, 2.0**54, 54.0
TO_ONE = np.uint64(0x3FF0000000000000 - 0x3FE6A09E667F3BCD)  # from the bits of sqrt(1/2) to those of 1
FROM_ONE = np.uint64(0x3FE6A09E667F3BCD)
FRACTION = np.uint64(0x000FFFFFFFFFFFFF)
UNITS, UNITS_VALUE = np.uint64(0x4330000000000000), 4503599627370496.0 + 1023.0  # 2^52
UPPER_HALF = np.uint64(0xFFFFFFFFF8000000)  # leaves 26 bits of a fraction

L1, L2, L3, L4, L5, L6, L7 = (
    float.fromhex(digits)
    for digits in (
        "0x1.55555555555d6p-1",
        "0x1.999999996e470p-2",
        "0x1.2492494efebbep-2",
        "0x1.c71c48c10b6a4p-3",
        "0x1.7467f507d9b31p-3",
        "0x1.397950d793791p-3",
        "0x1.307f04782473fp-3",
    )
)


@rule
def bits_of(x):
    """The 64 bits of a float."""
    return np.float64(x).view(np.uint64)


@rule
def of_bits(bits):
    """The float of 64 bits, a uint64."""
    return float(np.uint64(bits).view(np.float64))


@rule
def exp(x):
    """E to the power of `x`, within 0.65 units of the last place; 0.8 where it is subnormal.

    Infinite above 709.78, 0 below -745.13, and not a number if `x` is not.

    x = k ln 2 + r - low with |r| <= ln 2 / 2, where r is exact, so that
    e^x = 2^k (1 + r + r^2/2 + ...) (1 - low), and 2^k is the product of two powers that are normal numbers.
    """
    x = max(min(x, EXP_MOST), EXP_LEAST)
    shifted = x * LOG2E + SHIFTER
    k = shifted - SHIFTER
    r = x - k * LN2_HIGH
    low = k * LN2_LOW
    s = r * r
    left = (E3 + r * E4) + s * (E5 + r * E6)
    right = (E7 + r * E8) + s * ((E9 + r * E10) + s * E11)
    curve = s * 0.5 + (s * r) * (left + (s * s) * right)
    one = 1.0 + r
    power = one + (((1.0 - one) + r) + (curve - low * (one + curve)))
    bits = bits_of(shifted)
    half = bits >> ONE
    return power * of_bits(half << FIELD) * of_bits((bits - half) << FIELD)


@rule
def log_parts(x):
    """Natural logarithm of `x` as a large and a small part, unrounded; x > 0, finite.

    x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2), and s = f / (2 + f): then
    log(1 + f) = f - f^2/2 + s (f^2/2 + 2/3 s^2 + 2/5 s^4 + ...), with f^2 in two parts, of which the large is exact.
    """
    tiny = x < LEAST_NORMAL
    x = x * SCALE if tiny else x
    moved = bits_of(x) + TO_ONE
    k = of_bits((moved >> FIELD) | UNITS) - (UNITS_VALUE + SCALED if tiny else UNITS_VALUE)
    f = of_bits((moved & FRACTION) + FROM_ONE) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    curve = z * ((L1 + z * L2) + w * ((L3 + z * L4) + w * ((L5 + z * L6) + w * L7)))
    upper = of_bits(bits_of(f) & UPPER_HALF)
    square, square_low = 0.5 * upper * upper, 0.5 * (f - upper) * (f + upper)
    near = f - square
    small = s * (square + square_low + curve) - square_low + k * LN2_LOW
    large = k * LN2_HIGH + near
    return large, ((k * LN2_HIGH - large) + near) + (((f - near) - square) + small)


@rule
def log(x):
    """Natural logarithm, within 0.7 units of the last place; minus infinity at 0, not a number below."""
    large, small = log_parts(x)
    value = large + small
    value = value if x < INFINITY else x
    return value if x > 0.0 else (-INFINITY if x == 0.0 else NOT_A_NUMBER)
