"""Worlds led along a record: the probability of each deed, of no death, and importance sampling as a whole.

A free run and a steered one share their luck up to the deed that is steered, so that what a free run does can be held
against the probability that the steered one gives to it. Tolerances are standard errors; seeds are fixed, and each
comment gives how often a new seed would fail a correct program.
"""

import math

import numpy as np
import pytest

from sim.core import advance, conditioned
from sim.core.state import COUNTRIES, FREE, new_worlds
from sim.scenario import load_scenario
from sim.simulate.job import NOTHING, make_job
from sim.simulate.parameter_draws import default_rows
from sim.simulate.timeline import PLACES

SEED, DAY, COLUMNS = np.uint64(5), 6, 7
IRAQ, SYRIA, IRAN = (PLACES.index(name) for name in ("iraq", "syria", "iran"))
RESPONSES = (
    (0, SYRIA), (1, SYRIA), (2, IRAQ), (3, IRAQ), (3, SYRIA), (4, IRAN), (4, IRAQ), (4, SYRIA),
)  # fmt: skip
"""Every level and place that Washington's response can have."""

LOW = {
    "us.threshold_first": 1.0, "us.lag": 2.5, "us.lag_hard": 2.5, "us.level_3_base": -0.5, "us.level_4_base": 0.0,
    "us.iraq_sensitivity": 0.7,
}  # fmt: skip
CASES = {
    "as it is, but readier": LOW,
    "ready": LOW | {"us.readiness": 2.0},
    "not ready": LOW | {"us.readiness": -2.0, "us.threshold_first": 2.0},
    "red lines lowered": LOW | {"us.ceiling": 2.0},
    "red lines raised": LOW | {"us.ceiling": -2.0},
    "quick": LOW | {"us.lag": 2.0, "us.lag_hard": 2.0},
    "slow": LOW | {"us.lag": 5.0, "us.lag_hard": 4.0},
    "soon too late": LOW | {"us.provocation_days": 1.0},
    "on soil or not": LOW | {"us.soil": 0.5, "us.ceiling": 1.0},
}


@pytest.fixture(scope="module")
def segment():
    return make_job(load_scenario("october-2023")).segments[-1]


class Day:
    """Many worlds before one day, and that day lived in several ways."""

    def __init__(self, segment, values, count, orders=None):
        self.setting, self.rows = segment.setting, np.zeros(count, np.int64)
        self.timeline = segment.timeline[: DAY + 1].copy()
        for field, value in (orders or {}).items():
            self.timeline[field][DAY] = value
        self.table = default_rows(values)
        self.before = new_worlds(np.arange(count, dtype=np.uint64))
        advance.start(self.before, self.table, self.rows, self.setting)
        self._advance(self.before, 0, DAY)

    def _advance(self, worlds, first, last):
        advance.advance(
            worlds, self.table, self.rows, self.timeline, self.setting, SEED, first, last, *NOTHING
        )

    def free(self):
        worlds = self.before.copy()
        self._advance(worlds, DAY, DAY + 1)
        return np.asarray(worlds)

    def led(self, weigh, **orders):
        """Worlds after the day, and the log probabilities of what was weighed, shape (n, 2)."""
        worlds, timeline = self.before.copy(), self.timeline.copy()
        for field, value in orders.items():
            timeline[field][DAY] = value
        return np.asarray(worlds), lead(worlds, self, timeline, {DAY: weigh}, DAY, DAY + 1)


def lead(worlds, made, timeline, weigh, first, last):
    weighed = np.zeros((last, 2), np.int64)
    for day, what in weigh.items():
        weighed[day] = what
    log_weights = np.zeros((len(worlds), 2))
    conditioned.advance_steered(
        worlds, made.table, made.rows, timeline, made.setting, SEED, first, last, weighed, np.ones(1),
        np.zeros(len(worlds)), log_weights, np.zeros((len(worlds), 0, COLUMNS)), np.full(last, -1, np.int64),
    )  # fmt: skip
    return log_weights


def off(happened, chance):
    """By how many standard errors events are more frequent than they are probable."""
    return (happened - chance).sum() / max(np.sqrt((chance * (1 - chance)).sum()), 1e-12)


def chances(day, place_too=True):
    what = conditioned.LEVEL_AND_PLACE if place_too else conditioned.LEVEL
    return {
        (level, place): np.exp(day.led((what, 0), level=level, place=place if level else FREE)[1][:, 0])
        for level, place in RESPONSES
    }


# Washington's deeds


@pytest.fixture(scope="module", params=CASES)
def responses(request, segment):
    day = Day(segment, CASES[request.param], 4_000)
    return day, chances(day), day.free()


def test_a_response_is_as_frequent_as_it_is_probable(responses):
    _, chance, free = responses
    some = 0
    for (level, place), p in chance.items():
        did = (free["us"]["level"] == level) & (free["us"]["place"] == place)
        for part in np.array_split(np.argsort(chance[0, SYRIA], kind="stable"), 3):
            expected = p[part].sum()
            if expected < 5:  # of the same 4,000 runs more than 25 would be less than 1 in 10^9
                assert did[part].sum() < 25
                continue
            some += 1
            # 9 cases of at most 24 numbers, at 4.5 standard errors: 1 in 700.
            assert abs(off(did[part], p[part])) < 4.5
    assert some >= 6


def test_responses_are_all_that_there_are(responses):
    _, chance, free = responses
    assert sum(chance.values()) == pytest.approx(1.0, abs=1e-12)
    seen = set(zip(free["us"]["level"].tolist(), free["us"]["place"].tolist(), strict=True))
    assert {(level, place) for level, place in seen if level > 0} <= set(RESPONSES)


def test_where_no_place_is_told_the_places_of_a_level_are_taken_together(responses):
    day, apart, _ = responses
    level_only = chances(day, place_too=False)
    assert level_only[3, IRAQ] == pytest.approx(apart[3, IRAQ] + apart[3, SYRIA], abs=1e-12)
    assert level_only[4, IRAN] == pytest.approx(
        sum(apart[4, place] for place in (IRAN, IRAQ, SYRIA)), abs=1e-12
    )
    for response in ((0, SYRIA), (1, SYRIA), (2, IRAQ)):
        assert np.array_equal(level_only[response], apart[response])


def test_the_cases_are_extreme(segment):
    late = chances(Day(segment, CASES["soon too late"], 200))
    assert np.mean(late[0, SYRIA] == 1.0) > np.mean(chances(Day(segment, LOW, 200))[0, SYRIA] == 1.0)
    never = chances(Day(segment, LOW | {"us.iraq_sensitivity": 8.0, "us.iraq_killed": 0.0}, 200))
    assert max(never[response].max() for response in ((2, IRAQ), (3, IRAQ), (4, IRAQ))) < 1e-3
    abroad = chances(Day(segment, LOW | {"us.soil": 0.0}, 200))
    assert abroad[4, IRAN].max() < 1e-200 < abroad[4, SYRIA].max()


def test_what_is_ordered_happens(segment):
    day = Day(segment, LOW, 50)
    for level, place in RESPONSES[1:]:
        worlds, _ = day.led((conditioned.LEVEL_AND_PLACE, 0), level=level, place=place)
        assert np.all(worlds["us"]["level"] == level)
        assert np.all(worlds["us"]["place"] == place)


# Nobody dies

DEADLY = {
    "engagement.gets_through": 0.6, "engagement.lethal_intended": 0.5, "engagement.lethal_harassment": 0.05,
    "militia.kill_intent": 0.4, "militia.tempo": 4.0, "iran.answer_size": 5.0, "iran.answer_lethal": 0.4,
}  # fmt: skip


def check_deaths(day, at_least):
    worlds, log_weights = day.led((conditioned.NOTHING, 1), deaths=0)
    free = day.free()
    assert np.all(log_weights[:, 0] == 0)
    assert np.all(log_weights[:, 1] <= 0)
    chance, spared = np.exp(log_weights[:, 1]), free["today"]["killed"] == 0
    assert np.mean(~spared) > at_least
    for part in np.array_split(np.argsort(chance, kind="stable"), 3):
        assert abs(off(spared[part], chance[part])) < 4.5  # 3 numbers in each of 3 tests: 1 in 16,000
    return worlds


def test_days_without_deaths_are_as_frequent_as_they_are_probable(segment):
    worlds = check_deaths(Day(segment, DEADLY, 6_000), at_least=0.1)
    assert np.all(worlds["today"]["killed"] == 0)


def test_munitions_of_an_avowed_answer_are_weighed_like_attacks(segment):
    day = Day(segment, DEADLY, 6_000, orders={"level": 4, "answer": 1})
    worlds = check_deaths(day, at_least=0.3)
    assert np.all(worlds["today"]["avowed"] == 1)
    assert np.all(worlds["today"]["killed"] == 0)


def test_what_is_ordered_of_an_attack_is_not_weighed_and_its_site_is_heeded(segment):
    day = Day(segment, DEADLY, 2_000, orders={"answer": 0})
    for militia in range(4):
        order = day.timeline["orders"][DAY]
        order["attacks"][militia], order["site"][militia] = 2, 0
    guarded = day.setting.copy()
    guarded["stops"][0, 0] = math.exp(60.0)
    usual, day.setting = day.setting, guarded
    assert np.all(
        day.led((conditioned.NOTHING, 1), deaths=0)[1] == 0
    )  # nothing gets through to the only site
    day.setting = usual
    assert np.mean(day.led((conditioned.NOTHING, 1), deaths=0)[1][:, 1]) < -0.1
    check_deaths(day, at_least=0.3)
    day.timeline["orders"][DAY]["killed"][:4] = 1
    worlds, log_weights = day.led((conditioned.NOTHING, 1), deaths=0)
    assert np.all(log_weights == 0)
    assert np.all(worlds["today"]["killed"] == 4)


# What is not steered


def test_without_a_record_the_steered_engine_lives_what_the_compiled_one_does(segment):
    made = Day(segment, LOW, 300)
    timeline, days = segment.timeline, 20
    first, second = (new_worlds(np.arange(300, dtype=np.uint64)) for _ in range(2))
    for worlds in (first, second):
        advance.start(worlds, made.table, made.rows, made.setting)
    advance.advance(first, made.table, made.rows, timeline, made.setting, SEED, 0, days, *NOTHING)
    assert np.all(lead(second, made, timeline, {}, 0, days) == 0)
    assert np.array_equal(np.asarray(first), np.asarray(second))


def test_counts_are_kept_of_the_days_that_are_asked_for(segment):
    made, days, lag = Day(segment, LOW, 200), 9, 3.0
    worlds = new_worlds(np.arange(200, dtype=np.uint64))
    advance.start(worlds, made.table, made.rows, made.setting)
    other, wounded, by_hand = worlds.copy(), [], {}
    counts, at = np.zeros((200, 2, COLUMNS)), np.array([-1, -1, -1, -1, 0, -1, -1, -1, 1])
    conditioned.advance_steered(
        worlds, made.table, made.rows, segment.timeline, made.setting, SEED, 0, days, np.zeros((days, 2), np.int64),
        np.exp(-1.0 / np.full(1, lag)), np.zeros(200), np.zeros((200, 2)), counts, at,
    )  # fmt: skip
    for day in range(days):
        advance.advance(
            other, made.table, made.rows, segment.timeline, made.setting, SEED, day, day + 1, *NOTHING
        )
        wounded.append(other["today"]["wounded"].copy())
        o = other["outcome"]
        seen = sum(w * (1 - np.exp(-(day - t) / lag)) for t, w in enumerate(wounded))
        by_hand[day] = np.stack(
            [*(o[f"attacks_{place}"] for place in COUNTRIES), o["wounded"], seen, o["killed"], o["bargains"]],
            axis=1,
        )
    for place, day in enumerate((4, 8)):
        np.testing.assert_allclose(counts[:, place], by_hand[day], atol=1e-9)


# Importance sampling as a whole

STRUCK, HORIZON = 6, 10


@pytest.fixture(scope="module")
def both_ways(segment):
    """Free runs that did what is on record, and led ones with their weights: one level-1 strike, and no deaths."""
    values = {
        "us.threshold_first": 2.0, "us.lag": 3.0, "us.level_3_base": -3.0, "militia.kill_intent": 0.2,
        "engagement.gets_through": 0.5, "us.pressure_killed": 4.0,
    }  # fmt: skip
    timeline = segment.timeline[:HORIZON].copy()
    made = Day(segment, values, 60_000)
    free = new_worlds(np.arange(60_000, dtype=np.uint64))
    advance.start(free, made.table, made.rows, made.setting)
    fits = np.ones(60_000, bool)
    for day in range(HORIZON):
        advance.advance(free, made.table, made.rows, timeline, made.setting, SEED, day, day + 1, *NOTHING)
        fits &= free["us"]["level"] == (day == STRUCK)
        fits &= free["today"]["killed"] == 0
    timeline["level"], timeline["deaths"] = 0, 0
    timeline["level"][STRUCK], timeline["place"][STRUCK] = 1, SYRIA
    led = new_worlds(np.arange(1_000_000, 1_020_000, dtype=np.uint64))
    made.rows = np.zeros(20_000, np.int64)
    advance.start(led, made.table, made.rows, made.setting)
    weigh = {
        day: (conditioned.LEVEL_AND_PLACE if day == STRUCK else conditioned.LEVEL, 1)
        for day in range(HORIZON)
    }
    weights = np.exp(lead(led, made, timeline, weigh, 0, HORIZON).sum(axis=1))
    return np.asarray(free), fits, np.asarray(led), weights


def test_the_secret_decision_is_followed_exactly(segment):
    """Over many days without a strike the chance of none is that of free runs, and the steps go on as theirs do."""
    values, days = LOW | {"us.readiness": 0.5, "us.lag": 4.0}, 9
    made = Day(segment, values, 40_000)
    free = new_worlds(np.arange(40_000, dtype=np.uint64))
    led = new_worlds(np.arange(1_000_000, 1_040_000, dtype=np.uint64))
    for worlds in (free, led):
        advance.start(worlds, made.table, made.rows, made.setting)
    timeline = segment.timeline[:days].copy()
    quiet = np.ones(40_000, bool)
    for day in range(days):
        advance.advance(free, made.table, made.rows, timeline, made.setting, SEED, day, day + 1, *NOTHING)
        quiet &= free["us"]["level"] == 0
    timeline["level"] = 0
    weigh = dict.fromkeys(range(days), (conditioned.LEVEL, 0))
    weights = np.exp(lead(led, made, timeline, weigh, 0, days)[:, 0])
    for step, name in ((0, None), (1, "first"), (2, "second"), (3, "third"), (4, "fourth")):
        share = (
            1 - sum(led["us"][n] for n in ("first", "second", "third", "fourth"))
            if step == 0
            else led["us"][name]
        )
        found, expected = np.average(share, weights=weights), np.mean(free["us"]["step"][quiet] == step)
        error = np.sqrt(
            expected * (1 - expected) / quiet.sum() + share.var() * (weights**2).sum() / weights.sum() ** 2
        )
        assert abs(found - expected) < 4.5 * error, step  # five numbers: 1 in 29,000
        assert expected > 0.01


def test_a_record_is_as_probable_as_it_is_frequent(both_ways):
    _, fits, _, weights = both_ways
    frequency, probability = fits.mean(), weights.mean()
    error = np.hypot(np.sqrt(frequency * (1 - frequency) / len(fits)), weights.std() / np.sqrt(len(weights)))
    assert error < 0.05 * frequency
    assert abs(frequency - probability) < 4 * error  # 1 in 16,000


@pytest.mark.parametrize(
    "quantity",
    [
        lambda w: w["outcome"]["attacks_iraq"],
        lambda w: w["outcome"]["wounded"],
        lambda w: w["us"]["credibility"],
        lambda w: w["us"]["pressure"],
        lambda w: w["militias"]["anger"][:, 0],
        lambda w: w["iraq"]["bargain"],
    ],
    ids=["attacks in Iraq", "wounded", "credibility", "pressure", "anger", "bargain"],
)
def test_worlds_led_and_weighed_are_those_that_got_there_by_themselves(both_ways, quantity):
    free, fits, led, weights = both_ways
    there, brought = quantity(free[fits]).astype(float), quantity(led).astype(float)
    mean = np.average(brought, weights=weights)
    led_error = np.sqrt((weights**2 * (brought - mean) ** 2).sum()) / weights.sum()
    error = np.hypot(there.std() / np.sqrt(len(there)), led_error)
    assert abs(there.mean() - mean) < 4 * error  # six numbers: 1 in 2,600


def test_without_weights_they_are_others(both_ways):
    _, _, led, weights = both_ways
    pressure = led["us"]["pressure"]
    error = pressure.std() / np.sqrt(len(pressure))
    assert abs(np.average(pressure, weights=weights) - pressure.mean()) > 6 * error
