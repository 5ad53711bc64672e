"""One day of a run, stage by stage: the world as each decision found it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.core import phases
from sim.replay.replay import Record, Replay


@dataclass(frozen=True)
class Stages:
    """The world of one day, after each of its phases; each a record of WORLD, shape (1,).

    Attributes
    ----------
    morning : before anything
    dawn : outside pressures have arrived; Tehran weighs its stance here
    led : Tehran has moved and supplied; Baghdad decides here
    pressed : Baghdad has pressed or not; militias decide here
    chosen : militias have launched; attacks meet the defences here
    engaged : attacks have been fought out; Washington decides here
    responded : Washington has struck or held
    felt : the bargain has been tested and the strike has been felt; Tehran decides on an open answer here
    answered : Tehran has answered or not
    shock : the multiplier of all militias' rates today
    pausing : share of the campaign that stood down this morning
    """

    morning: Record
    dawn: Record
    led: Record
    pressed: Record
    chosen: Record
    engaged: Record
    responded: Record
    felt: Record
    answered: Record
    shock: float
    pausing: float


def stages_of(played: Replay, day: int) -> Stages:
    """Go through one day of a run, and keep the world of every stage."""
    world = played.mornings[day : day + 1].copy()
    today, setting, row = played.timeline[day : day + 1], played.setting, played.row
    kept = {"morning": world.copy()}

    def keep(name: str) -> None:
        kept[name] = world.copy()

    phases.timeline_arrives(world, today, row)
    keep("dawn")
    phases.tehran_moves(world, today, setting, row)
    keep("led")
    phases.baghdad_presses(world, today, setting, row, played.seed)
    keep("pressed")
    shock, pausing = _launch(played, world, today)
    keep("chosen")
    _fight_out(played, world, today)
    keep("engaged")
    phases.washington_responds(world, today, setting, row, played.seed)
    keep("responded")
    feel(played, world)
    keep("felt")
    phases.tehran_answers(world, today, setting, row, played.seed)
    keep("answered")
    return Stages(shock=shock, pausing=pausing, **kept)


def _launch(played: Replay, world: Record, today: Record) -> tuple[float, float]:
    setting, row, seed = played.setting, played.row, played.seed
    shock = phases.impulse_of_day(world, row, seed)
    pausing = phases.share_pausing(world, setting)
    for i in range(militia_count(played)):
        phases.militia_weighs(world, today, setting, row, i)
        phases.militia_acts(world, today, setting, row, seed, i, shock, pausing)
    return float(shock), float(pausing)


def _fight_out(played: Replay, world: Record, today: Record) -> None:
    for i in range(militia_count(played)):
        phases.attacks_of_militia(world, today, played.setting, played.row, played.seed, i)
    phases.false_alarm(world, played.row, played.seed)


def feel(played: Replay, world: Record) -> None:
    """Test the bargain by the day's attacks and strike, and let everybody feel the strike, in place."""
    phases.bargain_is_tested(world, played.row, played.seed)
    phases.tehran_takes_it(world, played.row)
    phases.baghdad_takes_it(world, played.row, played.seed)
    for i in range(militia_count(played)):
        phases.militia_takes_it(world, played.row, i)


def close_day(played: Replay, world: Record) -> None:
    """Record the day and let memories fade, in place: its evening is the next morning."""
    phases.day_is_recorded(world, played.setting)
    for i in range(militia_count(played)):
        phases.militia_forgets(world, played.row, i)
    phases.washington_forgets(world, played.row)
    phases.baghdad_forgets(world, played.row)
    phases.tehran_forgets(world, played.row)


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
    world = (stages or stages_of(played, day)).chosen
    today, setting, row, seed = played.timeline[day : day + 1], played.setting, played.row, played.seed
    found = []
    for i in range(militia_count(played)):
        reach = phases.reach_of(world, setting, row, i)
        lethal = phases.intent_of(world, setting, row, i)
        spared = int(today["orders"]["spared"][0, i])
        for item in range(int(world["militias"]["attacks"][0, i])):
            if not spared >> item & 1:
                site, wounded, killed, meant = phases.attack_of(
                    world, today, setting, row, seed, i, item, reach, lethal
                )
                found.append(Attack(day, i, item, int(site), int(wounded), int(killed), bool(meant)))
    return found
