"""The consequences of each option, as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiments.playing import Consequences, Game
from sim.experiments.playing.consequences import BRANCHES, Difference, Spread, soon_of
from sim.wording import day_text, number_text, percent, percent_with_chance

COLUMNS = ("", "chance [95%]", "against {first} [95%]", "US killed", "attacks by {soon}", "by the end")


def weighing(game: Game, weighed: Sequence[Consequences]) -> list[str]:
    """What each option of today would bring, and what that rests on."""
    scenario = game.scenario
    first, soon = weighed[0].option.label, day_text(soon_of(game))
    heads = [column.format(first=first, soon=soon) for column in COLUMNS]
    rows = [
        [
            item.option.label,
            _chance(item),
            "" if item.difference is None else points(item.difference),
            _range(item.killed),
            _range(item.soon),
            _range(item.attacks),
        ]
        for item in weighed
    ]
    come = int(game.played.mornings["outcome"][f"{scenario.headline}_day"][game.day])
    known = (
        [f"  The {scenario.headline} spiral has come already, on {day_text(game.date_of(come))}."]
        if come >= 0
        else []
    )
    return [
        "",
        f"  Consequences of today: {scenario.headline} spiral by {day_text(scenario.end)}, in {BRANCHES:,} branches "
        "an option",
        *known,
        *table([heads, *rows]),
        "  From now on; differences in percentage points, same luck for all options. Counts: mean (90% of branches).",
        "  The branches know this run's own parameters, which nobody in your seat could know, and after today the",
        "  model decides for you as for all others.",
        "",
    ]


def points(difference: Difference) -> str:
    """Write a difference of probabilities in percentage points, as fine as its interval asks: `+1.2 [0.4, 2]`."""
    width = 100 * (difference.high - difference.low)
    decimals = 0 if width >= 10 else 1 if width >= 1 or abs(difference.value) >= 0.1 else 2
    value, low, high = (
        round(100 * x, decimals) + 0.0 for x in (difference.value, difference.low, difference.high)
    )
    return f"{value:+.{decimals}f} [{low:+.{decimals}f}, {high:+.{decimals}f}]"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table, the first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  " + "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]  # fmt: skip


def _chance(item: Consequences) -> str:
    headline = item.headline
    low, high = headline.chance
    if headline.seen == 0:
        return f"none; below {percent(high)}"
    if headline.seen == headline.runs:
        return f"all; above {percent(low)}"
    return percent_with_chance(headline.probability, low, high)


def _range(spread: Spread) -> str:
    return f"{number_text(float(f'{spread.mean:.2g}'))} ({spread.low:.0f} to {spread.high:.0f})"
