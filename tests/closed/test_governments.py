"""Baghdad and Tehran in closed form: pressing, a bargain's breach, strain, and the open answer."""

import math

import numpy as np
import pytest

from tests.closed.worlds import RUNS, days_of, lived, struck

pytestmark = pytest.mark.verification


def test_baghdad_presses_by_its_reasons(table):
    fixed = {
        "iraq.pressing": -1.0,
        "iraq.press_diplomacy": 2.0,
        "iraq.press_strain": 1.5,
        "iraq.press_capital": 2.0,
    }
    fixed |= {"iraq.press_gaza": 1.0}

    def prepare(worlds: np.ndarray) -> None:
        worlds["iraq"]["strain"], worlds["iraq"]["capital"] = 0.3, 0.6

    (bargains,) = lived(
        days_of(1, "iraq", gaza=0.8, diplomacy=0.5),
        fixed,
        lambda w: [w["outcome"]["bargains"]],
        prepare=prepare,
    )
    odds = -1.0 + 2.0 * 0.5 - 1.5 * 0.3 - 2.0 * 0.4 - 0.8
    table.share("Baghdad presses", 1 / (1 + math.exp(-odds)), bargains)


@pytest.mark.parametrize("level", [0, 1])
def test_a_bargain_breaks_by_attacks_and_strikes(table, level):
    fixed = {"iraq.breach_attack": 0.09, "iraq.breach_strike": 0.26}
    today = days_of(1, "", attacks=3, site=0)
    today["level"] = level

    def bargained(worlds: np.ndarray) -> None:
        worlds["iraq"]["bargain"] = 1.0

    (left,) = lived(today, fixed, lambda w: [w["iraq"]["bargain"]], prepare=bargained)
    table.share(f"bargain outlasts three attacks, strikes {level}", 0.91**3 * 0.74**level, left > 0)


@pytest.mark.parametrize("level", [3, 4])
def test_tehran_answers_by_its_reasons_and_may_be_let_pass(table, level):
    """An answer of one munition that gets through with a chance of 0.5, and then kills by a chance of 0.3."""
    fixed = {
        "iran.answer": -1.0,
        "iran.answer_direct": 1.5,
        "iran.answer_grievance": 1.5,
        "iran.answer_fear": 0.8,
    }
    fixed |= {
        "iran.answer_size": 1.0,
        "iran.answer_lethal": 1.0,
        "engagement.lethal_intended": 0.3,
        "us.call_off": 0.6,
    }
    fixed |= {"engagement.gets_through": 0.5}

    def prepare(worlds: np.ndarray) -> None:
        worlds["iran"]["grievance"], worlds["iran"]["war_fear"] = 0.5, 0.25

    today = days_of(1, "iran")
    today["level"] = level
    avowed, called_off, killed = lived(
        today,
        fixed,
        lambda w: [w["outcome"]["avowed"], w["outcome"]["called_off"], w["today"]["killed"]],
        RUNS,
        prepare,
    )
    answers = 1 / (1 + math.exp(-(-1.0 + 1.5 * (level == 4) + 0.75 - 0.2)))
    table.share(f"Tehran answers level {level}", answers, avowed)
    table.share(f"answer to level {level} kills", answers * 0.15, killed > 0)
    table.share(f"answer to level {level} let pass", answers * 0.85 * 0.6, called_off)


def test_iraqis_are_killed_by_chance_and_strain_more(table):
    fixed = {
        "iraq.strain_gain": 0.2,
        "iraq.killed_strain": 0.8,
        "iraq.iraqis_killed": 0.5,
        "iraq.strain_half_life": 60.0,
    }
    (strain,) = lived(struck(2, 0), fixed, lambda w: [w["iraq"]["strain"]])
    share = -math.expm1(-0.2)
    keep = 2 ** (-1 / 60)
    expected = share + (1 - share) * 0.8 * share * 0.5
    table.mean("strain after a strike in Iraq: mean", expected * keep, strain)
