"""Pauses in closed form: declared, heeded, leaking, joined and revoked."""

import math

import numpy as np
import pytest

from sim.core.state import BAGHDAD, GROUPS, NOBODY, TEHRAN
from tests.closed.worlds import RUNS, days_of, lived, setting

pytestmark = pytest.mark.verification

HELD = days_of(1, "")
MILITIAS = setting()[0]["militias"][:4]
URGING = {"iran.restraint": -6.0, "iran.stance_gaza": 0.0}  # a stance below zero declares no pause


def pausing(by: int, since: int = 10, heeding: tuple[int, ...] = (1, 1, 1, 1)):
    def prepare(worlds: np.ndarray) -> None:
        worlds["day"] = since
        worlds["pause"]["by"], worlds["pause"]["day"] = by, 0
        worlds["militias"]["standing_down"][:, :4] = heeding

    return prepare


def pause(worlds: np.ndarray) -> list[np.ndarray]:
    return [worlds["pause"]["by"], worlds["militias"]["standing_down"][:, :4]]


def test_each_declares_at_its_rate_and_is_heeded(table):
    """A stance of 2 logistic(1) - 1, a bargain of half, a will of nothing."""
    stance, dilution = 2 / (1 + math.exp(-1)) - 1, 0.7
    fixed = {"militia.stand_down": 0.1, "iran.pause": 0.3, "iraq.pause": 0.5, "iraq.effectiveness": 0.6}
    fixed |= {"iran.restraint": 1.0, "iran.stance_gaza": 0.0, "iran.dilution": dilution}

    def bargained(worlds: np.ndarray) -> None:
        worlds["iraq"]["bargain"] = 0.5

    by, heeding = lived(HELD, fixed, pause, prepare=bargained)
    rates = {GROUPS: 0.1, TEHRAN: 0.3 * stance, BAGHDAD: 0.5 * 0.5 * 0.6}
    every = sum(rates.values())
    table.share("pause declared on a day", -math.expm1(-every), by != NOBODY)
    for who, name in ((GROUPS, "the groups"), (TEHRAN, "Tehran"), (BAGHDAD, "Baghdad")):
        table.share(f"pause declared by {name}, given one", rates[who] / every, (by == who)[by != NOBODY])
        for i in (0, 3):
            chance = (1 - dilution * MILITIAS["autonomy"][i]) * (
                MILITIAS["stake"][i] if who == BAGHDAD else 1.0
            )
            table.share(
                f"word of {name} heeded, share {MILITIAS['share'][i]:g}", chance, heeding[by == who, i]
            )


@pytest.mark.parametrize("level", [0.6, 1.0])
def test_the_groups_declare_the_less_the_more_willing_they_are(table, level):
    fixed = {
        "militia.stand_down": 0.1,
        "militia.stand_down_will": 1.5,
        "militia.gaza": 2.0,
        "iran.stance_gaza": 0.0,
    }
    (by, _) = lived(days_of(1, "", gaza=level), {**fixed, **URGING}, pause)
    x = 2.0 * (level - 0.85)
    will = x if x < 0 else x * 2.5 / math.hypot(2.5, x)
    table.share(f"pause declared, Gaza at {level:g}", -math.expm1(-0.1 * math.exp(-1.5 * will)), by == GROUPS)


@pytest.mark.parametrize("by", [GROUPS, BAGHDAD])
def test_a_pause_is_revoked_at_its_rate(table, by):
    """The chance that it outlasts six days is the exponential of minus its rates' sum: floor, settling, lapse."""
    floor, resume, settling, half_life, days = 0.03, 0.1, 20.0, 9.0, 6
    fixed = {"militia.return_floor": floor, "militia.resume": resume, "militia.settling": settling}
    fixed |= {"iraq.bargain_half_life": half_life, **URGING}

    left, _ = lived(days_of(days, ""), fixed, pause, RUNS // 2, pausing(by))
    lapse = 1 - 2 ** (-1 / half_life) if by == BAGHDAD else 0.0
    rate = sum(floor + resume * (1 - math.exp(-d / settling)) + lapse for d in range(10, 10 + days))
    table.share(f"pause of {by} outlasts {days} days", math.exp(-rate), left == by)


def test_strikes_and_stalled_talks_trigger_a_return(table):
    fixed = {"militia.resume": 0.05, "militia.settling": 1.0, "militia.trigger": 1.2, **URGING}
    settled = 1 - math.exp(-10.0)

    for struck, fallen in ((1, 0.0), (0, 0.6)):

        def prepare(worlds: np.ndarray, struck: int = struck, fallen: float = fallen) -> None:
            pausing(GROUPS)(worlds)
            worlds["us"]["level"], worlds["pause"]["talks"] = struck, fallen

        by, _ = lived(HELD, fixed, pause, prepare=prepare)
        rate = 0.05 * math.exp(1.2 * (struck + fallen)) * settled
        table.share(
            f"pause revoked, struck {struck}, talks back by {fallen:g}", -math.expm1(-rate), by == NOBODY
        )


def test_those_who_did_not_heed_join_by_contagion(table):
    fixed = {"militia.stand_down": 0.1, "militia.contagion": 1.5, **URGING}
    _, heeding = lived(HELD, fixed, pause, prepare=pausing(TEHRAN, heeding=(1, 0, 0, 0)))
    rate = 0.1 * math.expm1(1.5 * MILITIAS["share"][0])
    for i in (1, 3):
        table.share(f"joins a pause, share {MILITIAS['share'][i]:g}", -math.expm1(-rate), heeding[:, i])


def test_a_pause_leaks_and_attacks_return_after_it(table):
    """Attacks of a day on which the pause may be revoked: all of the rate if it is, a leak if not."""
    tempo, leak, floor = 4.0, 0.2, 0.3
    fixed = {"militia.tempo": tempo, "militia.leak": leak, "militia.return_floor": floor, **URGING}

    def read(w: np.ndarray) -> list[np.ndarray]:
        return [w["pause"]["by"], w["militias"]["attacks"][:, :4].sum(1)]

    by, attacks = lived(days_of(1, "militias"), fixed, read, prepare=pausing(GROUPS))
    leaking = tempo * leak * float(MILITIAS["share"] @ MILITIAS["autonomy"])
    table.mean("attacks in a pause: mean", leaking, attacks[by == GROUPS])
    table.mean("attacks on the day of a return: mean", tempo, attacks[by == NOBODY])
    table.share("pause revoked by its floor", -math.expm1(-floor), by == NOBODY)
