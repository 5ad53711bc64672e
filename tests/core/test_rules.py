"""Every rule against values worked out by hand, its stated range and its stated signs.

A rule's `Claim` says all three, and what each of its arguments does: a new rule, or a new argument of a rule,
without a claim fails.
"""

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import sim.core.rules
from sim.core.rules import militia, tehran, washington
from tests.core import claims
from tests.core.claims.claim import LEVEL, REST, SHARE, STANCE, of, plain

CLAIMS = claims.ALL
BY_NAME = {claim.name: claim for claim in CLAIMS}
every_rule = pytest.mark.parametrize("claim", CLAIMS, ids=list(BY_NAME))


def public_rules() -> dict[str, Callable]:
    found = {}
    for info in pkgutil.iter_modules(sim.core.rules.__path__):
        module = importlib.import_module(f"sim.core.rules.{info.name}")
        for name, value in vars(module).items():
            function = plain(value)
            own = inspect.isfunction(function) and function.__module__ == module.__name__
            if own and not name.startswith("_"):
                found[f"{info.name}.{name}"] = value
    return found


def moved(point: tuple, names: list[str], name: str, to: object) -> tuple:
    return tuple(to if n == name else value for n, value in zip(names, point, strict=True))


def test_every_public_rule_is_claimed_here_and_no_other():
    assert set(BY_NAME) == set(public_rules())
    assert len(BY_NAME) == len(CLAIMS)


@pytest.mark.parametrize("name", sorted(public_rules()))
def test_every_rule_says_what_it_does(name):
    text = inspect.getdoc(plain(public_rules()[name]))
    assert text
    assert len(text) > 30


@every_rule
def test_every_argument_has_its_values_and_its_sign(claim):
    names = list(inspect.signature(plain(claim.rule)).parameters)
    assert list(claim.given) == names
    assert sorted([*claim.rises.split(), *claim.falls.split(), *claim.free.split()]) == sorted(names)


@every_rule
def test_values_worked_out_by_hand(claim):
    for point, value in claim.hand:
        assert claim.rule(*point) == pytest.approx(value, rel=1e-12, abs=1e-12), point


@every_rule
def test_results_stay_within_the_stated_range(claim):
    @settings(max_examples=150, deadline=None)
    @given(st.tuples(*claim.given.values()))
    def check(point):
        value = claim.rule(*point)
        assert not math.isnan(value)
        assert claim.low - REST <= value <= claim.high + REST

    check()


@every_rule
def test_results_move_in_the_stated_direction(claim):
    names = list(claim.given)
    signs = dict.fromkeys(claim.rises.split(), 1) | dict.fromkeys(claim.falls.split(), -1)

    @settings(max_examples=150, deadline=None)
    @given(st.tuples(*claim.given.values()), st.data())
    def check(point, data):
        name = data.draw(st.sampled_from(sorted(signs)))
        other = data.draw(claim.given[name])
        low, high = sorted((point[names.index(name)], other))
        before = float(claim.rule(*moved(point, names, name, low)))
        after = float(claim.rule(*moved(point, names, name, high)))
        assert signs[name] * (after - before) >= -REST * max(1.0, abs(before)), name

    if signs:
        check()


# Rules whose result is a step are moved over the step by hand values instead.
STEPS = {"washington.strikes_inside_iraq", "baghdad.withdrawal_status"}


@every_rule
def test_every_signed_argument_matters(claim):
    names, start = list(claim.given), claim.hand[0][0]
    at_start = float(claim.rule(*start))
    for sign, listed in ((1, claim.rises), (-1, claim.falls)):
        for name in () if claim.name in STEPS else listed.split():
            value = start[names.index(name)]
            step = claim.step.get(name, 1 if isinstance(value, int) else 0.1)
            to = bool(value + step) if isinstance(value, bool) else value + step
            change = float(claim.rule(*moved(start, names, name, to))) - at_start
            assert change * sign * (1 if step > 0 else -1) > 1e-4, name


# Claims that no single argument shows


def test_each_rung_of_the_response_ladder_is_above_the_last_when_both_doctrines_are_equal():
    @settings(deadline=None)
    @given(
        of("us.threshold_first"),
        of("us.gap_second"),
        of("us.gap_third"),
        of("us.gap_fourth"),
        of("us.readiness"),
    )
    def check(first, second, third, fourth, doctrine):
        at = [
            washington.threshold(level, first, second, third, fourth, doctrine, doctrine)
            for level in (1, 2, 3, 4)
        ]
        assert all(high >= low - REST for low, high in pairwise(at))
        assert at[3] > at[2]

    check()


@settings(deadline=None)
@given(
    of("us.threshold_first"),
    of("us.gap_second"),
    of("us.gap_third"),
    of("us.gap_fourth"),
    of("us.readiness"),
    of("us.ceiling"),
)
@example(4.0, 1.0, 0.1, 7.0, -4.0, 0.0)  # restraint at the low levels and a small gap to the red lines
@example(4.0, 1.0, 0.1, 0.5, -4.0, 6.0)  # and a high ceiling, so that both red lines would lie below level 2
def test_each_level_of_the_response_ladder_is_at_least_as_high_as_the_last_whatever_the_doctrine(
    first, second, third, fourth, readiness, ceiling
):
    at = [washington.threshold(n, first, second, third, fourth, readiness, ceiling) for n in (1, 2, 3, 4)]
    assert all(high >= low for low, high in pairwise(at)), at


@settings(deadline=None)
@given(
    LEVEL, of("us.gap_third"), of("us.gap_fourth"), of("us.readiness"), of("us.readiness"), of("us.ceiling")
)
def test_readiness_never_raises_a_threshold(level, third, fourth, one, other, ceiling):
    less, more = (
        washington.threshold(level, 4.0, 1.0, third, fourth, readiness, ceiling)
        for readiness in sorted((one, other))
    )
    assert more <= less


def test_a_red_line_that_would_lie_below_level_2_lies_at_it():
    at = [washington.threshold(level, 4.0, 1.0, 0.1, 7.0, -4.0, 0.0) for level in (1, 2, 3, 4)]
    assert at == pytest.approx([8.0, 9.0, 9.0, 12.1])
    both = [washington.threshold(level, 4.0, 1.0, 0.1, 0.5, -4.0, 6.0) for level in (1, 2, 3, 4)]
    assert both == pytest.approx([8.0, 9.0, 9.0, 9.0])


def test_readiness_moves_the_low_levels_only_and_the_ceiling_the_red_lines_only():
    at = {
        (readiness, ceiling): [
            washington.threshold(n, 4.0, 1.0, 2.0, 7.0, readiness, ceiling) for n in (1, 2, 3, 4)
        ]
        for readiness in (0.0, 1.0)
        for ceiling in (0.0, 1.0)
    }
    assert at[1.0, 0.0] == [3.0, 4.0, 7.0, 14.0]
    assert at[0.0, 1.0] == [4.0, 5.0, 6.0, 13.0]
    assert at[0.0, 0.0] == [4.0, 5.0, 7.0, 14.0]


def test_wounded_press_less_than_in_proportion_and_a_death_more_than_a_wound():
    one, four = (washington.pressure_of_harm(0.05, 0, 0.25, n, 5.0, 0) for n in (1, 4))
    assert four == pytest.approx(2 * one)
    assert washington.pressure_of_harm(0.05, 0, 0.25, 0, 5.0, 1) > 10 * one


@given(SHARE, SHARE, SHARE, STANCE)
def test_autonomy_dilutes_the_word_of_tehran_towards_nothing(low, high, dilution, stance):
    low, high = min(low, high), max(low, high)
    assert abs(tehran.word_to(high, dilution, stance)) <= abs(tehran.word_to(low, dilution, stance)) + REST


@given(of("militia.will_ceiling"), st.lists(st.floats(0, 6), min_size=11, max_size=11))
def test_will_is_bounded_softly_above_zero(ceiling, reasons):
    will = militia.will_to_fight(*reasons, ceiling)
    assert 0.0 <= will <= min(ceiling, sum(reasons)) + REST


@given(st.floats(0, 6))
def test_tehrans_push_leaves_autonomy_alone(stance):
    assert tehran.autonomy_after_brake(0.5, 0.5, 0.2, -stance / 6, 0.9) == pytest.approx(0.5)


def test_the_shared_impulse_has_mean_one():
    # The midpoint rule over the normal density, good to 1e-6 here.
    step = 0.01
    grid = [-10.0 + step * (n + 0.5) for n in range(2000)]
    for log_sd in (0.0, 0.5, 1.0):
        density = [math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) for z in grid]
        mean = sum(militia.shared_impulse(z, log_sd) * d * step for z, d in zip(grid, density, strict=True))
        assert mean == pytest.approx(1.0, abs=1e-6)
