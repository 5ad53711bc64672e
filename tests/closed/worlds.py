"""Worlds in which all is switched off but what a closed form is about, and short runs of them by the million."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from sim.core import advance
from sim.core.state import DAY, DRIVERS, ORDER, new_worlds
from sim.parameters import couplings
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import default_rows
from sim.simulate.setting import setting_of

RUNS = 2_000_000
BLOCK = 10_000
SEED = np.uint64(19)
BASELINE = load_scenario("october-2023")
UNCOUNTED = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))
STILL = {
    **couplings(),
    "militia.shock_sd": 0.0,
    "militia.syria_drift": 0.0,
    "militia.stand_down": 0.0,
    "militia.return_floor": 0.0,
    "militia.resume": 0.0,
    "engagement.false_alarm_death": 0.0,
}
"""No coupling, and nothing that chance brings but attacks, what they do, and what is freed."""

Read = Callable[[np.ndarray], tuple[np.ndarray, ...]]


def setting(capacity: int = 1000, window: int | None = None) -> np.ndarray:
    """The baseline's militias and sites, with as great a capacity each."""
    made = setting_of(BASELINE)
    made[0]["militias"]["capacity"] = capacity
    if window is not None:
        made[0]["window"] = window
    return made


def days_of(days: int, free: str, attacks: int = 0, site: int = -1, **drivers: float) -> np.ndarray:
    """Days of constant drivers, at the baseline's reference, on which all is ordered to be held but for who is free.

    Parameters
    ----------
    days : int
    free : str
        Of "militias", "us", "iraq" and "iran", those who decide themselves.
    attacks, site : int
        Of the first militia on every day, where militias are not free; -1 is any site.
    """
    made = np.zeros(days, DAY)
    made["date"] = np.arange(9_000, 9_000 + days)
    made["place"], made["level_limit"], made["iraq_limit"], made["deaths"] = -1, 4, 4, 1
    for field, actor in (("level", "us"), ("press", "iraq"), ("answer", "iran")):
        made[field] = -1 if actor in free else 0
    made["orders"] = np.array((-1 if "militias" in free else 0, -1, -1, -1, 0), ORDER)
    if "militias" not in free:
        made["orders"]["attacks"][:, 0], made["orders"]["site"][:, 0] = attacks, site
    reference = setting()[0]["reference"]
    for driver in DRIVERS:
        made[driver] = drivers.get(driver, reference[driver])
    return made.view(np.recarray)


def struck(level: int, place: int) -> np.ndarray:
    """One day on which Washington strikes, and nobody else does anything."""
    today = days_of(1, "")
    today["level"], today["place"] = level, place
    return today


def row_of(fixed: Mapping[str, float]) -> np.ndarray:
    """The row of parameters with all off but what is `fixed`."""
    return default_rows({**STILL, **fixed})


def lived(
    days: np.ndarray,
    fixed: Mapping[str, float],
    read: Read,
    runs: int = RUNS,
    prepare: Callable[[np.ndarray], None] = lambda worlds: None,
    where: np.ndarray | None = None,
) -> tuple[np.ndarray, ...]:
    """What is read of so many runs after their last day.

    Parameters
    ----------
    days : recarray of DAY
    fixed : mapping
        Parameters by registry name; the rest as in `STILL`, or at their defaults.
    read : callable
        Takes worlds, and gives arrays of as many entries.
    runs : int
        Rounded up to whole blocks.
    prepare : callable
        Changes worlds, in place, before their first day.
    where : recarray of SETTING, optional

    Returns
    -------
    tuple of ndarray
        As many as `read` gives, of all runs.
    """
    row, fixed_setting = row_of(fixed), setting() if where is None else where
    zeros, found = np.zeros(BLOCK, np.int64), []
    for first in range(0, runs, BLOCK):
        worlds = new_worlds(np.arange(first, first + BLOCK, dtype=np.uint64))
        advance.start(worlds, row, zeros, fixed_setting)
        prepare(worlds)
        advance.advance(worlds, row, zeros, days, fixed_setting, SEED, 0, len(days), *UNCOUNTED)
        found.append([np.array(values) for values in read(worlds)])
    return tuple(np.concatenate(parts) for parts in zip(*found, strict=True))
