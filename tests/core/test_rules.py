"""Every rule against values worked out by hand, its stated range and its stated signs.

A rule's `Claim` says all three, and what each of its arguments does: a new rule, or a new argument of a rule,
without a claim fails.
"""

import importlib
import inspect
import math
import pkgutil
from collections.abc import Callable, Sequence

import pytest

import sim.core.rules
from sim.core.rules import common, militia, tehran, washington
from tests.core import claims
from tests.core.claims.claim import REST, SHARE, STANCE, Real, of, points

CLAIMS = claims.ALL
BY_NAME = {claim.name: claim for claim in CLAIMS}
every_rule = pytest.mark.parametrize("claim", CLAIMS, ids=list(BY_NAME))


def public_rules() -> dict[str, Callable]:
    found = {}
    for info in pkgutil.iter_modules(sim.core.rules.__path__):
        module = importlib.import_module(f"sim.core.rules.{info.name}")
        for name, value in vars(module).items():
            own = inspect.isfunction(value) and value.__module__ == module.__name__
            if own and not name.startswith("_"):
                found[f"{info.name}.{name}"] = value
    return found


def moved(point: Sequence, names: list[str], name: str, to: object) -> tuple:
    return tuple(to if n == name else value for n, value in zip(names, point, strict=True))


def test_every_public_rule_is_claimed_here_and_no_other():
    assert set(BY_NAME) == set(public_rules())
    assert len(BY_NAME) == len(CLAIMS)


@pytest.mark.parametrize("name", sorted(public_rules()))
def test_every_rule_says_what_it_does(name):
    text = inspect.getdoc(public_rules()[name])
    assert text
    assert len(text) > 30


@every_rule
def test_every_argument_has_its_values_and_its_sign(claim):
    names = list(inspect.signature(claim.rule).parameters)
    assert list(claim.given) == names
    assert sorted([*claim.rises.split(), *claim.falls.split(), *claim.free.split()]) == sorted(names)


@every_rule
def test_values_worked_out_by_hand(claim):
    for point, value in claim.hand:
        assert claim.rule(*point) == pytest.approx(value, rel=1e-12, abs=1e-12), point


@every_rule
def test_results_stay_within_the_stated_range(claim):
    for point in points(150, *claim.given.values()):
        value = claim.rule(*point)
        assert not math.isnan(value), point
        assert claim.low - REST <= value <= claim.high + REST, point


SIGNED = [
    pytest.param(claim, name, sign, id=f"{claim.name}-{name}")
    for claim in CLAIMS
    for sign, listed in ((1, claim.rises), (-1, claim.falls))
    for name in listed.split()
]


@pytest.mark.parametrize(("claim", "name", "sign"), SIGNED)
def test_results_move_in_the_stated_direction(claim, name, sign):
    names = list(claim.given)
    for *point, other in points(50, *claim.given.values(), claim.given[name]):
        low, high = sorted((point[names.index(name)], other))
        before = float(claim.rule(*moved(point, names, name, low)))
        after = float(claim.rule(*moved(point, names, name, high)))
        assert sign * (after - before) >= -REST * max(1.0, abs(before)), point


# Rules whose result is a step are moved over the step by hand values instead.
STEPS = {"washington.still_provoked", "baghdad.withdrawal_status"}


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


def test_readiness_moves_only_whether_there_is_a_strike_and_the_ceiling_only_how_hard_it_is():
    """Each doctrine enters the steps that its meaning names, and with the same weight, one."""
    decide = washington.chance_to_decide
    assert decide(3.0, 0.0, 4.0, 1.0) == pytest.approx(decide(4.0, 0.0, 4.0, 0.0))
    third, fourth = washington.chance_of_level_3, washington.chance_of_level_4
    assert third(-4.0, 1.0, 2.0, 0.0, 0.0) == pytest.approx(third(-3.0, 0.0, 2.0, 0.0, 0.0))
    assert fourth(-2.0, 1.0, 0.0, 0.0, 0.0, 0, 0.0, 0, 0.0) == pytest.approx(
        fourth(-1.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0, 0, 0.0)
    )


def test_a_chance_is_never_nothing_however_small():
    assert common.logistic(-1e4) == pytest.approx(math.exp(-700.0), rel=1e-9, abs=0.0)


def test_the_days_of_a_preparation_have_the_mean_that_is_stated():
    for lag in (2.0, 3.0, 8.0):
        step = washington.chance_of_step(lag)
        days = sum(n * (n - 1) * step**2 * (1 - step) ** (n - 2) for n in range(2, 2000))
        assert days == pytest.approx(lag, rel=1e-6)


def test_wounded_press_less_than_in_proportion_and_a_death_more_than_a_wound():
    one, four = (washington.pressure_of_harm(0.05, 0, 0.25, n, 5.0, 0) for n in (1, 4))
    assert four == pytest.approx(2 * one)
    assert washington.pressure_of_harm(0.05, 0, 0.25, 0, 5.0, 1) > 10 * one


def test_autonomy_dilutes_the_word_of_tehran_towards_nothing():
    for *two, dilution, stance in points(100, SHARE, SHARE, SHARE, STANCE):
        high, low = (abs(tehran.word_to(autonomy, dilution, stance)) for autonomy in sorted(two))
        assert low <= high + REST


def test_will_is_bounded_softly_above_zero():
    for ceiling, *reasons in points(100, of("militia.will_ceiling"), *[Real(0.0, 6.0)] * 11):
        assert 0.0 <= militia.will_to_fight(*reasons, ceiling) <= min(ceiling, sum(reasons)) + REST


def test_tehrans_push_leaves_autonomy_alone():
    for (stance,) in points(100, Real(-1.0, 0.0)):
        assert tehran.autonomy_after_brake(0.5, 0.5, 0.2, stance, 0.9) == pytest.approx(0.5)


def test_the_shared_impulse_has_mean_one():
    # The midpoint rule over the normal density, good to 1e-6 here.
    step = 0.01
    grid = [-10.0 + step * (n + 0.5) for n in range(2000)]
    for log_sd in (0.0, 0.5, 1.0):
        density = [math.exp(-0.5 * z * z) / math.sqrt(2 * math.pi) for z in grid]
        mean = sum(militia.shared_impulse(z, log_sd) * d * step for z, d in zip(grid, density, strict=True))
        assert mean == pytest.approx(1.0, abs=1e-6)
