"""A scenario's first days led along a record: what is ordered, what is weighed, what is scored, what is kept."""

import datetime
from itertools import pairwise

import numpy as np
import pytest

from sim.core import conditioned
from sim.core.state import FREE, MAX_STAGES
from sim.inference.conditioning import condition, spares_lives
from sim.inference.filter import run_filter, stages_of
from sim.inference.observation import Record, Report, Strike, until
from sim.inference.observation.model import LAG
from sim.inference.space import space_of, standard_normals, table_of
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from sim.simulate.timeline import PLACES

START, DAYS = datetime.date(2023, 10, 17), 20
FREE_ONES = ("militia.tempo", "engagement.gets_through", LAG)


def day(n):
    return START + datetime.timedelta(days=n)


def told(series, value, last, first=0, bound="exact", **more):
    return Report(series, day(first), day(last), float(value), bound, **more)


def record(*reports, strikes=(), complete=None, start=START):
    return Record("x", start, tuple(reports), tuple(strikes), None if complete is None else day(complete))


@pytest.fixture(scope="module")
def segment():
    return make_job(load_scenario("october-2023", ["end=2023-11-17"])).segments[-1]


def led(segment, of, last=DAYS - 1):
    return condition(segment, START, of, day(last))


# Washington


def test_without_strikes_on_record_washington_is_free(segment):
    made = led(segment, record(told("attacks", 20, 9)))
    assert made.days == DAYS
    assert np.all(made.timeline["level"] == FREE)
    assert not made.weigh.any()


def test_where_strikes_are_complete_all_other_days_are_held(segment):
    made = led(segment, record(strikes=[Strike(day(4), 1, "syria"), Strike(day(7), 3)], complete=10))
    level, place, weigh = made.timeline["level"], made.timeline["place"], made.weigh[:, 0]
    assert level.tolist() == [0, 0, 0, 0, 1, 0, 0, 3, 0, 0, 0] + [FREE] * 9
    assert place[4] == PLACES.index("syria")
    assert place[7] == FREE
    assert weigh.tolist() == [1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1] + [0] * 9
    assert weigh[4] == conditioned.LEVEL_AND_PLACE


def test_where_strikes_are_not_complete_only_those_on_record_are_ordered(segment):
    made = led(segment, record(strikes=[Strike(day(4), 2, "iraq")]))
    assert np.flatnonzero(made.timeline["level"] != FREE).tolist() == [4]
    assert np.flatnonzero(made.weigh[:, 0]).tolist() == [4]


def test_a_record_that_begins_later_leaves_the_days_before_it_free(segment):
    of = record(
        told("attacks_iraq", 8, 9, first=3), strikes=[Strike(day(5), 1, "syria")], complete=10, start=day(3)
    )
    made = led(segment, of)
    assert np.flatnonzero(made.timeline["level"] == FREE).tolist() == [0, 1, 2, *range(11, DAYS)]
    assert made.kept == (day(2), day(9))


def test_nothing_is_led_after_the_as_of_date(segment):
    of = record(told("killed", 0, 30), strikes=[Strike(day(4), 1), Strike(day(25), 1)], complete=30)
    made = led(segment, until(of, day(9)), last=9)
    assert made.days == 10
    assert np.all(made.weigh[:, 0] == 1)
    assert made.kept == ()


def test_the_scenario_itself_is_left_as_it_was(segment):
    before = segment.timeline.tobytes()
    led(segment, record(told("killed", 0, 15), strikes=[Strike(day(4), 1, "syria")], complete=15))
    assert segment.timeline.tobytes() == before


# What the scenario orders


@pytest.fixture(scope="module")
def ordered(segment):
    from dataclasses import replace

    timeline = segment.timeline.copy()
    timeline["level"][3] = 0
    timeline["level"][4], timeline["place"][4] = 3, PLACES.index("iraq")
    timeline["level_limit"][6] = 1
    timeline["iraq_limit"][7] = 0
    timeline["deaths"][2] = 0
    return replace(segment, timeline=timeline)


def test_what_the_scenario_orders_stays_and_is_not_weighed(ordered):
    strikes = [Strike(day(n), 1, "syria") for n in (3, 4, 5, 6)]
    made = led(ordered, record(told("killed", 0, 9), strikes=strikes, complete=9))
    assert made.timeline["level"][:10].tolist() == [0, 0, 0, 0, 3, 1, FREE, FREE, 0, 0]
    assert made.timeline["place"][4] == PLACES.index("iraq")
    assert made.weigh[:10, 0].tolist() == [1, 1, 1, 0, 0, 2, 0, 0, 1, 1]
    assert made.weigh[:11, 1].tolist() == [1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0]
    assert made.timeline["deaths"][:11].tolist() == [0] * 10 + [1]


# Deaths


def test_lives_are_spared_where_the_record_has_it_so(segment):
    reports = [told("killed", 0, 5, first=2), told("killed", 0, 12, first=9), told("killed", 2, 14, first=13)]
    made = led(segment, record(*reports))
    assert np.flatnonzero(made.timeline["deaths"] == 0).tolist() == [2, 3, 4, 5, 9, 10, 11, 12]
    assert np.array_equal(made.weigh[:, 1] == 1, made.timeline["deaths"] == 0)
    assert made.scored == (reports[2],)


def test_a_lower_bound_of_zero_spares_nobody(segment):
    report = told("killed", 0, 5, bound="at_least")
    assert not spares_lives(report)
    assert np.all(led(segment, record(report)).timeline["deaths"] == 1)


def test_only_the_killed_are_spared(segment):
    assert np.all(led(segment, record(told("wounded", 0, 5))).timeline["deaths"] == 1)


# What is kept, and when it is weighed


def test_days_are_kept_at_both_ends_of_every_increment(segment):
    reports = [told("attacks_iraq", 4, 3), told("attacks_iraq", 9, 8), told("wounded", 5, 12, first=11)]
    made = led(segment, record(*reports))
    assert made.kept == (day(3), day(8), day(10), day(12))
    assert [made.at[n] for n in (3, 8, 10, 12)] == [0, 1, 2, 3]
    assert (made.at == -1).sum() == DAYS - 4
    assert [(r.first, r.value) for r in made.scored] == [(START, 4), (day(4), 5), (day(11), 5)]


def test_a_stage_begins_after_every_report_but_of_the_last_day(segment):
    reports = [told("attacks_iraq", 4, 3), told("killed", 0, 6), told("attacks_iraq", 9, DAYS - 1)]
    made = led(segment, record(*reports, strikes=[Strike(day(3), 1), Strike(day(11), 1)], complete=15))
    assert stages_of(made) == (0, 4)


def test_a_day_of_deaths_is_a_stage(segment):
    deaths = told("killed", 2, 11, first=11)
    made = led(segment, record(told("attacks_iraq", 4, 3), deaths, told("attacks_iraq", 9, DAYS - 1)))
    assert stages_of(made) == (0, 4, 11, 12)


def test_of_many_dates_some_share_a_stage_and_each_is_weighed(segment):
    reports = [told("attacks_iraq", 2 * n, n) for n in range(1, 31)]
    made = condition(segment, START, record(*reports), day(31))
    stages = stages_of(made)
    assert len(stages) <= MAX_STAGES
    assert stages[0] == 0
    spans = pairwise((*stages, made.days))
    due = [r.last for first, end in spans for r in made.scored if day(first) <= r.last < day(end)]
    assert due == [r.last for r in made.scored]


def test_every_report_is_weighed_once(segment):
    """Each stage adds the mean weight of its reports: with all luck the same, the evidence of both is their product."""
    space = space_of(segment, FREE_ONES)
    columns = space.columns(standard_normals(np.arange(200, dtype=np.uint64), space.names, 1))
    table, lags = table_of(columns, 200)

    def evidence(*reports):
        return run_filter(led(segment, record(*reports)), segment.setting, 1, 0, table, lags)

    one = told("attacks_iraq", 6, 5)
    first = evidence(one)
    both = evidence(one, told("bargains", 0, 5, bound="at_least"))  # which any world fits
    assert both.log_evidence == pytest.approx(first.log_evidence + np.log(0.9), abs=1e-9)
    assert first.stages == both.stages == (0, 6)
    later = evidence(
        one, told("killed", 0, 10, bound="at_least")
    )  # which any world fits, at a stage of its own
    assert later.stages == (0, 6, 11)
    assert later.log_evidence == pytest.approx(first.log_evidence, abs=1e-9)


def test_jordan_is_taken_into_syria_unless_it_is_counted_apart(segment):
    together, apart = told("attacks_syria", 4, 5), told("attacks_jordan", 1, 5)
    assert not record(together).counts_jordan
    assert record(together, apart).counts_jordan
    space = space_of(segment, FREE_ONES)
    table, lags = table_of(
        space.columns(standard_normals(np.arange(300, dtype=np.uint64), space.names, 1)), 300
    )

    def evidence(*reports):
        return run_filter(led(segment, record(*reports)), segment.setting, 1, 0, table, lags).log_evidence

    any_number = told("attacks_jordan", 0, 5, bound="at_least")
    assert evidence(together, any_number) != evidence(together)  # the number is now of Syria alone
    assert evidence(any_number) == 0.0


# The space of what is fitted


def test_coordinates_draw_from_the_priors(segment):
    from scipy import stats

    space = space_of(segment)
    n = 4_000
    columns = space.columns(standard_normals(np.arange(n, dtype=np.uint64), space.names, 7))
    for name, (prior, low, high) in space.priors.items():
        exact = prior.quantile((np.arange(20_000) + 0.5) / 20_000, low, high)
        assert np.isfinite(columns[name]).all()
        # More than 100 parameters, 1 in 10^6 each: 1 in 9,000.
        assert stats.ks_2samp(columns[name], exact, method="asymp").pvalue > 1e-6, name


def test_only_what_is_free_differs_between_draws(segment):
    space = space_of(segment, FREE_ONES)
    assert set(space.names) == set(FREE_ONES)
    columns = space.columns(standard_normals(np.arange(50, dtype=np.uint64), space.names, 7))
    for name, values in columns.items():
        assert (np.ptp(values) > 0) == (name in FREE_ONES), name


def test_extreme_coordinates_stay_in_the_range(segment):
    space = space_of(segment)
    columns = space.columns(np.repeat([[-40.0], [-8.5], [8.5], [40.0]], len(space.names), axis=1))
    for name, (_, low, high) in space.priors.items():
        assert np.isfinite(columns[name]).all(), name
        assert columns[name].min() >= np.float32(low)
        assert columns[name].max() <= np.float32(high)
