"""Daily tables against the runs that they were made of."""

import datetime

import numpy as np
import pandas as pd
import pytest

from sim.core.counting import BINS
from sim.estimates.intervals import clustered, independent, prior_range
from sim.estimates.tables import (
    QUANTILES,
    SPIRALS,
    daily_table,
    distribution_table,
    estimate_event,
    histogram_quantiles,
    incidence_table,
    rung_table,
)
from sim.outcomes import EVENTS, OUTCOMES, RUNGS, SERIES
from sim.scenario import load_scenario
from sim.simulate import Job, Tallies, make_job, new_tallies, run_blocks, simulate
from sim.simulate.outcome_table import outcome_table
from sim.simulate.parameter_draws import RUNS_PER_ROW

RUNS = 510  # 20 rows of 25 and one of 10
PROBABILITIES = list(QUANTILES.values())


@pytest.fixture(scope="module")
def job() -> Job:
    return make_job(load_scenario("decisive-doctrine", ["end=2023-12-31"]))


@pytest.fixture(scope="module")
def blocks(job: Job) -> list:
    return list(run_blocks(job, RUNS, threads=2))


@pytest.fixture(scope="module")
def tallies(job: Job, blocks: list) -> Tallies:
    total = new_tallies(job.days)
    for block in blocks:
        total.merge(block.tallies)
    return total


@pytest.fixture(scope="module")
def outcomes(job: Job, blocks: list) -> pd.DataFrame:
    return pd.concat([outcome_table(block, job.scenario).to_pandas() for block in blocks], ignore_index=True)


@pytest.fixture(scope="module")
def dates(job: Job) -> pd.DatetimeIndex:
    return pd.date_range("2023-10-17", "2023-12-31", freq="D")


def day_of(outcomes: pd.DataFrame, event: str) -> pd.Series:
    return outcomes[OUTCOMES[event].column]


# Quantiles


def test_quantiles_are_what_their_columns_say():
    assert {f"q{100 * p:02.0f}": p for p in PROBABILITIES} == QUANTILES
    assert all(100 * p == pytest.approx(round(100 * p), abs=1e-9) for p in PROBABILITIES)


@pytest.mark.parametrize("total", [1, 2, 3, 19, 20, 21, 100, 1_000, 4_001])
def test_quantiles_of_counted_values_are_those_of_the_values(total):
    rng = np.random.default_rng(total)
    values = rng.negative_binomial(1, 0.05, (3, total)).clip(max=199)
    counts = np.array([np.bincount(v, minlength=200) for v in values])
    expected = np.quantile(values, PROBABILITIES, axis=1, method="inverted_cdf")
    assert np.array_equal(histogram_quantiles(counts, PROBABILITIES), expected)


def test_a_quantile_is_the_least_value_that_so_many_runs_do_not_exceed():
    counts = np.array([1, 0, 18, 0, 1])  # of 20 runs: one 0, eighteen 2, one 4
    assert histogram_quantiles(counts, PROBABILITIES).tolist() == [0, 2, 2, 2, 2]
    assert histogram_quantiles(counts, [0.050001, 0.95, 0.950001, 1.0]).tolist() == [2, 2, 4, 4]


def test_quantiles_of_large_counts_are_exact():
    for n in (10**7, 10**8 + 40, 999_999_980):  # multiples of 20: the bound is a whole number of runs
        counts = np.array([n // 20, n - n // 20 - n // 20, n // 20])
        assert histogram_quantiles(counts, [0.05, 0.95]).tolist() == [0, 1]


# Counts by day


def test_daily_means_and_quantiles_are_those_of_shorter_and_shorter_histories(job, tallies, dates):
    table = daily_table(tallies, job.scenario.start)
    assert list(table.columns) == ["series", "date", "mean", *QUANTILES]
    assert table["series"].unique().tolist() == list(SERIES)
    for day in (0, 9, 40, job.days - 1):
        end = job.scenario.start + datetime.timedelta(days=day)
        shorter = make_job(job.scenario.model_copy(update={"end": end}))
        o = simulate(shorter, np.arange(RUNS, dtype=np.uint64)).outcome
        elsewhere = o.attacks_syria + o.attacks_jordan
        raw = [o.attacks_iraq, elsewhere, o.attacks_iraq + elsewhere, o.wounded, o.killed, o.strikes.sum(1)]
        rows = table[table["date"] == dates[day]].set_index("series").loc[list(SERIES)]
        assert rows["mean"].to_numpy() == pytest.approx([r.mean() for r in raw], rel=1e-12)
        expected = np.quantile(np.array(raw), PROBABILITIES, axis=1, method="inverted_cdf").T
        assert np.array_equal(rows[list(QUANTILES)], expected)


def test_every_series_has_every_day_and_never_falls(job, tallies, dates):
    for _, part in daily_table(tallies, job.scenario.start).groupby("series"):
        assert part["date"].tolist() == dates.tolist()
        assert (part[["mean", *QUANTILES]].diff().iloc[1:] >= 0).all(axis=None)
        assert (part[list(QUANTILES)].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)


def test_rung_shares_of_a_day_sum_to_1(job, tallies, dates):
    table = rung_table(tallies, job.scenario.start)
    assert list(table.columns) == ["date", "rung", "share"]
    by_day = table.pivot(index="date", columns="rung", values="share")
    assert by_day.index.tolist() == dates.tolist()
    assert by_day.columns.tolist() == list(range(RUNGS))
    assert by_day.sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-12)
    last = simulate(job, np.arange(RUNS, dtype=np.uint64)).outcome.last_rung
    assert by_day.iloc[-1].to_numpy() == pytest.approx(np.bincount(last, minlength=RUNGS) / RUNS)


# Incidence


@pytest.fixture(scope="module")
def incidence(job: Job, tallies: Tallies) -> pd.DataFrame:
    return incidence_table(tallies, job.scenario.start, by_row=True)


@pytest.mark.parametrize("event", EVENTS)
def test_incidence_is_a_recount_of_the_outcome_table(incidence, outcomes, dates, event):
    part, days = incidence[incidence["event"] == OUTCOMES[event].told], day_of(outcomes, event)
    recount = [(days <= day).mean() for day in range(len(dates))]
    assert part["date"].tolist() == dates.tolist()
    assert part["probability"].to_numpy() == pytest.approx(recount, abs=1e-12)
    assert part["probability"].iloc[-1] > 0.02  # something to count


@pytest.mark.parametrize("event", EVENTS)
def test_incidence_never_falls_and_lies_within_its_bounds(incidence, event):
    part = incidence[incidence["event"] == OUTCOMES[event].told]
    assert part["probability"].is_monotonic_increasing
    assert (part["low"] <= part["probability"]).all()
    assert (part["probability"] <= part["high"]).all()
    assert part["low"].min() >= 0
    assert part["high"].max() <= 1


def test_the_range_over_the_prior_is_told_of_spirals_and_never_falls(incidence, tallies):
    for event, part in incidence.groupby("event"):
        unknown = part[["unknown_low", "unknown_high"]]
        assert unknown.notna().all(axis=None) == (event in SPIRALS)
        assert unknown.isna().all(axis=None) == (event not in SPIRALS)
        if event in SPIRALS:
            assert (unknown.diff().iloc[1:] >= 0).all(axis=None)
            assert (unknown["unknown_low"] < unknown["unknown_high"]).all()
            first = prior_range(tallies.rows[EVENTS.index(event), :1])[0]
            assert unknown.iloc[0].tolist() == pytest.approx(first.tolist(), abs=1e-9)


def test_bounds_by_row_are_those_of_rows_and_wider_than_those_of_runs(job, tallies, incidence, outcomes):
    plain = incidence_table(tallies, job.scenario.start, by_row=False)
    last, plain_last = (t[t["event"] == "direct"].iloc[-1] for t in (incidence, plain))
    seen = (outcomes["direct"]).groupby(outcomes["parameter_row"]).sum().tolist()
    rows = np.bincount(seen[:-1], minlength=RUNS_PER_ROW + 1)
    assert (last["low"], last["high"]) == clustered(rows, seen[-1], 10).chance
    assert (plain_last["low"], plain_last["high"]) == independent(sum(seen), RUNS).chance
    assert last["high"] - last["low"] > 1.5 * (plain_last["high"] - plain_last["low"])
    assert plain[["unknown_low", "unknown_high"]].isna().all(axis=None)


def test_an_event_by_a_day_counts_the_short_row_too(tallies, outcomes):
    for day in (30, -1):
        until = 30 if day == 30 else 10_000
        for by_row in (True, False):
            estimate = estimate_event(tallies, EVENTS.index("reciprocal"), day, by_row)
            assert estimate.seen == (outcomes["reciprocal_day"] <= until).sum() > 0
            assert estimate.runs == RUNS
            assert estimate.ignorance is None


# Distributions


@pytest.fixture(scope="module")
def distributions(job: Job, tallies: Tallies) -> pd.DataFrame:
    return distribution_table(tallies, "direct")


def test_distributions_are_those_of_the_outcome_table(distributions, outcomes):
    raw = {
        "attacks": outcomes[["attacks_iraq", "attacks_syria", "attacks_jordan"]].sum(axis=1),
        "wounded": outcomes["wounded"],
        "killed": outcomes["killed"],
        "strikes": outcomes[[f"strikes_level_{level}" for level in range(1, 5)]].sum(axis=1),
        "first_spiral_day": outcomes["direct_day"].dropna().astype(int),
        "longest_quiet": outcomes["longest_quiet"],
    }
    assert set(distributions["quantity"]) == set(raw)
    for name, values in raw.items():
        part = distributions[distributions["quantity"] == name]
        counted = values.clip(upper=BINS - 1).value_counts().sort_index()
        assert part["value"].tolist() == counted.index.tolist()
        assert part["runs"].tolist() == counted.tolist()


def test_distributions_hold_every_run_and_of_spirals_only_runs_that_spiralled(distributions, outcomes):
    totals = distributions.groupby("quantity")["runs"].sum()
    assert totals["first_spiral_day"] == outcomes["direct"].sum() > 0
    assert (totals.drop("first_spiral_day") == RUNS).all()
    assert (distributions["runs"] > 0).all()


def test_only_the_last_bin_of_a_counted_series_holds_more_than_its_value(job):
    tallies = new_tallies(job.days)
    tallies.runs = 3
    tallies.histograms[:, -1, [5, BINS - 2, BINS - 1]] = 1
    tallies.quiet[job.days] = 3
    table = distribution_table(tallies, "direct")
    marked = table[table["or_more"]]
    assert marked["quantity"].tolist() == ["attacks", "wounded", "killed", "strikes"]
    assert marked["value"].unique().tolist() == [BINS - 1]
    assert len(table) == 4 * 3 + 1
