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


def test_a_strike_relieves_pressure_by_a_share_of_its_own_threshold():
    given = {"us__relief": 0.5, "us__threshold_first": 4.0, "us__gap_second": 1.0, "us__gap_third": 2.0}
    given |= {"us__readiness": 0.0, "us__ceiling": 0.0}
    harmed = attack(3, killed=7)
    unrelieved = story(harmed, **given)[3].us.pressure
    keep = math.exp(-math.log(2.0) / REGISTRY["us.pressure_half_life"].default)
    for level, relieved in ((1, 2.0), (2, 2.5), (3, 3.5)):
        after = story(harmed, strike(3, level, place="syria"), **given)[3].us.pressure
        assert after == pytest.approx(unrelieved - relieved * keep)
    assert story(strike(3, 3, place="syria"), **given)[3].us.pressure == 0.0  # never below nothing


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


def test_enough_pressure_brings_the_level_that_its_thresholds_say():
    free = {"us__threshold_first": 0.5, "us__gap_second": 0.0, "us__gap_third": 0.0, "us__anticipation": 0.0}
    held = [order((0, 9), name, "hold") for name in MILITIAS]
    for pressure, gap, level in ((-400.0, 0.5, 0), (400.0, 20.0, 4)):
        seen = story(
            *held, held=False, days=1, start_with={"us.pressure": pressure}, us__gap_fourth=gap, **free
        )
        assert seen[0].us.level == level
        assert seen[0].outcome.strikes[level] == (level > 0)
    driven = {"held": False, "days": 1, "start_with": {"us.pressure": 300.0}}
    no_fourth = strike(0, 4, forbid=True)
    seen = story(*held, no_fourth, **driven, **free)[0]
    assert (seen.us.level, seen.us.place) == (3, 0)  # far past the extra threshold of Iraq
    seen = story(*held, no_fourth, strike(0, 3, place="iraq", forbid=True), **driven, **free)[0]
    assert (seen.us.level, seen.us.place) == (3, 1)
    seen = story(*held, strike(0, 3, forbid=True), strike(0, 1, place="iraq", forbid=True), **driven, **free)[
        0
    ]
    assert (seen.us.level, seen.us.place) == (1, 1)  # level 2 is in Iraq, or not at all
    seen = story(*held, strike(0, 3, forbid=True), **driven, **free)[0]
    assert (seen.us.level, seen.us.place) == (2, 0)


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
    harmless = {f"engagement__{n}": 0.0 for n in ("wounded_mean", "lethal_harassment", "lethal_intended")}
    answered = story(order(5, "iran", "answer"), iran__answer_lethal=0.0, us__pressure_avowed=5.0, **harmless)
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
