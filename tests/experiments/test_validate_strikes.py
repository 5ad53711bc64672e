"""Strikes after a date: how a record counts them, how runs do, and joint scores that rest on too few runs."""

import datetime
import math

import numpy as np
import pytest

from sim.experiments.validate.holdout import MODEL, OFF, Split, increment_rows, score_rows, whole_rows
from sim.experiments.validate.scoring import LEAST_EFFECTIVE, log_score
from sim.experiments.validate.strikes import (
    foreseen,
    log_likelihoods_of_strikes,
    strike_rows,
    strikes_after,
)
from sim.inference.foresight import KEPT, Foresight
from sim.inference.observation import Record, Report, Strike
from sim.inference.observation.model import COLUMNS, Counts

START, AS_OF, LAST = datetime.date(2023, 10, 17), datetime.date(2023, 11, 17), datetime.date(2023, 11, 27)
STRIKES = (
    Strike(datetime.date(2023, 11, 12), 1, "syria"),
    Strike(datetime.date(2023, 11, 20), 1, "syria"),
    Strike(datetime.date(2023, 11, 22), 3, "iraq", also=("syria",)),
    Strike(datetime.date(2023, 11, 23), 2, "iraq"),
)


def record(strikes=STRIKES, until=LAST, reports=()):
    return Record("r", START, tuple(reports), tuple(strikes), until)


def numbers(counts):
    return {count.series: (count.value, count.bound) for count in counts}


def test_strikes_after_the_date_are_counted_by_level_by_country_and_with_the_days_without():
    found = strikes_after(record(), AS_OF)
    assert {(d.first, d.last) for d in found} == {(datetime.date(2023, 11, 18), LAST)}
    assert numbers(found) == {
        "strikes_level_1": (1, "exact"), "strikes_level_2": (1, "exact"), "strikes_level_3": (1, "exact"),
        "strikes_level_4": (0, "exact"), "strikes_iraq": (2, "exact"), "strikes_syria": (1, "exact"),
        "strikes_iran": (0, "exact"), "days_without_strike": (7, "exact"),
    }  # fmt: skip


def test_what_may_miss_strikes_bounds_them_and_says_nothing_of_days_without():
    for until in (None, AS_OF):
        assert numbers(strikes_after(record(until=until), AS_OF)) == {
            "strikes_level_1": (1, "at_least"), "strikes_level_2": (1, "at_least"), "strikes_level_3": (1, "at_least"),
            "strikes_iraq": (2, "at_least"), "strikes_syria": (1, "at_least"),
        }  # fmt: skip
    assert strikes_after(record(STRIKES[:1], None), AS_OF) == ()


def test_days_on_which_washington_held_are_scored_too():
    assert numbers(strikes_after(record(STRIKES[:1]), AS_OF))["days_without_strike"] == (10, "exact")


def test_a_strike_somewhere_is_not_counted_by_country():
    found = numbers(strikes_after(record([Strike(LAST, 3)]), AS_OF))
    assert not {"strikes_iraq", "strikes_syria", "strikes_iran"} & set(found)
    assert found["strikes_level_3"] == (1, "exact")


def seen(after: dict[str, list[float]], attacks: list[float] | None = None) -> Foresight:
    """Runs with one strike of level 1 by the date, and so many of each kind by the last day."""
    count = len(next(iter(after.values())))
    values, outcomes = np.zeros((count, 2, len(COLUMNS))), np.zeros((count, 2, len(KEPT)))
    for name in ("strikes", "strikes_level_1"):
        outcomes[:, :, KEPT.index(name)] = 1.0
    for name, more in after.items():
        outcomes[:, 1, KEPT.index(name)] += more
    if attacks is not None:
        values[:, 1, COLUMNS.index("attacks_iraq")] = attacks
    return Foresight(Counts(START, (AS_OF, LAST), values), outcomes)


def test_runs_are_counted_as_the_record_is():
    runs = seen(
        {"strikes": [3, 0], "strikes_level_1": [1, 0], "strikes_level_3": [2, 0], "strikes_in_iraq": [2, 0]}
    )
    found = {d.series: foreseen(d, runs).tolist() for d in strikes_after(record(), AS_OF)}
    assert found == {
        "strikes_level_1": [1, 0], "strikes_level_2": [0, 0], "strikes_level_3": [2, 0], "strikes_level_4": [0, 0],
        "strikes_iraq": [2, 0], "strikes_syria": [1, 0], "strikes_iran": [0, 0], "days_without_strike": [7, 10],
    }  # fmt: skip


def test_a_strike_of_level_4_is_counted_where_it_fell():
    """One on Iranian soil, and one on an Iranian unit inside Iraq: none is left for Syria."""
    runs = seen({"strikes": [2], "strikes_level_4": [2], "strikes_in_iraq": [1], "strikes_on_soil": [1]})
    found = {s.series: foreseen(s, runs).tolist() for s in strikes_after(record(), AS_OF)}
    assert found["strikes_level_4"] == [2]
    assert [found[f"strikes_{country}"] for country in ("iraq", "syria", "iran")] == [[1], [0], [1]]


def test_each_number_is_scored_by_the_share_of_runs_that_have_it():
    runs = seen({"strikes": [3, 3, 3, 0], "strikes_level_1": [1, 1, 2, 0]})
    rows = {r["series"]: r for r in strike_rows("m", AS_OF, strikes_after(record(), AS_OF), runs, 1)}
    assert rows["strikes_level_1"]["log_score"] == pytest.approx(math.log(2 / 4))
    assert rows["strikes_level_1"]["recorded"] == 1
    assert rows["days_without_strike"]["log_score"] == pytest.approx(math.log(3 / 4))
    assert rows["days_without_strike"]["effective"] == pytest.approx(3.0)
    assert rows["days_without_strike"]["crps"] == pytest.approx(3 / 4 - 2 * 3 * 3 / (2 * 4 * 3))
    assert rows["strikes_iran"]["in90"]
    assert rows["strikes_level_3"]["log_score"] == -math.inf  # of no run
    open_ended = strikes_after(record([Strike(LAST, 1, "syria")], None), AS_OF)
    bounded = {r["series"]: r for r in strike_rows("m", AS_OF, open_ended, runs, 1)}
    assert bounded["strikes_level_1"]["log_score"] == pytest.approx(math.log(3 / 4))
    assert bounded["strikes_level_1"]["crps"] is None


# Joint scores


def test_a_score_of_few_draws_is_withheld_with_the_reason():
    few, many = np.full(1_000, -40.0), np.zeros(1_000)
    few[:3] = -2.0
    assert log_score(few).withheld == f"rests on 3.0 effective draws, and needs {LEAST_EFFECTIVE:.0f}"
    assert log_score(many).withheld == ""
    none = log_score(np.full(10, -np.inf))
    assert (none.value, none.effective) == (-math.inf, 0.0)
    assert none.withheld


def test_forecasters_are_not_compared_by_a_withheld_score():
    reports = (Report("attacks_iraq", AS_OF + datetime.timedelta(days=1), LAST, 10.0),)
    split = Split(AS_OF, record(), reports, strikes_after(record(), AS_OF))
    rng = np.random.default_rng(4)
    near = seen({"strikes": [3.0] * 400}, (10 + rng.integers(-2, 3, 400)).tolist())
    far = seen({"strikes": [3.0] * 400}, [10.0, *[200.0] * 399])
    counts = {MODEL: near.counts, OFF: far.counts}
    rows = [row for name, c in counts.items() for row in increment_rows(name, split, c, reports, 1)]
    model, off = score_rows(split, counts, rows)
    assert (model["withheld"], model["ahead"]) == ("", 0.0)
    assert model["log_score"] is not None
    assert (off["log_score"], off["ahead"]) == (None, None)
    assert off["withheld"].startswith("rests on 1.0 effective draws")
    assert off["crps"] > model["crps"]
    whole = whole_rows(split, {MODEL: near, OFF: far})
    assert [row["counts"] for row in whole] == [9, 9]
    assert all(
        row["withheld"] and row["log_score"] is None for row in whole
    )  # no run has the strikes on record
    assert np.isneginf(log_likelihoods_of_strikes(split.strikes, near)).any(1).all()
