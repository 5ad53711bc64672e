"""How findings are put into words: two or three digits, and an interval beside every probability."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any

from sim.scenario import Scenario
from sim.scenario.imposed import imposed_spirals

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
RUNG_NAMES = (
    "quiet", "harassment", "tit-for-tat", "border crossed", "severe exchange", "direct", "reciprocal direct",
)  # fmt: skip
RUNG_MEANINGS = {
    3: "a US strike in Iraq, or US killed",
    4: "US killed and a wave of US strikes in answer",
    5: "a declared US strike on Iran, its commanders or units, or an attack that Iran avows",
    6: "a declared US strike on Iran, its commanders or units, and an attack that Iran avows",
}
IN_SHORT = {
    4: "US killed, and a wave of US strikes in answer",
    5: "a declared US strike on Iran or its forces, or an attack Iran avows",
    6: "a declared US strike on Iran or its forces, and an attack Iran avows",
}
"""The same in a few words, by rung."""

LEVEL_MEANINGS = {
    1: "depots and sites in Syria that the IRGC and militias use",
    2: "militias inside Iraq",
    3: "a wave of strikes, in either country, or the killing of a commander",
    4: "a declared strike on Iran, an Iranian commander or an avowed Iranian unit",
}
"""Washington's levels of response, as in the model's description."""

MOST_DECIMALS = 4
DUST = 1e-9  # percentage points that rounding leaves of nothing


def percent(p: float | None) -> str:
    """Write a probability in percent with two or three digits; above one half, as fine as its opposite asks.

    Examples
    --------
    >>> percent(0.1734), percent(0.0313), percent(0.9973), percent(0.0)
    ('17%', '3.1%', '99.7%', '0%')
    """
    if p is None or math.isnan(p):
        return "unknown"
    return f"{_end(p, _decimals_of(p, digits=2 if p < 0.5 else 1))}%"


def percent_interval(lo: float, hi: float) -> str:
    """Write an interval of probabilities in percent, its ends as fine as its width asks.

    Examples
    --------
    >>> percent_interval(0.0281, 0.0344), percent_interval(0.0131, 0.7219)
    ('[2.8, 3.4]', '[1, 72]')
    """
    decimals = _decimals_between(lo, hi)
    return f"[{_end(lo, decimals)}, {_end(hi, decimals)}]"


def percent_with_chance(p: float, lo: float, hi: float) -> str:
    """Write a probability and its interval by chance, as fine as the interval asks: `3.1% [2.8, 3.4]`."""
    decimals = max(_decimals_between(lo, hi), _decimals_of(p, digits=2 if p < 0.5 else 1))
    return f"{_end(p, decimals)}% {percent_interval(lo, hi)}"


def probability_text(estimate: Mapping[str, Any]) -> str:
    """Write how probable a spiral is, with the interval by chance and, where there is one, by ignorance.

    Parameters
    ----------
    estimate : mapping with ``probability``, ``chance``, ``ignorance`` (or None), ``seen`` and ``runs``

    Returns
    -------
    str
        Such as ``3.1% [2.8, 3.4] by chance, [0.9, 6.2] with the parameters unknown``; where no run or every
        run spiralled, that, and the bound that so many runs allow.
    """
    text = _by_chance(estimate)
    ignorance = estimate.get("ignorance")
    if not ignorance or not any(ignorance):  # where nothing was seen, nothing is known of its range
        return text
    return f"{text}, {percent_interval(*ignorance)} with the parameters unknown"


def exchange_sentence(estimate: Mapping[str, Any], scenario: Scenario) -> str:
    """Say which exchange, by when, how probable: `Direct exchange by 31 Jul 2024: 3.1% [2.8, 3.4] by chance`.

    One that the scenario imposes has no probability: it is said what imposes it.
    """
    definition = str(estimate.get("definition") or scenario.headline)
    if (found := imposed_spirals(scenario).get(definition)) is not None:
        return (
            f"{definition.capitalize()} exchange by {day_text(scenario.end)}: the headline is imposed by "
            f"{found.source} on {day_text(found.date)}"
        )
    return f"{definition.capitalize()} exchange by {day_text(scenario.end)}: {probability_text(estimate)}"


def definition_text(definition: str, scenario: Scenario) -> str:
    """Say what counts as a spiral of this kind in a scenario."""
    rung = scenario.rung_of(definition)
    more = "" if rung == len(RUNG_NAMES) - 1 else " or more"
    return f"rung {rung}{more} of the ladder: {RUNG_MEANINGS[rung]}"


def meaning_text(text: str) -> str:
    """The first part of a parameter's meaning, as the registry has it, without what kind of parameter it is.

    Examples
    --------
    >>> meaning_text("doctrine: how soon Washington strikes; once provoked")
    'how soon Washington strikes'
    """
    return re.split(r"[:;]", re.sub(r"^(policy|doctrine): ", "", text))[0]


def ending_text(name: str) -> str:
    """How a run ended, by the name of that ending in `estimates.json`: an exchange is called so, however it came."""
    return name.replace("spiralled", "the exchange came").replace("no spiral", "no exchange")


def day_text(day: dt.date) -> str:
    """Write a day as `31 Jul 2024`, whatever the locale."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def number_text(value: float, digits: int = 3) -> str:
    """Write a number with so many significant digits and thousands separated: `12.3`, `1,230`."""
    if not math.isfinite(value):
        return "unknown"
    rounded = float(f"{value:.{digits}g}")
    whole = rounded == int(rounded)
    return f"{rounded:,.0f}" if whole else f"{rounded:,.{_places(rounded, digits)}f}".rstrip("0")


def points_text(width: float) -> str:
    """Write a difference of probabilities: `0.1 percentage points`."""
    number = number_text(100 * width, 2)
    return f"{number} percentage point{'' if number == '1' else 's'}"


def change_with_chance(change: float, lo: float, hi: float) -> str:
    """Write a difference of probabilities in percentage points with its interval by chance: `+2.1 [+0.4, +3.8]`.

    Examples
    --------
    >>> change_with_chance(-0.0142, -0.0407, 0.0127), change_with_chance(0.0, 0.0, 0.0)
    ('-1.4 [-4.1, +1.3]', '0 [0, 0]')
    """
    width = 100 * (hi - lo)
    decimals = (
        1
        if width >= 0.5 or width <= 0 or not math.isfinite(width)
        else min(MOST_DECIMALS, 1 - math.floor(math.log10(width)))
    )
    texts = [_signed(100 * value, decimals) for value in (change, lo, hi)]
    return f"{texts[0]} [{texts[1]}, {texts[2]}]"


def _signed(value: float, decimals: int) -> str:
    if not math.isfinite(value):
        return "unknown"
    text = f"{value:+.{decimals}f}"
    if float(text) != 0:
        return text
    return (
        "0" if abs(value) < DUST else f"{value:+.1g}"
    )  # so that it is seen on which side of zero an end lies


def duration_text(seconds: float) -> str:
    """Write how long something takes with two digits: `45 s`, `19 min`, `2.5 h`, `12 days`."""
    if seconds < 1:
        return "less than 1 s"
    for most, size, unit in ((90, 1, "s"), (5_400, 60, "min"), (172_800, 3_600, "h")):
        if seconds < most:
            return f"{number_text(seconds / size, 2)} {unit}"
    return f"{number_text(seconds / 86_400, 2)} days"


def size_text(size: float) -> str:
    """Write a number of bytes with two digits: `410 MB`, `7.8 GB`."""
    units = ("bytes", "kB", "MB", "GB", "TB")
    power = 0
    while power < len(units) - 1 and float(f"{size / 1000**power:.2g}") >= 1000:
        power += 1
    return f"{number_text(size / 1000**power, 2)} {units[power]}"


def share_text(count: int, runs: int) -> str:
    """Write a share of runs in percent, `none` and `all` only where that is exactly so."""
    return "none" if count == 0 else "all" if count == runs else percent(count / runs)


def _by_chance(estimate: Mapping[str, Any]) -> str:
    seen, runs, (lo, hi) = int(estimate["seen"]), int(estimate["runs"]), estimate["chance"]
    if seen == 0:
        return f"none seen in {runs:,} {_runs(runs)}: below {percent(hi)}"
    if seen == runs:
        return f"seen in all of {runs:,} {_runs(runs)}: above {percent(lo)}"
    return f"{percent_with_chance(estimate['probability'], lo, hi)} by chance"


def _runs(number: int) -> str:
    return "run" if number == 1 else "runs"


def _places(value: float, digits: int) -> int:
    """Count the decimals that show so many significant digits of a value, once it is rounded to them."""
    rounded = float(f"{abs(value):.{digits - 1}e}")
    return max(0, digits - 1 - math.floor(math.log10(rounded))) if rounded else 0


def _decimals_of(p: float, digits: int) -> int:
    """Count the decimals of a percentage that show so many digits of the rarer, it or its opposite."""
    return min(MOST_DECIMALS if p < 0.5 else 1, _places(_rarer(p), digits))


def _rarer(p: float) -> float:
    return 100 * min(p, 1 - p)


def _decimals_between(lo: float, hi: float) -> int:
    """Count the decimals that tell the ends apart, and at most three digits of the ends."""
    width = 100 * (hi - lo)
    finest = _decimals_of(max((lo, hi), key=_rarer), digits=3)
    if width >= 10:
        return 0
    apart = 1 + max(0, math.ceil(math.log10(0.5) - math.log10(width))) if width > 0 else MOST_DECIMALS
    return min(apart, finest)


def _end(p: float, decimals: int) -> str:
    """Write a percentage so that only exactly none reads 0, and only exactly all reads 100."""
    if p in (0, 1):
        return "0" if p == 0 else "100"
    smallest = 10.0**-MOST_DECIMALS
    if p < smallest / 100:
        return f"<{smallest:.{MOST_DECIMALS}f}"
    text = f"{100 * p:.{decimals}f}"
    if float(text) == 0:
        return f"{100 * p:.{_decimals_of(p, digits=1)}f}"
    if float(text) == 100:
        return f"{100 * p:.1f}" if p < 0.9995 else ">99.9"
    return text


def parameters_text(parameters: str, own_ranges: bool = False, until: dt.date | None = None) -> str:
    """Say where a result's parameters come from: `posterior`, `last-article`, `prior`, `default`, or one's own draws.

    `until` is the last day that fitted ones are informed of.
    """
    own = ", some of them from ranges of the analyst's own" if own_ranges else ""
    known = "" if until is None else f" up to {day_text(until)}"
    return {
        "posterior": f"fitted to the record{known}",
        "last-article": f"fitted to the record and to what the last article tells{known}",
        "prior": f"drawn from their priors{own}",
        "default": "at their defaults",
        "draws": f"of the analyst's own draws, any others drawn from their priors{own}",
        "draws-default": "of the analyst's own draws, any others at their defaults",
    }[parameters]
