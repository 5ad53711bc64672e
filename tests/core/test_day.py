"""The order of the day, and what each phase does to one world, by forced situations.

Everything that is not ordered is held, so that what is seen comes of what is ordered. Parameters are the
defaults but for those given.
"""

import datetime
import math

import numpy as np
import pytest

from sim.core import advance
from sim.core.state import NEVER, ORDERED, TALKS, new_worlds
from sim.outcomes import CAUSES
from sim.parameters import REGISTRY
from sim.scenario import Action, Scenario, load_scenario, militia_id
from sim.simulate.parameter_draws import default_rows
from sim.simulate.setting import militias_in_order, setting_of
from sim.simulate.timeline import timeline_of

START = datetime.date(2023, 10, 17)
KATAIB, NUJABA, ASAIB, BADR = "kataib-hizbollah", "harakat-al-nujaba", "asaib-ahl-al-haq", "badr"
MILITIAS = (KATAIB, NUJABA, ASAIB, BADR)
US, IRAN = 1, 3
NOTHING = (np.zeros((0, 0, 0), np.int64), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))
BASELINE = load_scenario("october-2023")
ACCIDENT, INTENT, STRIKE_IN_IRAQ, STRIKE, TEHRAN = (
    CAUSES.index(c) for c in ("accident", "intent", "strike in Iraq", "strike", "Tehran")
)


def order(day: int | tuple[int, int], actor: str, name: str, **details: object) -> Action:
    first, last = (day, day) if isinstance(day, int) else day
    dated = {"from": START + datetime.timedelta(days=first), "to": START + datetime.timedelta(days=last)}
    return Action.model_validate({**dated, "actor": actor, "action": name, **details})


def strike(day: int, level: int, **details: object) -> Action:
    return order(day, "us", "strike", level=level, **details)


def attack(day: int, actor: str = KATAIB, **details: object) -> Action:
    return order(day, actor, "attack", **{"killed": 0, "wounded": 0, **details})


def everything_held(days: int) -> list[Action]:
    held = [order((0, days), name, "hold") for name in ("us", *MILITIAS)]
    return [*held, order((0, days), "iraq", "keep-quiet"), order((0, days), "iran", "no-answer")]


def story(
    *orders: Action,
    days: int = 30,
    held: bool = True,
    run: int = 0,
    start_with: dict[str, float] | None = None,
    scenario: Scenario = BASELINE,
    **fixed: float,
) -> np.ndarray:
    """One world after each day; `fixed` are parameters, with `__` for the dot."""
    values = {name.replace("__", "."): value for name, value in fixed.items()}
    assert set(values) <= set(REGISTRY)
    interventions = (*(everything_held(days) if held else ()), *orders)
    timeline = timeline_of(scenario.model_copy(update={"interventions": interventions}))
    setting, row, rows = setting_of(scenario), default_rows(values), np.zeros(1, np.int64)
    world = new_worlds(np.array([run], np.uint64))
    advance.start(world, row, rows, setting)
    for path, value in (start_with or {}).items():
        group, key = path.split(".")
        world[group][key] = value
    seen = []
    for d in range(days):
        advance.advance(world, row, rows, timeline, setting, np.uint64(7), d, d + 1, *NOTHING)
        seen.append(world.copy())
    return np.concatenate(seen).view(np.recarray)


def at(actor: str) -> int:
    """Where a militia stands in a world."""
    return list(militias_in_order(BASELINE)).index(actor)


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


def test_standing_down_stops_a_militia_and_resuming_starts_it_again():
    quick = {"militia__stand_down": 0.5, "militia__resume": 0.3, "militia__stand_down_will": 0.0}
    seen = story(held=False, days=60, militia__tempo=20.0, militia__resume_will=0.0, **quick)
    down = seen.militias["standing_down"][:, :4] == 1
    assert (seen.militias["attacks"][:, :4][down] == 0).all()
    assert 0.2 < down.mean() < 0.95
    assert ((np.diff(down.astype(int), axis=0) == -1).sum(axis=0) > 0).all()
    assert seen[-1].outcome.campaign_days == (~down).sum()


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


# 9. The record: rungs


@pytest.mark.parametrize(
    ("orders", "rung"),
    [
        ([attack(5)], 1),
        ([attack(5), strike(5, 1)], 2),
        ([strike(5, 3, place="syria")], 2),
        ([strike(5, 2)], 3),
        ([attack(5, killed=1)], 3),
        ([attack(5, killed=1), strike(7, 3, place="syria")], 4),
        ([strike(5, 3, place="syria"), attack(7, killed=1)], 3),  # no answer to it
    ],
)
def test_the_rung_of_a_day(orders, rung):
    seen = story(*orders)
    assert seen.ladder.rung.max() == seen[7].ladder.rung == seen[-1].outcome.peak_rung == rung
    assert (seen[-1].outcome.rung_day[1 : rung + 1] >= 5).all()
    assert (seen[-1].outcome.rung_day[rung + 1 :] == -1).all()


def test_the_window_of_14_days_expires():
    rungs = story(attack(3), days=25).ladder.rung
    assert np.flatnonzero(rungs).tolist() == list(range(3, 17))
    rungs = story(strike(3, 2), days=25).ladder.rung
    assert rungs[[2, 3, 16, 17]].tolist() == [0, 3, 3, 0]
    assert story(strike(3, 2), days=25)[-1].outcome.last_rung == 0


def test_another_death_does_not_undo_a_severe_exchange():
    """Killed on day 5, answered at level 3 on day 6: still within the window when another is killed on day 7."""
    rungs = story(attack(5, killed=3), strike(6, 3, place="syria"), attack(7, killed=1)).ladder.rung
    assert rungs[6] == 4
    assert rungs[7] == 4


# 9. The record: runaway rounds


def harm(day: int) -> Action:
    return attack(day, wounded=1)


@pytest.mark.parametrize(
    ("orders", "rounds", "runaway"),
    [
        ([strike(1, 2), harm(3), strike(4, 2)], 1, -1),
        ([strike(1, 2), harm(3), strike(4, 2), harm(5), strike(6, 2)], 2, 6),
        (
            [strike(1, 2), harm(15), strike(29, 2), harm(43), strike(57, 2)],
            2,
            57,
        ),  # each answer on the last day
        (
            [strike(1, 2), harm(16), strike(17, 2), harm(18), strike(19, 2)],
            1,
            -1,
        ),  # the first harm a day late
        ([strike(1, 2), harm(3), strike(4, 2), harm(5), strike(20, 2)], 0, -1),  # the last answer a day late
        ([strike(1, 1), harm(3), strike(4, 1), harm(5), strike(6, 1)], 0, -1),  # strikes too small to count
        ([strike(1, 2), attack(3), strike(4, 2), attack(5), strike(6, 2)], 0, -1),  # attacks that harm nobody
        ([strike(1, 2), harm(2), harm(3), strike(4, 2)], 1, -1),
        (
            [strike(1, 2), harm(3), strike(4, 2), strike(5, 2), harm(6), strike(7, 2)],
            1,
            -1,
        ),  # unprovoked in between
        ([strike(1, 2), attack(3, killed=1), strike(3, 2), attack(4, killed=1), strike(4, 3)], 2, 4),
    ],
)
def test_rounds_are_counted_as_defined(orders, rounds, runaway):
    seen = story(*orders, days=60)
    assert seen[-1].ladder.rounds == rounds
    assert seen[-1].outcome.runaway_day == runaway


DEADLY_ANSWER = {
    "engagement__gets_through": 0.98,
    "engagement__lethal_intended": 1.0,
    "iran__answer_lethal": 1.0,
}
HARMLESS_ANSWER = {
    "engagement__wounded_mean": 0.0,
    "engagement__lethal_harassment": 0.0,
    "engagement__lethal_intended": 0.0,
}


def answer(day: int) -> Action:
    return order(day, "iran", "answer")


@pytest.mark.parametrize(
    ("orders", "rounds", "runaway"),
    [
        ([strike(1, 3), answer(1), strike(4, 3)], 1, -1),  # it answers the strike of its own day
        ([strike(1, 3), answer(1), strike(4, 3), answer(4), strike(6, 3)], 2, 6),
        ([strike(1, 3), strike(3, 3), answer(3)], 0, -1),  # and not that of an earlier day
        ([strike(1, 3), strike(3, 3), answer(3), strike(5, 3)], 1, -1),
        ([strike(1, 3), answer(2), strike(3, 3)], 1, -1),  # on a later day it counts as any attack
        ([answer(1), strike(2, 3)], 0, -1),  # nothing to answer yet
        ([strike(1, 3), answer(1), strike(15, 3)], 1, -1),  # on the last day
        ([strike(1, 3), answer(1), strike(16, 3)], 0, -1),  # a day late
        # What a militia does comes before the strike of the day: it answers the one before, if any.
        ([harm(1), strike(1, 3), strike(4, 3)], 0, -1),
        ([strike(1, 3), harm(3), strike(3, 3)], 1, -1),
        ([strike(1, 3), harm(3), strike(3, 3), strike(5, 3)], 0, -1),
        ([strike(1, 3), harm(3), strike(3, 3), answer(3), strike(5, 3)], 2, 5),
    ],
)
def test_an_avowed_attack_answers_the_strike_of_its_day_and_a_militia_the_one_before(orders, rounds, runaway):
    seen = story(*orders, days=40, **DEADLY_ANSWER)
    assert seen[-1].ladder.rounds == rounds
    assert seen[-1].outcome.runaway_day == runaway


def test_an_avowed_attack_that_harms_nobody_is_no_answer_of_a_round():
    seen = story(strike(1, 3), answer(1), strike(4, 3), **HARMLESS_ANSWER)
    assert seen[1].today.avowed == 1
    assert seen[1].today.avowed_harm == 0
    assert seen[-1].ladder.rounds == 0


def test_the_harm_of_an_avowed_attack_is_kept_apart_for_its_day():
    alone = story(answer(5), **DEADLY_ANSWER)
    together = story(answer(5), attack(5, wounded=7, killed=2), **DEADLY_ANSWER)
    avowed_harm = alone[5].today.avowed_harm
    assert avowed_harm == alone[5].today.wounded + alone[5].today.killed > 0
    assert together[5].today.avowed_harm == avowed_harm
    assert together[5].today.wounded + together[5].today.killed == avowed_harm + 9
    assert together[6].today.avowed_harm == 0


# 9. The record: path


@pytest.mark.parametrize(
    ("orders", "cause", "mover"),
    [
        ([strike(5, 2)], STRIKE_IN_IRAQ, US),
        ([strike(5, 3, place="iraq")], STRIKE_IN_IRAQ, US),
        ([strike(5, 3, place="syria")], STRIKE, US),
        ([strike(5, 4)], STRIKE, US),
        ([attack(5, BADR, killed=2)], INTENT, "badr"),  # ordered deaths are meant
        ([attack(5, BADR, killed=2), strike(5, 3)], INTENT, "badr"),  # who moved first
        ([order(5, "iran", "answer")], TEHRAN, IRAN),
        ([strike(5, 1), attack(7, wounded=50)], 0, 0),
    ],
)
def test_the_first_severe_event_has_its_cause_and_its_mover(orders, cause, mover):
    seen = story(*orders, strike(20, 4))[19]
    assert seen.outcome.severe_cause == cause
    assert seen.outcome.severe_mover == (militia_id(mover) if mover == BADR else mover)
    assert seen.outcome.severe_day == (5 if cause else -1)


def test_a_death_that_nobody_meant_is_an_accident():
    deadly = {
        "engagement__gets_through": 0.98,
        "engagement__lethal_harassment": 1.0,
        "militia__kill_intent": 0.0,
    }
    seen = story(order(5, KATAIB, "attack", attacks=3), **deadly)[-1]
    assert seen.outcome.killed > 0
    assert (seen.outcome.severe_cause, seen.outcome.severe_mover) == (ACCIDENT, militia_id(KATAIB))


def test_a_deadly_answer_does_not_hide_who_killed_first_that_day():
    """A militia kills, Washington strikes, Tehran answers and kills, all on day 5: the militia moved first."""
    deadly = {
        "engagement__gets_through": 0.98,
        "iran__answer_lethal": 1.0,
        "engagement__lethal_intended": 1.0,
    }
    orders = [attack(5, BADR, killed=2), strike(5, 3), order(5, "iran", "answer")]
    seen = story(*orders, **deadly)[5]
    assert seen.today.killed > 2
    assert (seen.outcome.severe_cause, seen.outcome.severe_mover) == (INTENT, militia_id(BADR))


def test_intent_and_author_are_of_one_attack():
    """Kataib Hizbollah kills on purpose and, later in the day, Badr by accident: not an intent of Badr's."""
    deadly = {
        "engagement__gets_through": 0.98,
        "engagement__lethal_harassment": 1.0,
        "militia__kill_intent": 0.0,
    }
    orders = [attack(5, KATAIB, killed=2), order(5, BADR, "attack", attacks=3)]
    seen = story(*orders, **deadly)[5]
    assert seen.today.killed > 2
    pair = (seen.outcome.severe_cause, seen.outcome.severe_mover)
    assert at(KATAIB) < at(BADR)
    assert pair == (INTENT, militia_id(KATAIB))


# 9. The record: counts and quiet


def test_counts_are_those_of_the_days():
    seen = story(
        attack(2, attacks=3, wounded=5),
        attack(4, BADR, site="al-tanf", killed=1),
        strike(4, 3, place="syria"),
    )
    outcome = seen[-1].outcome
    assert outcome.attacks_iraq + outcome.attacks_syria + outcome.attacks_jordan == 4
    assert outcome.attacks_syria >= 1
    assert (outcome.wounded, outcome.killed, outcome.first_killed_day) == (5, 1, 4) or outcome.wounded > 5
    assert outcome.strikes.tolist() == [0, 0, 0, 1, 0]
    assert outcome.strikes_in_iraq == 0


def test_first_days_are_those_of_the_first_and_are_kept():
    """Each of the three days is told apart from the others, and from what comes later."""
    seen = story(
        strike(3, 3, place="syria"),
        strike(5, 2),
        strike(9, 4),
        order(12, "iran", "answer"),
        strike(15, 4),
        strike(16, 2),
        order(17, "iran", "answer"),
        days=20,
    )
    days = {"strike_in_iraq_day": 5, "level_4_strike_day": 9, "avowed_attack_day": 12}
    for name, day in days.items():
        told = seen.outcome[name].tolist()
        assert told == [-1] * day + [day] * (20 - day), name


def test_a_strike_of_level_4_inside_iraq_is_both_and_no_strike_is_neither():
    both = story(strike(4, 4, place="iraq"), days=6)[-1].outcome
    assert (both.level_4_strike_day, both.strike_in_iraq_day, both.avowed_attack_day) == (4, 4, -1)
    none = story(days=6)[-1].outcome
    assert (none.level_4_strike_day, none.strike_in_iraq_day, none.avowed_attack_day) == (-1, -1, -1)


def test_quiet_spells_are_counted_between_attacks():
    seen = story(attack(4), attack(12), days=18)
    assert seen.ladder.quiet.tolist() == [1, 2, 3, 4, 0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5]
    assert seen[-1].outcome.longest_quiet == 7


def test_an_avowed_attack_ends_a_quiet_spell_and_is_an_attack_of_the_ladder():
    seen = story(answer(6), attack(9), days=14, **HARMLESS_ANSWER)
    assert seen.ladder.quiet.tolist() == [1, 2, 3, 4, 5, 6, 0, 1, 2, 0, 1, 2, 3, 4]
    assert seen.outcome.longest_quiet[[5, 6, 13]].tolist() == [6, 6, 6]
    assert (seen.ladder.attack[:6] == NEVER).all()
    assert (seen.ladder.attack[6:9] == 6).all()
    assert (seen.ladder.attack[9:] == 9).all()
    counted = seen[8].outcome  # it is not one of the militias' attacks
    assert counted.attacks_iraq + counted.attacks_syria + counted.attacks_jordan == 0


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
