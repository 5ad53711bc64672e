"""Interception, hardening, wounded, killed and false alarms, in closed form."""

import math

import numpy as np
import pytest
from scipy import stats

from tests.closed.worlds import RUNS, days_of, lived, setting

pytestmark = pytest.mark.verification

CHANCE = 0.36
ONE_EACH = {"engagement.gets_through": CHANCE, "engagement.wounding": 1.0, "engagement.wounded_mean": 1.0}
"""Each munition that gets through wounds one."""
ALL_THROUGH = {"engagement.gets_through": 0.98, "militia.kill_intent": 0.0}


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def logit(p: float) -> float:
    return math.log(p / (1 - p))


def wounded(worlds: np.ndarray) -> tuple[np.ndarray, ...]:
    return (worlds["today"]["wounded"],)


@pytest.mark.parametrize(
    ("defence", "posture", "met"), [(0.0, 0.0, 0), (0.7, 0.0, 0), (-0.4, 0.5, 0), (0.0, 0.0, 40)]
)
def test_munitions_are_intercepted_as_site_posture_and_experience_have_it(table, defence, posture, met):
    where = setting()
    where[0]["sites"]["defence"] = defence
    where[0]["stops"] = math.exp(defence)
    fixed = {**ONE_EACH, "engagement.posture_defence": 2.0, "engagement.hardening": 0.8}
    fixed |= {"engagement.hardening_attacks": 25.0, "us.posture": 1.0}

    def seasoned(worlds: np.ndarray) -> None:
        worlds["us"]["met"] = met

    today = days_of(1, "", attacks=2, posture=float(where[0]["reference"]["posture"]) + posture)
    (through,) = lived(today, fixed, wounded, prepare=seasoned, where=where)
    chance = logistic(logit(CHANCE) - defence - 2.0 * posture - 0.8 * met / (met + 25.0))
    name = f"defence {defence:g}, posture {posture:+g}, met {met}"
    table.mean(f"through of two, {name}: mean", 2 * chance, through)
    table.variance(f"through of two, {name}: variance", 2 * chance * (1 - chance), through)


def test_defenders_learn_from_day_to_day(table):
    """Ten attacks on each of four days: those of the fourth meet what thirty have taught."""
    fixed = {**ONE_EACH, "engagement.hardening": 1.5, "engagement.hardening_attacks": 20.0}
    (through,) = lived(days_of(4, "", attacks=10), fixed, wounded, 400_000)
    table.mean("through of ten, after thirty: mean", 10 * logistic(logit(CHANCE) - 1.5 * 30 / 50), through)


def test_wounded_of_a_munition_are_one_and_a_negative_binomial(table):
    chance, mean, dispersion = 0.32, 8.0, 2.0
    fixed = {**ALL_THROUGH, "engagement.wounding": chance, "engagement.wounded_mean": mean}
    fixed |= {"engagement.wounded_dispersion": dispersion, "engagement.wounded_cap": 1000.0}
    (hurt,) = lived(days_of(1, "", attacks=1), fixed, wounded)
    some, more = 0.98 * chance, mean - 1
    of_some = more + more**2 / dispersion
    table.share("munitions that wound", some, hurt > 0)
    table.mean("wounded by a munition: mean", some * mean, hurt)
    table.variance("wounded by a munition: variance", some * of_some + some * (1 - some) * mean**2, hurt)
    law = stats.nbinom(dispersion, dispersion / (dispersion + more))
    table.share("munitions that wound one", some * law.pmf(0), hurt == 1)
    table.share("munitions that wound more than twenty", some * law.sf(19), hurt > 20)


def test_wounded_are_cut_off_at_their_most(table):
    fixed = {**ALL_THROUGH, "engagement.wounding": 1.0, "engagement.wounded_mean": 8.0}
    fixed |= {"engagement.wounded_dispersion": 1.0, "engagement.wounded_cap": 12.0}
    (hurt,) = lived(days_of(1, "", attacks=1), fixed, wounded)
    table.share("munitions that wound the most", 0.98 * stats.nbinom(1.0, 1 / 8).sf(10), hurt == 12)


@pytest.mark.parametrize("troops", [1.0, 0.5])
def test_killed_of_a_munition_are_a_pareto_variable_cut_off(table, troops):
    lethal, tail, most = 0.2, 1.8, 12
    fixed = {**ALL_THROUGH, "engagement.lethal_harassment": lethal, "engagement.killed_tail": tail}
    fixed |= {"engagement.killed_cap": float(most)}
    (killed,) = lived(days_of(1, "", attacks=1, troops=troops), fixed, lambda w: (w["today"]["killed"],))
    some, beyond = 0.98 * lethal * min(1.0, troops), np.arange(1, most + 1.0) ** -tail
    table.share(f"munitions that kill, troops {troops:g}", some, killed > 0)
    table.mean(f"killed by a munition, troops {troops:g}: mean", some * beyond.sum(), killed)
    squares = ((2 * np.arange(1, most + 1) - 1) * beyond).sum()
    table.mean(f"killed by a munition, troops {troops:g}: mean square", some * squares, killed**2)
    table.share(f"munitions that kill the most, troops {troops:g}", some * most**-tail, killed == most)


def test_false_alarms_kill_at_their_rate_on_days_with_attacks(table):
    fixed = {"engagement.false_alarm_death": 0.15, "militia.tempo": 0.7}
    (dead,) = lived(days_of(1, "militias"), fixed, lambda w: (w["today"]["alarm_deaths"],))
    table.share("days with a death by false alarm", (1 - math.exp(-0.7)) * (1 - math.exp(-0.15)), dead)


def test_the_first_death_waits_geometrically_and_its_incidence_is_that_of_a_constant_hazard(table):
    days, fixed = 30, {**ALL_THROUGH, "engagement.lethal_harassment": 0.05}
    (first,) = lived(
        days_of(days, "", attacks=1), fixed, lambda w: (w["outcome"]["first_killed_day"],), RUNS // 8
    )
    hazard = 0.98 * 0.05
    for day in (0, 9, 29):
        table.share(f"first death by day {day}", 1 - (1 - hazard) ** (day + 1), (first >= 0) & (first <= day))
    reached = np.where(first < 0, days, first)
    table.mean(
        "first death: mean day, or the last", ((1 - hazard) - (1 - hazard) ** (days + 1)) / hazard, reached
    )
