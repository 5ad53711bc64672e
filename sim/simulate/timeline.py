"""A scenario's outside pressures, dated shocks and orders, one record a day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.core.draws import left_after
from sim.core.state import COUNTRIES, DAY, DRIVERS, FREE, ORDER
from sim.scenario.countries import number_of
from sim.scenario.outside import own_weights
from sim.simulate.setting import militias_in_order, sites_in_order, slots_of

if TYPE_CHECKING:
    from sim.scenario import Action, Driver, Scenario

PLACES = (*COUNTRIES, "iran")
"""Identifiers of the roles of countries, by the engine's number; see `sim.scenario.countries`."""

TIMELINE_EPOCH = datetime.date(2000, 1, 1)


def timeline_of(scenario: Scenario) -> np.ndarray:
    """Days of a scenario from its start to its end, both included.

    Returns
    -------
    recarray of DAY, shape (scenario.days,)
    """
    days = np.zeros(scenario.days, DAY)
    dates = [scenario.start + datetime.timedelta(days=d) for d in range(scenario.days)]
    days["date"] = [(date - TIMELINE_EPOCH).days for date in dates]
    slots = slots_of(scenario)
    for driver in (driver for driver in DRIVERS if driver in slots):
        top = 2.0 if driver == "troops" else 1.0
        days[driver] = driver_levels(scenario.timeline[slots[driver]], dates, top)
    _weigh_others(days, dates, scenario)
    for field in ("level", "place", "press", "answer"):
        days[field] = FREE
    days["level_limit"], days["iraq_limit"], days["deaths"] = 4, 4, 1
    days["orders"] = np.array((FREE, FREE, FREE, FREE, 0), ORDER)
    _impose_history(days, scenario)
    for action in scenario.interventions:
        _impose(days, scenario, action)
    return days.view(np.recarray)


def _weigh_others(days: np.ndarray, dates: list[datetime.date], scenario: Scenario) -> None:
    """Sum up, in place, what the drivers whose weights are fixed add on each day; nothing where there is none."""
    for name, one in own_weights(scenario.drivers).items():
        levels = driver_levels(scenario.timeline[name], dates, 1.0)
        days["others_will"] += one.will * (levels - getattr(scenario.reference, name))
        days["others_press"] += one.press * levels
        days["others_stance"] += one.stance * levels


def levels_of(scenario: Scenario, name: str) -> npt.NDArray[np.float64]:
    """Level of one of a scenario's drivers on each of its own days."""
    dates = [scenario.start + datetime.timedelta(days=d) for d in range(scenario.days)]
    return driver_levels(scenario.timeline[name], dates, 2.0 if name == "troops" else 1.0)


def driver_levels(driver: Driver, dates: list[datetime.date], top: float) -> npt.NDArray[np.float64]:
    """Level of a driver on each date: linear between its knots, plus its decaying shocks, within [0, top]."""
    at = np.array([date.toordinal() for date in dates], dtype=np.float64)
    levels = _between_knots(driver, at)
    for shock in driver.shocks:
        age = at - shock.date.toordinal()
        left = left_after(np.maximum(age, 0.0), np.full(len(at), float(shock.half_life)))
        levels = levels + np.where(age >= 0, shock.size * left, 0.0)
    return np.asarray(np.clip(levels, 0.0, top))


def _between_knots(driver: Driver, at: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Linear between knots, and as the first and the last outside of them; each step rounded by itself."""
    x = np.array([knot.date.toordinal() for knot in driver.knots], dtype=np.float64)
    y = np.array([knot.level for knot in driver.knots], dtype=np.float64)
    if len(x) == 1:
        return np.full(len(at), y[0])
    k = np.clip(np.searchsorted(x, at, side="right") - 1, 0, len(x) - 2)
    levels = (y[k + 1] - y[k]) / (x[k + 1] - x[k]) * (at - x[k]) + y[k]
    return np.asarray(np.where(at <= x[0], y[0], np.where(at >= x[-1], y[-1], levels)))


def _impose_history(days: np.ndarray, scenario: Scenario) -> None:
    """Before the release date avowed answers and deaths are exactly those listed, and as far as they are completely
    known strikes and bargains too; an unlisted strike after that stays below level 4.
    """
    if scenario.history is None:
        return
    past = max(0, min((scenario.history.release - scenario.start).days, len(days)))
    known = max(0, min((scenario.history.known_until - scenario.start).days + 1, past))
    for field in ("answer", "deaths"):
        days[field][:past] = 0
    for field in ("level", "press"):
        days[field][:known] = 0
    days["level_limit"][known:past] = 3
    for action in scenario.history.actions:
        _impose(days, scenario, action)


def _days_of(days: np.ndarray, scenario: Scenario, action: Action) -> Iterator[np.void]:
    first, last = action.span
    for index in range((first - scenario.start).days, (last - scenario.start).days + 1):
        if 0 <= index < len(days):
            yield days[index]


def _impose(days: np.ndarray, scenario: Scenario, action: Action) -> None:
    for day in _days_of(days, scenario, action):
        if action.actor == "us":
            _impose_on_washington(day, scenario, action)
        elif action.actor == "iraq":
            day["press"] = int(action.action == "press" and not action.forbid)
        elif action.actor == "iran":
            day["answer"] = int(action.action == "answer" and not action.forbid)
        else:
            order = day["orders"][list(militias_in_order(scenario)).index(action.actor)]
            _impose_on_militia(order, scenario, action)


def _impose_on_washington(day: np.void, scenario: Scenario, action: Action) -> None:
    if action.action == "hold":
        day["level"] = 0
        return
    assert action.level is not None
    if action.forbid:
        limit = "level_limit" if action.place is None else "iraq_limit"
        day[limit] = min(day[limit], action.level - 1)
        return
    day["level"] = action.level
    if action.place is not None:
        day["place"] = number_of(scenario.countries, action.place)


def _impose_on_militia(order: np.void, scenario: Scenario, action: Action) -> None:
    if action.action == "hold" or action.forbid:
        order["attacks"] = 0
        return
    order["attacks"] = action.attacks
    if action.site is not None:
        order["site"] = list(sites_in_order(scenario)).index(action.site)
    for field in ("killed", "wounded"):
        value = getattr(action, field)
        if value is not None:
            order[field] = value
