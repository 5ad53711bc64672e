"""The line that stands beside a headline: the class's own answer, in words."""

from sim.estimates.reference import reference_line
from sim.reference import load_episodes
from sim.reference.rates import BINS, jeffreys
from sim.wording import percent
from tests.reference.made import episode

MADE = [
    episode(killed=1, answer=4, days=7, year=2020),
    episode(killed=3, year=2021),
    episode(killed=3, answer=4, days=20, year=2008),
    episode(killed=30, year=1990),
    episode(killed=0, answer=4, days=1, author="iran", year=2020),
]


def ends(came, of):
    return " to ".join(percent(end) for end in jeffreys(came, of))


def test_the_line_counts_lethal_episodes_of_its_class():
    said = reference_line(MADE, "2007-2023")
    assert said.startswith(
        f"reference class: {ends(1, 3)} of lethal episodes brought a strike on Iran within 14 days"
    )
    assert "(1 of 3 did, class 2007-2023; 90% interval)" in said
    assert said.endswith(
        f"by class: all {ends(1, 4)} (1 of 4), 2007-2023 {ends(1, 3)} (1 of 3), 2019-2023 {ends(1, 2)} (1 of 2)"
    )


def test_bins_are_told_and_empty_ones_left_out():
    said = reference_line(MADE, "2019-2023", BINS[2:], others=False)
    assert f"1 killed {ends(1, 1)} (1 of 1), 2 to 4 killed {ends(0, 1)} (0 of 1)" in said
    assert "5 or more" not in said
    assert "by class" not in said


def test_no_class_says_nothing():
    assert reference_line(MADE, "none") == ""


def test_the_shipped_class_is_told_on_one_line():
    said = reference_line(load_episodes())
    assert "\n" not in said
    assert "class 2007-2023" in said
