"""A severe exchange as the headline: rung 4 of the ladder, asked about like the spirals above it."""

import datetime
import typing

import numpy as np
import pytest

from sim.api import compare, run, sweep
from sim.experiments.why.deeds import makes_spiral
from sim.outcomes import EVENTS, HEADLINES, OUTCOMES, SPIRALS, spirals_of
from sim.replay.log import log_of
from sim.replay.picking import NoSuchRunError, pick_run
from sim.replay.replay import replay
from sim.scenario import Scenario, load_scenario
from sim.scenario.imposed import imposed_spirals
from sim.simulate.job import make_job, simulate
from sim.wording import definition_text

RUNS = 400
SHORT = ["end=2024-02-29", "headline=severe"]


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("october-2023", SHORT)


@pytest.fixture(scope="module")
def outcomes(scenario):
    return simulate(make_job(scenario, "prior"), np.arange(RUNS, dtype=np.uint64))["outcome"]


def test_every_headline_that_can_be_asked_about_is_an_event_that_is_counted():
    assert typing.get_args(Scenario.model_fields["headline"].annotation) == HEADLINES
    assert set(HEADLINES) <= set(EVENTS)
    assert [spirals_of(name) for name in HEADLINES] == [("severe", *SPIRALS), SPIRALS, SPIRALS]


def test_severe_is_rung_4_whatever_the_other_spirals_are(scenario):
    assert [scenario.rung_of(name) for name in HEADLINES] == [4, 5, 6]
    moved = load_scenario("october-2023", [*SHORT, "spirals.direct.rung=3"])
    assert [moved.rung_of(name) for name in HEADLINES] == [4, 3, 6]
    assert definition_text("severe", scenario).startswith(
        "rung 4 or more of the ladder: US killed and a wave"
    )


def test_the_headline_is_counted_and_split_into_spiral_and_anyway(scenario, outcomes):
    came = outcomes["rung_day"][:, 4] >= 0
    assert 20 < came.sum() < RUNS - 20  # both must happen; by the seed, no chance is left
    assert np.array_equal(OUTCOMES["severe"].of(outcomes) >= 0, came)
    assert np.array_equal((outcomes["spiral_day"] >= 0) | (outcomes["anyway_day"] >= 0), came)
    assert not ((outcomes["spiral_day"] >= 0) & (outcomes["anyway_day"] >= 0)).any()
    assert (outcomes["spiral_day"] >= 0).any()
    table = run(scenario, runs=RUNS, parameters="prior")
    assert table.attrs["headline"]["definition"] == "severe"
    assert table.attrs["headline"]["seen"] == came.sum()
    assert table.attrs["spiral"]["seen"] + table.attrs["anyway"]["seen"] == came.sum()
    assert table["rung_4_day"].notna().sum() == came.sum()
    assert (table["ending"] == "spiralled").sum() == came.sum()


def test_the_headline_changes_no_run_but_for_which_is_lived_again(outcomes):
    direct = simulate(
        make_job(load_scenario("october-2023", SHORT[:1]), "prior"), np.arange(RUNS, dtype=np.uint64)
    )
    for name in direct["outcome"].dtype.names:
        if name not in ("spiral_day", "anyway_day"):
            assert np.array_equal(direct["outcome"][name], outcomes[name]), name


def test_a_sweep_and_a_comparison_tell_it(scenario):
    points = sweep(scenario, {"us.ceiling": [0, 1]}, runs=100, parameters="prior")
    assert {"severe", "severe_low", "severe_unknown_low", "severe_change"} <= set(points.columns)
    assert (points["severe"] >= points["direct"]).all()
    other = load_scenario("decisive-doctrine", SHORT)
    found = compare(scenario, other, runs=200, parameters="prior")
    tips = {row["definition"]: row for row in found.attrs["tips"]}
    assert list(tips) == ["severe", "direct", "reciprocal"]
    row = found.set_index("outcome").loc["severe"]
    assert row["value"] - row["first"] == pytest.approx(
        (tips["severe"]["into"] - tips["severe"]["out"]) / 200
    )


def test_a_run_that_comes_to_it_is_found_and_its_log_names_it(scenario, outcomes):
    job = make_job(scenario, "prior")
    number = pick_run(job, "first-spiral", RUNS)
    day = int(outcomes["rung_day"][number, 4])
    assert number == int(np.flatnonzero(outcomes["rung_day"][:, 4] >= 0)[0])
    spirals = [event for event in log_of(replay(job, number)) if event.kind == "spiral"]
    assert [(e.day, e.about["headline"]) for e in spirals if e.about["spiral"] == "severe"] == [(day, True)]
    assert not any(e.about["headline"] for e in spirals if e.about["spiral"] != "severe")
    quiet = make_job(load_scenario("october-2023", ["end=2023-10-18", "headline=severe"]), "prior")
    with pytest.raises(NoSuchRunError, match="came to a severe exchange"):
        pick_run(quiet, "first-spiral", 20)


def test_a_wave_of_strikes_makes_it_and_a_small_one_does_not(scenario):
    assert makes_spiral("strike", 3, "syria", scenario)
    assert not makes_spiral("strike", 2, "iraq", scenario)


def test_one_that_is_imposed_is_not_told_as_found():
    actions = (
        "[{date: 2023-10-20, actor: badr, action: attack, killed: 1}, "
        "{date: 2023-10-22, actor: us, action: strike, level: 3}]"
    )
    mine = load_scenario("october-2023", [*SHORT, f"interventions={actions}"])
    assert {name: one.date for name, one in imposed_spirals(mine).items()} == {
        "severe": datetime.date(2023, 10, 22)
    }
