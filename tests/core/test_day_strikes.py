"""What presses on Washington, what its strikes do to everybody, and how Tehran answers, by forced situations."""

import math

import numpy as np
import pytest

from sim.parameters import REGISTRY
from tests.core.stories import (
    ASAIB,
    BADR,
    IRAN,
    KATAIB,
    MILITIAS,
    NUJABA,
    TEHRAN,
    at,
    attack,
    everything_held,
    order,
    story,
    strike,
)

# 6. Washington


def test_harm_presses_on_washington_the_same_day():
    seen = story(attack(3, attacks=4, wounded=9, killed=3), us__pressure_half_life=10.0)
    p = {k: REGISTRY[f"us.pressure_{k}"].default for k in ("attack", "wounded", "killed")}
    harm = 4 * p["attack"] + 3 * p["wounded"] + 2 * p["killed"]
    keep = math.exp(-math.log(2.0) / 10.0)
    assert seen[2].us.pressure == 0.0
    assert seen[3].us.pressure == pytest.approx(harm * keep)
    assert seen[13].us.pressure == pytest.approx(harm * keep / 2)
    assert seen[3].militias[at(KATAIB)].guilt == pytest.approx(harm * keep)


def test_three_killed_press_more_than_many_wounded():
    killed, wounded = story(attack(3, killed=3)), story(attack(3, wounded=60))
    assert killed[3].us.pressure > 2 * wounded[3].us.pressure > 0


@pytest.mark.parametrize("what", ["pressure", "unanswered"])
def test_a_strike_relieves_pressure_and_answers_the_killed_by_a_share_each_level_once_more(what):
    harmed = attack(3, killed=7)
    unrelieved = story(harmed, us__relief=0.25)[3].us[what]
    assert unrelieved > 0
    for level in (1, 2, 3):
        after = story(harmed, strike(3, level, place="syria"), us__relief=0.25)[3].us[what]
        assert after == pytest.approx(unrelieved * 0.75**level)


def test_harm_that_defies_recent_strikes_presses_more():
    given = {"us__commitment": 1.0, "us__commitment_gain": 0.7, "us__relief": 0.0}
    alone = story(attack(6, killed=1), **given)
    defied = story(strike(5, 2, place="syria"), attack(6, killed=1), **given)
    memory = defied[5].us.commitment
    assert memory == pytest.approx(
        (1 - math.exp(-1.4)) * math.exp(-math.log(2.0) / REGISTRY["us.commitment_half_life"].default)
    )
    assert defied[6].us.pressure == pytest.approx(alone[6].us.pressure * (1 + memory))


def test_a_strike_restores_credibility_by_level():
    lost = attack((0, 4), attacks=10)
    at_level = [
        story(lost, strike(5, n, place="syria"), us__credibility_gain=0.2)[5].us.credibility
        for n in (1, 2, 3)
    ]
    before = story(lost)[5].us.credibility
    for level, after in enumerate(at_level, start=1):
        assert 1 - after == pytest.approx((1 - before) * 0.8**level)


# Decided at once, and done in two days at each preparation
PROMPT = {"us__lag": 2.0, "us__lag_hard": 2.0, "us__anticipation": 0.0, "us__threshold_first": 0.5}
SURE, NEVER = 10.0, -10.0
HELD = [order((0, 60), name, "hold") for name in MILITIAS]
FREE = {"held": False, "start_with": {"us.pressure": 300.0}}


def first_strike(seen):
    struck = np.flatnonzero(seen.us.level)
    return None if len(struck) == 0 else int(struck[0])


def test_without_a_provocation_no_pressure_brings_a_strike():
    assert first_strike(story(*HELD, **FREE, **PROMPT)) is None
    provoked = story(*HELD, attack(4), **FREE, **PROMPT)
    assert first_strike(provoked) == 6  # decided on day 4, two steps after it
    assert provoked.us.step[3:7].tolist() == [0, 1, 2, 0]


def test_a_hard_strike_takes_its_further_days():
    seen = story(
        *HELD, attack(4), **FREE, **PROMPT, us__level_3_base=4.0, us__ceiling=6.0, us__level_4_base=NEVER
    )
    assert seen.us.step[3:9].tolist() == [0, 1, 2, 3, 4, 0]
    assert (first_strike(seen), seen.us.level[8]) == (8, 3)


def test_what_is_prepared_lapses_when_the_provocation_is_too_long_ago():
    slow = PROMPT | {"us__lag_hard": 60.0, "us__provocation_days": 10.0}
    for run in range(40):
        seen = story(*HELD, attack(4), **FREE, **slow, run=run, us__level_3_base=4.0, us__ceiling=6.0)
        struck = first_strike(seen)
        assert struck is None or struck <= 14
        assert (seen.us.step[15:] == 0).all()


def test_a_strike_answers_what_provoked_it_and_a_new_attack_provokes_anew():
    seen = story(*HELD, attack(4), **FREE, **PROMPT)
    assert np.flatnonzero(seen.us.level).tolist() == [6]
    twice = story(*HELD, attack(4), attack(12), **FREE, **PROMPT | {"us__relief": 0.0})
    assert np.flatnonzero(twice.us.level).tolist() == [6, 14]


@pytest.mark.parametrize(
    ("killed", "level_3", "level_4", "level"),
    [(0, NEVER, SURE, 1), (0, 4.0, NEVER, 3), (0, 4.0, 6.0, 4), (31, NEVER, NEVER, 3)],
)
def test_how_far_a_strike_goes_follows_its_odds_and_the_killed(killed, level_3, level_4, level):
    given = PROMPT | {
        "us__level_3_base": level_3,
        "us__level_4_base": min(level_4, 6.0),
        "us__level_3_killed": 10.0,
    }
    given |= {
        "us__level_4_killed": 0.0,
        "us__ceiling": 0.0,
        "us__iraq_sensitivity": 8.0,
        "us__iraq_killed": 0.0,
    }
    counts = np.array(
        [
            story(*HELD, attack(4, killed=killed), **FREE, **given, run=r)[-1].outcome.strikes
            for r in range(20)
        ]
    )
    # One sided chances of 2% and less each (logistic of 4): more than 4 of 20 otherwise is less than 1 in 2,000.
    assert counts[:, level].sum() >= 16


def test_level_and_place_keep_to_what_the_scenario_forbids():
    hard = PROMPT | {
        "us__level_3_base": 4.0,
        "us__ceiling": 6.0,
        "us__level_4_base": 6.0,
        "us__iraq_sensitivity": 0.0,
    }
    hard |= {"us__iraq_killed": 6.0, "us__pressure_half_life": 120.0, "us__soil": 1.0}
    killed = attack(4, killed=7)

    def done(*orders):
        seen = story(*HELD, killed, *orders, **FREE, **hard)
        day = first_strike(seen)
        return int(seen.us.level[day]), int(seen.us.place[day])

    days = (0, 29)
    assert done() == (4, 3)
    assert done(order(days, "us", "strike", level=4, forbid=True)) == (3, 0)
    no_fourth = order(days, "us", "strike", level=4, forbid=True)
    assert done(no_fourth, order(days, "us", "strike", level=3, place="iraq", forbid=True)) == (3, 1)
    no_third = order(days, "us", "strike", level=3, forbid=True)
    assert done(no_third) == (2, 0)
    assert done(no_third, order(days, "us", "strike", level=1, place="iraq", forbid=True)) == (1, 1)


def test_an_order_to_hold_ends_what_is_being_prepared():
    seen = story(*HELD, attack(4), order(5, "us", "hold"), **FREE, **PROMPT)
    assert seen.us.step[4:8].tolist() == [1, 0, 1, 2]


def test_killing_after_a_hard_strike_and_an_avowed_attack_are_held_against_their_authors():
    seen = story(strike(5, 3), attack(9, killed=1))
    assert (seen.us.undeterred[8], seen.us.undeterred[9]) == (0, 1)
    assert story(strike(5, 1), attack(9, killed=1)).us.undeterred.max() == 0
    answered = story(strike(5, 3), order(6, "iran", "answer"), us__call_off=0.0)
    assert (answered.us.defiance[5], answered.us.defiance[6]) == (0, 1)
    assert story(strike(5, 3), order(6, "iran", "answer"), strike(8, 4), us__call_off=0.0).us.defiance[8] == 0


def test_that_a_hard_strike_stopped_nothing_is_held_against_it_for_a_window_only():
    seen = story(strike(5, 3), attack(9, killed=1), us__provocation_days=90.0)
    assert seen.us.undeterred[9:19].all()
    assert not seen.us.undeterred[19:].any()
    assert story(strike(5, 3), attack(19, killed=1)).us.undeterred.max() == 0


def test_the_killed_wait_for_an_answer_as_long_as_the_provocation_stands():
    seen = story(attack(3, killed=3), us__provocation_days=10.0)
    assert (seen.us.unanswered[3:14] == 3.0).all()
    assert (seen.us.unanswered[14:] == 0.0).all()


def test_a_hard_strike_that_is_forbidden_meanwhile_becomes_a_low_one():
    given = PROMPT | {"us__level_3_base": 4.0, "us__ceiling": 6.0}
    forbidden = order((6, 29), "us", "strike", level=3, forbid=True)
    seen = [story(*HELD, attack(4), forbidden, **FREE, **given, run=run) for run in range(20)]
    levels = {int(level) for one in seen for level in one.us.level[one.us.level > 0]}
    assert levels <= {1, 2}
    assert all(one[-1].outcome.commanders == 0 for one in seen)
    assert all((one.us.place[one.us.level == 2] == 0).all() for one in seen)


def test_an_avowed_answer_that_killed_nobody_may_be_the_end_of_it():
    harmless = {"engagement__lethal_harassment": 0.0, "engagement__lethal_intended": 0.0}
    orders = (attack(4, killed=1), strike(5, 3), order(6, "iran", "answer"))
    stopped = story(*orders, **harmless, us__call_off=1.0)
    assert stopped[6].us.pressure == stopped[6].us.unanswered == stopped[6].iran.grievance == 0.0
    assert stopped[-1].outcome.called_off == 1
    went_on = story(*orders, **harmless, us__call_off=0.0)
    assert went_on[6].us.pressure > 3.0
    assert went_on[-1].outcome.called_off == 0


def test_a_level_1_strike_that_kills_the_guards_is_felt_like_one_a_level_up():
    given = {"iran__strike_fear": 0.1, "iran__strike_fear_growth": 2.0}
    spared, killed = (story(strike(5, 1), us__irgc_losses=chance, **given)[5] for chance in (0.0, 1.0))
    assert (spared.us.irgc, killed.us.irgc) == (0, 1)
    keep = math.exp(-math.log(2.0) / REGISTRY["iran.war_fear_half_life"].default)
    assert spared.iran.war_fear == pytest.approx((1 - math.exp(-0.1)) * keep)
    assert killed.iran.war_fear == pytest.approx((1 - math.exp(-0.2)) * keep)
    assert killed.iran.grievance > spared.iran.grievance


def test_posture_answers_harm_besides_the_timeline():
    given = {"us__posture_reaction": 0.5, "us__pressure_half_life": 120.0}
    calm, harmed = story(**given), story(attack(4, killed=30), **given)
    assert np.array_equal(calm.us.posture[:5], harmed.us.posture[:5])
    assert 0.3 < harmed.us.posture[5] - calm.us.posture[5] < 0.5


def test_a_strike_falls_on_the_author_when_he_is_known():
    given = {"us__attribution": 1.0}
    seen = story(attack(3, ASAIB, killed=1), attack(4, KATAIB, attacks=2), strike(5, 1), **given)
    assert seen[5].us.culprit == at(ASAIB)
    mistaken = [
        story(attack(3, ASAIB, killed=1), strike(5, 1), run=r, us__attribution=0.0)[5].us.culprit
        for r in range(40)
    ]
    assert set(mistaken) | {at(BADR)} == {0, 1, 2, 3}  # by share: Badr's is .05


# 7. Consequences


@pytest.fixture(scope="module")
def severe() -> tuple[np.ndarray, np.ndarray]:
    """A level-3 strike inside Iraq on day 5 while a bargain stands, and the same world without it."""
    before = [order(3, "iraq", "press"), attack(4, NUJABA, attacks=2, site="al-tanf")]
    given = {
        "us__attribution": 1.0,
        "iraq__breach_strike": 0.0,
        "iran__supply": 0.0,
        "iraq__iraqis_killed": 0.0,
    }
    return story(*before, strike(5, 3, place="iraq"), **given), story(*before, **given)


@pytest.mark.parametrize(
    "path", ["iraq.strain", "iran.war_fear", "iran.grievance", "us.commitment", "us.credibility"]
)
def test_a_severe_strike_in_iraq_raises(severe, path):
    struck, calm = severe
    group, key = path.split(".")
    assert struck[4][group][key] == calm[4][group][key]
    assert struck[5][group][key] > calm[5][group][key]


def test_a_severe_strike_in_iraq_ends_the_bargain(severe):
    struck, calm = severe
    assert calm[5].iraq.bargain > 0.0 == struck[5].iraq.bargain
    assert struck[-1].outcome.strikes_in_iraq == struck[-1].outcome.strikes[3] == 1


def test_a_severe_strike_angers_and_frightens_its_target_most(severe):
    struck, calm = severe
    solidarity = REGISTRY["militia.solidarity"].default
    assert struck[5].us.culprit == at(NUJABA)
    for feeling in ("anger", "fear"):
        felt = struck[5].militias[feeling][:4]
        others = [at(name) for name in MILITIAS if name != NUJABA]
        assert (calm[5].militias[feeling] == 0).all()
        assert felt[at(NUJABA)] > 0.1
        assert felt[others] == pytest.approx(solidarity * felt[at(NUJABA)])


def test_a_severe_strike_destroys_the_stocks_of_its_target_alone(severe):
    struck, calm = severe
    share = 1 - math.exp(-0.06 * 2.0**2)
    stocks, before = struck[5].militias["arsenal"], calm[5].militias["arsenal"]
    assert stocks[at(NUJABA)] == pytest.approx(before[at(NUJABA)] * (1 - share))
    others = [at(name) for name in MILITIAS if name != NUJABA]
    assert (stocks[others] == before[others]).all()


@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_anger_and_fear_grow_with_the_level(level):
    gain, growth = 0.2, 1.5
    given = {"militia__anger_gain": gain, "militia__anger_growth": growth, "us__attribution": 1.0}
    seen = story(strike(5, level), militia__anger_half_life=10.0, militia__solidarity=0.4, **given)[5]
    keep = math.exp(-math.log(2.0) / 10.0)
    anger = seen.militias[seen.us.culprit].anger
    felt = 0.4 if level == 4 else 1.0  # a strike on Iran hits no militia
    assert anger == pytest.approx(felt * (1 - math.exp(-gain * growth ** (level - 1))) * keep)


def test_a_strike_on_iran_destroys_no_militias_stocks():
    struck, calm = (story(*orders)[5].militias["arsenal"] for orders in ((strike(5, 4),), ()))
    assert (struck == calm).all()


@pytest.mark.parametrize(
    ("level", "place", "felt"), [(1, "syria", True), (2, "iraq", False), (3, "iraq", True), (4, "iran", True)]
)
def test_tehran_feels_strikes_on_what_its_guards_use(level, place, felt):
    seen = story(strike(5, level, place=place))[5].iran
    assert (seen.war_fear > 0) == (seen.grievance > 0) == felt


@pytest.mark.parametrize(("level", "place"), [(1, "syria"), (3, "syria"), (4, "iran")])
def test_strikes_outside_iraq_do_not_strain_baghdad(level, place):
    assert story(strike(5, level, place=place))[5].iraq.strain == 0.0


def test_killed_iraqis_strain_baghdad_further():
    mild, bloody = (story(strike(5, 2), iraq__iraqis_killed=chance)[5] for chance in (0.0, 1.0))
    assert (mild.today.iraqis_killed, bloody.today.iraqis_killed) == (0, 1)
    assert bloody.iraq.strain > mild.iraq.strain > 0


def test_us_deaths_frighten_tehran():
    one, three = story(attack(5, killed=1))[5].iran, story(attack(5, killed=3))[5].iran
    keep = math.exp(-math.log(2.0) / REGISTRY["iran.war_fear_half_life"].default)
    assert one.war_fear == pytest.approx((1 - math.exp(-0.7)) * keep)
    assert three.war_fear == pytest.approx((1 - math.exp(-1.4)) * keep)
    assert one.grievance == 0.0


# 8. Tehran answers


def test_a_forced_answer_is_avowed_presses_and_is_rung_5():
    harmless = {f"engagement__{n}": 0.0 for n in ("wounding", "lethal_harassment", "lethal_intended")}
    answered = story(
        order(5, "iran", "answer"),
        iran__answer_lethal=0.0,
        us__pressure_avowed=5.0,
        us__call_off=0.0,
        **harmless,
    )
    assert answered[5].today.avowed == answered[-1].outcome.avowed == 1
    keep = math.exp(-math.log(2.0) / REGISTRY["us.pressure_half_life"].default)
    assert answered[5].us.pressure == pytest.approx(5.0 * keep)
    assert (answered[4].ladder.rung, answered[5].ladder.rung) == (0, 5)
    assert answered[-1].outcome.direct_day == 5
    assert answered[-1].outcome.reciprocal_day == -1
    assert answered[5].outcome.severe_cause == TEHRAN
    assert answered[5].outcome.severe_mover == IRAN


def test_the_harm_of_an_answer_presses_beyond_the_answer_itself():
    given = {"engagement__gets_through": 0.98, "iran__answer_lethal": 1.0, "engagement__lethal_intended": 1.0}
    seen = story(order(5, "iran", "answer"), iran__answer_size=8.0, **given)[5]
    assert seen.today.killed >= 6
    assert seen.today.wounded > 0
    assert seen.today.attacks == 0  # the militias' attacks are counted apart
    assert seen.us.pressure > REGISTRY["us.pressure_avowed"].default + 10.0
    assert seen.iran.war_fear > 0.5


def test_a_level_4_strike_and_an_answer_make_rung_6():
    seen = story(strike(5, 4), order(5, "iran", "answer"))
    assert (seen[5].ladder.rung, seen[5].outcome.reciprocal_day, seen[5].outcome.direct_day) == (6, 5, 5)
    alone = story(strike(5, 4))
    assert (alone[5].ladder.rung, alone[5].outcome.reciprocal_day, alone[5].outcome.direct_day) == (5, -1, 5)
    apart = story(strike(5, 4), order(15, "iran", "answer"))
    assert (apart[14].ladder.rung, apart[15].ladder.rung, apart[15].outcome.reciprocal_day) == (5, 6, 15)


def test_the_model_answers_only_strikes_of_level_3_or_more_and_not_when_forbidden():
    sure = {"iran__answer": 6.0, "iran__answer_fear": 0.0, "iran__answer_grievance": 8.0}
    free = [a for a in everything_held(30) if a.actor != "iran"]
    answers = [story(*free, strike(5, n, place=p), held=False, **sure)[-1].outcome.avowed for n, p in
               ((1, "syria"), (2, "iraq"), (3, "syria"), (4, "iran"))]  # fmt: skip
    assert answers == [0, 0, 1, 1]
    assert story(strike(5, 3), **sure)[-1].outcome.avowed == 0
