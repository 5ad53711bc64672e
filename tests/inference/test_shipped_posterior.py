"""The posterior that is shipped, held against the record that it was fitted to, and against its prior.

Both the posterior and the luck here are fixed: a test passes or fails for good. A new fit may move what is measured by
its standard error, which each test states.
"""

import datetime
import math

import numpy as np
import pytest

from sim.core import advance
from sim.experiments.calibrate.predictive import KINDS, fresh, targets_of, unsteered
from sim.inference.acting import cannot_act
from sim.inference.conditioning import condition
from sim.inference.fitting import LEAST_EFFECTIVE
from sim.inference.observation import would_report
from sim.inference.observation.model import Counts
from sim.inference.observation.reading import shipped_record
from sim.inference.problem import AS_OF, Problem
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING, make_job, prepare, simulate, with_posterior
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.posterior import load_posterior, shipped

RUNS = 8_000
BASELINE = load_scenario("october-2023")
MEANS = {datetime.date(2023, 10, 24): 13, datetime.date(2023, 10, 30): 23, AS_OF: 61}
FITTED, LED, FREE = KINDS


@pytest.fixture(scope="module")
def problem():
    return Problem(BASELINE, shipped_record(), AS_OF)


@pytest.fixture(scope="module")
def posterior():
    return load_posterior(shipped()["october-2023"])


@pytest.fixture(scope="module")
def reports(problem, posterior):
    """What would have been reported, by kind of run and target."""
    found = {}
    for kind, counts in counts_of(problem, posterior).items():
        generator = np.random.Generator(np.random.Philox(1))
        found[kind] = {
            (t.series, t.report.last): (t.report, would_report(t.report, counts, False, generator))
            for t in targets_of(problem.record)
        }
    return found


def counts_of(problem, posterior):
    led = problem.conditioning
    free = condition(problem.segment, BASELINE.start, unsteered(led.record), AS_OF)
    found = {LED: led, FREE: free}
    counts = {
        kind: Counts(BASELINE.start, c.kept, fresh(problem, posterior, c, RUNS).values)
        for kind, c in found.items()
    }
    return counts | {FITTED: Counts(BASELINE.start, led.kept, replayed_counts(problem, posterior))}


def replayed_counts(problem, posterior):
    """Counts of the pasts that were fitted, one a row, from the rows' own luck."""
    from sim.inference.filter import replayed
    from sim.inference.space import table_of

    columns = {**problem.space.fixed_columns(posterior.rows), **posterior.columns}
    table, lags = table_of(columns, posterior.rows)
    setting, seed = problem.segment.setting, posterior.random_seed
    return replayed(
        problem.conditioning, setting, seed, table, lags, posterior.lineage, posterior.stages
    ).values


def test_it_was_fitted_to_this_record_by_enough_draws(problem, posterior):
    import json

    told = json.loads((shipped()["october-2023"] / "posterior.json").read_text())
    assert told["effective"] >= LEAST_EFFECTIVE
    assert posterior.as_of == AS_OF
    assert np.array_equal(posterior.steered["level"], problem.conditioning.timeline["level"])
    assert set(posterior.columns) == set(problem.space.names)


def test_the_engine_and_the_filter_replay_the_same_pasts(problem, posterior):
    job = with_posterior(make_job(load_scenario("october-2023", [f"end={AS_OF}"])), posterior)
    worlds = simulate(job, np.arange(posterior.rows, dtype=np.uint64) * np.uint64(RUNS_PER_ROW))
    outcome, values = np.asarray(worlds)["outcome"], replayed_counts(problem, posterior)[:, -1]
    for place, name in enumerate(("attacks_iraq", "attacks_syria", "attacks_jordan", "wounded")):
        assert np.array_equal(outcome[name], values[:, place])


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_on_record_lies_in_the_central_90_percent(reports, kind):
    """A number that is only a lower bound is held against the upper end."""
    assert len(reports[kind]) == 14
    for (series, date), (report, would) in reports[kind].items():
        low, high = np.quantile(would, [0.05, 0.95], method="inverted_cdf")
        inside = report.value <= high and (report.bound == "at_least" or low <= report.value)
        assert inside, (kind, series, date, report.value, low, high)


def test_officials_counts_lie_well_inside_what_the_fitted_pasts_would_have_reported(reports):
    """Quantile of each number that officials gave, ties by half: 4,000 draws, standard error below 0.01.

    That nobody had been killed is imposed, and "many" early injuries are our own reading of a word.
    """
    given = {
        key: (report, would)
        for key, (report, would) in reports[FITTED].items()
        if report.value > 0 and report.bound != "at_least"
    }
    assert len(given) >= 11
    for key, (report, would) in given.items():
        place = (would < report.value).mean() + 0.5 * (would == report.value).mean()
        assert 0.2 < place < 0.8, (key, place)


def test_fitted_pasts_seldom_have_a_day_of_thirty_wounded(posterior):
    """By 17 November, over all rows; standard error 0.007."""
    job = with_posterior(make_job(load_scenario("october-2023", [f"end={AS_OF}"])), posterior)
    worlds, table, rows, segment = prepare(
        job, np.arange(posterior.rows, dtype=np.uint64) * np.uint64(RUNS_PER_ROW)
    )
    most = np.zeros(len(worlds), np.int64)
    for day in range(len(segment.timeline)):
        seed = np.uint64(job.random_seed)
        advance.advance(worlds, table, rows, segment.timeline, segment.setting, seed, day, day + 1, *NOTHING)
        most = np.maximum(most, worlds["today"]["wounded"])
    assert (most >= 30).mean() < 0.25


@pytest.mark.parametrize("kind", KINDS)
def test_mean_attacks_are_within_15_percent(reports, kind):
    """Standard errors of the means are below 1.5% of them."""
    for date, told in MEANS.items():
        assert reports[kind]["attacks", date][1].mean() == pytest.approx(told, rel=0.15), (kind, date)


def test_attacks_of_the_fitted_pasts_are_known_to_within_35_to_95(reports):
    low, high = np.quantile(reports[FITTED]["attacks", AS_OF][1], [0.05, 0.95])
    assert 35 <= low < high <= 95


def test_with_fresh_luck_the_interval_is_wider_by_what_luck_does(reports):
    """The record fixes what happened, not what could have: with fresh luck the central 90% is some 65 attacks wide."""
    widths = {k: np.subtract(*np.quantile(reports[k]["attacks", AS_OF][1], [0.95, 0.05])) for k in KINDS}
    assert widths[FITTED] < 25
    assert 50 < widths[LED] < 75
    assert 50 < widths[FREE] < 80


def test_what_cannot_act_before_the_date_keeps_its_prior(problem, posterior):
    """Standard error of each ratio: 0.013 of 3,000 independent rows; the largest of 30 is below 3.2 of them."""
    names, inert = problem.space.names, cannot_act(problem, 300)
    assert len(inert) >= 25
    z = problem.space.coordinates(posterior.columns)
    ratios = {name: float(z[:, names.index(name)].std()) for name in inert}
    assert all(0.95 <= ratio <= 1.05 for ratio in ratios.values()), ratios
    together = math.sqrt(np.mean(np.square(list(ratios.values()))))
    assert together == pytest.approx(1.0, abs=4 * 0.013 / math.sqrt(len(inert)))
    informed = [float(z[:, names.index(n)].std()) for n in ("militia.tempo", "militia.syria_reach")]
    assert max(informed) < 0.85
