"""Stories: worlds in which everything that is not ordered is held."""

import datetime

import numpy as np

from sim.core import advance
from sim.core.state import new_worlds
from sim.outcomes import CAUSES
from sim.parameters import REGISTRY
from sim.scenario import Action, Scenario, load_scenario
from sim.simulate.parameter_draws import default_rows
from sim.simulate.setting import militias_in_order, setting_of
from sim.simulate.timeline import timeline_of

START = datetime.date(2023, 10, 17)
KATAIB, NUJABA, ASAIB, BADR = "kataib-hizbollah", "harakat-al-nujaba", "asaib-ahl-al-haq", "badr"
MILITIAS = (KATAIB, NUJABA, ASAIB, BADR)
US, IRAN = 1, 3
NOTHING = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))
BASELINE = load_scenario("october-2023")
ACCIDENT, INTENT, STRIKE_IN_IRAQ, STRIKE, TEHRAN = (
    CAUSES.index(c) for c in ("accident", "intent", "strike in Iraq", "strike", "Tehran")
)


def order(day: int | tuple[int, int], actor: str, name: str, **details: object) -> Action:
    first, last = (day, day) if isinstance(day, int) else day
    dated = {"from": START + datetime.timedelta(days=first), "to": START + datetime.timedelta(days=last)}
    return Action.model_validate({**dated, "actor": actor, "action": name, **details})


def strike(day: int, level: int, **details: object) -> Action:
    return order(day, "us", "strike", level=level, **details)


def attack(day: int, actor: str = KATAIB, **details: object) -> Action:
    return order(day, actor, "attack", **{"killed": 0, "wounded": 0, **details})


def everything_held(days: int) -> list[Action]:
    held = [order((0, days), name, "hold") for name in ("us", *MILITIAS)]
    return [*held, order((0, days), "iraq", "keep-quiet"), order((0, days), "iran", "no-answer")]


def story(
    *orders: Action,
    days: int = 30,
    held: bool = True,
    run: int = 0,
    start_with: dict[str, float] | None = None,
    scenario: Scenario = BASELINE,
    **fixed: float,
) -> np.ndarray:
    """One world after each day; `fixed` are parameters, with `__` for the dot."""
    values = {name.replace("__", "."): value for name, value in fixed.items()}
    assert set(values) <= set(REGISTRY)
    interventions = (*(everything_held(days) if held else ()), *orders)
    timeline = timeline_of(scenario.model_copy(update={"interventions": interventions}))
    setting, row, rows = setting_of(scenario), default_rows(values), np.zeros(1, np.int64)
    world = new_worlds(np.array([run], np.uint64))
    advance.start(world, row, rows, setting)
    for path, value in (start_with or {}).items():
        group, key = path.split(".")
        world[group][key] = value
    seen = []
    for d in range(days):
        advance.advance(world, row, rows, timeline, setting, np.uint64(7), d, d + 1, *NOTHING)
        seen.append(world.copy())
    return np.concatenate(seen).view(np.recarray)


def at(actor: str) -> int:
    """Where a militia stands in a world."""
    return list(militias_in_order(BASELINE)).index(actor)
