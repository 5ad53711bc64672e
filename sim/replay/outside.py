"""What the outside drivers of a scenario weighed on a day, by their own names."""

from __future__ import annotations

from collections.abc import Mapping

from sim.core.state import OTHERS
from sim.replay.decision import Reason
from sim.replay.replay import Record, Replay
from sim.replay.terms import exp
from sim.scenario import Scenario
from sim.scenario.outside import fitted, own_weights, short_title, weighed
from sim.simulate.timeline import levels_of


def named(weights: Mapping[str, str], scenario: Scenario) -> dict[str, str]:
    """Names of reasons by the parameter that weighs them, with those of a scenario's own drivers.

    A driver that the scenario has not got is no reason.
    """
    if fitted(scenario.drivers):
        return {**weights, **_retitled(weights, scenario)}
    own = weighed(scenario.drivers)
    gone = [name for name in weights if _driver(name) in ("gaza", "lebanon") and _driver(name) not in own]
    kept = {name: title for name, title in weights.items() if name not in gone}
    return {**kept, **_retitled(kept, scenario)}


def _retitled(weights: Mapping[str, str], scenario: Scenario) -> dict[str, str]:
    """Names of drivers that parameters weigh, where a scenario calls them otherwise."""
    if scenario.drivers is None:
        return {}
    own = weighed(scenario.drivers)
    return {
        name: short_title(scenario.drivers, own[_driver(name)]) for name in weights if _driver(name) in own
    }


def _driver(parameter: str) -> str:
    """The model's own name for the driver that a parameter weighs."""
    return parameter.partition(".")[2].split("_")[-1]


def others(played: Replay, day: int, on: str) -> tuple[Reason, ...]:
    """What each driver whose weight is fixed multiplies a rate or odds by.

    Parameters
    ----------
    played : Replay
    day : index of the day
    on : 'will', 'press' or 'stance', whose odds of pressing and of restraining it makes smaller
    """
    scenario = played.job.scenario
    found = []
    for name, one in own_weights(scenario.drivers).items():
        level = float(levels_of(scenario, name)[day])
        weight = getattr(one, on)
        if weight == 0.0:
            continue
        log = weight * (level - getattr(scenario.reference, name)) if on == "will" else -weight * level
        found.append(Reason(short_title(scenario.drivers, name), exp(log)))
    return tuple(found)


def without_others(today: Record) -> Record:
    """A day on which drivers with fixed weights add nothing."""
    plain = today.copy()
    for name in OTHERS:
        plain[name] = 0.0
    return plain
