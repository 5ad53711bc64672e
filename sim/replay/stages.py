"""One day of a run, stage by stage: the world as each decision found it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.core import phases
from sim.core.state import NOBODY
from sim.replay.replay import Record, Replay


@dataclass(frozen=True)
class Stages:
    """The world of one day, after each of its phases; each a record of WORLD, shape (1,).

    Attributes
    ----------
    morning : before anything
    dawn : outside pressures have arrived; Tehran weighs its stance here
    led : Tehran has moved and supplied; Baghdad decides here
    pressed : Baghdad has pressed or not; militias weigh their will here
    willing : they have weighed it; a pause is declared, kept or revoked here
    paused : it has been; each militia joins, attacks or holds here
    chosen : militias have launched; attacks meet the defences here
    engaged : attacks have been fought out; Washington decides here
    responded : Washington has struck or held
    felt : the bargain has been tested and the strike has been felt; Tehran decides on an open answer here
    answered : Tehran has answered or not
    shock : the multiplier of all militias' rates today
    pausing : share of the campaign that stands down as each militia joins, attacks or holds
    lived : whether the day was lived; nothing happens in a war that has been followed to its end
    """

    morning: Record
    dawn: Record
    led: Record
    pressed: Record
    willing: Record
    paused: Record
    chosen: Record
    engaged: Record
    responded: Record
    felt: Record
    answered: Record
    shock: float
    pausing: float
    lived: bool


AFTER = {
    "dawn": "timeline_arrives", "led": "tehran_moves", "pressed": "baghdad_presses", "chosen": "attacks_set_out",
    "engaged": "false_alarm", "responded": "washington_chooses", "felt": "consequences_follow",
    "answered": "tehran_answers",
}  # fmt: skip
"""The phase that leads to each stage."""


def stages_of(played: Replay, day: int) -> Stages:
    """Go through one day of a run, and keep the world of every stage."""
    world = played.mornings[day : day + 1].copy()
    today, setting, row, seed = played.timeline[day : day + 1], played.setting, played.row, played.seed
    after = {"": world.copy()}
    lived = not phases.war_is_over(world, setting)
    if not lived:
        phases.war_goes_on(world, today)
    for name, phase in phases.PHASES.items():
        if lived:
            phase(world, today, setting, row, seed)
        after[name] = world.copy()
    kept = {stage: after[phase] for stage, phase in AFTER.items()}
    kept |= dict(zip(("willing", "paused"), _pause_of(played, day, kept, lived), strict=True))
    shock, pausing = float(kept["chosen"]["shock"][0]), float(kept["paused"]["pause"]["share"][0])
    return Stages(morning=after[""], shock=shock, pausing=pausing, lived=lived, **kept)


def _pause_of(played: Replay, day: int, kept: Mapping[str, Record], lived: bool) -> tuple[Record, Record]:
    """The world before and after a pause is declared, kept or revoked."""
    willing = kept["pressed"].copy()
    if not lived:
        return willing, willing
    today, setting, row = played.timeline[day : day + 1], played.setting, played.row
    for i in range(militia_count(played)):
        phases.militia_weighs(willing, today, setting, row, i)
    paused = willing.copy()
    phases.pause_begins_or_ends(paused, today, setting, row, played.seed)
    pause = willing["pause"]
    pause["will"] = paused["pause"]["will"]
    if pause["by"][0] != NOBODY:
        pause["talks"] = paused["pause"]["talks"]
    return willing, paused


def finish_day(played: Replay, worlds: Record, today: Record, stage: str) -> None:
    """Live the rest of a day from one of its stages on, in place: its evening is the next morning.

    Parameters
    ----------
    played : Replay
    worlds : ndarray of WORLD, shape (n,)
        As they are at that stage; those of a war that is over are left alone.
    today : ndarray of DAY, shape (1,)
    stage : str
        As in `Stages`.
    """
    names = list(phases.PHASES)
    lived = [w for w in range(len(worlds)) if not phases.war_is_over(worlds[w : w + 1], played.setting)]
    for name in names[names.index(AFTER[stage]) + 1 :]:
        for w in lived:
            phases.PHASES[name](worlds[w : w + 1], today, played.setting, played.row, played.seed)


def militia_count(played: Replay) -> int:
    """Number of militias in the run's scenario."""
    return int(played.setting["militia_count"][0])


@dataclass(frozen=True)
class Attack:
    """One attack of a run: its day, author (index of the militia), place in the day's order, site and harm."""

    day: int
    militia: int
    item: int
    site: int
    wounded: int
    killed: int
    meant: bool


def attacks_of(played: Replay, day: int, stages: Stages | None = None) -> list[Attack]:
    """Every attack of a day, as it was fought out; `meant` is known only of those that got through."""
    if not np.asarray(played.mornings[day + 1 : day + 2]["militias"]["attacks"]).any():
        return []
    stages = stages or stages_of(played, day)
    today, setting, row, seed = played.timeline[day : day + 1], played.setting, played.row, played.seed
    world, found = stages.chosen, []
    for i in range(militia_count(played)):
        for item in launched(played, day, stages, i):
            site, wounded, killed, meant = phases.attack_of(world, today, setting, row, seed, i, item)
            found.append(Attack(day, i, item, int(site), int(wounded), int(killed), bool(meant)))
    return found


def launched(played: Replay, day: int, stages: Stages, i: int) -> list[int]:
    """Places in the day's order of those attacks of militia `i` that are fought out."""
    spared = int(played.timeline["orders"]["spared"][day, i])
    return [item for item in range(int(stages.chosen["militias"]["attacks"][0, i])) if not spared >> item & 1]
