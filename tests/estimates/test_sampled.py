"""What is looked for in a sample of the runs that came to something: its probability and interval."""

import numpy as np
import pytest
from scipy import stats

from sim.estimates.intervals import clustered, exact_bound, independent, wilson
from sim.estimates.sampled import sampled

RUNS, SIZE = 5_000, 25


def draw(rng: np.random.Generator, sample: int, share: float, by_row: bool):
    """Runs that came to something, with a risk that differs from row to row, a sample of them, and what is found."""
    risk = rng.beta(0.5, 2.0, RUNS // SIZE) if by_row else np.full(RUNS // SIZE, 0.2)
    reached = np.flatnonzero(rng.random(RUNS) < np.repeat(risk, SIZE))
    searched = np.sort(rng.choice(reached, min(sample, len(reached)), replace=False))
    return reached, searched, rng.random(len(searched)) < share


@pytest.mark.parametrize(("by_row", "size"), [(False, 1), (True, SIZE)])
def test_the_interval_holds_the_truth_as_often_as_it_says(by_row, size):
    """A probability of 0.2 * 0.3. Of 400 intervals 95% hold it, give or take 1.1 points: four of them."""
    rng, held = np.random.default_rng(4), 0
    for _ in range(400):
        found = sampled(*draw(rng, 150, 0.3, by_row), RUNS, size)
        held += found.chance[0] <= 0.06 <= found.chance[1]
        assert found.chance[0] <= found.probability <= found.chance[1]
    assert 0.95 - 4 * 0.011 <= held / 400 <= 1.0


def test_a_sample_counts_for_all_that_it_was_drawn_from():
    reached, searched = np.arange(0, 1000, 2), np.arange(0, 200, 2)
    found = sampled(reached, searched, searched < 50, 5_000, 1)
    assert found.probability == pytest.approx(500 / 5_000 * 25 / 100)
    assert (found.seen, found.runs, found.ignorance) == (25, 5_000, None)


def test_where_all_were_searched_it_is_the_plain_estimate():
    rng = np.random.default_rng(1)
    reached, searched, found = draw(rng, RUNS, 0.4, by_row=True)
    assert len(searched) == len(reached)
    hits = np.bincount(np.bincount(reached[found] // SIZE, minlength=RUNS // SIZE), minlength=SIZE + 1)
    assert sampled(reached, searched, found, RUNS, SIZE) == clustered(hits)
    assert sampled(reached, searched, found, RUNS, 1) == independent(int(found.sum()), RUNS)


def test_a_short_row_counts_as_one():
    reached = np.array([3, 40, 52])
    found = sampled(reached, reached, np.array([True, True, False]), 60, SIZE)
    rows = np.bincount([1, 1], minlength=SIZE + 1)
    assert found == clustered(rows, 0, 10)


def test_none_found_is_bounded_by_the_sample_and_the_runs_that_came_to_it():
    reached = np.arange(0, RUNS, 10)
    some = sampled(reached, reached[:100], np.zeros(100, bool), RUNS, 1)
    assert some.probability == 0.0
    assert some.chance == (0.0, independent(len(reached), RUNS).chance[1] * exact_bound(100))
    nothing = np.zeros(0, np.int64)
    none = sampled(nothing, nothing, np.zeros(0, bool), RUNS, SIZE)
    assert (none.probability, none.seen) == (0.0, 0)
    assert none.chance[1] == exact_bound(RUNS // SIZE)


def test_an_interval_of_a_sample_by_hand():
    """Sixty runs in rows of 25, 25 and 10; six came to it, of which three were searched, each standing for two."""
    reached, searched = np.array([0, 1, 2, 30, 31, 55]), np.array([1, 30, 55])
    found = sampled(reached, searched, np.array([True, False, True]), 60, SIZE)
    share = 2 * 2 / 60
    squares = (2 - 25 * share) ** 2 + (0 - 25 * share) ** 2 + (2 - 10 * share) ** 2
    trials = share * (1 - share) / (squares * 3 / 2 / 60**2)
    assert (found.probability, found.seen, found.runs) == (share, 2, 60)
    assert found.chance == pytest.approx(wilson(share, trials, stats.t(2).ppf(0.975)), rel=1e-9)
    whole = sampled(reached[:5], searched[:2], np.array([True, False]), 50, SIZE)  # two rows, both whole
    share = 2.5 / 50
    squares = (2.5 - 25 * share) ** 2 + (25 * share) ** 2
    trials = share * (1 - share) / (squares * 2 / 1 / 50**2)
    assert whole.chance == pytest.approx(wilson(share, trials, stats.t(1).ppf(0.975)), rel=1e-9)
