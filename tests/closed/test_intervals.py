"""Intervals, shares of ignorance and what is foreseen, in closed form."""

import math
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from sim.estimates.intervals import clustered, exact_bound, ignorance_share, independent, wilson
from sim.estimates.planning import foreseen, spread_of
from sim.simulate.parameter_draws import RUNS_PER_ROW
from tests.closed.table import Table

pytestmark = pytest.mark.verification

Z = 1.959964
SIZE = RUNS_PER_ROW


def rows_of(*hits: int) -> np.ndarray:
    return np.bincount(hits, minlength=SIZE + 1)


@pytest.mark.parametrize(("runs", "probability"), [(20, 0.5), (50, 0.1), (200, 0.03), (1000, 0.3)])
def test_an_interval_of_runs_covers_as_often_as_the_score_test_accepts(table: Table, runs, probability):
    """Wilson's interval is the score test turned round: both are summed over all that can be seen."""
    seen = np.arange(1, runs)
    law = stats.binom(runs, probability)
    covering = [k for k in seen if np.subtract(*independent(int(k), runs).chance[::-1]) > 0]
    covering = [
        k for k in covering if independent(k, runs).chance[0] <= probability <= independent(k, runs).chance[1]
    ]
    accepted = [
        k for k in seen if (k - runs * probability) ** 2 <= Z**2 * runs * probability * (1 - probability)
    ]
    table.exact(
        f"coverage of {runs} runs at {probability:g}", law.pmf(accepted).sum(), law.pmf(covering).sum()
    )


@pytest.mark.parametrize("trials", [1, 40, 4000])
def test_the_bound_of_the_unseen_is_where_it_is_seen_with_a_chance_of_975_in_1000(table: Table, trials):
    bound = exact_bound(trials)
    table.exact(f"chance to see nothing at the bound of {trials}", 0.025, stats.binom(trials, bound).pmf(0))
    assert independent(0, trials).chance == (0.0, bound)
    assert independent(trials, trials).chance == (1.0 - bound, 1.0)
    assert clustered(trials * rows_of(0), with_ignorance=False).chance == (0.0, bound)


@pytest.mark.parametrize("hits", [(3, 20), (0, 2, 20, 7), (1, 2, 3, 4, 5, 6)])
def test_the_share_of_ignorance_is_the_analysis_of_variance(table: Table, hits):
    """Variance between rows less the luck within, over p (1 - p): in fractions, by the textbook's formula."""
    shares = [Fraction(k, SIZE) for k in hits]
    count, mean = len(shares), sum(shares) / len(shares)
    between = sum((share - mean) ** 2 for share in shares) / (count - 1)
    within = sum(share * (1 - share) for share in shares) / (count * (SIZE - 1))
    expected = min(max((between - within) / (mean * (1 - mean)), Fraction(0)), Fraction(1))
    found = ignorance_share(rows_of(*hits))
    assert found is not None
    table.exact(f"share of ignorance, rows of {hits}", float(expected), found)


@pytest.mark.parametrize(("a", "b"), [(0.3, 0.9), (2.0, 5.0)])
def test_the_share_of_ignorance_of_a_beta_prior(table: Table, a, b):
    """Var(p) / (p (1 - p)) is 1 / (a + b + 1); rows are few, where a bias would show."""
    rng, rows, experiments = np.random.default_rng(1), 60, 20_000
    hits = rng.binomial(SIZE, rng.beta(a, b, (experiments, rows)))
    found = [(ignorance_share(rows_of(*h)) or 0.0) * (m := h.mean() / SIZE) * (1 - m) for h in hits]
    table.mean(
        f"variance of a Beta({a:g}, {b:g}) as told: mean", a * b / (a + b) ** 2 / (a + b + 1), np.array(found)
    )


@pytest.mark.parametrize("by_row", [True, False])
@pytest.mark.parametrize("hit", [0, SIZE])
def test_what_is_foreseen_where_the_pilot_saw_none_or_all(table: Table, by_row, hit):
    """Half the exact bound that so many runs will report if they see none either; and a width that allows for some."""
    pilot, runs = 40 * rows_of(hit), 10_000
    units = runs // SIZE if by_row else runs
    expected, at_most = foreseen(pilot, runs, by_row)
    name = f"{'none' if hit == 0 else 'all'}, {'rows' if by_row else 'runs'}"
    table.exact(f"foreseen of {name}", (1 - 0.025 ** (1 / units)) / 2, expected)
    reported = (
        clustered(units * rows_of(hit), with_ignorance=False) if by_row else independent(hit and runs, runs)
    )
    table.exact(f"foreseen of {name}: as reported", reported.half_width, expected)
    # with a unit added that saw it always and one that never did: a share of 1 / (n + 2), and what that spreads
    pilot_units = 40 if by_row else 40 * SIZE
    share = 1 / (pilot_units + 2)
    variance = (pilot_units + 2) / (pilot_units + 1) * share * (1 - share)
    fourth = share * (1 - share) * ((1 - share) ** 3 + share**3)
    upper = variance + 1.644854 * math.sqrt((fourth - variance**2) * (1 / pilot_units + 1 / units))
    trials = min(runs, share * (1 - share) * units / upper)
    quantile = stats.t(units - 1).ppf(0.975) if by_row else stats.norm.ppf(0.975)
    low, high = wilson(share, trials, quantile)
    table.exact(f"foreseen of {name}: at most", max(expected, (high - low) / 2), at_most)
    assert spread_of(pilot, by_row, 0).share == hit / SIZE
