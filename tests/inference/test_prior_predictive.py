"""Before any fitting, the record is no surprise to the model: by default near it, in the prior's central 90%."""

import datetime

import numpy as np
import pytest

from sim.evidence import Fact, load_evidence
from sim.scenario import load_scenario
from sim.simulate import make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW

RUNS = 20_000  # standard error of a 5% or 95% point: 0.15 percentage points of runs, 0.8 of 800 rows
FACTS = load_evidence().facts
STRIKES = [fact for name, fact in FACTS.items() if name in ("strike-27-oct", "strike-8-nov", "strike-12-nov")]
DATES = tuple(
    FACTS[name].end for name in ("attacks-iraq-24-oct", "attacks-iraq-30-oct", "attacks-iraq-17-nov")
)
LABELS = ("24-oct", "30-oct", "17-nov")


def fact(name: str, bound: str = "exact") -> Fact:
    found = FACTS[name]
    assert found.bound == bound
    assert found.start == datetime.date(2023, 10, 17)
    return found


@pytest.fixture(scope="module")
def outcomes() -> dict:
    """Outcomes by parameters and date, counted up to and including it."""
    counted = {}
    for kind in ("default", "prior"):
        for date in DATES:
            job = make_job(load_scenario("october-2023", [f"end={date}"]), kind)
            counted[kind, date] = simulate(job, np.arange(RUNS, dtype=np.uint64)).outcome.copy()
    assert RUNS // RUNS_PER_ROW == 800
    return counted


def attacks(outcome: np.ndarray) -> np.ndarray:
    return outcome.attacks_iraq + outcome.attacks_syria + outcome.attacks_jordan


def total(label: str) -> float:
    return fact(f"attacks-iraq-{label}").value + fact(f"attacks-syria-{label}").value


def within(values: np.ndarray, target: float) -> bool:
    """Whether the target is in the central 90%, ends included."""
    low, high = np.quantile(values, [0.05, 0.95])
    return bool(low <= target <= high)


def test_the_dates_are_those_of_the_facts():
    assert [date.isoformat() for date in DATES] == ["2023-10-24", "2023-10-30", "2023-11-17"]
    assert [total(label) for label in LABELS] == [13, 23, 61]
    assert FACTS["attacks-total-17-nov"].value == total("17-nov")


@pytest.mark.parametrize(("date", "label"), list(zip(DATES, LABELS, strict=True)), ids=LABELS)
def test_by_default_attacks_are_near_the_record(outcomes, date, label):
    """Within 35%; the mean of 20,000 runs of sd below 40 has a standard error below 0.3 attacks."""
    mean = attacks(outcomes["default", date]).mean()
    assert 0.65 * total(label) < mean < 1.35 * total(label)


def test_by_default_strikes_are_few(outcomes):
    assert 1 < outcomes["default", DATES[2]].strikes.sum(1).mean() < 6


@pytest.mark.parametrize(("date", "label"), list(zip(DATES, LABELS, strict=True)), ids=LABELS)
def test_the_prior_covers_attacks_by_country(outcomes, date, label):
    outcome = outcomes["prior", date]
    assert within(outcome.attacks_iraq, fact(f"attacks-iraq-{label}").value)
    assert within(outcome.attacks_syria + outcome.attacks_jordan, fact(f"attacks-syria-{label}").value)


def test_the_prior_covers_the_wounded(outcomes):
    assert within(outcomes["prior", fact("wounded-30-oct").end].wounded, fact("wounded-30-oct").value)
    least = fact("wounded-17-nov", "at_least")
    assert np.quantile(outcomes["prior", least.end].wounded, 0.95) >= least.value


def test_the_prior_covers_the_strikes(outcomes):
    for date, expected in ((DATES[1], 1), (DATES[2], 3)):
        recorded = sum(strike.date <= date for strike in STRIKES)
        assert recorded == expected
        assert within(outcomes["prior", date].strikes.sum(1), recorded)
    assert fact("us-struck-back-three-times").value == 3


def test_the_prior_covers_that_none_was_struck_in_iraq_and_none_killed(outcomes):
    for name, key in (("strikes-none-in-iraq", "strikes_in_iraq"), ("no-deaths-by-fire-17-nov", "killed")):
        assert within(outcomes["prior", fact(name).end][key], fact(name).value)


def test_the_prior_is_no_certainty(outcomes):
    """It would be no test to cover everything: the record is inside a range that excludes much."""
    outcome = outcomes["prior", DATES[2]]
    assert not within(attacks(outcome), 0)
    assert not within(attacks(outcome), 10 * total("17-nov"))
    assert not within(outcome.strikes.sum(1), 25)
    assert not within(outcome.wounded, 2_000)
