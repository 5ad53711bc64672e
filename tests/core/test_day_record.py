"""What a day leaves in the record: rungs, rounds, the path to the first severe event, counts."""

import numpy as np
import pytest

from sim.core.state import NEVER
from sim.scenario import Action, militia_id
from tests.core.stories import (
    ACCIDENT,
    BADR,
    INTENT,
    IRAN,
    KATAIB,
    STRIKE,
    STRIKE_IN_IRAQ,
    TEHRAN,
    US,
    at,
    attack,
    order,
    story,
    strike,
)

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


DEADLY_ANSWER = {
    "engagement__gets_through": 0.98,
    "engagement__lethal_intended": 1.0,
    "iran__answer_lethal": 1.0,
}
HARMLESS_ANSWER = {
    "engagement__wounding": 0.0,
    "engagement__lethal_harassment": 0.0,
    "engagement__lethal_intended": 0.0,
}


def answer(day: int) -> Action:
    return order(day, "iran", "answer")


def test_an_avowed_attack_may_harm_nobody():
    seen = story(strike(1, 3), answer(1), **HARMLESS_ANSWER)
    assert seen[1].today.avowed == 1
    assert seen[1].today.avowed_harm == 0


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
