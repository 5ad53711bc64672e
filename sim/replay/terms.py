"""Terms of a decision as factors: each found by asking the day's own function twice.

A term of a sum behind an exponential or a logistic function is found by asking with the run's parameters and with the
weight of that term at zero; a part of a rate that is itself a sum, by adding the parts one after the other. Nothing is
worked out a second time here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence

from sim.replay.decision import Decision, Reason
from sim.replay.replay import Record

LEAST = 1e-300
"""Stands for no chance, and for a rate of none that others are then multiplied on to."""
NEAR_EVEN = 5.0
"""Log odds up to which a probability tells its odds to the last digits but two."""

Asked = Callable[[Record], float]


def without(row: Record, *names: str, at: float = 0.0) -> Record:
    """A row of parameters with some of them at zero, or at another value."""
    changed = row.copy()
    for name in names:
        group, key = name.split(".")
        changed[group][key] = at
    return changed


def factors(
    asked: Asked, row: Record, weights: Mapping[str, str], since: Mapping[str, int | None] | None = None
) -> tuple[Reason, ...]:
    """What each weight multiplies the exponential of what is asked by, all others as they are.

    Parameters
    ----------
    asked : function of a row of parameters
        A log rate or log odds.
    row : record of PARAMETERS, shape (1,)
    weights : names of reasons by the parameter that weighs them
    since : days that memories stem from, by parameter
    """
    whole = asked(row)
    return tuple(
        Reason(name, exp(whole - asked(without(row, weight))), (since or {}).get(weight))
        for weight, name in weights.items()
    )


def added(base: float, parts: Sequence[tuple[str, float]]) -> tuple[float, tuple[Reason, ...]]:
    """Factors of a rate whose parts are added one after the other.

    Parameters
    ----------
    base : float
        The rate without any of them, at least 0.
    parts : sequence of (name, the rate with this part and those before it)

    Returns
    -------
    base : what the factors multiply: as given, or of none the least there is
    reasons : one a part, by how it multiplies the rate so far
    """
    base = before = max(base, LEAST)
    reasons = []
    for name, rate in parts:
        after = max(rate, LEAST)
        reasons.append(Reason(name, after / before))
        before = after
    return base, tuple(reasons)


def log_odds(chance: float) -> float:
    """Log odds of a chance; of one that is 0 or 1 to the last bit, those of the nearest that is not."""
    within = min(max(chance, LEAST), 1.0 - 2.0**-53)
    return math.log(within / (1.0 - within))


def log_odds_by(asked: Asked, row: Record, constant: str) -> float:
    """Log odds of a chance, however extreme: asked where a constant of theirs makes them near even.

    `constant` is the parameter that is added to the log odds.
    """
    group, key = constant.split(".")
    moved = row.copy()
    found = log_odds(asked(moved))
    while abs(found) > NEAR_EVEN:
        moved[group][key] -= found
        found = log_odds(asked(moved))
    return found + float(row[group][key][0]) - float(moved[group][key][0])


def exp(log: float) -> float:
    """Exponential, at most the largest number there is."""
    return math.exp(min(log, 709.0))


def by_odds(
    what: str,
    asked: Asked,
    row: Record,
    weights: Mapping[str, str],
    reasons: Iterable[Reason],
    bare: Asked | None = None,
) -> Decision:
    """A decision by odds, of what their logarithm is asked by; the base is what they are without the weights.

    `bare` asks for the base, where something besides the row weighs.
    """
    base = exp((bare or asked)(without(row, *weights)))
    return Decision(what, "odds", exp(asked(row)), base, tuple(reasons))
