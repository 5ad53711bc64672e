"""Addressed randomness: every random number is a pure function of what it decides.

`uniform(random_seed, run, date, actor_id, purpose, item)` is one block of Philox 4x32-10 (Salmon et al.
2011). The key is the seed; the 128-bit counter is the address, each part in bits of its own:

    word 0, 1   run        64 bits
    word 2      date       upper 16 bits, days since 1 January 2000
                actor_id   lower 16 bits
    word 3      purpose    upper 8 bits
                item       lower 24 bits

Philox is a bijection of the counter for each key, and the parts do not overlap, so that no two decisions of
one seed share a block. There is no stream, no order and no state: a run draws the same numbers alone, in a
batch, and in a later-starting scenario.

Every draw turns one uniform into one value by inversion, monotone in its mean.
"""

import numpy as np

from sim.core.functions import exp, log
from sim.core.jit import rule
from sim.core.normal import standard_normal as standard_normal

ENVIRONMENT, US, IRAQ, IRAN, PRIORS = 0, 1, 2, 3, 4

PURPOSES = {
    "shock": 1,
    "false alarm": 2,
    "press": 3,
    "breach by attack": 4,
    "breach by strike": 5,
    "iraqis killed": 6,
    "campaign": 7,
    "attacks": 8,
    "site": 9,
    "intent": 10,
    "through": 11,
    "wounded": 12,
    "killed": 13,
    "response": 14,
    "attribution": 15,
    "answer": 16,
    "parameter": 17,
    "resampling": 18,
    "level": 19,
    "place": 20,
    "kind": 21,
    "irgc losses": 22,
    "pause": 23,
    "heed": 24,
    "call off": 25,
}
"""What a uniform decides. The numbers are part of every result and never change their meaning."""

MASK32 = np.uint64(0xFFFFFFFF)
SHIFT32 = np.uint64(32)
MULTIPLIER0, MULTIPLIER1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL0, WEYL1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
SHIFT16, SHIFT24, SHIFT20, SHIFT12 = np.uint64(16), np.uint64(24), np.uint64(20), np.uint64(12)
STEP = 1.0 / 4503599627370496.0  # 2^-52


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Philox 4x32-10: four 32-bit words (in uint64) from a counter of four words and a key of two."""
    for _ in range(10):
        p0 = MULTIPLIER0 * c0
        p1 = MULTIPLIER1 * c2
        c0 = (p1 >> SHIFT32) ^ c1 ^ k0
        c1 = p1 & MASK32
        c2 = (p0 >> SHIFT32) ^ c3 ^ k1
        c3 = p0 & MASK32
        k0 = (k0 + WEYL0) & MASK32
        k1 = (k1 + WEYL1) & MASK32
    return c0, c1, c2, c3


@rule
def uniform(random_seed, run, date, actor_id, purpose, item):
    """Uniform number in (0, 1) at an address, with 52 bits; never 0 or 1.

    Parameters
    ----------
    random_seed, run : uint64
    date : int
        Days since 1 January 2000, 0 to 65,535.
    actor_id : int
        0 to 65,535.
    purpose : int
        One of `PURPOSES`, 0 to 255.
    item : int
        0 to 16,777,215.
    """
    seed, number = np.uint64(random_seed), np.uint64(run)
    when = (np.uint64(date) << SHIFT16) | np.uint64(actor_id)
    what = (np.uint64(purpose) << SHIFT24) | np.uint64(item)
    x0, x1, _, _ = philox(number & MASK32, number >> SHIFT32, when, what, seed & MASK32, seed >> SHIFT32)
    return (np.float64((x0 << SHIFT20) | (x1 >> SHIFT12)) + 0.5) * STEP


@rule
def happens(u, rate):
    """Whether an event of `rate` a day happens on a day: u < 1 - exp(-rate)."""
    return u < rate and u < chance_on_a_day(rate)


@rule
def chance_on_a_day(rate):
    """Chance that an event of `rate` a day happens on a day: 1 - exp(-rate)."""
    return 1.0 - exp(-rate)


@rule
def poisson(u, none, mean, most):
    """Poisson quantile of `u`, at most `most`, by summing probabilities upwards from `none`, exp(-mean), of none."""
    count = 0
    term = none
    total = term
    while u > total and count < most:
        count += 1
        term = term * mean / count
        total = total + term
    return count


@rule
def negative_binomial(u, mean, dispersion, most):
    """Negative binomial quantile of `u`, variance mean + mean^2 / dispersion, at most `most`."""
    odds = mean / (mean + dispersion)
    count = 0
    term = exp(dispersion * log(dispersion / (mean + dispersion)))
    total = term
    while u > total and count < most:
        term = term * odds * (count + dispersion) / (count + 1.0)
        count += 1
        total = total + term
    return count


@rule
def pareto_count(u, tail, most):
    """Whole part of a Pareto variable of least value 1 and exponent `tail`, at most `most`; falls with u."""
    return int(min(exp(-log(u) / tail), most))
