"""What the plain day is told in: constants, the functions of the page, and draws by inversion."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import SimpleNamespace

Luck = Callable[[str, str, int], float]
State = SimpleNamespace
Parameters = Mapping[str, float]

NEVER = -1_000_000
IRAQ, SYRIA, IRAN = 0, 1, 3
NONE, TALKS, ORDERED = 0, 1, 2
NOBODY, GROUPS, TEHRAN, BAGHDAD = 0, 1, 2, 3


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def gain(size: float, growth: float, level: float) -> float:
    """G: the share that an event of a level adds."""
    return 1 - math.exp(-size * growth ** (level - 1))


def after(memory: float, share: float) -> float:
    return memory + (1 - memory) * share


def keep(half_life: float) -> float:
    return math.exp(-math.log(2) / half_life)


def comes(u: float, rate: float) -> bool:
    """Whether what comes at a rate a day comes on this day."""
    return u < 1 - math.exp(-rate)


def poisson_quantile(u: float, mean: float) -> int:
    count, total = 0, math.exp(-mean)
    while u > total:
        count += 1
        total += math.exp(-mean + count * math.log(mean) - math.lgamma(count + 1))
    return count


def negative_binomial_quantile(u: float, mean: float, dispersion: float, most: int) -> int:
    chance = dispersion / (dispersion + mean)
    count, total = 0, chance**dispersion
    while u > total and count < most:
        count += 1
        ways = math.lgamma(count + dispersion) - math.lgamma(dispersion) - math.lgamma(count + 1)
        total += math.exp(ways + dispersion * math.log(chance) + count * math.log1p(-chance))
    return count


def harm_of(p: Parameters, attacks: int, wounded: int, killed: int) -> float:
    return (
        p["us.pressure_attack"] * attacks
        + p["us.pressure_wounded"] * math.sqrt(wounded)
        + p["us.pressure_killed"] * math.log2(1 + killed)
    )
