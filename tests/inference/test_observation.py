"""What would be reported of a world, and how probable that makes a report."""

import datetime

import numpy as np
import pytest
from scipy import stats

from sim.inference.observation import (
    Counts,
    Record,
    Report,
    Strike,
    increments,
    log_likelihood,
    log_likelihoods,
    reported,
    until,
)
from sim.inference.observation.model import COUNT_SD, LOG_SD, MISTAKEN, days_needed

START = datetime.date(2023, 10, 17)
MOST = 3_000


def day(n):
    return START + datetime.timedelta(days=n)


def report(series="attacks_iraq", value=0.0, bound="exact", first=0, last=6, **more):
    return Report(series, day(first), day(last), float(value), bound, **more)


def chance(true, series, value, bound="exact"):
    return float(np.exp(log_likelihood(report(series, value, bound), np.array([float(true)]))[0]))


# Probabilities

TRUE = [("attacks_iraq", t) for t in (0, 1, 4, 30)] + [("wounded", t) for t in (0, 0.1, 1, 2.5, 40)]
TRUE += [("killed", t) for t in (0, 1, 3)]


@pytest.mark.parametrize("bound", ["exact", "about"])
@pytest.mark.parametrize(("series", "true"), TRUE)
def test_of_all_numbers_that_could_be_reported_one_is(series, true, bound):
    assert sum(chance(true, series, n, bound) for n in range(500)) == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize(("series", "true"), TRUE)
def test_numbers_are_reported_as_often_as_they_are_probable(series, true):
    u = np.random.default_rng(17).random(20_000)
    told = reported(report(series), np.full(len(u), float(true)), u).astype(int)
    seen = np.bincount(told, minlength=MOST)
    expected = len(u) * np.array([chance(true, series, n) for n in range(told.max() + 1)])
    rare = expected < 5
    groups = [*np.flatnonzero(~rare)]
    statistic = sum((seen[n] - expected[n]) ** 2 / expected[n] for n in groups)
    rest = len(u) - expected[groups].sum()
    if rest > 5:
        statistic += (seen.sum() - seen[groups].sum() - rest) ** 2 / rest
    else:
        assert seen.sum() - seen[groups].sum() <= 25  # Poisson of mean 5 or less: 1 in 10^9
    # 12 tests of 1 in 100,000: 1 in 8,000.
    assert statistic <= stats.chi2.isf(1e-5, max(1, len(groups) - (rest <= 5)))


@pytest.mark.parametrize("true", [0.0, 3.0, 25.0])
def test_an_unrounded_count_scatters_normally(true):
    u = np.random.default_rng(3).random(5_000)
    told = reported(report(), np.full(5_000, true + 100), u) - 100
    cdf = np.array(
        [np.exp(log_likelihood(report(value=v), np.array([true + 100]))[0]) for v in range(300)]
    ).cumsum()
    jittered = cdf[told.astype(int) + 100 - 1] + np.random.default_rng(4).random(5_000) * (
        cdf[told.astype(int) + 100] - cdf[told.astype(int) + 100 - 1]
    )
    assert stats.kstest(jittered, "uniform").pvalue > 1e-5  # three tests: 1 in 30,000
    assert told.std() == pytest.approx(COUNT_SD, rel=0.06)  # a deviation is known to 1%: 5 standard errors


@pytest.mark.parametrize(
    ("series", "true"), [("attacks_syria", 6), ("wounded", 20), ("wounded", 0), ("killed", 2)]
)
def test_at_least_is_any_number_from_there_on(series, true):
    for value in (0, 1, 2, 5, 15, 30):
        at_least = chance(true, series, value, "at_least")
        scattered = report(series, value, "at_least")
        sd = LOG_SD["at_least"]
        if series == "attacks_syria":
            tail = sum(chance(true, series, n) for n in range(value, 400))
        else:
            edge = np.log(value - 0.5) if value > (series == "killed") else -np.inf
            tail = stats.norm.sf(edge, np.log(max(true, 0.25)), sd) if true > 0 else float(value == 0)
        assert at_least == pytest.approx(tail, abs=1e-12)
        u = (np.arange(2_000) + 0.5) / 2_000
        told = reported(scattered, np.full(2_000, float(true)), u)
        assert np.mean(told >= value) == pytest.approx(at_least, abs=1e-3)  # a grid: no chance in it


def test_where_nobody_was_hurt_nobody_is_reported_and_a_death_is_never_missed():
    assert chance(0, "killed", 0) == chance(0, "wounded", 0) == 1.0
    assert chance(0, "killed", 1) == chance(0, "wounded", 1) == 0.0
    assert chance(1, "killed", 0) == 0.0
    assert chance(1, "killed", 1) > 0.9
    assert np.isfinite(log_likelihood(report("killed", 1), np.zeros(3))).all()
    u = np.random.default_rng(2).random(1_000)
    assert reported(report("killed"), np.full(1_000, 1.0), u).min() == 1
    assert reported(report("killed"), np.zeros(1_000), u).max() == 0


@pytest.mark.parametrize("series", ["attacks", "wounded"])
def test_far_from_the_truth_a_report_is_less_and_less_probable(series):
    values = log_likelihood(report(series, 900.0), np.array([1.0, 5.0, 50.0, 400.0, 800.0, 900.0]))
    assert np.isfinite(values).all()
    assert np.all(np.diff(values) > 0)


def test_a_bargain_that_is_told_of_may_be_a_mistake():
    told = report("bargains", 1, "at_least")
    assert np.exp(log_likelihood(told, np.array([0.0, 1.0, 4.0]))) == pytest.approx(
        [MISTAKEN, 1 - MISTAKEN, 1 - MISTAKEN]
    )


# Which days and columns a report is about


def counts(*rows):
    """One world a row: iraq, syria, jordan, wounded, wounded seen, killed, bargains after day 3 and day 6."""
    return Counts(START, (day(3), day(6)), np.array(rows, float))


WORLD = counts([[5, 2, 1, 10, 4, 0, 1], [9, 6, 2, 20, 11, 2, 1]])


@pytest.mark.parametrize(
    ("told", "apart", "count"),
    [
        (report("attacks_iraq", last=6), False, 9),
        (report("attacks_iraq", first=4, last=6), False, 4),
        (report("attacks_syria", last=3), False, 3),
        (report("attacks_syria", last=3), True, 2),
        (report("attacks_jordan", last=6), True, 2),
        (report("attacks", first=4, last=6), True, 9),
        (report("wounded", last=3), False, 4),
        (report("wounded", last=3, in_retrospect=True), False, 10),
        (report("wounded", first=4, last=6), False, 7),
        (report("killed", first=4, last=6), False, 2),
        (report("bargains", first=4, last=6), False, 0),
    ],
)
def test_a_report_is_of_its_span_and_series(told, apart, count):
    assert WORLD.of(told, apart) == [count]


def test_reports_are_scored_one_by_one():
    told = [report("attacks_syria", 3, last=3), report("wounded", 12)]
    both = log_likelihoods(told, WORLD, False)
    assert both.shape == (1, 2)
    assert both[0, 0] == log_likelihood(told[0], np.array([3.0]))[0]
    assert both[0, 1] == log_likelihood(told[1], np.array([11.0]))[0]
    assert log_likelihoods(told, WORLD, True)[0, 0] == log_likelihood(told[0], np.array([2.0]))[0]
    assert log_likelihoods([], WORLD).shape == (1, 0)


def test_counts_are_wanted_at_both_ends_of_every_increment():
    record = Record("x", START, (report(value=5, last=3), report(value=9, last=6)))
    assert {day(3), day(6)} <= set(days_needed(record))
    late = Record("x", day(2), (report(value=5, first=2, last=4),))
    assert days_needed(late) == (day(1), day(4))


# Increments


def spans(reports):
    return [(r.series, (r.first - START).days, (r.last - START).days, r.value) for r in increments(reports)]


def test_cumulative_counts_of_a_series_become_increments():
    told = [
        report(value=10, last=6),
        report("attacks_syria", 3, last=6),
        report(value=4, last=2),
        report(value=15, last=9),
    ]
    assert spans(told) == [
        ("attacks_iraq", 0, 2, 4), ("attacks_iraq", 3, 6, 6), ("attacks_syria", 0, 6, 3), ("attacks_iraq", 7, 9, 5),
    ]  # fmt: skip


def test_increments_add_up_to_the_last_sum():
    told = [report(value=v, last=d) for d, v in ((1, 3), (4, 3), (8, 12), (20, 40))]
    assert sum(r.value for r in increments(told)) == 40


def test_a_lower_bound_is_no_sum_to_be_taken_off():
    told = [report(value=4, last=2), report(value=8, bound="at_least", last=4), report(value=10, last=6)]
    assert spans(told) == [("attacks_iraq", 0, 2, 4), ("attacks_iraq", 0, 4, 8), ("attacks_iraq", 3, 6, 6)]


def test_people_bargains_and_spans_of_their_own_stay_as_they_are():
    told = [
        report("wounded", 5, last=2), report("wounded", 9, last=6),
        report("killed", 1, last=2, bound="about"), report("killed", 3, last=6, bound="about"),
        report(value=4, first=1, last=2), report(value=9, first=2, last=6),
    ]  # fmt: skip
    assert set(increments(told)) == set(told)


def test_a_count_in_retrospect_is_of_its_whole_span():
    told = [report(value=4, last=2), report(value=11, last=6, in_retrospect=True)]
    assert spans(told)[1] == ("attacks_iraq", 0, 6, 11)


# Up to a date


def test_until_a_date_nothing_later_is_known():
    record = Record(
        "x",
        START,
        (report(value=4, last=2), report(value=9, last=6)),
        (Strike(day(3), 1), Strike(day(8), 2)),
        day(9),
    )
    early = until(record, day(3))
    assert early.reports == record.reports[:1]
    assert early.strikes == record.strikes[:1]
    assert early.strikes_until == day(3)
    assert until(record, day(30)) == record
    assert until(record, day(-1)).strikes_until is None
    assert record.end == day(9)
    assert early.end == day(3)
    assert record.dates == (day(2), day(6))
    assert until(Record("x", START), day(5)).strikes_until is None
