"""Counts of the class by killed, and the interval of a rate, against values worked out by hand."""

import pytest
from scipy import stats

from sim.reference import load_episodes
from sim.reference.classes import lethal, members
from sim.reference.rates import BINS, LETHAL, direct, jeffreys, level_4
from tests.reference.made import episode

FEW = (
    episode(killed=1, answer=4, days=7),
    episode(killed=1, answer=4, days=15),
    episode(killed=1),
    episode(killed=3),
    episode(killed=40, answer=3, days=1),
    episode(killed=0, avowed=True, author="iran"),
    episode(killed=0, author="iran", answer=4, days=2),
)


def test_episodes_are_counted_by_killed_and_days():
    found = {rate.label: (rate.came, rate.episodes) for rate in level_4(FEW, (*BINS, LETHAL))}
    assert found == {
        "none, avowed by Iran": (0, 1),
        "none, by Iran's own hand, not avowed": (1, 1),
        "1": (1, 3),
        "2 to 4": (0, 1),
        "5 or more": (0, 1),
        "1 or more": (1, 5),
    }
    assert level_4(FEW, (LETHAL,), days=60)[0].came == 2


def test_direct_asks_for_what_is_coded():
    assert [(r.came, r.episodes) for r in direct(FEW)] == [(1, 3), (0, 1), (0, 1)]


@pytest.mark.parametrize(("came", "of"), [(1, 4), (3, 4), (5, 17)])
def test_jeffreys_is_the_beta_interval(came, of):
    expected = stats.beta(came + 0.5, of - came + 0.5).ppf([0.05, 0.95])
    assert jeffreys(came, of) == pytest.approx(tuple(expected), rel=1e-9)


def test_jeffreys_is_open_where_none_or_all_came():
    assert jeffreys(0, 5)[0] == 0.0
    assert jeffreys(5, 5)[1] == 1.0
    assert jeffreys(0, 0) == (0.0, 1.0)
    assert jeffreys(0, 5)[1] == pytest.approx(1.0 - jeffreys(5, 5)[0])


@pytest.mark.parametrize(("came", "of"), [(-1, 3), (4, 3)])
def test_counts_that_cannot_be_are_refused(came, of):
    with pytest.raises(ValueError, match=rf"came = {came}: must be from 0 to {of}"):
        jeffreys(came, of)


@pytest.mark.parametrize("name", ["all", "2007-2023", "2019-2023"])
def test_bins_hold_each_episode_of_a_class_once(name):
    held = members(load_episodes(), name)
    assert sum(rate.episodes for rate in level_4(held)) == len(held)
    assert level_4(held, (LETHAL,))[0].episodes == len(lethal(load_episodes(), name))
