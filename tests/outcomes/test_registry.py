"""The registry of outcomes: complete, and read as the engine writes it."""

from pathlib import Path

import numpy as np
import pytest

import sim
from sim.core.counting import BINS
from sim.core.state import OUTCOME
from sim.outcomes import (
    COLUMNS,
    EVENTS,
    OUTCOMES,
    ROW_EVENTS,
    ROW_SUMS,
    SERIES,
    blank_outcome,
    outcome_dtype,
    per_run,
    spirals_of,
)
from sim.scenario import load_scenario
from sim.simulate import Tallies, make_job, new_tallies, simulate

RUNS = 300
OF_SCENARIO = {"first_mover", "ending"}  # whose names or codes the outcome table works out
DAY = Path(sim.__file__).parent / "core" / "day"


@pytest.fixture(scope="module")
def counted() -> tuple[np.ndarray, Tallies]:
    job = make_job(load_scenario("decisive-doctrine"))
    tallies = new_tallies(job.days)
    worlds = np.asarray(simulate(job, np.arange(RUNS, dtype=np.uint64), tallies.daily))
    tallies.add(worlds["outcome"].copy(), EVENTS.index("direct"))
    return worlds, tallies


def filled(count: int) -> np.ndarray:
    """Records of outcomes filled at random, so that no two outcomes are alike."""
    rng, outcomes = np.random.default_rng(3), np.zeros(count, OUTCOME)
    for name in OUTCOME.names:
        outcomes[name] = rng.integers(-1, 90, outcomes[name].shape)
    return outcomes


def test_every_field_of_the_record_belongs_to_an_outcome_and_is_written_by_the_day():
    assert set(OUTCOME.names) == {outcome.field for outcome in OUTCOMES.values() if outcome.field}
    sources = "".join(file.read_text(encoding="utf-8") for file in DAY.glob("*.py"))
    again = {outcome.field for outcome in OUTCOMES.values() if outcome.lived_again}
    for name in set(OUTCOME.names) - again:
        assert f"outcome.{name}" in sources, name
    second = (DAY.parents[1] / "simulate" / "second_lives.py").read_text(encoding="utf-8")
    for name in again:
        assert f'"{name}"' in second, name


def test_the_record_is_laid_out_as_a_compiler_would():
    """So that within the record of a world it lies where its numbers can be read at once."""
    assert outcome_dtype().isalignedstruct
    assert outcome_dtype().alignment == np.dtype(np.int32).alignment


def test_every_outcome_is_read_in_one_way_and_says_what_it_is():
    for key, outcome in OUTCOMES.items():
        ways = [bool(outcome.field), outcome.read is not None, outcome.state is not None]
        assert sum(ways) == (key != "ending"), key
        assert outcome.unit
        assert outcome.description[0] not in " .", key
        assert not outcome.description.endswith("."), key
        assert 3 < len(outcome.label) <= 32, key
        assert outcome.short, key
        if outcome.kind == "category":
            assert outcome.names or key in OF_SCENARIO
    labels = [outcome.label for outcome in OUTCOMES.values()]
    assert len(set(labels)) == len(labels)


def test_names_are_given_once():
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names)
    assert not set(EVENTS) & set(SERIES)
    assert not set(ROW_EVENTS) & set(ROW_SUMS)
    told = [OUTCOMES[event].told for event in EVENTS]
    assert len(set(told)) == len(told)


def test_nothing_has_happened_in_a_blank_outcome():
    blank = blank_outcome()
    for key, outcome in OUTCOMES.items():
        if outcome.field or outcome.read:
            assert (outcome.of(blank) == (-1 if outcome.kind == "event" else 0)).all(), key


def test_what_is_worked_out_is_worked_out_of_the_right_fields():
    outcomes = filled(40)
    places = [outcomes[f"attacks_{place}"] for place in ("iraq", "syria", "jordan")]
    assert np.array_equal(OUTCOMES["attacks"].of(outcomes), sum(places))
    assert np.array_equal(OUTCOMES["attacks_syria_jordan"].of(outcomes), sum(places[1:]))
    assert np.array_equal(OUTCOMES["strikes"].of(outcomes), outcomes["strikes"][:, 1:].sum(axis=1))
    assert np.array_equal(OUTCOMES["severe"].of(outcomes), outcomes["rung_day"][:, 4])
    assert np.array_equal(OUTCOMES["strikes_level_3"].of(outcomes), outcomes["strikes"][:, 3])
    assert int(OUTCOMES["attacks"].of(outcomes[7])) == sum(int(place[7]) for place in places)  # one record


def test_a_world_has_come_to_an_event_when_it_has_a_day(counted):
    worlds, _ = counted
    for event in ROW_EVENTS:
        came = OUTCOMES[event].of_worlds(worlds)
        assert np.array_equal(came, OUTCOMES[event].of(worlds["outcome"]) >= 0), event
    assert np.array_equal(OUTCOMES["credibility"].of_worlds(worlds), worlds["us"]["credibility"])


@pytest.mark.parametrize("series", SERIES)
def test_a_series_that_is_counted_by_day_ends_at_the_outcome(counted, series):
    """The compiled counts go by place, the registry by name."""
    worlds, tallies = counted
    values, place = OUTCOMES[series].of(worlds["outcome"]), SERIES.index(series)
    assert OUTCOMES[series].daily == place
    assert tallies.sums[place, -1] == values.sum() > 0
    assert (
        tallies.histograms[place, -1].nonzero()[0].tolist() == np.unique(values.clip(max=BINS - 1)).tolist()
    )


def test_units_of_columns_that_are_named_after_an_outcome():
    assert per_run("killed") == per_run("killed_low") == per_run("killed_change_high") == "persons a run"
    assert per_run("direct_unknown_low") == "probability"
    assert per_run("credibility") == "0 to 1"
    assert per_run("point") == per_run("first") == ""


def test_a_heading_is_the_label_with_a_capital():
    assert OUTCOMES["any_killed"].heading == "Any US killed"
    for outcome in OUTCOMES.values():
        assert outcome.heading == outcome.label[:1].upper() + outcome.label[1:]


def test_spirals_are_told_after_a_headline_that_is_neither():
    assert spirals_of("direct") == spirals_of("reciprocal") == ("direct", "reciprocal")
    assert spirals_of("severe") == ("severe", "direct", "reciprocal")
