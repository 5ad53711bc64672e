"""What a scenario's own drivers weighed, among the reasons of a decision."""

import math

import pytest

from sim.replay.course import Course, course_of
from sim.replay.decision import Decision
from sim.replay.reasons import pressing_of, rate_of, stance_of
from sim.replay.replay import replay
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from tests.scenario.files import write
from tests.scenario.test_another_crisis import OWN

pytestmark = pytest.mark.usefixtures("here")
DAYS = range(0, 60, 7)


def opened(text: str) -> Course:
    return course_of(replay(make_job(load_scenario(write("own", text)), "default"), 3))


def factor(decision: Decision, name: str) -> float:
    (found,) = (reason.factor for reason in decision.reasons if reason.name == name)
    return found


def product(decision: Decision) -> float:
    return decision.base * math.prod(reason.factor for reason in decision.reasons)


def test_a_driver_of_fixed_weight_is_a_reason_by_its_name() -> None:
    """Levels 0.75 against 0.25; weights 0.4, 0.7 and -0.2: worked out by hand."""
    course = opened(OWN)
    for day in DAYS:
        assert factor(rate_of(course, day, 0), "protests") == pytest.approx(math.exp(0.2))
        assert factor(pressing_of(course, day), "protests") == pytest.approx(math.exp(-0.525))
        assert factor(stance_of(course, day), "protests") == pytest.approx(math.exp(0.15))


def test_reasons_still_make_up_what_was_decided_by() -> None:
    course = opened(OWN)
    for day in DAYS:
        for decision in (rate_of(course, day, 0), pressing_of(course, day), stance_of(course, day)):
            assert product(decision) == pytest.approx(decision.value, rel=1e-6)


def test_a_driver_that_a_scenario_has_not_is_no_reason() -> None:
    gone = "drivers: {gaza: null}\nreference: {gaza: null}\ntimeline: {gaza: null}\n"
    course = opened(f"extends: october-2023\n{gone}")
    names = [reason.name for reason in (*rate_of(course, 5, 0).reasons, *pressing_of(course, 5).reasons)]
    assert "Gaza" not in names
    assert "Lebanon" in names
