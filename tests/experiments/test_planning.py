"""How many runs a precision needs: the promise kept, the estimate left alone, the plan told."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from sim.core.chance import PURPOSES, uniform
from sim.errors import InputError
from sim.estimates.intervals import Estimate, clustered, exact_bound, independent
from sim.estimates.planning import LEAST_RUNS, Spread, foreseen, half_width, runs_needed, spread_of
from sim.experiments.run import Run
from sim.experiments.run.sizing import PILOT_RUNS, Pilot, RunCost, pilot_of
from sim.experiments.why.feeding import FRESH
from sim.pipeline.cost import PILOT_FIRST, free_bytes
from sim.pipeline.request import Request
from sim.play.consequences import FIRST_BRANCH
from sim.report.terminal.plan import plan_lines
from sim.scenario import load_scenario
from sim.simulate import make_job, simulate
from sim.simulate.blocks import Block
from sim.simulate.parameter_draws import RUNS_PER_ROW, prior_rows, rows_of_runs
from sim.simulate.parts import outcomes_part
from sim.simulate.tallies import new_tallies
from tests.sizes import small_and_full

SIZE = RUNS_PER_ROW
HITS = np.arange(SIZE + 1)
PILOT_ROWS = PILOT_RUNS // SIZE

Law = npt.NDArray[np.float64]


def alike(p: float) -> Law:
    return stats.binom(SIZE, p).pmf(HITS)


def wide(a: float, b: float) -> Law:
    return stats.betabinom(SIZE, a, b).pmf(HITS)


def mixed(share: float, law: Law, other: Law) -> Law:
    return share * law + (1 - share) * other


NEVER, ALWAYS = alike(0.0), alike(1.0)
BASELINE = mixed(0.55, wide(0.5, 4), wide(0.8, 0.9))  # as the baseline's rows: mean 0.273, kurtosis 2.9
LAWS = {
    "alike": alike(0.3),
    "wide": wide(0.5, 1.35),
    "u-shaped": wide(0.2, 0.54),
    "baseline": BASELINE,
    "a row in 500": mixed(0.998, NEVER, ALWAYS),
    "a row in 130": mixed(129 / 130, NEVER, ALWAYS),
    "rare and wide": wide(0.05, 2.45),
    "rare everywhere": alike(1e-4),
    "nearly sure": wide(5, 0.05),
    "sure but for a row in 200": mixed(0.995, ALWAYS, NEVER),
}


def mean_of(law: Law) -> float:
    return float((law * HITS).sum() / law.sum() / SIZE)


def variance_of(law: Law) -> float:
    return float((law * (HITS / SIZE - mean_of(law)) ** 2).sum() / law.sum())


def drawn(rng: np.random.Generator, law: Law, rows: int) -> npt.NDArray[np.int64]:
    return rng.multinomial(rows, law / law.sum())


def rows_of(*hits: int) -> npt.NDArray[np.int64]:
    return np.bincount(hits, minlength=SIZE + 1)


# What is foreseen is what is reported


@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
@pytest.mark.parametrize("count", [80, 400, 5_000])
def test_the_width_is_that_of_the_report(law, count):
    rows = drawn(np.random.default_rng(count), law, count)
    spread = spread_of(rows, True, 0)
    if 0 < spread.share < 1:
        reported = clustered(rows, with_ignorance=False)
        assert half_width(spread, count, spread.variance) == pytest.approx(reported.half_width, rel=1e-9)
        alone, runs = spread_of(rows, False, 0), count * SIZE
        variance = alone.variance * (runs - 1) / runs  # of which Wilson makes no estimate
        told = independent(reported.seen, runs).half_width
        assert half_width(alone, runs, variance) == pytest.approx(told, rel=1e-7)


@pytest.mark.parametrize("by_row", [True, False])
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
def test_runs_that_are_needed_are_foreseen_to_be_enough(law, by_row):
    rows = drawn(np.random.default_rng(3), law, PILOT_ROWS)
    for precision in (0.1, 0.01, 0.001):
        expected, at_most = foreseen(rows, runs_needed(rows, precision, by_row), by_row)
        assert 0 < expected <= at_most <= precision


@pytest.mark.parametrize("by_row", [True, False])
def test_the_fewest_units_that_tell_a_spread_are_two(by_row):
    pilot = rows_of(*[0] * PILOT_ROWS)
    few = [foreseen(pilot, runs, by_row)[0] for runs in (1, 2, 26, 50, 51, 75)]
    units = (2, 2, 2, 2, 3, 3) if by_row else (2, 2, 26, 50, 51, 75)
    assert few == [exact_bound(number) / 2 for number in units]


def test_an_upper_variance_by_hand():
    """The sampling error of a variance at both ends, and at most what can be."""
    spread = Spread(0.5, 0.05, 0.01, 4, 25)
    error = math.sqrt((0.01 - 0.05**2) * (1 / 4 + 1 / 100))
    assert spread.upper_variance(100) == pytest.approx(0.05 + 1.644854 * error, rel=1e-12)
    assert (
        Spread(0.5, 0.2, 0.01, 4, 25).upper_variance(100) == 0.2
    )  # no moment is below the square of another
    assert Spread(0.5, 0.2, 0.9, 4, 25).upper_variance(5) == 0.25 * 5 / 4


def test_a_spread_by_hand():
    rows = rows_of(0, 5, 25)
    shares = np.array([0.0, 0.2, 1.0])
    found = spread_of(rows, True, 0)
    assert (found.share, found.variance) == pytest.approx((shares.mean(), shares.var(ddof=1)))
    assert (found.units, found.size) == (3, 25)
    assert found.fourth == pytest.approx(((shares - shares.mean()) ** 4).mean())
    wider, all_five = spread_of(rows, True, 1), np.array([0.0, 0.0, 0.2, 1.0, 1.0])
    assert (wider.share, wider.variance) == pytest.approx((all_five.mean(), all_five.var(ddof=1)))
    assert (wider.units, wider.size) == (3, 25)  # those that were added tell nothing
    alone = spread_of(rows, False, 1)
    assert (alone.units, alone.size, alone.share) == (75, 1, pytest.approx(31 / 77))
    assert alone.variance == pytest.approx(31 / 77 * 46 / 77 * 77 / 76)


# How many


def test_numbers_of_runs_are_whole_rows_few_digits_and_grow_with_what_is_asked():
    rows = drawn(np.random.default_rng(1), BASELINE, PILOT_ROWS)
    needed = [runs_needed(rows, p, True) for p in (0.5, 0.05, 0.03, 0.02, 0.01, 1e-3, 1e-6)]
    assert needed[0] == LEAST_RUNS
    assert needed == sorted(needed)
    assert needed[-1] > 1e12
    for runs in needed:
        assert runs % SIZE == 0
        assert runs < 10_000 or runs % 10 ** (len(str(runs)) - 3) == 0


@pytest.mark.parametrize("by_row", [True, False])
def test_an_event_and_its_opposite_need_as_many(by_row):
    rows = rows_of(*[0] * 200, *[3] * 120, *[25] * 80)
    for precision in (0.05, 0.01, 0.001):
        assert runs_needed(rows, precision, by_row) == runs_needed(rows[::-1], precision, by_row)


@pytest.mark.parametrize("by_row", [True, False])
def test_where_the_pilot_saw_nothing_a_result_that_sees_nothing_is_precise_enough(by_row):
    rows = rows_of(*[0] * PILOT_ROWS)
    for precision in np.geomspace(1e-6, 0.5, 60):
        units = runs_needed(rows, precision, by_row) // (SIZE if by_row else 1)
        assert exact_bound(units) / 2 <= precision


def test_of_a_rare_event_the_pilot_is_not_believed_that_it_never_comes():
    rows = rows_of(*[0] * PILOT_ROWS)
    of_three = 3 / PILOT_ROWS  # rows may see it in all their runs, and a pilot miss it one time in twenty
    assert runs_needed(rows, 0.001, True) / SIZE > 0.8 * 1.96**2 * of_three / 0.001**2


@pytest.mark.parametrize("precision", [0.02, 0.005, 0.001])
@pytest.mark.parametrize("law", LAWS.values(), ids=LAWS.keys())
def test_the_precision_is_reached_in_95_jobs_of_100(law, precision):
    rng, jobs = np.random.default_rng(11), 1_000
    reached = 0
    for _ in range(jobs):
        runs = runs_needed(drawn(rng, law, PILOT_ROWS), precision, True)
        reached += clustered(drawn(rng, law, runs // SIZE), with_ignorance=False).half_width <= precision
    assert reached / jobs >= 0.95 - 4 * math.sqrt(0.95 * 0.05 / jobs)


@pytest.mark.parametrize("p", [0.5, 0.131, 0.01, 1e-4, 0.9999])
@pytest.mark.parametrize("precision", [0.01, *small_and_full(0.003, 0.001)])
def test_it_is_with_one_row_for_all_too(p, precision):
    rng, jobs = np.random.default_rng(12), 1_000
    reached = 0
    for _ in range(jobs):
        runs = runs_needed(drawn(rng, alike(p), PILOT_ROWS), precision, False)
        reached += independent(int(rng.binomial(runs, p)), runs).half_width <= precision
    assert reached / jobs >= 0.95 - 4 * math.sqrt(0.95 * 0.05 / jobs)


def test_for_rows_like_the_baselines_few_runs_are_too_many():
    rng, jobs, precision = np.random.default_rng(13), 300, 0.005
    enough = SIZE * 1.96**2 * variance_of(BASELINE) / precision**2
    needed = [runs_needed(drawn(rng, BASELINE, PILOT_ROWS), precision, True) for _ in range(jobs)]
    assert 1 < np.mean(needed) / enough < 1.15 + 4 * np.std(needed) / enough / math.sqrt(jobs)


# What is decided by the pilot leaves the estimate alone


def stop_at_first(rng: np.random.Generator, law: Law, precision: float, step: int = 10) -> Estimate:
    """Look after every few rows, and stop when the interval is narrow enough."""
    rows = drawn(rng, law, LEAST_RUNS // SIZE)
    while (estimate := clustered(rows, with_ignorance=False)).half_width > precision:
        rows = rows + drawn(rng, law, step)
    return estimate


def two_stages(rng: np.random.Generator, law: Law, precision: float) -> Estimate:
    runs = runs_needed(drawn(rng, law, PILOT_ROWS), precision, True)
    return clustered(drawn(rng, law, runs // SIZE), with_ignorance=False)


Rule = Callable[[np.random.Generator, Law, float], Estimate]


def errors_off(rule: Rule, law: Law, precision: float, jobs: int = 3_000) -> float:
    """How far the mean over jobs is off the truth, in standard errors."""
    rng = np.random.default_rng(14)
    told = [rule(rng, law, precision).probability for _ in range(jobs)]
    return (float(np.mean(told)) - mean_of(law)) / (float(np.std(told)) / math.sqrt(jobs))


def test_two_stages_are_unbiased_where_stopping_at_first_is_not():
    law = mixed(0.98, NEVER, ALWAYS)  # stopping at first tells 1.7% for 2%
    assert errors_off(stop_at_first, law, 0.02) < -12
    assert abs(errors_off(two_stages, law, 0.02)) < 4


# The pilot


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("october-2023", ["end=2023-12-10"])


@pytest.fixture(scope="module")
def found(scenario) -> Pilot:
    return pilot_of(scenario, "prior")


def test_no_result_and_no_other_question_uses_the_pilots_runs():
    most = 1_000_000_000  # as a scenario may ask for
    with pytest.raises(Exception, match="from 1 to 1000000000"):
        load_scenario("october-2023", [f"runs={most + 1}"])
    assert most < PILOT_FIRST
    assert PILOT_FIRST + PILOT_RUNS < FRESH < FIRST_BRANCH
    assert PILOT_FIRST % SIZE == PILOT_RUNS % SIZE == 0


def test_rows_and_luck_of_the_pilot_are_its_own():
    last = PILOT_FIRST + PILOT_RUNS - 1
    rows = rows_of_runs(np.array([PILOT_FIRST, last], np.uint64))
    assert rows.tolist() == [2**40, 2**40 + PILOT_ROWS - 1]
    numbers = np.concatenate([np.arange(PILOT_ROWS), 2**40 + np.arange(PILOT_ROWS)])
    tempo = prior_rows(numbers, 7, {})["militia"]["tempo"]
    assert len(np.unique(tempo)) == 2 * PILOT_ROWS
    runs = np.concatenate([np.arange(PILOT_RUNS), PILOT_FIRST + np.arange(PILOT_RUNS)]).astype(np.uint64)
    luck = [uniform(np.uint64(7), run, 8_700, 1, PURPOSES["attacks"], 0) for run in runs]
    assert len(set(luck)) == 2 * PILOT_RUNS


def test_a_pilot_counts_its_runs_and_is_the_same_again(scenario, found):
    again = pilot_of(scenario, "prior")
    assert found.runs == PILOT_RUNS
    assert found.rows.tolist() == again.rows.tolist()
    assert found.estimate == again.estimate
    assert (found.bytes_per_run, found.bytes_of_counts) == (again.bytes_per_run, again.bytes_of_counts)
    runs = np.arange(PILOT_FIRST, PILOT_FIRST + PILOT_RUNS, dtype=np.uint64)
    came = np.asarray(simulate(make_job(scenario), runs))["outcome"]["direct_day"] >= 0
    assert found.rows.tolist() == rows_of(*came.reshape(-1, SIZE).sum(1)).tolist()
    assert found.estimate == clustered(found.rows, with_ignorance=False)
    assert 0 < found.seconds_per_run < 1


def test_a_pilot_of_one_row_is_of_independent_runs(scenario):
    estimate = pilot_of(scenario, "default").estimate
    assert estimate == independent(estimate.seen, PILOT_RUNS)


def test_the_size_of_a_run_is_that_of_runs_of_a_result(scenario, found):
    runs = np.arange(10_000, dtype=np.uint64)
    outcomes = np.asarray(simulate(make_job(scenario), runs))["outcome"].copy()
    size = len(outcomes_part(Block(0, outcomes, new_tallies(scenario.days)), scenario, True))
    assert found.bytes_per_run * len(runs) == pytest.approx(size, rel=0.05)


# The plan


def asked_of(precision: float | None, keep: str = "outcomes", runs: int | None = None) -> Run:
    settings = ("end=2023-12-10", *([f"runs={runs}"] if runs else []))
    return Run.prepare(Request(("october-2023",), settings, "prior"), precision=precision, keep=keep)


def planned(precision: float | None, keep: str = "outcomes", runs: int | None = None) -> RunCost:
    return asked_of(precision, keep, runs).cost(2, Path("nowhere/at/all"))


def test_a_plan_without_a_precision_is_that_of_the_scenario():
    made = planned(None, runs=12_010)
    assert (made.own_runs, made.rows, made.altered_runs, made.needed) == (12_010, 481, 70_000, None)
    assert not made.capped
    assert 0 < made.half_width < made.half_width_at_most
    few = planned(None, runs=40)
    assert (few.own_runs, few.rows, few.altered_runs) == (40, 2, 280)


def test_a_plan_for_a_precision_is_told_by_the_pilot_alone(found):
    made = planned(0.005)
    assert made.own_runs == made.needed == runs_needed(found.rows, 0.005, True)
    assert made.half_width < made.half_width_at_most <= 0.005
    assert made.tasks >= made.runs / 50_000


def test_a_plan_keeps_to_what_is_allowed_and_says_so():
    asked = asked_of(0.001, runs=5_000)
    made = asked.cost(2, Path("r"))
    assert made.capped
    assert made.own_runs == 5_000 < made.needed
    assert made.half_width > 0.001
    with pytest.raises(InputError, match=r"1e-08 needs about [\d,]+ runs"):
        asked_of(1e-8)
    line = plan_lines(asked, made, Path("r"))[2]
    assert line.startswith("5,000 runs (200 draws of the parameters), as --runs has it: ")
    assert line.endswith(f"0.1 percentage points would take {made.needed:,}")


def test_outcomes_take_room_and_a_summary_hardly_any(found):
    full, bare = planned(0.002), planned(0.002, "summary")
    assert full.runs == bare.runs
    assert full.bytes - bare.bytes == math.ceil(full.own_runs * found.bytes_per_run)
    assert planned(0.001, "summary").bytes == bare.bytes


def test_room_is_looked_for_where_the_folder_would_stand(tmp_path):
    free = free_bytes(tmp_path)
    assert free > 0
    assert free_bytes(tmp_path / "not" / "yet" / "there") == pytest.approx(free, rel=0.2)
