"""What a fit is made into: parameters against their priors, pairs, checks, scores, the value of information.

Seeds are fixed. Tolerances are given in standard errors; four of them are passed by chance in 6 of 100,000 cases.
"""

import datetime
import math
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import QuestionError
from sim.experiments.calibrate import MOVES, Calibrate, check_effective
from sim.experiments.calibrate.information import AMONG_ALL, between_rows, share_known
from sim.experiments.calibrate.predictive import targets_of
from sim.experiments.calibrate.scores import fitted_score, uncoupled
from sim.experiments.calibrate.tables import draws_table, pair_table, parameter_table, weighted_quantiles
from sim.inference.acting import cannot_act
from sim.inference.fitting import Fit, fit_of
from sim.inference.islands import DAYS_OF_STAGE, carry_out_island, islands_of
from sim.inference.observation import Record, Report, Strike, would_report
from sim.inference.observation.model import COLUMNS, Counts
from sim.inference.observation.reading import shipped_record
from sim.inference.problem import Problem
from sim.parameters import REGISTRY, couplings
from sim.pipeline.request import Request
from sim.scenario import load_scenario
from sim.scenario.varying import with_parameters
from sim.simulate.parameter_draws import RUNS_PER_ROW

START, AS_OF, EARLY = datetime.date(2023, 10, 17), datetime.date(2023, 11, 17), datetime.date(2023, 10, 24)
BASELINE = load_scenario("october-2023")
FEW = ("militia.tempo", "us.threshold_first", "us.pressure_killed", "observation.wounded_lag")
DRAWS = 20_000


@pytest.fixture(scope="module")
def problem():
    return Problem(BASELINE, shipped_record(), AS_OF)


def made_up(z, effective=DRAWS):
    """A fit whose draws have these coordinates, of `FEW`."""
    problem = Problem(BASELINE, shipped_record(), AS_OF, FEW)
    columns = problem.space.columns(z)
    rows = np.zeros(len(z), [(name, float) for name in problem.space.names])
    for name in problem.space.names:
        rows[name] = columns[name]
    return Fit(problem, rows, np.full(len(z), 1 / len(z)), float(effective), 0.0, 0.1)


def normals(seed, *shape):
    return np.random.Generator(np.random.Philox(seed)).standard_normal(shape)


def by_name(table):
    return table.set_index("parameter")


# Parameters against their priors


def test_what_was_moved_and_narrowed_is_told():
    z = normals(1, DRAWS, 4)
    z[:, 0] = 0.5 + 0.4 * z[:, 0]
    fit = made_up(z)
    assert fit.problem.space.names == FEW
    table = parameter_table(fit, ("us.pressure_killed",))
    assert table["parameter"].iloc[0] == "militia.tempo"  # the most contracted first
    found, of = by_name(table), 1 / math.sqrt(DRAWS)
    tempo = found.loc["militia.tempo"]
    assert tempo["shift"] == pytest.approx(0.5, abs=4 * 0.4 * of)
    assert tempo["sd_ratio"] == pytest.approx(0.4, abs=4 * 0.4 * of / math.sqrt(2))
    assert tempo["contraction"] == pytest.approx(1 - tempo["sd_ratio"] ** 2)
    assert found["shift_error"].unique() == pytest.approx([of])
    assert found["sd_ratio_error"].unique() == pytest.approx([of / math.sqrt(2)])
    assert dict(found["verdict"]) == {
        "militia.tempo": "informed",
        "us.threshold_first": "not told from its prior",
        "us.pressure_killed": "cannot act",
        "observation.wounded_lag": "not told from its prior",
    }


def test_a_widened_and_a_moved_parameter_are_informed_too():
    z = normals(2, DRAWS, 4)
    z[:, 1] *= 1.2
    z[:, 3] += 0.1
    found = by_name(parameter_table(made_up(z), ()))
    verdicts = found["verdict"]
    assert verdicts["us.threshold_first"] == verdicts["observation.wounded_lag"] == "informed"
    assert found["contraction"]["us.threshold_first"] < 0


def test_priors_are_told_in_their_unit():
    found = by_name(parameter_table(made_up(normals(3, DRAWS, 4)), ()))
    row, (prior, low, high) = (
        found.loc["militia.tempo"],
        made_up(normals(3, 10, 4)).problem.space.priors["militia.tempo"],
    )
    ends = prior.quantile([0.05, 0.5, 0.95], low, high)
    assert list(row[["prior_low", "prior_median", "prior_high"]]) == pytest.approx(list(ends))
    draws = prior.quantile(np.random.Generator(np.random.Philox(4)).random(200_000), low, high)
    assert row["prior_mean"] == pytest.approx(draws.mean(), abs=4 * draws.std() / math.sqrt(len(draws)))
    assert row["prior_sd"] == pytest.approx(draws.std(), rel=0.02)
    assert row["mean"] == pytest.approx(row["prior_mean"], abs=4 * row["prior_sd"] / math.sqrt(DRAWS))
    assert row["sd"] == pytest.approx(row["prior_sd"], rel=0.05)
    assert row["unit"] == "attacks/day"
    assert found["unit"]["observation.wounded_lag"] == "days"


def test_weights_count():
    assert list(
        weighted_quantiles(np.array([3.0, 1.0, 2.0]), np.array([0.1, 0.7, 0.2]), [0.5, 0.71, 0.95])
    ) == [1, 2, 3]
    z = normals(5, DRAWS, 4)
    fit = made_up(z)
    weights = np.exp(0.5 * z[:, 0] - 0.125)
    table = by_name(parameter_table(replace(fit, weights=weights / weights.sum()), ()))
    assert table["shift"]["militia.tempo"] == pytest.approx(0.5, abs=0.05)  # a tilted normal is a moved one


# Pairs


def test_pairs_that_go_together_are_found_and_no_other():
    z = normals(6, DRAWS, 4)
    z[:, 1] = 0.6 * z[:, 0] + 0.8 * z[:, 1]
    fit = made_up(z)
    table = pair_table(fit)
    assert len(table) == 1
    (pair,) = table.to_dict("records")
    assert (pair["first"], pair["second"]) == FEW[:2]
    assert pair["correlation"] == pytest.approx(0.6, abs=4 / math.sqrt(DRAWS))
    assert pair["sd_together"] == pytest.approx(math.sqrt(1 - 0.6), abs=0.02)
    assert pair["sd_first"] == pytest.approx(1.0, abs=0.03)
    draws = draws_table(fit, table)
    assert len(draws) == 500
    assert np.corrcoef(draws["x"], draws["y"])[0, 1] == pytest.approx(0.6, abs=4 * 0.64 / math.sqrt(500))


def test_with_few_effective_draws_the_same_correlation_tells_nothing():
    z = normals(6, DRAWS, 4)
    z[:, 1] = 0.1 * z[:, 0] + math.sqrt(0.99) * z[:, 1]
    assert len(pair_table(made_up(z))) == 1
    none = pair_table(made_up(z, effective=1_000))
    assert len(none) == 0
    assert draws_table(made_up(z), none).empty


# What cannot act


def test_what_cannot_act_touches_nothing_on_record(problem):
    late = set(cannot_act(problem, 60))
    assert {
        "us.pressure_killed",
        "us.level_4_base",
        "iran.answer",
        "iran.answer_size",
        "iraq.order_delay",
    } <= late
    assert not late & {
        "militia.tempo",
        "us.threshold_first",
        "engagement.lethal_intended",
        "observation.wounded_lag",
    }
    early = set(cannot_act(replace(problem, as_of=EARLY), 60))
    assert late - early <= {
        "us.pressure_killed",
        "us.level_3_killed",
    }  # that nobody had been killed was said later
    struck = {"militia.fear_gain", "us.credibility_gain", "iran.strike_fear", "militia.destruction"}
    assert struck <= early - late  # the first strike was on 27 October


# Checks against the record


def record():
    sums = ((EARLY, 10, 3), (AS_OF, 29, 32))
    reports = [
        Report(series, START, last, value)
        for last, iraq, syria in sums
        for series, value in (("attacks_iraq", iraq), ("attacks_syria", syria))
    ]
    reports += [
        Report("wounded", START, AS_OF, 60, "at_least"),
        Report("bargains", START, AS_OF, 1, "at_least"),
    ]
    return Record("x", START, tuple(reports), (Strike(AS_OF, 1, "syria"),), AS_OF)


def test_countries_are_added_up_and_bargains_are_no_target():
    found = [(t.series, t.report.last, t.report.value) for t in targets_of(record())]
    assert ("attacks", EARLY, 13) in found
    assert ("attacks", AS_OF, 61) in found
    assert len(found) == 2 * 3 + 1
    assert "bargains" not in {series for series, *_ in found}


def test_reports_that_would_be_made_scatter_about_what_happened():
    values = np.zeros((DRAWS, 1, len(COLUMNS)))
    values[:, 0, COLUMNS.index("attacks_iraq")] = 30
    values[:, 0, COLUMNS.index("wounded_seen")] = 40
    counts, generator = Counts(START, (AS_OF,), values), np.random.Generator(np.random.Philox(7))
    attacks = would_report(Report("attacks_iraq", START, AS_OF, 1), counts, False, generator)
    assert attacks.mean() == pytest.approx(30, abs=4 * 2.03 / math.sqrt(DRAWS))
    assert attacks.std() == pytest.approx(math.sqrt(4 + 1 / 12), rel=0.03)
    wounded = would_report(Report("wounded", START, AS_OF, 1, "at_least"), counts, False, generator)
    assert np.log(wounded).std() == pytest.approx(0.25, rel=0.03)  # the count that is bounded, not the bound


# Scores


def test_fitted_score_of_draws_of_the_prior_is_the_evidence():
    """Both are the same number then, estimated by filters of other luck: within 4 standard errors."""
    problem = Problem(BASELINE, shipped_record(), EARLY)
    fit = fit_of(problem, np.concatenate([carry_out_island(i) for i in islands_of(problem, 6, 300)]))
    names, z = problem.space.names, normals(8, 3_000, len(problem.space.names))
    columns = problem.space.columns(z)
    rows = np.zeros(len(z), [(name, float) for name in names] + [(f"run_{s}", np.uint64) for s in range(9)])
    for name in names:
        rows[name] = columns[name]
    prior = replace(fit, rows=rows, weights=np.full(len(z), 1 / len(z)))
    score, error = fitted_score(prior, 3_000, 3)
    assert abs(score - fit.log_evidence) < 4 * math.hypot(0.03, fit.log_evidence_error, error)
    better, _ = fitted_score(fit, 1_000, 3)
    assert better > score + 0.3  # fitted to this very record


def test_couplings_off_holds_every_coupling_at_zero(problem):
    off = uncoupled(problem)
    fixed = off.segment.fixed
    weights = {n: x for n, x in couplings().items() if REGISTRY[n].prior is not None}
    assert len(weights) > 20
    assert all(fixed[name] == value for name, value in weights.items())
    assert set(problem.space.names) - set(off.space.names) == set(weights)
    assert uncoupled(Problem(with_parameters(BASELINE, weights), problem.record, AS_OF)) is None


# The value of information


def test_share_that_goes_when_something_is_known():
    """Risk 0.3 + 0.2 a + 0.1 b: knowing a takes away 80% of its variance, b 20%, anything else nothing.

    Over 20 repetitions with 25 runs a row the mean is within 4 of its standard errors, and the luck of 25 runs, which
    has a third of the variance that is seen, is taken out.
    """
    generator = np.random.Generator(np.random.Philox(9))
    shares, variances = [], []
    for _ in range(20):
        a, b, c = generator.uniform(-1, 1, (3, 2_000))
        risk = generator.binomial(RUNS_PER_ROW, 0.3 + 0.2 * a + 0.1 * b) / RUNS_PER_ROW
        shares.append([share_known(x, risk) for x in (a, b, c)])
        variances.append(between_rows(risk))
    mean, error = np.mean(shares, 0), np.std(shares, 0, ddof=1) / math.sqrt(20)
    assert np.all(
        np.abs(mean - [0.8, 0.2, 0.0]) < 4 * error + [0.01, 0.01, 0.0]
    )  # a bin of 20 loses 1 in 400
    assert np.mean(variances) == pytest.approx((0.04 + 0.01) / 3, abs=4 * np.std(variances) / math.sqrt(20))
    assert AMONG_ALL * 1.96 > 3.4  # as the largest of 130, 5% in all


def test_a_curved_dependence_counts_too():
    generator = np.random.Generator(np.random.Philox(10))
    x = generator.uniform(-1, 1, 4_000)
    risk = generator.binomial(RUNS_PER_ROW, 0.1 + 0.5 * x**2) / RUNS_PER_ROW
    assert share_known(x, risk) == pytest.approx(1.0, abs=0.05)
    assert share_known(x, np.full(4_000, 0.2)) == 0.0
    assert share_known(np.zeros(4_000), risk) == 0.0  # even where neighbouring rows are alike


# What is refused


@pytest.mark.parametrize(
    ("scenario", "as_of", "said"),
    [
        ("tower-22", AS_OF, "tower-22 starts from the worlds of another scenario"),
        ("october-2023", datetime.date(2023, 10, 1), "2023-10-01 is not from 2023-10-17 to 2024-07-31"),
        ("october-2023", datetime.date(2025, 1, 1), "2025-01-01 is not from"),
    ],
)
def test_what_does_not_go_together_is_refused(scenario, as_of, said):
    with pytest.raises(QuestionError, match=said):
        Calibrate(load_scenario(scenario), "prior", until=as_of)


def test_a_record_that_says_nothing_is_refused():
    nothing = replace(shipped_record(), strikes=(), strikes_until=None)
    with pytest.raises(QuestionError, match="reports nothing up to 2023-10-20"):
        Calibrate(BASELINE, "prior", nothing, datetime.date(2023, 10, 20))


def test_a_collapse_is_refused():
    with pytest.raises(QuestionError, match="299 effective draws, and needs 300; ask for more --islands"):
        check_effective(made_up(normals(1, 10, 4), effective=299))
    check_effective(made_up(normals(1, 10, 4), effective=300))


def test_a_plan_counts_both_models():
    plan = Calibrate(BASELINE, "prior", islands=20, particles=500)
    own, off = plan.tasks.values()
    assert (len(own), len(off)) == (20, 4)
    assert [task.number for task in (*own, *off)] == list(range(24))
    assert plan.total == 24 * 500
    assert plan.task_count == 24


def test_a_plan_knows_how_many_days_are_lived():
    """20 islands, and 4 without couplings, without moves in the end; then the runs that are held against the record,
    those that are scored, and 25 of each row."""
    plan = Calibrate(BASELINE, "prior", islands=20, particles=500)
    led, days = 32, BASELINE.days
    stages = 4
    islands = 24 * 500 * stages * DAYS_OF_STAGE + 20 * 200 * 3 * MOVES * led
    lived = islands + led * (2 * 20_000 + 2 * 20_000 * 6) + 4_000 * RUNS_PER_ROW * days
    assert plan.share_of_days == pytest.approx(lived / (24 * 500 * days))


def test_it_starts_from_the_priors_whatever_has_been_fitted():
    asked = Calibrate.prepare(Request(("october-2023",)), until=EARLY)
    assert (asked.parameters, asked.finding.fits) == ("prior", True)
