"""Counts of attacks, who makes them and where, stocks, capacity and intent, in closed form."""

import math

import numpy as np
import pytest
from scipy import stats

from tests.closed.worlds import RUNS, days_of, lived, setting

pytestmark = pytest.mark.verification

TEMPO = 1.6
ONE_DAY = days_of(1, "militias")
FIXED = setting()[0]
SHARES = FIXED["militias"]["share"][:4]


def of_militias(worlds: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(worlds["militias"]["attacks"][:, i] for i in range(4))


def test_without_a_shared_impulse_counts_are_poisson(table):
    counts = lived(ONE_DAY, {"militia.tempo": TEMPO}, of_militias)
    total = sum(counts)
    table.mean("attacks a day: mean", TEMPO, total)
    table.variance("attacks a day: variance", TEMPO, total)
    table.share("attacks a day: none", math.exp(-TEMPO), total == 0)
    table.share("attacks a day: three", stats.poisson(TEMPO).pmf(3), total == 3)
    for share, count in zip(SHARES, counts, strict=True):
        table.share(f"attacks: part of the militia of share {share:g}", share, count, int(total.sum()))
    product = (counts[0] - TEMPO * SHARES[0]) * (counts[1] - TEMPO * SHARES[1])
    table.mean("attacks of two militias: covariance", 0.0, product)


def test_a_shared_impulse_disperses_counts_and_ties_militias_together(table):
    sd = 0.5
    counts = lived(ONE_DAY, {"militia.tempo": TEMPO, "militia.shock_sd": sd}, of_militias)
    total, spread = sum(counts), math.exp(sd**2) - 1
    table.mean("attacks under an impulse: mean", TEMPO, total)
    table.variance("attacks under an impulse: variance", TEMPO + TEMPO**2 * spread, total)
    first, second = TEMPO * SHARES[:2]
    product = (counts[0] - first) * (counts[1] - second)
    table.mean("attacks under an impulse: covariance of two militias", first * second * spread, product)


@pytest.mark.parametrize("day", [0, 10])
def test_theatre_and_site_are_chosen_by_reach_and_weight(table, day):
    drift, time, reach = 1.6, 7.0, -1.2
    shifts = FIXED["militias"]["reach"][:4] + reach + drift * (1 - math.exp(-day / time))
    fixed = {"militia.tempo": 3.0, "militia.syria_drift": drift, "militia.syria_drift_time": time}
    fixed |= {"militia.syria_reach": reach}

    def later(worlds: np.ndarray) -> None:
        worlds["day"] = day

    names = ("attacks_iraq", "attacks_syria", "attacks_jordan")
    iraq, syria, jordan = lived(ONE_DAY, fixed, lambda w: [w["outcome"][n] for n in names], prepare=later)
    elsewhere = syria + jordan
    total = int((iraq + elsewhere).sum())
    table.share(f"attacks beyond Iraq, day {day}", SHARES @ (1 / (1 + np.exp(-shifts))), elsewhere, total)
    weight = {2: 0.5 * 0.3, 1: 2.0 * 0.2 + 1.5 * 0.7}
    table.share(
        f"attacks beyond Iraq in Jordan, day {day}",
        weight[2] / sum(weight.values()),
        jordan,
        int(elsewhere.sum()),
    )


def test_will_multiplies_the_rate(table):
    """Reasons of the same size: halved where they hold back, saturating where they urge."""
    fixed = {"militia.tempo": 1.0, "militia.gaza": 2.0, "militia.will_ceiling": 2.5}
    for level in (0.45, 1.0):
        x = 2.0 * (level - 0.85)
        will = x if x < 0 else x * 2.5 / math.hypot(2.5, x)
        (total,) = lived(days_of(1, "militias", gaza=level), fixed, lambda w: (w["today"]["attacks"],))
        table.mean(f"attacks a day, Gaza at {level:g}: mean", math.exp(will), total)


def test_capacity_cuts_counts_off(table):
    most, tempo = 3, 6.0
    counts = lived(ONE_DAY, {"militia.tempo": tempo}, of_militias, where=setting(capacity=most))
    for i in (0, 3):
        law = stats.poisson(tempo * SHARES[i])
        expected = sum(law.sf(k) for k in range(most))
        table.mean(f"attacks at most {most}, share {SHARES[i]:g}: mean", expected, counts[i])
    table.share("attacks at capacity", stats.poisson(tempo * SHARES[0]).sf(most - 1), counts[0] == most)


def test_stocks_bound_what_is_launched(table):
    fixed = {"militia.tempo": 4.0, "militia.arsenal": 12.5, "iran.supply": 0.0}
    for days in (2, 5):

        def read(w: np.ndarray) -> list[np.ndarray]:
            return [w["militias"]["arsenal"][:, 0], w["militias"]["arsenal"][:, 1]]

        left = lived(days_of(days, "militias"), fixed, read, 500_000)
        for share, stock in zip(SHARES, left, strict=False):
            size = 12.5 * share
            law, whole = stats.poisson(4.0 * share * days), math.floor(size)
            table.mean(
                f"stock left of {size:g} after {days} days",
                size - sum(law.sf(k) for k in range(whole)),
                stock,
            )
            table.share(f"stock of {size:g} spent in {days} days", law.sf(whole - 1), stock < 1)


def test_stocks_are_refilled_evenly(table):
    """No chance in it: 0.4 of the supply to a militia with 0.4 of the campaign, twice as much when Tehran urges."""
    fixed = {"iran.supply": 2.0, "iran.restraint": -6.0, "iran.stance_gaza": 0.0, "militia.arsenal": 100.0}

    def emptied(worlds: np.ndarray) -> None:
        worlds["militias"]["arsenal"] = 0.0

    def read(w: np.ndarray) -> list[np.ndarray]:
        return [w["militias"]["arsenal"][:, 0]]

    stance = 2 / (1 + math.exp(6)) - 1
    for days in (7, 40):
        (stock,) = lived(days_of(days, ""), fixed, read, 1, emptied)
        expected = min(100.0 * SHARES[0], days * 2.0 * SHARES[0] * (1 - stance))
        table.exact(f"stock refilled for {days} days", expected, stock[0])


def test_intent_grows_by_its_reasons(table):
    base, anger, weight = 0.05, 0.6, 1.5
    fixed = {"militia.kill_intent": base, "militia.intent_anger": weight, "engagement.gets_through": 0.98}
    fixed |= {"engagement.lethal_intended": 1.0, "engagement.lethal_harassment": 0.0}

    def angered(worlds: np.ndarray) -> None:
        worlds["militias"]["anger"] = anger

    (killed,) = lived(
        days_of(1, "", attacks=1, site=0), fixed, lambda w: (w["today"]["killed"] > 0,), RUNS, angered
    )
    table.share("attacks that kill, meant to: angered", 0.98 * base * math.exp(weight * anger), killed)
