"""The order of the day, and what Tehran, Baghdad and the militias do in it, by forced situations.

Everything that is not ordered is held, so that what is seen comes of what is ordered. Parameters are the
defaults but for those given.
"""

import datetime
import math

import numpy as np
import pytest

from sim.core.state import ORDERED, TALKS
from sim.parameters import REGISTRY
from sim.scenario import load_scenario, militia_id
from sim.simulate.setting import militias_in_order
from tests.core.stories import ASAIB, BADR, BASELINE, KATAIB, NUJABA, START, at, attack, order, story, strike


def of_militias(field: str) -> np.ndarray:
    """What the scenario says of its militias, as they stand in a world."""
    return np.array([getattr(m, field) for m in militias_in_order(BASELINE).values()])


# A day on which nothing happens


def test_a_held_world_stays_quiet():
    seen = story(days=20)
    assert (seen.outcome.last_rung == 0).all()
    assert (seen.militias["attacks"] == 0).all()
    assert (seen.us.pressure == 0).all()
    assert seen[-1].outcome.longest_quiet == 20
    assert seen[-1].outcome.campaign_days == 0
    assert seen.day.tolist() == list(range(1, 21))
    assert (np.diff(seen.date) == 1).all()


def test_events_of_yesterday_are_cleared():
    fired = attack(3, wounded=9, killed=1)
    seen = story(fired, strike(3, 2), order(3, "iran", "answer"), days=5, iraq__iraqis_killed=1.0)
    assert seen[3].today.attacks == seen[3].today.avowed == seen[3].today.iraqis_killed == 1
    assert seen[3].today.wounded >= 9
    assert all(seen[4].today[name] == 0 for name in seen.today.dtype.names)


# 2. Tehran


def test_tehran_moves_before_the_militias_choose_and_on_yesterdays_fear():
    given = {
        "iran__strike_grievance": 0.0,
        "iran__strike_fear": 0.5,
    }  # and nothing but Tehran moves the militias
    given |= {f"militia__{weight}": 0.0 for weight in ("revenge", "deterrence", "doubt")}
    struck, calm = story(strike(5, 3, place="syria"), **given), story(**given)
    assert (struck.iran.stance[:6] == calm.iran.stance[:6]).all()
    assert struck[5].iran.war_fear > calm[5].iran.war_fear
    assert struck[6].iran.stance > calm[6].iran.stance
    assert (struck[6].militias["will"][:4] < calm[6].militias["will"][:4]).all()


def test_tehran_supplies_stocks_up_to_their_size_and_more_when_it_urges():
    spent = attack(0, attacks=12)
    urging = story(spent, days=4, iran__restraint=-6.0, iran__supply=4.0, iran__stance_half_life=0.5)
    braking = story(spent, days=4, iran__restraint=8.0, iran__supply=4.0, iran__stance_half_life=0.5)
    full = REGISTRY["militia.arsenal"].default * 0.4
    assert urging[0].militias[at(KATAIB)].arsenal == pytest.approx(full - 12)
    gained = np.diff(urging.militias["arsenal"][:, at(KATAIB)])
    assert gained[0] == pytest.approx(4.0 * 0.4 * (1.0 - urging[1].iran.stance))
    assert gained[0] > 2.9
    assert (np.diff(braking.militias["arsenal"][:, at(KATAIB)]) < 0.4).all()
    later = story(spent, days=30, iran__supply=20.0)
    assert later[-1].militias[at(KATAIB)].arsenal == full


def test_the_brake_splinters_partners_and_the_push_does_not():
    braked = story(iran__restraint=8.0, iran__splinter=0.05)
    pushed = story(iran__restraint=-6.0, iran__splinter=0.05)
    start = of_militias("autonomy")
    assert (braked[-1].militias["autonomy"][:4] > start).all()
    assert pushed[-1].militias["autonomy"][:4] == pytest.approx(start)


# 3. Baghdad


def test_a_bargain_restrains_by_stake_costs_capital_and_fades():
    seen = story(order(3, "iraq", "press"), iraq__effectiveness=0.5, iraq__bargain_half_life=10.0)
    keep = math.exp(-math.log(2.0) / 10.0)
    assert seen[2].iraq.bargain == 0.0
    assert seen[3].iraq.bargain == pytest.approx(keep)
    assert seen[13].iraq.bargain == pytest.approx(keep * 0.5)
    stakes = of_militias("stake")
    assert seen[3].militias["restraint"][:4] == pytest.approx(0.5 * stakes)
    assert seen[3].iraq.capital < 1.0
    assert seen[6].iraq.capital < seen[3].iraq.capital  # a standing bargain goes on costing
    assert seen[-1].outcome.bargains == 1
    assert seen[3].militias[at(BADR)].will < seen[3].militias[at(NUJABA)].will  # Badr's stake is the greatest


def test_keeping_quiet_forbids_what_the_model_would_do():
    eager = {"iraq__pressing": 2.0, "iraq__press_gaza": 0.0}
    assert story(**eager)[-1].outcome.bargains == 0
    free = story(order((0, 40), "us", "hold"), held=False, days=30, **eager)
    assert free[-1].outcome.bargains > 10


def test_a_strike_inside_iraq_ends_the_bargain_and_one_in_syria_may():
    pressed = order(3, "iraq", "press")
    assert story(pressed, strike(5, 2, place="iraq"), iraq__breach_strike=0.0)[5].iraq.bargain == 0.0
    assert story(pressed, strike(5, 3, place="iraq"), iraq__breach_strike=0.0)[5].iraq.bargain == 0.0
    assert story(pressed, strike(5, 3, place="syria"), iraq__breach_strike=0.0)[5].iraq.bargain > 0.5
    assert story(pressed, strike(5, 1, place="syria"), iraq__breach_strike=1.0)[5].iraq.bargain == 0.0


def test_an_attack_in_iraq_may_end_the_bargain_and_one_in_syria_does_not():
    pressed = order(3, "iraq", "press")
    there, here = attack(5, site="al-tanf"), attack(5, site="al-asad")
    assert story(pressed, here, iraq__breach_attack=1.0)[5].iraq.bargain == 0.0
    assert story(pressed, here, iraq__breach_attack=0.0)[5].iraq.bargain > 0.5
    assert story(pressed, there, iraq__breach_attack=1.0)[5].iraq.bargain > 0.5


def test_pressing_moves_attacks_to_syria():
    pushed = {"militia__displacement": 5.0, "iraq__effectiveness": 1.0, "militia__syria_drift": 0.0}
    many = [attack((5, 9), BADR, attacks=30)]
    pressed = story(*many, order((5, 9), "iraq", "press"), **pushed)[-1].outcome
    quiet = story(*many, **pushed)[-1].outcome
    assert pressed.attacks_syria + pressed.attacks_jordan > quiet.attacks_syria + quiet.attacks_jordan
    assert pressed.attacks_iraq + pressed.attacks_syria + pressed.attacks_jordan == 150


# 4. Militias


def test_militias_choose_at_once_from_yesterdays_world():
    free = [
        order((0, 40), "us", "hold"),
        order((0, 40), "iran", "no-answer"),
        order((0, 40), "iraq", "keep-quiet"),
    ]
    other = [*free, order(5, NUJABA, "hold")]
    one, two = (story(*orders, held=False, militia__tempo=6.0) for orders in (free, other))
    assert one[5].militias[at(NUJABA)].attacks > two[5].militias[at(NUJABA)].attacks == 0
    for i in (at(KATAIB), at(ASAIB), at(BADR)):
        assert one[5].militias[i].attacks == two[5].militias[i].attacks
        assert one[5].militias[i].will == two[5].militias[i].will


def test_a_strike_changes_the_will_of_the_next_day_and_not_of_its_own():
    angry = {"militia__revenge": 3.0, "militia__deterrence": 0.0, "militia__doubt": 0.0}
    struck, calm = (story(*orders, **angry) for orders in ([strike(5, 3, place="syria")], []))
    assert (struck.militias["will"][:6] == calm.militias["will"][:6]).all()
    assert (struck[6].militias["will"][:4] > calm[6].militias["will"][:4] + 0.1).all()
    afraid = {"militia__revenge": 0.0, "militia__deterrence": 3.0, "militia__doubt": 0.0}
    struck, calm = (story(*orders, **afraid) for orders in ([strike(5, 3, place="syria")], []))
    assert (struck[6].militias["will"][:4] < calm[6].militias["will"][:4] - 0.1).all()


def test_attacks_left_unanswered_breed_doubt():
    seen = story(attack((3, 9), attacks=4), us__credibility_loss=0.1, militia__doubt=3.0)
    calm = story(us__credibility_loss=0.1, militia__doubt=3.0)
    start = REGISTRY["us.credibility_start"].default
    assert seen[3].us.credibility == pytest.approx(start * math.exp(-0.4))
    assert seen[9].us.credibility == pytest.approx(start * math.exp(-2.8))
    assert (seen[4].militias["will"][:4] > calm[4].militias["will"][:4]).all()


def test_capacity_bounds_a_days_attacks():
    us_held = order((0, 60), "us", "hold")
    seen = story(
        us_held, held=False, days=60, militia__tempo=20.0, militia__arsenal=5000.0, militia__stand_down=0.0
    )
    capacity = of_militias("capacity")
    assert (seen.militias["attacks"][:, :4] <= capacity).all()
    reached = (seen.militias["attacks"][:, :4] == capacity).any(axis=0)
    assert reached[[at(KATAIB), at(NUJABA), at(ASAIB)]].all()
    at_capacity = (seen.militias["attacks"][:, :4] >= capacity).sum()
    assert seen[-1].outcome.capacity_days == at_capacity
    assert seen[-1].outcome.campaign_days == 4 * 60


def test_the_arsenal_bounds_attacks():
    bound = {
        "militia__arsenal": 10.0,
        "iran__supply": 0.0,
        "militia__tempo": 10.0,
        "militia__stand_down": 0.0,
    }
    seen = story(held=False, days=60, **bound)
    assert seen.militias["attacks"][:, at(KATAIB)].sum() == 4  # a share of .4
    assert seen.militias["attacks"][:, at(NUJABA)].sum() == 3
    assert (seen.militias["arsenal"] >= 0).all()
    assert seen[-1].outcome.capacity_days >= 4 * 20  # an empty arsenal is at its capacity


# 5. Engagement


def test_an_ordered_attack_is_made_where_and_with_the_harm_ordered():
    seen = story(
        attack(3, ASAIB, attacks=2, site="tower-22", killed=3, wounded=40), engagement__gets_through=0.005
    )
    assert seen[3].today.attacks == seen[3].outcome.attacks_jordan == 2
    assert seen[3].outcome.attacks_iraq == seen[3].outcome.attacks_syria == 0
    assert (seen[3].today.killed, seen[3].today.wounded) == (3, 40)
    assert seen[3].today.killer == seen[3].militias[at(ASAIB)].actor_id == militia_id(ASAIB)
    assert seen[3].outcome.first_killed_day == 3
    assert np.flatnonzero(seen[3].militias["guilt"]).tolist() == [at(ASAIB)]


def test_attacks_on_a_withdrawn_garrison_hurt_less():
    fierce = {
        "engagement__gets_through": 0.98,
        "engagement__wounded_mean": 40.0,
        "engagement__lethal_harassment": 0.5,
    }
    shelled = order((0, 29), KATAIB, "attack", attacks=30)
    knots = [{"date": START, "level": 0.2, "basis": "assumed"}]
    troops = type(BASELINE.timeline["troops"]).model_validate({"knots": knots})
    gone = BASELINE.model_copy(update={"timeline": {**BASELINE.timeline, "troops": troops}})
    there, away = story(shelled, **fierce)[-1], story(shelled, scenario=gone, **fierce)[-1]
    # about 900 attacks, of which a share of .5 or .1 kills: 19 standard errors apart
    assert away.outcome.killed < 0.5 * there.outcome.killed
    assert away.outcome.wounded < 0.5 * there.outcome.wounded
    assert away.us.troops == 0.2


def test_posture_stops_munitions():
    # 900 attacks; log odds 0 against -4 (posture 0.4 above the start by day 14): far apart
    shelled = order((14, 29), KATAIB, "attack", attacks=30)
    strong = {
        "engagement__gets_through": 0.5,
        "engagement__posture_defence": 4.0,
        "engagement__wounded_dispersion": 9.0,
    }
    assert story(shelled, us__posture=3.0, **strong)[-1].outcome.wounded < (
        0.5 * story(shelled, us__posture=0.3, **strong)[-1].outcome.wounded
    )


def test_nobody_is_killed_by_fire_on_a_day_without_deaths():
    deadly = {
        "engagement__gets_through": 0.98,
        "engagement__lethal_harassment": 1.0,
        "engagement__lethal_intended": 1.0,
    }
    shelled = order((0, 9), KATAIB, "attack", attacks=5)
    assert story(shelled, days=10, **deadly)[-1].outcome.killed > 30
    scenario = load_scenario("tower-22").past  # before its release nobody is killed but as recorded
    scenario = scenario.model_copy(update={"interventions": ()})
    released = scenario.history.model_copy(update={"release": START + datetime.timedelta(days=6)})
    scenario = scenario.model_copy(update={"history": released})
    seen = story(shelled, order(2, BADR, "attack", killed=2), days=10, scenario=scenario, **deadly)
    assert seen.outcome.killed[:6].tolist() == [0, 0, 2, 2, 2, 2]
    assert seen[6].outcome.killed > 2


def test_a_false_alarm_needs_an_attack():
    sure = {"engagement__false_alarm_death": 0.2}
    assert story(**sure)[-1].outcome.alarm_deaths == 0
    seen = story(attack((0, 29)), **sure)[-1].outcome
    assert 0 < seen.alarm_deaths < 30
    assert seen.killed == 0


# Withdrawal


def test_strain_opens_talks_then_an_order_then_the_troops_leave():
    given = {"iraq__talks_threshold": 0.3, "iraq__order_threshold": 0.6, "iraq__order_delay": 10.0}
    given |= {"iraq__withdrawal_time": 20.0, "iraq__advisers": 0.25, "iraq__strain_half_life": 400.0}
    severe_strikes = [strike(d, 3, place="iraq") for d in range(3, 9)]
    seen = story(*severe_strikes, days=60, iraq__iraqis_killed=1.0, iraq__strain_gain=0.3, **given)
    status = seen.iraq.status
    talks, ordered = np.argmax(status == TALKS), np.argmax(status == ORDERED)
    assert seen[talks - 1].iraq.strain >= 0.3 > seen[talks - 2].iraq.strain
    assert talks == 4
    assert ordered == talks + 10
    assert (np.diff(status) >= 0).all()
    assert (seen[talks].iraq.talks_day, seen[ordered].iraq.order_day) == (talks, ordered)
    assert (seen[-1].outcome.status, seen[-1].outcome.order_day) == (ORDERED, ordered)
    assert (seen.iraq.talks[talks:] == 1.0).all()
    troops = seen.us.troops
    assert (troops[: ordered + 1] == 1.0).all()
    assert troops[ordered + 10] == pytest.approx(1 - 0.5 * 0.75)
    assert (troops[ordered + 20 :] == 0.25).all()
    assert (
        seen[-1].militias[at(KATAIB)].will < seen[ordered].militias[at(KATAIB)].will
    )  # fewer present, less cause


def test_strain_below_the_threshold_opens_nothing():
    seen = story(strike(3, 2), days=60, iraq__talks_threshold=1.0)
    assert 0 < seen[3].iraq.strain < 1.0
    assert (seen.iraq.status == 0).all()
    assert (seen.us.troops == 1.0).all()
    assert seen[-1].outcome.order_day == -1


# Memories


@pytest.mark.parametrize(
    ("path", "half_life", "start"),
    [
        ("us.pressure", "us.pressure_half_life", 3.0),
        ("us.commitment", "us.commitment_half_life", 0.8),
        ("iraq.strain", "iraq.strain_half_life", 0.2),
        ("iran.war_fear", "iran.war_fear_half_life", 0.5),
        ("iran.grievance", "iran.grievance_half_life", 0.5),
    ],
)
def test_memories_halve_in_their_half_life(path, half_life, start):
    group, key = path.split(".")
    seen = story(days=12, start_with={path: start}, **{half_life.replace(".", "__"): 6.0})
    assert seen[5][group][key] == pytest.approx(start / 2)
    assert seen[11][group][key] == pytest.approx(start / 4)


def test_spent_capital_recovers_by_half_in_its_half_life():
    seen = story(days=12, start_with={"iraq.capital": 0.2}, iraq__capital_half_life=6.0)
    assert seen[5].iraq.capital == pytest.approx(0.6)
    assert seen[11].iraq.capital == pytest.approx(0.8)


def test_anger_and_fear_of_a_strike_halve_in_their_half_lives():
    seen = story(strike(0, 3), days=12, militia__anger_half_life=5.0, militia__fear_half_life=10.0)
    for feeling, half_life in (("anger", 5), ("fear", 10)):
        memory = seen.militias[feeling][:, 0]
        assert memory[half_life] == pytest.approx(memory[0] / 2)
