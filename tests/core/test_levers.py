"""Policies can move the answer both ways inside the prior; psychological weights keep the sign of their claim."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sim.core import advance
from sim.core.rules.militia import intent_to_kill
from sim.core.state import new_worlds
from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import default_rows, prior_rows
from sim.simulate.setting import setting_of
from sim.simulate.timeline import timeline_of
from tests.sizes import small_and_full

SMALL, FULL = (
    (48, 250, 0.02),
    (160, 1_000, 0.03),
)  # draws of the parameters, runs of each, share of rows that must move
LEAST, SURE = 0.01, 4.0
BASELINE = load_scenario("october-2023")
NOTHING = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))


def ends_of(lever: str) -> tuple[float, float]:
    """The two values of a lever: the prior's central 90%, but for readiness the ends of what is called a doctrine."""
    return (-3.0, 3.0) if lever == "us.readiness" else REGISTRY[lever].interval(0.9)


def came(rung: int, fixed: dict[str, float], many: int, runs: int) -> np.ndarray:
    """Whether each run came to a rung of the ladder, shape (many, runs)."""
    timeline, setting, seed = timeline_of(BASELINE), setting_of(BASELINE), np.uint64(BASELINE.random_seed)

    def some(rows: np.ndarray) -> np.ndarray:
        table, index = prior_rows(rows, BASELINE.random_seed, fixed), np.repeat(np.arange(len(rows)), runs)
        numbers = (rows[:, None] * runs + np.arange(runs)[None, :]).ravel()
        worlds = new_worlds(numbers.astype(np.uint64))
        advance.start(worlds, table, index, setting)
        advance.advance(worlds, table, index, timeline, setting, seed, 0, len(timeline), *NOTHING)
        return worlds["outcome"]["rung_day"][:, rung].reshape(len(rows), runs) >= 0

    with ThreadPoolExecutor(2) as pool:
        return np.concatenate(list(pool.map(some, np.array_split(np.arange(many), 16))))


@pytest.mark.parametrize("size", small_and_full(SMALL, FULL), ids=["small", "full"])
@pytest.mark.parametrize(("lever", "rung"), [("us.readiness", 4), ("us.posture", 5)])
def test_a_policy_raises_the_risk_in_some_draws_and_lowers_it_in_others(lever, rung, size):
    """Of a severe exchange or of a direct one: in at least 3% of draws each, by a point or more, beyond four standard
    errors of the paired difference.

    Runs are paired by addressed luck, so that a draw's difference rests on the runs that changed: b up and c down,
    z = (b - c) / sqrt(b + c). A draw in which nothing changes is counted wrongly, each way, in 3 of 100,000; five
    of 160 by chance alone in (160 * 3e-5)^5 / 5!, about 2e-14; of 48, one in 1e-3.
    """
    low, high = ends_of(lever)
    assert low < high
    rows, runs, share = size
    at_low, at_high = came(rung, {lever: low}, rows, runs), came(rung, {lever: high}, rows, runs)
    up, down = (at_high & ~at_low).sum(1), (at_low & ~at_high).sum(1)
    change = (up - down) / runs
    sure = np.abs(up - down) > SURE * np.sqrt(np.maximum(up + down, 1))
    raised, lowered = ((sure & (sign * change >= LEAST)).mean() for sign in (1, -1))
    print(f"{lever}: up in {raised:.1%}, down in {lowered:.1%} of {rows} draws")
    assert raised >= share
    assert lowered >= share


# Psychological weights

WEIGHTS = {
    # weight: the state it weighs, where, at what value, and the sign of its effect on the will to fight
    "militia.revenge": ("militias.anger", 0.5, 1),
    "militia.deterrence": ("militias.fear", 0.5, -1),
    "militia.doubt": ("us.credibility", 0.1, 1),
    "militia.backlash": ("iraq.capital", 0.3, 1),
    "militia.bargain": ("iraq.bargain", 1.0, -1),
    "militia.tehran": ("iran.stance", 0.9, -1),
    "militia.gaza": ("timeline.gaza", 1.0, 1),
    "militia.lebanon": ("timeline.lebanon", 1.0, 1),
    "militia.presence": ("timeline.troops", 0.2, -1),  # fewer troops, less cause
}
FREE_SIGN = {"militia.hurry", "militia.provocation", "iraq.lobby"}
INTENT = {
    "militia.intent_anger": "anger",
    "militia.intent_doubt": "doubt",
    "militia.intent_autonomy": "autonomy",
}


def rate_on_day_one(weight: str, value: float, state: str, level: float) -> np.ndarray:
    timeline, setting, table = timeline_of(BASELINE), setting_of(BASELINE), default_rows({weight: value})
    worlds, rows = new_worlds(np.arange(4, dtype=np.uint64)), np.zeros(4, np.int64)
    advance.start(worlds, table, rows, setting)
    group, key = state.split(".")
    if group == "timeline":
        timeline[key] = level
    else:
        worlds[group][key] = level
    advance.advance(worlds, table, rows, timeline, setting, np.uint64(1), 0, 1, *NOTHING)
    return np.asarray(worlds["militias"]["rate"][:, :4])


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_weight_moves_the_attack_rate_as_its_claim_says(weight):
    state, level, sign = WEIGHTS[weight]
    with_it = rate_on_day_one(weight, REGISTRY[weight].default, state, level)
    without = rate_on_day_one(weight, 0.0, state, level)
    assert (sign * np.log(with_it / without) > 0.01).all()


@pytest.mark.parametrize("weight", INTENT)
def test_a_weight_moves_the_intent_to_kill_as_its_claim_says(weight):
    names = ("kill_intent", "intent_anger", "intent_doubt", "intent_autonomy")
    base, anger, doubt, autonomy = (REGISTRY[f"militia.{n}"].default for n in names)
    levels = {name: 0.4 if name == INTENT[weight] else 0.0 for name in ("anger", "doubt", "autonomy")}
    given = (anger, levels["anger"], doubt, levels["doubt"], autonomy, levels["autonomy"])
    without = tuple(0.0 if REGISTRY[weight].default == g else g for g in given[::2])
    off = (without[0], given[1], without[1], given[3], without[2], given[5])
    assert intent_to_kill(base, *given) > 1.1 * intent_to_kill(base, *off)


@pytest.mark.parametrize(
    "weight", [*WEIGHTS, *INTENT, "us.anticipation", "us.commitment", "militia.contagion"]
)
def test_a_weights_prior_is_on_the_side_of_its_claim(weight):
    parameter = REGISTRY[weight]
    assert parameter.low == 0.0
    assert parameter.prior.quantile(1e-9, parameter.low, parameter.high) > 0.0


@pytest.mark.parametrize("weight", sorted(FREE_SIGN))
def test_a_weight_of_free_sign_has_both(weight):
    low, high = REGISTRY[weight].interval(0.9)
    assert low < 0.0 < high


def test_every_weight_in_the_will_to_fight_is_here():
    in_the_will = {n for n, p in REGISTRY.items() if n.startswith("militia.") and p.unit == "log rate ratio"}
    assert in_the_will - {"militia.shock_sd", "militia.will_ceiling"} == (set(WEIGHTS) | FREE_SIGN) - {
        "iraq.lobby"
    }
