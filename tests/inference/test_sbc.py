"""Simulation-based calibration: fitted to records of simulated worlds, the truth has any rank among the draws.

Seeds are fixed. A correct program fails the first test with 1 new seed in 1,000, over all quantities together (Holm).
"""

import numpy as np
import pytest

from benchmarks import ranks as uniformity
from benchmarks import sbc
from benchmarks.sbc_broken import BROKEN
from benchmarks.simulated_records import counted, live, record_of, reduced
from sim.inference.observation import increments

FITS = 100


@pytest.mark.verification
def test_the_truth_has_any_rank_among_the_draws():
    ranks, left_out = sbc.ranks_over(FITS, sbc.SMALL)
    p = sbc.p_values(ranks)
    assert all(len(values) == FITS for values in ranks.values())
    assert left_out < FITS
    assert min(p.values()) > sbc.FALSE_ALARM, p


@pytest.mark.power
@pytest.mark.parametrize(
    ("broken", "fits", "seen_in"),
    [
        ("the wounded counted at once", 80, "wounded, truly"),
        ("Washington's deeds not weighed", 250, "threshold over pressure, by strikes"),
    ],
)
def test_a_broken_fit_is_seen(broken, fits, seen_in):
    with BROKEN[broken]():
        ranks, _ = sbc.ranks_over(fits, sbc.SMALL)
    p = sbc.p_values(ranks)
    assert p[seen_in] < sbc.FALSE_ALARM


# The records that are fitted


def test_records_say_what_was_lived():
    problem = reduced()
    lived = live(problem, 400)
    middle = np.full((4, 2), 0.5)
    for i in range(400):
        record = record_of(lived, i, middle)
        sums = {(r.series, r.last): r.value for r in record.reports}
        for name in ("attacks_iraq", "attacks_syria"):
            assert sums[name, problem.as_of] == lived.days[name][i].sum()
            assert (
                sum(r.value for r in increments(record.reports) if r.series == name)
                == sums[name, problem.as_of]
            )
        assert sum(r.value for r in record.reports if r.series == "killed") == lived.days["killed"][i].sum()
        assert len(record.strikes) == (lived.days["level"][i] > 0).sum()
        assert record.strikes_until == problem.as_of
    struck, died = (lived.days[name].max(axis=1) for name in ("level", "killed"))
    assert np.mean(struck >= 1) > 0.3
    assert np.mean(struck >= 2) > 0.05  # strikes of every kind are fitted
    assert np.mean(died > 0) > 0.03  # and deaths


def test_the_wounded_are_counted_as_the_days_go_by():
    wounded = np.array([10, 0, 4])
    assert counted(wounded, 2.0) == pytest.approx(10 * (1 - np.exp(-1.0)))
    assert counted(wounded, 1e-9) == pytest.approx(10)


# The test of uniformity


@pytest.mark.parametrize("fits", [100, 500])
def test_uniform_ranks_leave_their_band_as_rarely_as_is_said(fits):
    rng = np.random.default_rng(5)
    p = np.array([uniformity.p_value(rng.integers(0, 16, fits), 15) for _ in range(2_000)])
    for level in (0.05, 0.2, 0.5):
        error = np.sqrt(level * (1 - level) / 2_000)
        assert np.mean(p <= level) < level + 4 * error  # 6 numbers at 4 standard errors: 1 in 5,000
        assert np.mean(p <= level) > 0.8 * level - 4 * error  # ranks are discrete: a little too rare


@pytest.mark.parametrize(
    "ranks",
    [
        np.random.default_rng(1).binomial(15, 0.45, 200),  # bunched in the middle
        np.random.default_rng(2).choice([0, 1, 14, 15], 200),  # at the ends
        np.minimum(15, np.random.default_rng(3).integers(0, 16, 500) + 3),  # too high
        np.zeros(50, np.int64),
    ],
)
def test_other_ranks_are_seen(ranks):
    assert uniformity.p_value(ranks, 15) < 0.001


def test_the_band_is_left_with_the_probability_that_it_is_drawn_for():
    low, high = uniformity.band(300, 15, 0.05)
    rng, z = np.random.default_rng(6), np.arange(1, 16) / 16
    shares = rng.multinomial(300, np.full(16, 1 / 16), 4_000).cumsum(axis=1)[:, :-1] / 300 - z
    out = np.mean(((shares < low - 1e-12) | (shares > high + 1e-12)).any(axis=1))
    assert out == pytest.approx(
        0.05, abs=4 * np.sqrt(0.05 * 0.95 / 4_000) + 0.01
    )  # discrete: 0.01 is let pass


def test_p_values_are_adjusted_for_their_number():
    assert uniformity.holm({"a": 0.01, "b": 0.04, "c": 0.03}) == pytest.approx(
        {"a": 0.03, "b": 0.06, "c": 0.06}
    )
    assert uniformity.holm({"a": 0.9, "b": 0.8}) == {"a": 1.0, "b": 1.0}
