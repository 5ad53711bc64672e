"""Washington's decision: how often, when, how far, where and at whom, in closed form."""

import math

import numpy as np
import pytest
from scipy import stats

from tests.closed.worlds import RUNS, days_of, lived, setting

pytestmark = pytest.mark.verification

ONE_DAY = days_of(1, "us")
SHARES = setting()[0]["militias"]["share"][:4]


def logistic(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def provoked(**values: float):
    """Worlds with something to answer since yesterday, and fields of `us` as given."""

    def prepare(worlds: np.ndarray) -> None:
        worlds["day"] = worlds["ladder"]["start"] = 1
        worlds["us"]["provoked"], worlds["us"]["provoked_day"] = 1, 0
        for name, value in values.items():
            worlds["us"][name] = value

    return prepare


def of_us(*names: str):
    return lambda worlds: [worlds["us"][name] for name in names]


@pytest.mark.parametrize(
    ("pressure", "anger", "bargain"), [(3.0, 0.0, 0.0), (4.5, 0.5, 0.0), (4.5, 0.0, 0.8)]
)
def test_it_decides_by_pressure_caution_and_threshold(table, pressure, anger, bargain):
    fixed = {"us.threshold_first": 4.0, "us.readiness": 0.5, "us.anticipation": 1.2, "iraq.lobby": 0.7}

    def prepare(worlds: np.ndarray) -> None:
        provoked(pressure=pressure)(worlds)
        worlds["militias"]["anger"], worlds["iraq"]["bargain"] = anger, bargain

    (step,) = lived(ONE_DAY, fixed, of_us("step"), prepare=prepare)
    chance = logistic(pressure - 1.2 * anger - 0.7 * bargain - 3.5)
    table.share(f"decides, pressure {pressure:g}, anger {anger:g}, bargain {bargain:g}", chance, step == 1)


@pytest.mark.parametrize(("since", "window"), [(20, 21), (21, 21), (22, 21)])
def test_a_provocation_lasts_its_days(table, since, window):
    fixed = {"us.provocation_days": float(window), "us.readiness": 6.0, "us.threshold_first": 0.5}

    def prepare(worlds: np.ndarray) -> None:
        provoked()(worlds)
        worlds["day"] = since

    (step,) = lived(ONE_DAY, fixed, of_us("step"), RUNS // 4, prepare)
    name = f"decides, provoked {since} days ago of {window}"
    if since <= window:
        table.share(name, logistic(5.5), step == 1)
    else:
        table.exact(name, 0.0, step.max())


@pytest.mark.parametrize("lag", [2.0, 3.5, 8.0])
def test_a_strike_is_prepared_for_a_negative_binomial_time(table, lag):
    days = 12
    fixed = {"us.lag": lag, "us.level_3_base": -12.0, "us.ceiling": -6.0, "us.provocation_days": 90.0}
    (first,) = lived(
        days_of(days, "us"), fixed, lambda w: (w["outcome"]["rung_day"][:, 2],), RUNS // 4, provoked(step=1)
    )
    for day in (1, 2, 5, 11):
        expected, struck = stats.nbinom(2, 2 / lag).cdf(day - 1), (first >= 0) & (first <= day)
        if expected < 1:
            table.share(f"struck by day {day}, lag {lag:g}", expected, struck)
        else:
            table.exact(f"struck by day {day}, lag {lag:g}", 1.0, struck.mean())


def test_the_first_strike_waits_geometrically_and_two_days_more(table):
    days = 40
    fixed = {"us.lag": 2.0, "us.level_3_base": -12.0, "us.ceiling": -6.0, "us.provocation_days": 90.0}
    fixed |= {"us.threshold_first": 2.5, "us.readiness": 0.0}
    (first,) = lived(
        days_of(days, "us"), fixed, lambda w: (w["outcome"]["rung_day"][:, 2],), RUNS // 8, provoked()
    )
    hazard = logistic(-2.5)
    for day in (2, 10, 39):
        table.share(
            f"first strike by day {day}", 1 - (1 - hazard) ** (day - 1), (first >= 0) & (first <= day)
        )
    waited = np.where(first < 0, days, first)
    expected = 2 + (1 - hazard) * (1 - (1 - hazard) ** (days - 2)) / hazard
    table.mean("first strike: mean day, or the last", expected, waited)


@pytest.mark.parametrize("killed", [0.0, 3.0])
def test_how_far_goes_by_continuation_ratios(table, killed):
    fixed = {
        "us.lag": 2.0,
        "us.lag_hard": 2.0,
        "us.level_3_base": -1.0,
        "us.ceiling": 0.3,
        "us.level_3_killed": 0.6,
    }
    fixed |= {
        "us.level_4_base": -0.8,
        "us.level_4_killed": 0.4,
        "us.level_4_undeterred": 1.5,
        "us.level_4_avowed": 0.9,
    }
    fixed |= {"us.commander": 0.42, "us.soil": 0.31, "us.iraq_sensitivity": 1.0, "us.iraq_killed": 0.5}
    fixed |= {"us.irgc_losses": 0.26}
    deaths = math.log2(1 + killed)
    inside, third = logistic(0.5 * deaths - 1.0), logistic(-0.7 + 0.6 * deaths)

    (step, level, place, irgc) = lived(
        ONE_DAY, fixed, of_us("step", "level", "place", "irgc"), prepare=provoked(step=2, unanswered=killed)
    )
    name = f"{killed:g} killed"
    table.share(f"level 3 or more is prepared, {name}", third, step == 3)
    table.share(f"level 2, {name}", (1 - third) * inside, (level == 2) & (place == 0))
    table.share(f"level 1, {name}", (1 - third) * (1 - inside), (level == 1) & (place == 1))
    table.share(f"level 1 kills IRGC personnel, {name}", (1 - third) * (1 - inside) * 0.26, irgc)

    for undeterred, avowed in ((0, 0), (1, 1)):
        prepare = provoked(step=4, unanswered=killed, undeterred=undeterred, defiance=avowed, hard_day=0)
        level, kind, place = lived(ONE_DAY, fixed, of_us("level", "kind", "place"), prepare=prepare)
        fourth = logistic(-0.5 + 0.4 * deaths + 1.5 * undeterred + 0.9 * avowed)
        about = f"{name}, undeterred {undeterred}, avowed {avowed}"
        table.share(f"level 4, given 3 or more, {about}", fourth, level == 4)
        table.share(f"level 3 on a commander, {about}", (1 - fourth) * 0.42, (level == 3) & (kind == 1))
        table.share(f"level 4 on Iranian soil, {about}", fourth * 0.31, (level == 4) & (place == 3))
        elsewhere = (1 - fourth * 0.31) * inside
        table.share(f"hard strike inside Iraq, {about}", elsewhere, place == 0)


def test_the_culprit_is_named_or_drawn(table):
    author, attribution = 1, 0.68
    fixed = {"us.lag": 2.0, "us.attribution": attribution, "us.ceiling": -6.0, "us.level_3_base": -12.0}

    def prepare(worlds: np.ndarray) -> None:
        provoked(step=2)(worlds)
        worlds["militias"]["guilt"][:, author] = 1.0

    (culprit,) = lived(ONE_DAY, fixed, of_us("culprit"), prepare=prepare)
    for i in range(4):
        named = attribution * (i == author) + (1 - attribution) * SHARES[i]
        table.share(
            f"struck: share {SHARES[i]:g}{', the author' if i == author else ''}", named, culprit == i
        )


@pytest.mark.parametrize("level", [1, 3])
def test_what_a_strike_leaves(table, level):
    """Pressure and the unanswered by relief, credibility and commitment by gain: no chance in it."""
    fixed = {
        "us.relief": 0.6,
        "us.credibility_gain": 0.13,
        "us.commitment_gain": 0.3,
        "us.credibility_start": 0.4,
    }
    fixed |= {"us.pressure_half_life": 10.0, "us.commitment_half_life": 20.0}
    today = days_of(1, "us")
    today["level"] = level
    names = ("pressure", "unanswered", "credibility", "commitment")
    found = lived(today, fixed, of_us(*names), 1, provoked(pressure=5.0, unanswered=2.0, commitment=0.2))
    left = 0.4**level
    expected = (5 * left * 2 ** (-1 / 10), 2 * left, 1 - 0.6 * 0.87**level,
                (1 - 0.8 * math.exp(-0.3 * level)) * 2 ** (-1 / 20))  # fmt: skip
    for name, value, seen in zip(names, expected, found, strict=True):
        table.exact(f"{name} after a strike of level {level}", value, seen[0])


def test_credibility_after_a_poisson_number_of_attacks_left_unanswered(table):
    fixed = {
        "us.credibility_start": 0.4,
        "us.credibility_loss": 0.05,
        "iraq.lobby_doubt": 1.0,
        "militia.tempo": 2.0,
    }

    def bargained(worlds: np.ndarray) -> None:
        worlds["iraq"]["bargain"] = 0.6

    (left,) = lived(days_of(1, "militias"), fixed, of_us("credibility"), prepare=bargained)
    loss = 0.05 * (1 + 0.6)
    # a bargain that attacks may break is tested after Washington has been
    table.mean("credibility after a day's attacks: mean", 0.4 * math.exp(-2.0 * (1 - math.exp(-loss))), left)
