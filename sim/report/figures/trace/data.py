"""The data of a run's timeline: one row a mark and day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from sim.core.state import BAGHDAD, GROUPS, TEHRAN
from sim.replay.events import Event
from sim.replay.replay import Replay
from sim.simulate.setting import militias_in_order, slots_of
from sim.simulate.timeline import levels_of

PAUSES = {GROUPS: "pause of the groups", TEHRAN: "pause of Tehran", BAGHDAD: "pause of Baghdad"}
"""Marks of a day on which a militia holds its fire, by who has declared the pause."""
MARKED = ("decision", "preparation", "hold", "no answer", "pressing", "breach", "talks", "order")
"""Kinds of event that are marked without any size."""
COLUMNS = ("date", "lane", "mark", "size", "where")
Row = tuple[int, str, str, float, str | None]


def timeline_table(played: Replay, log: Sequence[Event]) -> pd.DataFrame:
    """Everything that the timeline shows.

    Returns
    -------
    DataFrame
        Columns date, lane (drivers, a militia, us, iraq, iran or ladder), mark, size (level of a driver, number of
        attacks, wounded or killed, level of a strike, share of a bargain, stance, rung; else 1) and where (country).
        Days of a war that is followed no further have a row 'war' in the lane ladder, and of the actors none.
    """
    rows = [*_daily(played), *(row for event in log for row in _marks(event, log))]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    start = pd.Timestamp(played.job.scenario.start)
    table["date"] = start + pd.to_timedelta(table["date"], unit="D")
    return table


def _daily(played: Replay) -> Iterator[Row]:
    evenings = np.asarray(played.evenings)
    scenario, engine = played.job.scenario, {own: slot for slot, own in slots_of(played.job.scenario).items()}
    for name in scenario.timeline:
        levels = played.timeline[engine[name]] if name in engine else levels_of(scenario, name)
        for day, level in enumerate(levels):
            yield day, "drivers", name, float(level), None
    end = int(played.outcome["censored_day"])
    lived = evenings[:end] if end >= 0 else evenings
    for i, name in enumerate(militias_in_order(played.job.scenario)):
        for paused in np.flatnonzero(lived["militias"]["standing_down"][:, i]):
            by = int(lived["pause"]["by"][paused])
            yield int(paused), name, PAUSES[by], 1.0, None
    for day, world in enumerate(evenings):
        yield day, "ladder", "rung", float(world["ladder"]["rung"]), None
        if day >= len(lived):
            yield day, "ladder", "war", 1.0, None
            continue
        if world["iraq"]["bargain"] > 0:
            yield day, "iraq", "bargain", float(world["iraq"]["bargain"]), None
        yield day, "iran", "stance", float(world["iran"]["stance"]), None


def _marks(event: Event, log: Sequence[Event]) -> Iterator[Row]:
    about = event.about
    if event.imposed and event.kind in ("attacks", "strike", "answer", "pressing"):
        yield event.day, event.actor, "imposed", 1.0, None
    if event.kind == "attacks":
        yield from _attacks(event, log)
    elif event.kind == "strike":
        yield event.day, "us", "strike", float(about["level"]), about["place"]
    elif event.kind == "answer":
        harm = float(about["wounded"] + about["killed"])
        yield event.day, "iran", "answer", harm, None
        if about["killed"]:
            yield event.day, "iran", "killed by Tehran", float(about["killed"]), None
    elif event.kind in MARKED:
        yield event.day, event.actor, event.kind, 1.0, None


def _attacks(event: Event, log: Sequence[Event]) -> Iterator[Row]:
    """One mark for the day's attacks of a militia: by their worst harm, in the country where that was done."""
    mine = [e for e in log if e.day == event.day and e.kind == "attack" and e.actor == event.actor]
    worst = max(mine, key=lambda attack: (attack.about["killed"], attack.about["wounded"]))
    about = event.about
    country = worst.about["country"]
    if about["killed"]:
        yield event.day, event.actor, "killed", float(about["killed"]), country
    if about["wounded"]:
        yield event.day, event.actor, "wounded", float(about["wounded"]), country
    if not about["killed"] and not about["wounded"]:
        yield event.day, event.actor, "attack", float(about["count"]), country
