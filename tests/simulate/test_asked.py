"""Questions answered from runs agree to the last run with the same counted by hand, day by day, and from outcomes.

Runs are lived a day at a time here, and every rule is written once more in plain Python over what the days left behind.
"""

import datetime
from functools import cache

import numpy as np
import pytest

from sim.core import advance
from sim.errors import QuestionError
from sim.outcomes import OUTCOMES
from sim.scenario import load_scenario
from sim.scenario.questions import read_text
from sim.simulate.asked import Asked
from sim.simulate.job import NOTHING, make_job, prepare, simulate

SCENARIO = load_scenario("october-2023")
RUNS = np.arange(300, dtype=np.uint64)
START = SCENARIO.start


@cache
def job():
    return make_job(SCENARIO, "prior")


@cache
def lived_by_hand() -> dict[str, np.ndarray]:
    """What each day left behind, shape (runs, days) each."""
    worlds, table, rows, last = prepare(job(), RUNS)
    kept: dict[str, list[np.ndarray]] = {}
    for d in range(job().days):
        seed = np.uint64(SCENARIO.random_seed)
        advance.advance(worlds, table, rows, last.timeline, last.setting, seed, d, d + 1, *NOTHING)
        plain = np.asarray(worlds)
        over = plain["outcome"]["censored_day"] >= 0
        day = {
            name: plain["today"][name] for name in ("attacks", "attacks_iraq", "killed", "wounded", "avowed")
        }
        day |= {name: plain["us"][name] for name in ("level", "place", "kind")}
        day["syria"] = plain["outcome"]["attacks_syria"]
        day["paused"] = (plain["pause"]["by"] > 0) & ~over
        day["began"] = np.maximum(plain["pause"]["day"], plain["ladder"]["start"])
        day["number"] = plain["day"] - 1
        day["over"] = over
        for name, values in day.items():
            kept.setdefault(name, []).append(values.copy())
    return {name: np.stack(days, axis=1) for name, days in kept.items()}


@cache
def came(text: str) -> np.ndarray:
    asked = Asked.of(SCENARIO, [read_text(text)])
    return asked.days(asked.questions[0].event, asked.live(job(), RUNS))


def index(text: str) -> int:
    return (datetime.date.fromisoformat(text) - START).days


def first_reaching(daily: np.ndarray, least: int, first: int, last: int) -> np.ndarray:
    """Day by day: when does the sum since `first` reach so many?"""
    found = []
    for row in daily:
        total, when = 0, -1
        for d in range(first, last + 1):
            total += row[d]
            if total >= least:
                when = d
                break
        found.append(when)
    return np.array(found)


def spells(run: int, of: str) -> list[int]:
    """Length of the quiet, or of the pause that stands, on each day of a run."""
    hand = lived_by_hand()
    lengths, length = [], 0
    for d in range(job().days):
        if hand["over"][run, d]:
            length = 0
        elif of == "quiet":
            length = 0 if hand["attacks"][run, d] + hand["avowed"][run, d] else length + 1
        else:
            length = int(hand["number"][run, d] - hand["began"][run, d] + 1) if hand["paused"][run, d] else 0
        lengths.append(length)
    return lengths


def test_counts_agree_with_sums_of_days():
    hand, last = lived_by_hand(), job().days - 1
    syria = np.diff(hand["syria"], axis=1, prepend=0)
    cases = {
        "us killed": (hand["killed"], 1, 0, last),
        "at least 5 us killed from 2023-12-01 to 2024-03-31": (
            hand["killed"], 5, index("2023-12-01"), index("2024-03-31"),
        ),
        "at least 40 us wounded by 2023-12-31": (hand["wounded"], 40, 0, index("2023-12-31")),
        "at least 150 attacks by 2023-12-31": (hand["attacks"], 150, 0, index("2023-12-31")),
        "at least 60 attacks in iraq from 2024-01-01": (hand["attacks_iraq"], 60, index("2024-01-01"), last),
        "at least 20 attacks in syria by 2023-11-30": (syria, 20, 0, index("2023-11-30")),
        "2 avowed attacks": (hand["avowed"], 2, 0, last),
    }  # fmt: skip
    for text, case in cases.items():
        by_hand = first_reaching(*case)
        assert 0 < (by_hand >= 0).sum() < len(RUNS), f"{text} tells nothing here"
        np.testing.assert_array_equal(came(text), by_hand, err_msg=text)


def test_in_a_day_needs_so_many_in_one():
    hand, first, last = lived_by_hand(), index("2023-11-10"), index("2024-03-01")
    for text, name, least in (
        ("at least 3 us killed in a day", "killed", 3),
        ("at least 6 attacks in a day", "attacks", 6),
    ):
        enough = hand[name][:, first : last + 1] >= least
        by_hand = np.where(enough.any(axis=1), enough.argmax(axis=1) + first, -1)
        assert 0 < enough.any(axis=1).sum() < len(RUNS)
        np.testing.assert_array_equal(came(f"{text} from 2023-11-10 to 2024-03-01"), by_hand)


def test_strikes_are_told_by_place_level_and_whom_they_hit():
    hand, last = lived_by_hand(), job().days - 1
    level, place, commander = hand["level"], hand["place"], hand["kind"] == 1
    cases = {
        "us strike in iraq": ((level > 0) & (place == 0), 1),
        "us strike on iranian soil": ((level > 0) & (place == 3), 1),
        "3 us strikes in syria": ((level > 0) & (place == 1), 3),
        "us strike of level 3": (level == 3, 1),
        "2 us strikes of level 2 or more": (level >= 2, 2),
        "us strike on a commander": ((level > 0) & commander, 1),
        "us strike on an iranian commander": ((level == 4) & commander, 1),
    }
    for text, (daily, least) in cases.items():
        by_hand = first_reaching(daily, least, 0, last)
        assert 0 < (by_hand >= 0).sum() < len(RUNS), f"{text} tells nothing here"
        np.testing.assert_array_equal(came(text), by_hand, err_msg=text)


@pytest.mark.parametrize("of", ["quiet", "pause"])
@pytest.mark.parametrize(("first", "last"), [("2023-10-17", "2024-07-31"), ("2023-12-10", "2024-04-15")])
def test_spells_lie_within_the_dates(of, first, last):
    by_hand = []
    for run in range(len(RUNS)):
        lengths = spells(run, of)
        inside = [
            d for d in range(index(first), index(last) + 1) if min(lengths[d], d - index(first) + 1) >= 30
        ]
        by_hand.append(inside[0] if inside else -1)
    assert 0 < (np.array(by_hand) >= 0).sum() < len(RUNS)
    np.testing.assert_array_equal(came(f"{of} of 30 days from {first} to {last}"), by_hand)


@pytest.mark.parametrize("of", ["quiet", "pause"])
def test_a_return_comes_within_its_days_after_a_spell(of):
    first, attacks, by_hand = index("2023-11-01"), lived_by_hand()["attacks"], []
    for run in range(len(RUNS)):
        lengths = spells(run, of)
        inside = [min(lengths[d], d - first + 1) for d in range(first, job().days)]
        reached = [d + first for d, length in enumerate(inside) if length == 20]
        after = [
            d for e in reached for d in range(e + 1, min(e + 15, job().days - 1) + 1) if attacks[run, d] > 0
        ]
        by_hand.append(min(after, default=-1))
    assert 0 < (np.array(by_hand) >= 0).sum() < len(RUNS)
    np.testing.assert_array_equal(
        came(f"attacks again within 15 days of a {of} of 20 days from 2023-11-01"), by_hand
    )


def test_what_comes_once_agrees_with_the_outcome_table():
    outcomes = np.asarray(simulate(job(), RUNS))["outcome"]
    for text, key in {
        "us killed": "any_killed", "us strike in iraq": "strike_in_iraq", "us strike of level 4": "level_4_strike",
        "avowed attack": "avowed_attack", "direct exchange": "direct", "reciprocal exchange": "reciprocal",
        "severe exchange": "severe", "rung 3": "rung_3", "spiral": "spiral", "exchange anyway": "anyway",
        "withdrawal ordered": "withdrawal_ordered",
    }.items():  # fmt: skip
        np.testing.assert_array_equal(came(text), OUTCOMES[key].of(outcomes), err_msg=text)
    np.testing.assert_array_equal(came("pause of 60 days") >= 0, outcomes["longest_pause"] >= 60)
    np.testing.assert_array_equal(came("quiet of 60 days") >= 0, outcomes["longest_quiet"] >= 60)
    late = OUTCOMES["direct"].of(outcomes) >= index("2024-01-01")
    np.testing.assert_array_equal(came("direct exchange from 2024-01-01") >= 0, late)


def test_trees_come_on_the_day_on_which_they_are_known():
    killed, strike = came("us killed"), came("us strike in iraq")
    end = job().days - 1
    both = np.where((killed >= 0) & (strike >= 0), np.maximum(killed, strike), -1)
    np.testing.assert_array_equal(came("us killed and us strike in iraq"), both)
    sooner = [min((d for d in pair if d >= 0), default=-1) for pair in zip(killed, strike, strict=True)]
    np.testing.assert_array_equal(came("us killed or us strike in iraq"), sooner)
    np.testing.assert_array_equal(came("not us killed"), np.where(killed < 0, end, -1))


def test_asking_changes_no_run():
    asked = Asked.of(SCENARIO, [read_text("us killed"), read_text("pause of 9 days")])
    together = asked.live(job(), RUNS)
    apart = asked.live(job(), RUNS[100:120])
    for event, days in together.items():
        np.testing.assert_array_equal(days[100:120], apart[event])


WRONG = {
    "us killed by 2024-08-01": "2024-08-01 .*is no day of october-2023, which goes from 2023-10-17 to 2024-07-31",
    "us killed from 2023-10-16": "2023-10-16 .*is no day of",
    "pause of 60 days by 2023-11-30": "has 45 days, in which 60 have no room",
    "us killed from 2023-10-17 given none before": "2023-10-16 .*is no day",
}


@pytest.mark.parametrize(("text", "told"), WRONG.items(), ids=WRONG)
def test_what_the_scenario_has_no_days_for_is_refused(text, told):
    with pytest.raises(QuestionError, match=told):
        Asked.of(SCENARIO, [read_text(text)])
