"""The reasons of a decision, multiplied, are the decision: no term of a sum goes missing, and none is made up."""

import math

import numpy as np
import pytest

from sim.core import phases
from sim.core.chance import PURPOSES, US, uniform
from sim.core.state import BAGHDAD, FREE, IDLE, IRAQ_PLACE, NOBODY
from sim.parameters import REGISTRY
from sim.replay.course import BEFORE, Course, course_of, sources
from sim.replay.decision import Decision
from sim.replay.pause_reasons import LAPSE, PAUSE, TRIGGERS, declared_of, heeded_of, joined_of, revoked_of
from sim.replay.reasons import (
    ANSWER,
    INTENT,
    PASSAGE,
    PRESSING,
    STANCE,
    WILL,
    answer_of,
    intent_behind,
    passage_of,
    pressing_of,
    rate_of,
    stance_of,
)
from sim.replay.replay import Replay, replay
from sim.replay.terms import added, log_odds_by
from sim.replay.washington_reasons import (
    HARD,
    HARM,
    INSIDE,
    ON_IRAN,
    decision_of,
    hard_of,
    inside_of,
    on_iran_of,
    ready_of,
)
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


def days(course: Course) -> list[int]:
    return [day for day in range(0, course.played.days, 4) if course.stages[day].lived]


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


def test_factors_of_a_pause_that_is_declared_and_revoked(course: Course):
    """Those of every day, whether it then was: who might, and over what, is all in the sum."""
    played = course.played
    for day in days(course):
        stages = course.stages[day]
        if stages.willing["pause"]["by"][0] == NOBODY:
            decision = declared_of(course, day)
            whole = sum(phases.rates_to_pause(stages.willing, played.row))
            assert [reason.name for reason in decision.reasons] == list(PAUSE.values())
        else:
            decision = revoked_of(course, day)
            whole = phases.rate_to_return(stages.willing, played.setting, played.row)
            lapses = LAPSE in by_name(decision)
            assert lapses == (stages.willing["pause"]["by"][0] == BAGHDAD)
        assert decision.value == whole
        assert product(decision) == pytest.approx(whole, rel=CLOSE)


def test_a_pause_is_declared_or_revoked_by_the_rate_that_is_told(course: Course):
    """The day's own luck says so."""
    played = course.played
    for day in (day for day in range(played.days) if course.stages[day].lived):
        stages = course.stages[day]
        before, after = (int(world["pause"]["by"][0]) for world in (stages.willing, stages.paused))
        rate = (declared_of if before == NOBODY else revoked_of)(course, day).value
        date = int(played.timeline["date"][day])
        u = uniform(*played.luck(day), date, 0, PURPOSES["pause"], 0)
        assert (before != after) == (u < 1.0 - math.exp(-rate))


def test_factors_of_heeding_and_joining_a_pause(course: Course):
    played = course.played
    for day in days(course):
        stages = course.stages[day]
        joining = joined_of(course, day)
        assert joining.value == phases.rate_to_join(played.row, stages.pausing)
        assert product(joining) == pytest.approx(joining.value, rel=CLOSE)
        for i in course.militias:
            heeding = heeded_of(course, day, i)
            assert heeding.value == phases.chance_to_heed(stages.paused, played.setting, played.row, i)
            assert product(heeding) == pytest.approx(heeding.value, rel=CLOSE)


def test_a_trigger_that_is_pulled_is_named_and_others_are_not():
    """A pause of three weeks, and a strike yesterday that brings its end nearer."""
    course = course_of(replay(make_job(load_scenario("october-2023", ["end=2023-12-01"]), "default"), 0))
    day, world = 40, course.stages[40].willing
    world["pause"]["by"], world["pause"]["day"], world["pause"]["talks"] = 1, 19, world["iraq"]["talks"]
    world["us"]["level"] = 1
    found, trigger = by_name(revoked_of(course, day)), float(course.played.row["militia"]["trigger"][0])
    assert found["stalled talks"] == 1.0
    assert 1.0 < found["US strike"] < math.exp(trigger)
    assert set(TRIGGERS) <= set(found)


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


def odds(chance: float) -> float:
    return chance / (1.0 - chance)


def test_factors_of_washingtons_decisions(course: Course):
    """Whether to strike, how soon, how far and where, each as the day's own function has it."""
    played = course.played
    for day in days(course):
        world = course.weighed[day]
        at = (world, played.row)
        asked = [
            (decision_of(course, day), phases.chance_of_next_step(*at, IDLE)),
            (hard_of(course, day), phases.chance_of_hard_strike(*at)),
            (on_iran_of(course, day), phases.chance_of_strike_on_iran(*at)),
            (inside_of(course, day), phases.chance_inside_iraq(world, played.row)),
        ]
        for decision, chance in asked:
            assert product(decision) == pytest.approx(decision.value, rel=CLOSE)
            assert decision.chance == pytest.approx(chance, rel=CLOSE)
            if abs(math.log(max(chance, 1e-300) / max(1 - chance, 1e-16))) < LOG_ODDS_MOST:
                assert decision.value == pytest.approx(odds(chance), rel=CLOSE)
        ready = ready_of(course, day)
        step = int(world["us"]["step"][0])
        assert ready.value == product(ready) == phases.chance_of_next_step(*at, step)


def test_washington_does_what_its_odds_and_luck_say(course: Course):
    """Odds times the day's luck are above one where the step is taken, and below where it is not."""
    played, taken = course.played, 0
    for day in range(played.days):
        stages, world = course.stages[day], course.weighed[day]
        free = stages.lived and played.timeline["level"][day] == FREE
        if not free or not phases.provoked_today(world, played.row):
            continue
        before, after = (int(w["us"]["step"][0]) for w in (stages.engaged, stages.responded))
        if before == IDLE:
            decision = decision_of(course, day)
            assert (product(decision) * decision.luck > 1) == (after == 1)
            taken += after == 1
            continue
        date = int(played.timeline["date"][day])
        u = uniform(*played.luck(day), date, US, PURPOSES["response"], 0)
        assert (u < ready_of(course, day).value) == (before != after)
        unbound = min(played.timeline["level_limit"][day], played.timeline["iraq_limit"][day]) >= 4
        if before == after or before in (1, 3) or not unbound:
            continue
        us, far = stages.responded["us"], (hard_of if before == 2 else on_iran_of)(course, day)
        assert (product(far) * far.luck > 1) == (after == 3 or us["level"][0] == 4)
        if us["level"][0] in (1, 2, 3):
            inside = inside_of(course, day)
            assert (product(inside) * inside.luck > 1) == (us["place"][0] == IRAQ_PLACE)
    assert taken or played.outcome["strikes"].sum() == 0


def test_log_odds_are_told_exactly_where_a_chance_no_longer_tells_them():
    """Asked where a constant is moved until they are near even: 60 more log odds make 60 more, to the last digits."""
    course = course_of(replay(make_job(load_scenario("october-2023", ["end=2023-10-20"]), "default"), 0))
    row = course.played.row

    def chance(asked: np.ndarray) -> float:
        return float(phases.chance_of_hard_strike(course.weighed[0], asked))

    lower = log_odds_by(chance, row, "us.level_3_base")
    higher = row.copy()
    higher["us"]["level_3_base"] += 60.0
    assert chance(higher) == 1.0
    assert log_odds_by(chance, higher, "us.level_3_base") == pytest.approx(lower + 60.0, rel=1e-12)


def test_parts_that_are_added_multiply_to_the_whole_even_from_nothing():
    for base, rates in ((0.2, (0.3, 0.3, 0.9)), (0.0, (0.0, 0.04, 0.05))):
        start, reasons = added(base, [(str(place), rate) for place, rate in enumerate(rates)])
        assert start * math.prod(reason.factor for reason in reasons) == pytest.approx(rates[-1], rel=CLOSE)
        assert all(reason.factor >= 1.0 for reason in reasons)


def test_every_weight_of_a_decision_is_among_the_reasons():
    """A mechanism's weight that is added to the model must be added to the reasons, or the products fail."""
    washington = {*HARM, *HARD, *ON_IRAN, *INSIDE}
    named = {*WILL, *PRESSING, *STANCE, *ANSWER, *INTENT, *PASSAGE, *PAUSE, *washington}
    starts = ("us.level_3_", "us.level_4_", "us.pressure_")
    fades_or_later, bases = (
        {"us.pressure_half_life", "us.pressure_avowed"},
        {"us.level_3_base", "us.level_4_base"},
    )
    apart = fades_or_later | bases
    assert {name for name in REGISTRY if name.startswith(starts)} - apart <= washington
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
