"""The consequences of each option, as a table for the terminal."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from sim.cli.play.layout import table, width, wrapped
from sim.outcomes import OUTCOMES
from sim.play import Consequences, Game
from sim.play.consequences import BRANCHES, Difference, Spread, soon_of
from sim.play.options import MODEL
from sim.wording import day_text, number_text, percent, percent_with_chance

Column = Sequence[tuple[str, str] | str]
"""A heading of two lines, and a cell for each option."""


def weighing(game: Game, weighed: Sequence[Consequences]) -> list[str]:
    """What each option of today would bring, and what that rests on."""
    scenario = game.scenario
    kind, end = scenario.headline, day_text(scenario.end)
    come = int(OUTCOMES[kind].of(game.played.mornings["outcome"])[game.day])
    known = f"  The {kind} exchange has come already, on {day_text(game.date_of(come))}."
    rows, counts = fitting(weighed, soon_of(game), scenario.end)
    return [
        "",
        *wrapped([f"  Consequences of today: {kind} exchange by {end}, in {BRANCHES:,} branches an option"]),
        *([known] if come >= 0 else []),
        *table(rows),
        *wrapped(
            [
                f"  From now on; differences in percentage points, same luck for all options.{counts}",
                "  The branches know this run's own parameters, which nobody in your seat could know, and after "
                "today the model decides for you as for all others.",
            ],
            indent=2,
        ),
        "",
    ]


def fitting(
    weighed: Sequence[Consequences], soon: datetime.date, end: datetime.date
) -> tuple[list[list[str]], str]:
    """The fullest table that fits the screen, and what its counts are.

    Returns
    -------
    rows : two rows of headings, and one an option
    counts : a sentence, with a space before it; nothing where no counts are shown
    """
    ranges = " Counts: mean (90% of branches)."
    chances = [_labels(weighed), _chances(weighed)]
    fine, coarse = (_differences(weighed, short) for short in (False, True))
    killed: Column = [("US", "killed"), *(_range(item.killed) for item in weighed)]
    by_soon: Column = [("attacks by", _short(soon)), *(_range(item.soon) for item in weighed)]
    by_end: Column = [("attacks by", _short(end)), *(_range(item.attacks) for item in weighed)]
    means = [_without_ranges(column) for column in (killed, by_end)]
    choices = (
        ([*chances, fine, killed, *([by_soon] if soon < end else []), by_end], ranges),
        ([*chances, fine, killed, by_end], ranges),
        ([*chances, coarse, killed, by_end], ranges),
        ([*chances, coarse, *means], " Counts: means."),
        ([*chances, coarse], ""),
    )
    made = [(_rows(columns), counts) for columns, counts in choices]
    fits = (choice for choice in made if max(map(len, table(choice[0]))) <= width())
    return next(fits, made[-1])


def _without_ranges(column: Column) -> Column:
    return [column[0], *(str(cell).partition(" (")[0] for cell in column[1:])]


def _rows(columns: Sequence[Column]) -> list[list[str]]:
    """Columns, each with a heading of two lines, as rows."""
    upper, lower = ([str(column[0][line]) for column in columns] for line in (0, 1))
    return [upper, lower, *(list(map(str, row)) for row in zip(*(c[1:] for c in columns), strict=True))]


def _labels(weighed: Sequence[Consequences]) -> Column:
    """Options as they are typed."""
    labels = [item.option.label for item in weighed]
    return [("", ""), *("model" if label == MODEL else label for label in labels)]


def _chances(weighed: Sequence[Consequences]) -> Column:
    return [("", "chance [95%]"), *map(_chance, weighed)]


def _differences(weighed: Sequence[Consequences], short: bool) -> Column:
    cells = ("" if item.difference is None else points(item.difference, short) for item in weighed)
    return [("against", f"{weighed[0].option.label} [95%]"), *cells]


def points(difference: Difference, short: bool = False) -> str:
    """Write a difference of probabilities in percentage points, as fine as its interval asks: `+1.2 [+0.4, +2.0]`.

    `short` leaves out the digits that can best be spared.
    """
    width = 100 * (difference.high - difference.low)
    decimals = 0 if width >= 10 else 1 if width >= 1 or abs(difference.value) >= 0.1 else 2
    numbers = [100 * x for x in (difference.value, difference.low, difference.high)]
    if short:
        large = width >= 2 or abs(difference.value) >= 0.1
        decimals = 0 if large and round(numbers[1]) < round(numbers[2]) else min(decimals, 1)
    value, low, high = (round(x, decimals) + 0.0 for x in numbers)
    return f"{value:+.{decimals}f} [{low:+.{decimals}f}, {high:+.{decimals}f}]"


def _chance(item: Consequences) -> str:
    headline = item.headline
    low, high = headline.chance
    if headline.seen == 0:
        return f"none; below {percent(high)}"
    if headline.seen == headline.runs:
        return f"all; above {percent(low)}"
    return percent_with_chance(headline.probability, low, high)


def _short(day: datetime.date) -> str:
    return day_text(day).rsplit(" ", 1)[0]


def _range(spread: Spread) -> str:
    return f"{number_text(float(f'{spread.mean:.2g}'))} ({spread.low:.0f}-{spread.high:.0f})"
