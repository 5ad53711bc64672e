"""The last screen of a game: how it ended, against the same run in which the model decided throughout."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.cli.play.layout import table, wrapped
from sim.outcomes import OUTCOMES, WITHDRAWAL
from sim.play import Game
from sim.replay.words import counted
from sim.scenario.schema import ONE_DAY
from sim.wording import RUNG_NAMES, day_text

SO_FAR = "until {}"


def _number(key: str, label: str = "") -> tuple[str, Callable[[np.void], str]]:
    """Label of an outcome, and how it is written."""
    return label or OUTCOMES[key].label, lambda o: f"{int(OUTCOMES[key].of(o)):,}"


_ROWS: tuple[tuple[str, Callable[[np.void], str]], ...] = (
    ("highest rung", lambda o: f"{o['peak_rung']} {RUNG_NAMES[int(o['peak_rung'])]}"),
    *(_number(key) for key in ("attacks", "wounded", "killed", "strikes")),
    ("of level 3 or 4", lambda o: f"{o['strikes'][3:].sum():,}"),
    _number("avowed", "answers by Iran"),
    _number("bargains", "Baghdad pressed"),
    ("US withdrawal", lambda o: WITHDRAWAL[int(o["status"])]),
)


def closing(game: Game) -> list[str]:
    """How the game ended, or would end with the model deciding from here, against the run without the person."""
    end, free = game.ending()["outcome"][0], game.free.outcome
    columns = [("your game" if game.over else "the model going on", end), ("the model throughout", free)]
    if not game.over:
        columns.insert(
            0,
            (
                SO_FAR.format(day_text(game.date_of(game.day) - ONE_DAY)),
                game.played.mornings["outcome"][game.day],
            ),
        )
    headline = OUTCOMES[game.scenario.headline]
    rows = [["", *(head for head, _ in columns)]]
    rows.append(
        [
            f"{game.scenario.headline} exchange",
            *(_when(game, int(headline.of(o)), head.startswith("until")) for head, o in columns),
        ]
    )
    rows += [[label, *(read(outcome) for _, outcome in columns)] for label, read in _ROWS]
    return [
        "",
        *wrapped([_verdict(game, int(headline.of(end)), int(headline.of(free)))]),
        "",
        *table(rows),
        "",
        *wrapped(_LAST),
    ]


def _when(game: Game, day: int, so_far: bool = False) -> str:
    return day_text(game.date_of(day)) if day >= 0 else "not so far" if so_far else "none"


def _verdict(game: Game, end: int, free: int) -> str:
    """The sentence that compares the two endings."""
    run, kind = game.played.run, game.scenario.headline

    def came(day: int) -> str:
        return (
            f"comes to a {kind} exchange on {day_text(game.date_of(day))}"
            if day >= 0
            else f"comes to no {kind} exchange"
        )

    if not game.orders:
        return f"You gave no order: run {run} is the model's alone, and {came(free)}."
    until = "" if game.over else f", the model deciding from {day_text(game.date_of(game.day))} on"
    return (
        f"With your orders on {counted(len(game.orders), 'day')}{until}, run {run} {came(end)}. With the model "
        f"deciding for {game.actor} throughout, it {came(free)}. Luck and parameters are the "
        "same: your orders are all that differs."
    )


_LAST = [
    "One run says little of a policy: it is one draw of luck and parameters. export FILE writes your orders as a "
    "scenario, which spiral run judges over many runs; save FILE keeps the game; quit leaves."
]
