"""One run lived otherwise: the same luck, and the same end as `spiral why` finds. Nothing here is left to chance."""

import numpy as np
import pytest

from sim.dashboard.lives import Choice, Life, life_of, otherwise, side_by_side, verdict
from sim.experiments.why.deeds import removals_of
from sim.replay.deeds import without
from sim.replay.picking import pick_run
from sim.scenario import load_scenario
from sim.simulate.job import make_job


@pytest.fixture(scope="module")
def life() -> Life:
    """The first of the baseline's runs that comes to its headline."""
    job = make_job(load_scenario("october-2023"), "posterior")
    return life_of(job, pick_run(job, "first-spiral", 200))


def test_a_life_without_an_act_ends_as_spiral_why_has_it(life: Life) -> None:
    removals = removals_of(life.played)
    assert len(removals) == len(life.deeds) > 1
    for removal, deed in zip(removals, life.deeds, strict=True):
        assert removal.deed == deed
        other = otherwise(life, life.choices(deed)[0])
        assert other.headline_day == removal.otherwise
        told = verdict(life, other)
        assert ("never does" in told) == removal.necessary
        assert ("all the same" in told) == (removal.otherwise == removal.day)


def test_a_life_otherwise_is_the_same_up_to_the_day_that_is_changed(life: Life) -> None:
    deed = life.deeds[-1]
    other = otherwise(life, life.choices(deed)[0])
    before, after = (np.asarray(one.played.mornings) for one in (life, other))
    assert (before[: deed.day + 1] == after[: deed.day + 1]).all()
    assert before[-1] != after[-1]
    rows = side_by_side(life, other)
    assert rows
    assert all(one != two for _, one, two in rows)


def test_a_life_with_nothing_changed_is_the_same_life(life: Life) -> None:
    day = life.deeds[0].day
    field = without(life.deeds[0], life.played).field
    kept = life.played.timeline[day][field]
    same = otherwise(life, Choice("nothing", (without(life.deeds[0], life.played),), None))
    assert life.played.timeline[day][field] == kept  # the first life is left as it was
    assert side_by_side(life, life) == []
    assert verdict(life, life).endswith("all the same.")
    assert same is not life


def test_every_choice_but_taking_out_says_what_a_scenario_can_impose(life: Life) -> None:
    for deed in life.deeds:
        taken, *others = life.choices(deed)
        assert taken.text.startswith("take out: ")
        for other in others:
            assert other.action is None or other.action.span[0] == other.action.span[1]
