"""The standard normal quantile, of + - * / sqrt and integer moves alone; see `sim.core.functions`.

The smaller probability p is cut into five parts, at 0.25, 0.05, 0.001 and 1e-7. In the first, the middle,
z = q g(q^2) with q = 1/2 - p; in the others z = c0 + t g(t), where t = r - node and r^2 = -log p: in r a tail is
almost a line. The argument, g and the sum are taken in two pieces each, and rounded once, at the end. A coefficient
is chosen by comparisons, since a look-up by lane costs more. All were fitted with 240 bits.
"""

import math

from sim.core.functions import UPPER_HALF, bits_of, log_parts, of_bits
from sim.core.jit import rule

NODES = (0.0, 1.46875, 2.1875, 3.3125, 5.03125)
"""Where in r each part has its origin: few bits, so that what is left is exact."""

ROWS = (
    "0 0 0x1.40d931ff62706p+1 -0x1.a6a0d6f814637p-53 0x1.4ffddeaa22dc9p+1 0x1.71713082d989bp+2 "
    "0x1.f55d0d7916660p+3 0x1.78494aea5a68bp+5 0x1.2ba8dc7d5279fp+7 0x1.f045bedf0d3dep+8 "
    "0x1.a67d01b531c31p+10 0x1.6ed3d2431fb15p+12 0x1.4714e34f562cdp+14 0x1.0d06f78bf3ebep+16 "
    "0x1.71f60121ca43ep+18 -0x1.3e7e11a3ce200p+19 0x1.31791ebfa4cb9p+24 -0x1.5b2a627685bf4p+26 "
    "0x1.737839874ada0p+28",
    "0x1.32713cadd6577p+0 -0x1.ef37037d626c8p-55 0x1.be427cc60d0d2p+0 0x1.515947544cc12p-54 "
    "-0x1.2f653f617d2b8p-3 0x1.28d095d6d99ecp-4 -0x1.328161505138ep-5 0x1.49ece9a4d9ef2p-6 "
    "-0x1.6f3f62482341cp-7 0x1.a412ba4f1db2fp-8 -0x1.eb29058db5543p-9 0x1.243fac95b9c5ep-9 "
    "-0x1.60c3ddbca34c2p-10 0x1.aedde2aae3d3ap-11 -0x1.0a03323d2e467p-11 0x1.48759fea76748p-12 "
    "-0x1.8d755df94ac69p-13 0x1.224ccde3e1a05p-13 -0x1.d2d18fe7bff5ep-14",
    "0x1.3251db39efc78p+1 -0x1.eeba1a1bb7158p-58 0x1.9aea1e83309aep+0 -0x1.077759dcdc396p-56 "
    "-0x1.f76e8daba2f3fp-5 0x1.5b2c23328af94p-6 -0x1.f2e7bb1ead179p-8 0x1.715833d424f94p-9 "
    "-0x1.1822131bf7254p-10 0x1.b1cb7a579af83p-12 -0x1.55e751497b5bfp-13 0x1.11a262a59afa9p-14 "
    "-0x1.bbc000fc4720ap-16 0x1.6bf70ea1bcf7bp-17 -0x1.2d8ef21b6f9e2p-18 0x1.f190247b29d4fp-20 "
    "-0x1.99e9a174f5dacp-21 0x1.9ea2efe193781p-22 -0x1.8b013cefdaab8p-23",
    "0x1.09216ace09416p+2 0x1.baa5cfb487a4bp-52 0x1.84d4c66d06224p+0 0x1.6a70d23d149efp-55 "
    "-0x1.80f05e9eee2fbp-6 0x1.6f25af8d24059p-8 -0x1.6a3bd6d009c4fp-10 0x1.6d92eedb084efp-12 "
    "-0x1.774eaa8094172p-14 0x1.86c067adca101p-16 -0x1.9bd2b8e98a0d7p-18 0x1.b6c97199115ecp-20 "
    "-0x1.d827758467916p-22 0x1.0068b658f181bp-23 -0x1.18ab191c7cd29p-25 0x1.31cc5533a6bd2p-27 "
    "-0x1.52ea1bf538c63p-29 0x1.c15347d39b32ap-31 -0x1.f9f2e85000901p-33",
    "0x1.ad0bb1636766dp+2 0x1.37eabf87ad039p-54 0x1.78390acffd6b8p+0 0x1.091106214e17ep-54 "
    "-0x1.185f291168cf3p-7 0x1.6db1986004803p-10 -0x1.eb7dc6281e2eap-13 0x1.50b8e32d61a3fp-15 "
    "-0x1.d3c11f8d6dcf6p-18 0x1.4850f2c822331p-20 -0x1.d0d587079d982p-23 0x1.4b74e6f4d187cp-25 "
    "-0x1.dbc0301465271p-28 0x1.578cb665a1aa7p-30 -0x1.f2cfccbcee522p-33 0x1.680832d4776e7p-35 "
    "-0x1.06ea6e458370dp-37 0x1.c89cbb4f74ce7p-40 -0x1.58d057b21d15ep-42",
)
"""By part: c0 and c1 in two pieces each, and h0 to h14, where g = c1 + v h(v), and v is q^2 in the middle, else t."""

COEFFICIENTS = tuple(zip(*(tuple(map(float.fromhex, row.split())) for row in ROWS)))
C0, C0_LOW, C1, C1_LOW = COEFFICIENTS[:4]
H = COEFFICIENTS[4:]


@rule
def upper(x):
    """`x` cut to 26 bits: its square, and its product with another such, are exact."""
    return of_bits(bits_of(x) & UPPER_HALF)


@rule
def root_of_log(p):
    """The root of -log `p` in two pieces, of which the large has 26 bits; 0 < p < 1."""
    large, small = log_parts(p)
    total = large + small
    root = math.sqrt(-total)
    cut = upper(root)
    return cut, ((-total - cut * cut) - ((large - total) + small)) / (cut + root)


@rule
def chosen(p, values):
    """The one of five `values` that belongs to the part of `p`."""
    value = values[1] if p < 0.25 else values[0]
    value = values[2] if p < 0.05 else value
    value = values[3] if p < 0.001 else value
    return values[4] if p < 1e-7 else value


@rule
def curve(p, v):
    """The polynomial h of the part of `p` at `v`."""
    s = v * v
    f = s * s
    first = (chosen(p, H[0]) + v * chosen(p, H[1])) + s * (chosen(p, H[2]) + v * chosen(p, H[3]))
    second = (chosen(p, H[4]) + v * chosen(p, H[5])) + s * (chosen(p, H[6]) + v * chosen(p, H[7]))
    third = (chosen(p, H[8]) + v * chosen(p, H[9])) + s * (chosen(p, H[10]) + v * chosen(p, H[11]))
    return first + f * (
        second + f * (third + f * ((chosen(p, H[12]) + v * chosen(p, H[13])) + s * chosen(p, H[14])))
    )


@rule
def standard_normal(u):
    """Standard normal quantile of `u` in (0, 1), within 0.65 units of the last place; odd about 1/2."""
    p = min(u, 1.0 - u)
    middle = p >= 0.25
    q = 0.5 - p
    cut, rest = root_of_log(p)
    t = upper(q) if middle else cut - chosen(p, NODES)
    t_low = q - t if middle else rest
    v = q * q if middle else t + t_low
    z = _with_two_pieces(p, t, t_low, v * curve(p, v))
    return -z if u < 0.5 else z


@rule
def _with_two_pieces(p, t, t_low, bend):
    """c0 + (t + t_low) (c1 + bend), where |bend| < c1, and c0 is 0 or more than the rest."""
    c0, c1 = chosen(p, C0), chosen(p, C1)
    g = c1 + bend
    g_low = ((c1 - g) + bend) + chosen(p, C1_LOW)
    cut = upper(g)
    large = t * cut
    small = t * ((g - cut) + g_low) + t_low * g
    total = c0 + large
    return total + (((c0 - total) + large) + (small + chosen(p, C0_LOW)))
