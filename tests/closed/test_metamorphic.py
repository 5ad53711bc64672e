"""What must not change when a scenario says the same otherwise, or more of it."""

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import new_worlds
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import default_rows
from sim.simulate.setting import setting_of
from sim.simulate.timeline import timeline_of
from tests.closed.worlds import RUNS, SEED, UNCOUNTED, days_of, lived, setting

BASELINE = load_scenario("october-2023")
LETHAL = {"engagement.lethal_intended": 0.5, "engagement.lethal_harassment": 0.002}
SPARED = dict.fromkeys(LETHAL, 0.0)


def baseline_worlds(
    fixed: dict[str, float], runs: int = 2_000, days: int = 60, end: str = "2024-07-31"
) -> np.ndarray:
    """Worlds of the baseline after so many days of it, all mechanisms on."""
    scenario = load_scenario("october-2023", [f"end={end}"])
    rows, index, where = default_rows(fixed), np.zeros(runs, np.int64), setting_of(scenario)
    worlds = new_worlds(np.arange(runs, dtype=np.uint64))
    advance.start(worlds, rows, index, where)
    advance.advance(worlds, rows, index, timeline_of(scenario), where, SEED, 0, days, *UNCOUNTED)
    return worlds


def test_without_lethality_nobody_is_killed_and_worlds_without_deaths_are_the_same():
    lethal, spared = baseline_worlds(LETHAL), baseline_worlds(SPARED)
    unhurt = (lethal["outcome"]["first_killed_day"] < 0) & (lethal["outcome"]["avowed"] == 0)
    assert 200 < unhurt.sum() < 1_900
    assert spared["outcome"]["killed"].sum() == 0
    assert lethal[unhurt].tobytes() == spared[unhurt].tobytes()


def test_a_longer_horizon_changes_nothing_before_it():
    shorter, longer = (baseline_worlds({}, 500, 60, end) for end in ("2023-12-15", "2024-07-31"))
    assert shorter.tobytes() == longer.tobytes()


@pytest.mark.verification
def test_a_militia_split_in_two_attacks_as_often(table):
    """Two halves with all else the same are the one, with a shared impulse, a will and a pause that leaks."""
    whole, halves = setting(), setting()
    made = halves[0]["militias"]
    made[4] = made[1]
    made["share"][[1, 4]] /= 2
    made["actor_id"][4] = made["actor_id"].max() + 1
    halves[0]["militia_count"] = 5
    fixed = {"militia.tempo": 2.0, "militia.shock_sd": 0.5, "militia.stand_down": 0.2, "militia.leak": 0.3}
    fixed |= {
        "militia.gaza": 2.0,
        "militia.return_floor": 0.1,
        "militia.arsenal": 5000.0,
        "iran.dilution": 0.0,
    }

    def read(worlds: np.ndarray) -> list[np.ndarray]:
        return [worlds["militias"]["attacks"].sum(1), worlds["outcome"]["pauses"]]

    def others(worlds: np.ndarray) -> None:
        worlds["run"] += np.uint64(2**40)  # luck of their own

    days = days_of(5, "militias", gaza=1.0)
    one, pauses = lived(days, fixed, read, RUNS // 4, where=whole)
    two, again = lived(days, fixed, read, RUNS // 4, others, where=halves)
    for name, a, b in (
        ("attacks", one, two),
        ("squares of attacks", one**2, two**2),
        ("pauses", pauses, again),
    ):
        error = np.sqrt((a.var() + b.var()) / len(a))
        table.add(f"a militia split in two: {name}", a.mean(), b.mean(), error, len(a))
