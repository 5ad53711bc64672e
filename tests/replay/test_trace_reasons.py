"""The reasons of a decision, multiplied, are the decision: no term of a sum goes missing, and none is made up."""

import math

import numpy as np
import pytest

from sim.core import phases
from sim.core.state import FREE, IRAN_PLACE, IRAQ_PLACE, SYRIA_PLACE
from sim.parameters import REGISTRY
from sim.replay.course import BEFORE, Course, course_of, sources
from sim.replay.decision import Decision
from sim.replay.reasons import (
    ANSWER,
    HARM,
    INTENT,
    PRESSING,
    STANCE,
    WILL,
    answer_of,
    intent_behind,
    noise_of,
    passage_of,
    pressing_of,
    rate_of,
    response_of,
    stance_of,
    turn_of,
)
from sim.replay.replay import Replay, replay
from sim.scenario import load_scenario
from sim.simulate.job import make_job

SCENARIOS = ("october-2023", "tower-22", "decisive-doctrine", "restraint-doctrine")
RUNS = (0, 41, 683, 10_007)
CLOSE = 1e-9  # relative; rounding alone makes about 1e-13

LOG_ODDS_MOST = 14.0
"""Log odds beyond which a probability in floating point no longer tells its odds to 1e-9."""


@pytest.fixture(scope="module", params=[(name, run) for name in SCENARIOS for run in RUNS], ids=str)
def course(request) -> Course:
    name, run = request.param
    return course_of(replay(make_job(load_scenario(name)), run))


def product(decision: Decision) -> float:
    return decision.base * math.prod(reason.factor for reason in decision.reasons)


def by_name(decision: Decision) -> dict[str, float]:
    return {reason.name: reason.factor for reason in decision.reasons}


def days(course: Course) -> range:
    return range(0, course.played.days, 4)


def test_factors_of_a_militias_rate_give_the_rate_it_attacked_at(course: Course):
    seen = 0
    for day in days(course):
        evening = course.played.evenings["militias"][day]
        for i in course.militias:
            rate = float(evening["rate"][i])
            if rate > 0:
                seen += 1
                decision = rate_of(course, day, i)
                assert decision.value == rate
                assert product(decision) == pytest.approx(rate, rel=CLOSE)
    assert seen > 0


def test_factors_of_standing_down_and_resuming(course: Course):
    played = course.played
    for day in days(course):
        stages = course.stages[day]
        for i in course.militias:
            decision = turn_of(course, day, i)
            assert product(decision) == pytest.approx(decision.value, rel=CLOSE)
            militia = stages.chosen["militias"][0, i]
            paused = bool(stages.pressed["militias"]["standing_down"][0, i])
            others = stages.pausing - paused * played.setting["militias"]["share"][0, i]
            p = played.row["militia"][0]
            pull = p["resume_will" if paused else "stand_down_will"] * militia["will"] - p["contagion"] * max(
                0, others
            )
            base = p["resume"] if paused else p["stand_down"]
            assert decision.value == pytest.approx(base * math.exp(pull if paused else -pull), rel=CLOSE)


def test_factors_of_intent_and_of_getting_through(course: Course):
    played = course.played
    for day in days(course):
        world = course.stages[day].chosen
        for i in course.militias:
            chance = phases.intent_of(world, played.setting, played.row, i)
            assert product(intent_behind(course, day, i)) == pytest.approx(chance, rel=CLOSE)
        for site in range(int(played.setting["site_count"][0])):
            chance = phases.chance_to_get_through(world, played.setting, played.row, site)
            decision = passage_of(course, day, site)
            assert product(decision) == pytest.approx(chance / (1 - chance), rel=CLOSE)
            assert decision.chance == pytest.approx(chance, rel=CLOSE)


def test_factors_of_pressing_stance_and_answer(course: Course):
    played = course.played
    for day in days(course):
        stages, today = course.stages[day], played.timeline[day : day + 1]
        asked = [
            (pressing_of(course, day), phases.chance_of_pressing(stages.led, today, played.row)),
            (answer_of(course, day), phases.chance_of_answer(stages.felt, played.row)),
            (
                stance_of(course, day),
                0.5 * (1 + phases.goal_of_stance(stages.dawn, today, played.setting, played.row)),
            ),
        ]
        for decision, chance in asked:
            if abs(math.log(chance / (1 - chance))) < LOG_ODDS_MOST:
                assert product(decision) == pytest.approx(chance / (1 - chance), rel=CLOSE)


def test_factors_and_luck_of_washington_say_which_level_it_chose(course: Course):
    """The odds of a level with the day's luck are above one when it is reached, and below when it is not."""
    played = course.played
    strikes = np.flatnonzero(played.evenings["us"]["level"])
    for day in sorted({*days(course), *map(int, strikes[:40])}):
        world, weighed = course.stages[day].responded, course.weighed[day]
        noise = noise_of(course, day)
        drive = phases.drive_of(weighed, played.setting, played.row, noise)
        for level in range(1, 5):
            decision = response_of(course, day, level, SYRIA_PLACE)
            assert decision.luck == pytest.approx(math.exp(noise), rel=CLOSE)
            over = drive - phases.threshold_of(played.row, level)
            assert math.log(product(decision) * decision.luck) == pytest.approx(over, abs=CLOSE)
            assert product(decision) == pytest.approx(decision.value, rel=CLOSE)
        if played.timeline["level"][day] != FREE:
            continue
        level, place = int(world["us"]["level"][0]), int(world["us"]["place"][0])
        if level:
            decision = response_of(course, day, level, place)
            assert product(decision) * decision.luck > 1
            higher = response_of(course, day, level + 1, place) if level < 4 and level != 1 else None
            assert higher is None or product(higher) * higher.luck < 1
            if level == 1:  # neither into Iraq at level 2 nor to level 3
                assert product(inside := response_of(course, day, 2, IRAQ_PLACE)) * inside.luck < 1
        else:
            decision = response_of(course, day, 1, SYRIA_PLACE)
            assert product(decision) * decision.luck < 1


def test_a_strike_in_iraq_asks_for_more(course: Course):
    for level in (2, 3):
        inside, outside = (response_of(course, 5, level, place) for place in (IRAQ_PLACE, SYRIA_PLACE))
        sensitivity = float(course.played.row["us"]["iraq_sensitivity"][0])
        assert inside.value * math.exp(sensitivity) == pytest.approx(outside.value, rel=CLOSE)
    assert "that it is in Iraq" not in by_name(response_of(course, 5, 4, IRAN_PLACE))


def test_every_weight_of_a_decision_is_among_the_reasons():
    """A mechanism's weight that is added to the model must be added to the reasons, or the products fail."""
    named = {*WILL, *PRESSING, *STANCE, *ANSWER, *INTENT, *HARM}
    assert named <= set(REGISTRY)
    assert {name for name in REGISTRY if name.startswith(("iraq.press_", "militia.intent_"))} <= named
    assert {name for name in REGISTRY if name.startswith("iran.stance_")} - named == {"iran.stance_half_life"}


def test_reasons_of_a_blank_morning_are_all_neutral():
    """On the first day nothing has been felt: revenge, fear, doubt and Baghdad's pressure multiply by one."""
    course = course_of(replay(make_job(load_scenario("october-2023", ["end=2023-10-20"])), 0))
    factors = by_name(rate_of(course, 0, 0))
    for name in ("revenge", "fear of strikes", "doubt", "Baghdad's spent capital", "Lebanon"):
        assert factors[name] == 1.0
    assert factors["Gaza"] == pytest.approx(1.0, abs=0.2)


# Where memories stem from


def test_a_memory_stems_from_what_added_most_of_what_is_left():
    found = sources([(0.0, 0.5), (0.25, 0.25), (0.125, 0.525), (0.5, 0.5)])
    assert [(s.morning, s.evening) for s in found] == [(None, 0), (0, 0), (0, 2), (2, 2)]


def test_a_memory_that_a_run_begins_with_stems_from_before():
    found = sources([(0.8, 0.8), (0.4, 0.5), (0.2, 0.9)])
    assert [(s.morning, s.evening) for s in found] == [(BEFORE, BEFORE), (BEFORE, BEFORE), (BEFORE, 2)]


def test_revenge_stems_from_a_day_with_a_strike(course: Course):
    struck = {day for day in range(course.played.days) if course.played.evenings["us"]["level"][day] > 0}
    for i in course.militias:
        since = {source.morning for source in course.revenge[i]} - {None}
        assert since <= struck | {BEFORE}
        if course.played.job.scenario.past is None:
            assert BEFORE not in since


def test_shares_of_a_memory_add_up_by_the_days_own_arithmetic():
    """The anger of a day is the sum of what each strike added, each faded by its own number of days."""
    played: Replay = replay(make_job(load_scenario("october-2023")), 41)
    course = course_of(played)
    keep = float(played.row["militia"]["anger_keep"][0])
    day, i = 60, 0
    parts = np.zeros(day)
    for earlier in range(day):
        before, after = (
            float(world["militias"]["anger"][0, i])
            for world in (course.stages[earlier].responded, course.stages[earlier].felt)
        )
        parts[earlier] = (after - before) * keep ** (day - earlier)
    anger = float(played.mornings["militias"]["anger"][day, i])
    assert parts.sum() == pytest.approx(anger, rel=1e-12)
    assert course.revenge[i][day].morning == int(np.argmax(parts))
