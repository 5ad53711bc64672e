"""Random states of the world, and the plain day's reading of them and of what the engine makes of them."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from sim.core import advance
from sim.core.chance import ENVIRONMENT, IRAN, IRAQ, PURPOSES, US, uniform
from sim.core.state import DAY, DRIVERS, MAX_SITES, NEVER, ORDER, OTHERS, new_worlds
from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import rows_of_columns
from sim.simulate.setting import setting_of, sites_in_order
from tests.closed.plain_day import plain_day

SEED = np.uint64(20231017)
BASELINE = load_scenario("october-2023")
UNCOUNTED = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))
ACTORS = {"environment": ENVIRONMENT, "us": US, "iraq": IRAQ, "iran": IRAN}
LADDER = ("attack", "strike", "border", "killed", "severe", "direct", "avowed")
COMPARED = {
    "us": "pressure unanswered commitment credibility posture troops met level place kind irgc step "
    "provoked undeterred defiance",
    "iraq": "capital strain bargain talks status",
    "iran": "stance grievance war_fear",
    "today": "attacks attacks_iraq wounded killed alarm_deaths avowed avowed_harm iraqis_killed",
}
OF_MILITIAS = "anger fear arsenal autonomy restraint guilt will rate attacks"


def random_rows(rng: np.random.Generator, count: int) -> np.ndarray:
    """Parameters near the middle of their priors, some anywhere in their range: things are to happen.

    Returns
    -------
    recarray of PARAMETERS, shape (count,)
    """
    columns = {}
    for name, parameter in REGISTRY.items():
        near = parameter.default * np.exp(rng.normal(0.0, 0.3, count))
        anywhere = rng.uniform(parameter.low, parameter.high, count)
        value = np.where(rng.random(count) < 0.1, anywhere, near)
        columns[name] = np.clip(value, parameter.low, parameter.high)
    usual = {
        "militia.tempo": (2.0, 20.0), "militia.stand_down": (0.0, 0.5), "militia.resume": (0.0, 1.0),
        "militia.leak": (0.2, 1.0), "militia.hurry": (-2.0, 2.0), "militia.trigger": (0.5, 3.0),
        "us.lag": (2.0, 4.0), "us.lag_hard": (2.0, 4.0), "us.level_3_base": (-2.0, 2.0),
        "us.level_4_base": (-3.0, 1.0), "iran.answer": (-2.0, 3.0), "us.iraq_sensitivity": (0.0, 3.0),
        "iraq.lobby": (-2.0, 3.0), "militia.provocation": (-1.5, 1.5),
    }  # fmt: skip
    for name, (low, high) in usual.items():
        columns[name] = rng.uniform(low, high, count)
    return rows_of_columns(columns, count)


def random_worlds(rng: np.random.Generator, rows: np.ndarray, setting: np.ndarray) -> np.ndarray:
    """Worlds in the midst of anything, one a row of parameters."""
    count = len(rows)
    worlds = new_worlds(rng.integers(0, 2**62, count).astype(np.uint64))
    advance.start(worlds, rows, np.arange(count), setting)
    day = rng.integers(60, 300, count)
    worlds["day"] = day

    def ago(most: int, never: float, edge: np.ndarray | int) -> np.ndarray:
        """A day before today or never; often the one on which a window closes, or one beside it."""
        days = rng.integers(1, most, count)
        days = np.where(rng.random(count) < 0.3, edge + rng.integers(-1, 2, count), days)
        return np.where(rng.random(count) < never, NEVER, day - days)

    window, provocation = int(setting[0]["window"]), rows["us"]["provocation_days"].astype(int)
    us, iraq, iran, pause = worlds["us"], worlds["iraq"], worlds["iran"], worlds["pause"]
    us["pressure"], us["unanswered"] = rng.gamma(2.0, 2.0, count), rng.exponential(1.0, count).round(1)
    us["commitment"], us["credibility"] = rng.random(count), rng.random(count)
    us["met"], us["step"] = rng.integers(0, 200, count), rng.integers(0, 5, count)
    us["level"] = rng.choice(5, count, p=[0.6, 0.1, 0.1, 0.1, 0.1])
    us["provoked"], us["undeterred"], us["defiance"] = rng.integers(0, 2, (3, count))
    us["provoked_day"], us["hard_day"] = ago(40, 0.1, provocation), ago(30, 0.5, window)
    for name in ("capital", "strain", "talks"):
        iraq[name] = rng.random(count)
    iraq["bargain"] = rng.random(count) * rng.integers(0, 2, count)
    iraq["status"] = rng.integers(0, 3, count)
    iraq["talks_day"], iraq["order_day"] = (
        day - rng.integers(30, 60, count),
        day - rng.integers(1, 200, count),
    )
    iran["stance"], iran["stance_start"] = rng.uniform(-1, 1, (2, count))
    iran["grievance"], iran["war_fear"] = rng.random((2, count))
    pause["by"] = rng.integers(0, 4, count)
    pause["day"], pause["talks"] = day - rng.integers(1, 60, count), rng.random(count)
    militias = worlds["militias"][:, : setting[0]["militia_count"]]
    for name in ("anger", "fear", "autonomy"):
        militias[name] = rng.random(militias.shape)
    militias["guilt"] = rng.gamma(1.0, 2.0, militias.shape) * rng.integers(0, 2, militias.shape)
    militias["arsenal"] *= rng.random(militias.shape)
    militias["standing_down"] = (pause["by"] > 0)[:, None] * rng.integers(0, 2, militias.shape)
    for name in LADDER:
        worlds["ladder"][name] = ago(30, 0.5, window)
    return worlds


def random_days(rng: np.random.Generator, count: int) -> np.ndarray:
    """Days on which nothing is ordered, of any drivers; recarray of DAY, shape (count,)."""
    days = np.zeros(count, DAY)
    for name in DAY.names:
        if name not in (*DRIVERS, *OTHERS, "date", "orders"):
            days[name] = -1
    days["date"] = rng.integers(8_000, 9_000, count)
    days["level_limit"] = days["iraq_limit"] = 4
    days["called_off"] = 0
    for name in ORDER.names:
        days["orders"][name] = -1
    days["orders"]["spared"] = 0
    for driver in DRIVERS:
        days[driver] = rng.uniform(0.0, 2.0 if driver == "troops" else 1.0, count)
    apart = np.random.Generator(np.random.Philox(count))  # so that all else is what it was without them
    for name in OTHERS:
        days[name] = apart.uniform(-1.0, 1.0, count) * (apart.random(count) < 0.2)
    return days.view(np.recarray)


def engine_day(worlds: np.ndarray, rows: np.ndarray, days: np.ndarray, setting: np.ndarray) -> np.ndarray:
    """What the engine makes of each world, with its own parameters and its own day."""
    after = worlds.copy().view(np.recarray)
    for n in range(len(after)):
        advance.advance(
            after[n : n + 1], rows, np.array([n]), days[n : n + 1], setting, SEED, 0, 1, *UNCOUNTED
        )
    return after


def setting() -> np.ndarray:
    """The baseline's militias and sites, with defences of their own."""
    sites = sites_in_order(BASELINE)
    defences = np.linspace(-0.5, 0.5, MAX_SITES)
    guarded = {
        name: site.model_copy(update={"defence": float(defence)})
        for (name, site), defence in zip(sites.items(), defences, strict=False)
    }
    return setting_of(BASELINE.model_copy(update={"sites": guarded}))


def parameters_of(row: np.void) -> dict[str, float]:
    return {
        f"{group}.{name}": value for group in row.dtype.names for name, value in fields_of(row[group]).items()
    }


def fields_of(record: np.void) -> dict:
    """Fields of a record as plain numbers."""
    return dict(zip(record.dtype.names, record.item(), strict=True))


def state_of(world: np.void, day: np.void, fixed: np.void) -> SimpleNamespace:
    """The plain day's state, from the engine's records."""
    state = SimpleNamespace(day=int(world["day"]), window=int(fixed["window"]), culprit=0)
    for group in ("us", "iraq", "iran"):
        vars(state).update(fields_of(world[group]))
    state.driver = {name: float(day[name]) for name in DRIVERS}
    state.others = {name.removeprefix("others_"): float(day[name]) for name in OTHERS}
    state.reference = fields_of(fixed["reference"])
    state.pause_by, state.pause_day = int(world["pause"]["by"]), int(world["pause"]["day"])
    state.pause_talks = float(world["pause"]["talks"])
    state.ladder = fields_of(world["ladder"])
    state.militias = [
        militia_of(world["militias"][i], fixed["militias"][i]) for i in range(fixed["militia_count"])
    ]
    state.sites = [SimpleNamespace(**fields_of(site)) for site in fixed["sites"][: fixed["site_count"]]]
    return state


def militia_of(militia: np.void, fixed: np.void) -> SimpleNamespace:
    made = SimpleNamespace(**fields_of(militia))
    made.name, made.pausing = made.actor_id, bool(made.standing_down)
    made.share, made.stake, made.reach = (float(fixed[name]) for name in ("share", "stake", "reach"))
    made.capacity, made.autonomy_start = int(fixed["capacity"]), float(fixed["autonomy"])
    return made


def luck_of(world: np.void, day: np.void):
    """The engine's random numbers of that world and day, by what they decide."""

    def luck(actor: str | int, purpose: str, item: int) -> float:
        actor_id = ACTORS[actor] if isinstance(actor, str) else actor
        return float(uniform(SEED, world["run"], int(day["date"]), actor_id, PURPOSES[purpose], item))

    return luck


def differences(state: SimpleNamespace, world: np.void) -> list[str]:
    """What the plain day left otherwise than the engine, to a ten-thousandth of a millionth."""
    found = [
        (name, getattr(state, name), world[group][name])
        for group, names in COMPARED.items()
        for name in names.split()
    ]
    found += [("day", state.day, world["day"]), ("pause", state.pause_by, world["pause"]["by"])]
    found += [("rung", state.rung, world["ladder"]["rung"])]
    if state.level > 0:
        found += [("culprit", state.culprit, world["us"]["culprit"])]
    for i, militia in enumerate(state.militias):
        record = world["militias"][i]
        found += [
            (f"militia {i} {name}", getattr(militia, name), record[name]) for name in OF_MILITIAS.split()
        ]
        found += [(f"militia {i} pausing", militia.pausing, record["standing_down"])]
    return [
        f"{name}: {plain!r}, the engine has {engine!r}"
        for name, plain, engine in found
        if not math.isclose(plain, engine, rel_tol=1e-10, abs_tol=1e-10)
    ]


def lived_twice(seed: int, count: int, day=plain_day) -> tuple[np.ndarray, list[list[str]]]:
    """Random worlds after a day of the engine, and how a plain day of each differs.

    Parameters
    ----------
    seed, count : int
        Of the states, and how many.
    day : callable
        The plain day.
    """
    rng, fixed = np.random.default_rng(seed), setting()
    rows = random_rows(rng, count)
    worlds, days = random_worlds(rng, rows, fixed), random_days(rng, count)
    after = engine_day(worlds, rows, days, fixed)
    found = []
    for n in range(count):
        state = state_of(worlds[n], days[n], fixed[0])
        day(state, parameters_of(rows[n]), luck_of(worlds[n], days[n]))
        found.append(differences(state, after[n]))
    return after, found
