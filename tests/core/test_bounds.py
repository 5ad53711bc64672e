"""No state leaves its bounds: 20,000 draws of the prior (500 by `make test`), a run each, over every day."""

import math

import numpy as np
import pytest

from sim.core import advance
from sim.core.chance import standard_normal
from sim.core.state import NEVER, WORLD, new_worlds
from sim.outcomes import LEVELS, RUNGS
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import prior_rows
from sim.simulate.setting import setting_of
from sim.simulate.timeline import timeline_of

SMALL, DRAWS, BLOCK, EVERY = 500, 20_000, 2_500, 3
NOTHING = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))
SHARES = {
    "militias": ("anger", "fear", "restraint", "autonomy"),
    "us": ("credibility", "commitment"),
    "iraq": ("bargain", "capital", "strain", "talks"),
    "iran": ("war_fear", "grievance"),
}
COUNTS = {
    "militias": ("attacks",),
    "today": ("attacks", "attacks_iraq", "wounded", "killed"),
    "ladder": ("quiet", "start"),
    "outcome": (
        "attacks_iraq", "attacks_syria", "attacks_jordan", "wounded", "killed", "alarm_deaths", "strikes",
        "strikes_in_iraq", "avowed", "bargains", "longest_quiet", "capacity_days", "campaign_days",
    ),
}  # fmt: skip
LARGEST_SHOCK = standard_normal(1.0 - 2.0**-53)  # standard deviations: no uniform gives a larger one


def floats_of(worlds: np.ndarray):
    for group in ("militias", "us", "iraq", "iran"):
        for name in WORLD[group].base.names:
            if WORLD[group].base[name].base == np.float64:
                yield f"{group}.{name}", worlds[group][name]


def check_states(worlds: np.ndarray, limits: dict[str, np.ndarray]) -> None:
    for name, values in floats_of(worlds):
        assert np.isfinite(values).all(), name
    for group, names in SHARES.items():
        for name in names:
            values = worlds[group][name]
            assert values.min() >= 0.0, f"{group}.{name} = {values.min()!r}"
            assert values.max() <= 1.0, f"{group}.{name} = {values.max()!r}"
    assert np.abs(worlds["iran"]["stance"]).max() <= 1.0
    assert worlds["us"]["pressure"].min() >= 0.0
    assert worlds["us"]["posture"].min() >= 0.0
    assert worlds["us"]["posture"].max() <= 3.0
    militias = worlds["militias"]
    assert militias["guilt"].min() >= 0.0
    assert militias["arsenal"].min() >= 0.0
    assert (militias["arsenal"] <= limits["size"]).all()
    assert (militias["will"] <= limits["ceiling"][:, None]).all()
    assert militias["rate"].min() >= 0.0
    assert (militias["rate"] <= limits["rate"]).all()
    assert (militias["attacks"] <= limits["capacity"]).all()
    assert np.isin(militias["standing_down"], (0, 1)).all()


def check_counts(worlds: np.ndarray, before: np.ndarray, days_between: int) -> None:
    for group, names in COUNTS.items():
        for name in names:
            assert worlds[group][name].min() >= 0, f"{group}.{name}"
    outcome, old = worlds["outcome"], before["outcome"]
    for name in COUNTS["outcome"]:
        assert (outcome[name] >= old[name]).all(), name
    assert (worlds["day"] == before["day"] + days_between).all()
    assert np.isin(worlds["us"]["level"], range(LEVELS)).all()
    assert np.isin(worlds["us"]["place"], (0, 1, 3)).all()
    assert np.isin(worlds["ladder"]["rung"], range(RUNGS)).all()
    assert (worlds["ladder"]["rung"] <= outcome["peak_rung"]).all()
    assert (worlds["iraq"]["status"] >= before["iraq"]["status"]).all()
    assert worlds["iraq"]["status"].max() <= 2
    assert (worlds["today"]["attacks_iraq"] <= worlds["today"]["attacks"]).all()
    assert (worlds["today"]["attacks"] == worlds["militias"]["attacks"].sum(1)).all()
    for name in ("attack", "strike", "killed", "direct", "avowed"):
        last = worlds["ladder"][name]
        assert ((last == NEVER) | ((last >= 0) & (last < worlds["day"]))).all()


def check_outcomes(outcome: np.ndarray, days: int) -> None:
    for name in outcome.dtype.names:
        if name.endswith("_day"):
            assert outcome[name].min() >= -1, name
            assert outcome[name].max() < days, name
    reached = outcome["rung_day"][:, 1:]
    peak = (reached >= 0).sum(1)
    assert (peak == outcome["peak_rung"]).all()
    later = np.where(reached < 0, days, reached)
    assert (np.diff(later, axis=1) >= 0).all()  # no rung before a lower one
    assert (outcome["direct_day"] == outcome["rung_day"][:, 5]).all()
    assert (outcome["reciprocal_day"] == outcome["rung_day"][:, 6]).all()
    assert (outcome["strikes_in_iraq"] <= outcome["strikes"].sum(1)).all()
    assert (outcome["strikes"][:, 0] == 0).all()
    assert outcome["longest_quiet"].max() <= days
    assert outcome["campaign_days"].max() <= 4 * days
    assert (outcome["capacity_days"] <= outcome["campaign_days"]).all()
    assert ((outcome["severe_day"] >= 0) == (outcome["severe_cause"] > 0)).all()
    assert ((outcome["first_killed_day"] >= 0) == (outcome["killed"] > 0)).all()


@pytest.mark.parametrize(
    ("first", "count"),
    [
        (0, SMALL),
        *(pytest.param(n, BLOCK, marks=pytest.mark.verification) for n in range(0, DRAWS, BLOCK)),
    ],
)
def test_no_state_leaves_its_bounds_on_any_day(first, count):
    scenario = load_scenario("october-2023")
    setting, timeline = setting_of(scenario), timeline_of(scenario)
    numbers = np.arange(first, first + count)
    table, rows = prior_rows(numbers, scenario.random_seed, {}), np.arange(count)
    fixed = setting[0]["militias"]
    ceiling, log_sd = table["militia"]["will_ceiling"], table["militia"]["shock_sd"]
    shock = np.exp(log_sd * LARGEST_SHOCK - log_sd**2 / 2)
    limits = {
        "capacity": fixed["capacity"][None, :],
        "size": table["militia"]["arsenal"][:, None] * fixed["share"][None, :],
        "ceiling": ceiling,
        "rate": (table["militia"]["tempo"] * np.exp(ceiling) * shock)[:, None]
        * fixed["share"][None, :]
        * (1 + 1e-9),
    }
    lived, seed = new_worlds(numbers.astype(np.uint64)), np.uint64(scenario.random_seed)
    worlds = np.asarray(lived)
    advance.start(lived, table, rows, setting)
    check_states(worlds, limits)
    largest = np.zeros(count)
    days = len(timeline)
    for day in range(0, days, EVERY):
        before, last = worlds.copy(), min(day + EVERY, days)
        advance.advance(lived, table, rows, timeline, setting, seed, day, last, *NOTHING)
        check_states(worlds, limits)
        check_counts(worlds, before, last - day)
        largest = np.maximum(largest, worlds["us"]["pressure"])
    check_outcomes(worlds["outcome"], days)
    assert math.isfinite(largest.max())
    # The bounds are put to the test: the draws come near them.
    assert worlds["outcome"]["peak_rung"].max() == 6
    assert worlds["iraq"]["status"].max() == 2
    assert worlds["outcome"]["capacity_days"].max() > 0.5 * worlds["outcome"]["campaign_days"].max()
