"""What each option of today would bring: many branches from here to the scenario's end, with the same luck for all.

A branch keeps all that has been seen, and takes fresh luck from the decision on, that of run numbers which no ordinary
run has. Its parameters are the game's own, which the person in the seat could not know.
"""

from __future__ import annotations

import datetime
import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.estimates.intervals import Estimate, independent
from sim.outcomes import OUTCOMES
from sim.play.occasions import pressed_today
from sim.play.seats import seat_of
from sim.replay.replay import Record
from sim.replay.stages import finish_day

if TYPE_CHECKING:
    from sim.play.game import Game
    from sim.play.options import Option

BRANCHES = 2_000
FIRST_BRANCH = 2**48
"""Run numbers from here on are for branches; no ordinary run reaches them."""

SOON = 30  # days
QUANTILE = 1.959964


@dataclass(frozen=True)
class Difference:
    """How much more probable than under the first option, and its 95% interval, from the same luck."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Spread:
    """Mean of a count over the branches, and the range that holds 90% of them."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Consequences:
    """What an option brings from now on.

    Attributes
    ----------
    headline : probability that the headline spiral has come by the end
    difference : to the first option; None for the first itself
    killed : US killed by fire from now to the end
    soon, attacks : attacks from now to `SOON` days on (or the end, when nearer), and to the end
    """

    option: Option
    headline: Estimate
    difference: Difference | None
    killed: Spread
    soon: Spread
    attacks: Spread


def weigh(
    game: Game, options: Sequence[Option], branches: int = BRANCHES, threads: int | None = None
) -> list[Consequences]:
    """Weigh options of today against the first of them.

    Parameters
    ----------
    game : Game
    options : sequence of Option
    branches : int
        Number of branches of each option.
    threads : int, optional
        All processors by default; it changes no number.
    """
    start = game.moment()
    ready = [_branches_of(game, option, start, branches) for option in options]
    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        finished = list(pool.map(lambda made: _to_the_end(game, *made), ready))
    first = finished[0][1]
    return [
        _weighed(game, option, start, soon, end, None if end is first else first)
        for option, (soon, end) in zip(options, finished, strict=True)
    ]


def soon_of(game: Game) -> datetime.date:
    """The last day that counts as soon."""
    return game.date_of(min(game.day + SOON, game.played.days - 1))


def _branches_of(game: Game, option: Option, start: Record, branches: int) -> tuple[Record, Record, int]:
    """Worlds of the branches, the timeline they live on, and the day from which they live whole days.

    Whoever decides in the morning has seen nothing of today but Baghdad's pressing; that is kept, and the day is lived
    anew. Whoever decides later keeps the day as it is, and it is finished from there.
    """
    timeline = game.played.timeline.copy()
    timeline[game.day] = game.day_with(option.action)
    seat = seat_of(game.actor)
    if seat.kind == "militia":
        timeline["press"][game.day] = int(pressed_today(game))
    morning = seat.kind in ("iraq", "militia")
    world = game.played.mornings[game.day : game.day + 1] if morning else start
    worlds = np.repeat(world, branches)
    worlds["run"] = worlds["luck"] = FIRST_BRANCH + np.arange(branches, dtype=np.uint64)
    worlds["past"]["until"] = 0
    if not morning:
        finish_day(game.played, worlds, timeline[game.day : game.day + 1], seat.stage)
    return worlds, timeline, game.day if morning else game.day + 1


def _to_the_end(game: Game, worlds: Record, timeline: Record, first: int) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes of the branches soon, and at the end."""
    played = game.played
    middle = max(first, min(game.day + SOON + 1, played.days))
    played.live(worlds, first, middle, timeline)
    soon = worlds["outcome"].copy()
    played.live(worlds, middle, played.days, timeline)
    return soon, worlds["outcome"].copy()


def _weighed(
    game: Game, option: Option, start: Record, soon: np.ndarray, end: np.ndarray, first: np.ndarray | None
) -> Consequences:
    headline = OUTCOMES[game.scenario.headline]
    come, before = headline.of(end) >= 0, start["outcome"][0]
    killed = end["killed"] - before["killed"] - start["today"]["killed"][0] * _killed_seen(game)
    return Consequences(
        option=option,
        headline=independent(int(come.sum()), len(come)),
        difference=None if first is None else paired(come, headline.of(first) >= 0),
        killed=_spread(killed),
        soon=_spread(_attacks(soon) - _attacks(before)),
        attacks=_spread(_attacks(end) - _attacks(before)),
    )


def _killed_seen(game: Game) -> int:
    """1 when today's dead are seen before deciding, and so count among the past; they are booked in the evening."""
    return int(seat_of(game.actor).kind in ("us", "iran"))


def _attacks(outcome: np.ndarray) -> np.ndarray:
    return OUTCOMES["attacks"].of(outcome)


def _spread(counts: np.ndarray) -> Spread:
    low, high = np.quantile(counts, (0.05, 0.95), method="inverted_cdf")
    return Spread(float(counts.mean()), float(low), float(high))


def paired(come: np.ndarray, first: np.ndarray) -> Difference:
    """Difference of two shares over the same branches, with Agresti and Min's interval for matched pairs.

    Half a branch is added to each of the four cells, so that the interval has a width even where no branch differs.
    """
    more, less, branches = int((come & ~first).sum()), int((first & ~come).sum()), len(come)
    centre = (more - less) / (branches + 2)
    spread = math.sqrt((more + less + 1) / (branches + 2) - centre**2) / math.sqrt(branches + 2)
    low, high = max(-1.0, centre - QUANTILE * spread), min(1.0, centre + QUANTILE * spread)
    return Difference((more - less) / branches, low, high)
