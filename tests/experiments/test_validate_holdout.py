"""Holding the model against later reports: what is held out, how it is scored, and what is told."""

import datetime

import numpy as np
import pytest

from sim.core.state import DRIVERS
from sim.errors import QuestionError
from sim.experiments import validate as validation
from sim.experiments.validate import Validate
from sim.experiments.validate.holdout import BLIND, MODEL, MODELS, OFF, split_of
from sim.inference.events import EVENTS, FEW
from sim.inference.foresight import KEPT, Foresight
from sim.inference.observation import Record, Report
from sim.inference.observation.model import COLUMNS, Counts
from sim.inference.observation.reading import load_timeline, shipped_record
from sim.inference.timelines import drawn_timeline, given_timeline
from sim.pipeline.answers import carry_out
from sim.pipeline.runner import Execution
from sim.scenario import load_scenario
from sim.simulate.timeline import timeline_of
from tests.sizes import small_and_full

AS_OF = datetime.date(2023, 11, 17)
BASE = load_scenario("october-2023")


# What is held out


def test_what_begins_later_is_held_out_and_nothing_else():
    split = split_of(shipped_record(), shipped_record(), datetime.date(2023, 10, 24))
    assert [(r.series, r.value) for r in split.attacks] == [
        ("attacks_iraq", 4), ("attacks_syria", 6), ("attacks_iraq", 15), ("attacks_syria", 23),
    ]  # fmt: skip
    in_all = [report for report in split.held_out if report.first <= split.as_of]
    assert [(r.series, r.value) for r in in_all if r.series == "wounded"] == [
        ("wounded", 21),
        ("wounded", 60),
    ]  # counted anew each time
    assert [r.value for r in split.held_out if r.series == "killed"] == [0, 0]
    assert split.dates[0] == split.as_of
    assert not split_of(shipped_record(), shipped_record(), AS_OF).held_out
    assert not split_of(shipped_record(), shipped_record(), AS_OF).strikes


def test_attacks_that_also_count_earlier_days_are_left_out_and_the_wounded_in_all_are_not():
    start, last = datetime.date(2023, 10, 17), datetime.date(2023, 12, 1)
    attacks, wounded = Report("attacks", start, last, 80), Report("wounded", start, last, 90)
    killed = Report("killed", start, last, 2, in_retrospect=True)
    record = Record("r", start, (attacks, wounded, killed))
    split = split_of(record, record, AS_OF)
    assert split.held_out == (wounded,)
    assert split.dates == (AS_OF, last)


LATE = Record(
    "late",
    BASE.start,
    (
        Report("attacks", BASE.start, AS_OF, 61),
        Report("attacks", datetime.date(2024, 9, 1), datetime.date(2024, 9, 2), 1, in_retrospect=True),
    ),
)


@pytest.mark.parametrize(
    ("record", "as_of", "said"),
    [
        (None, datetime.date(2025, 1, 1), "is not from 2023-10-17 to 2024-07-31"),
        (None, AS_OF, "reports nothing that begins after 2023-11-17"),
        (LATE, AS_OF, "reports up to 2024-09-02, and october-2023 ends on 2024-07-31; --set end=2024-09-02"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_one_line(record, as_of, said):
    with pytest.raises(QuestionError) as caught:
        Validate(BASE, "prior", record or shipped_record(), as_of=as_of)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_scenario_with_a_past_is_refused():
    with pytest.raises(QuestionError, match="fit the one that it continues"):
        Validate(load_scenario("tower-22"), "prior")


# Outside pressures


def test_pressures_are_drawn_after_the_date_and_not_before():
    own = timeline_of(BASE)
    one, same, other = (drawn_timeline(own, 32, 5, n) for n in (0, 0, 1))
    for driver in DRIVERS:
        assert np.array_equal(one[driver][:32], own[driver][:32])
        assert np.array_equal(one[driver], same[driver])
        top = 2.0 if driver == "troops" else 1.0
        assert one[driver].min() >= 0
        assert one[driver].max() <= top
    assert not np.array_equal(one["gaza"], other["gaza"])
    assert not np.array_equal(one["gaza"][32:], own["gaza"][32:])


def test_events_of_the_war_come_at_their_rates():
    """Truces within 257 days: 1 - exp(-257 / 240) = 65.7%; of 400 draws a standard error of 2.4 points, four times."""
    own = timeline_of(BASE)
    days = len(own) - 32
    truces = 0
    for number in range(400):
        steps = np.diff(drawn_timeline(own, 32, 5, number)["gaza"][31:])
        truces += bool((steps < -0.25).any())
    # a truce late in a calm war moves too little to be seen: a few percent of them
    assert truces / 400 == pytest.approx(1 - np.exp(-days / 240), abs=4 * 0.024 + 0.05)


def test_given_pressures_take_the_place_of_drawn_ones(tmp_path):
    file = tmp_path / "truce.yaml"
    file.write_text("gaza: {knots: [{date: 2023-11-24, level: 0.3, basis: assumed}]}\n")
    days = given_timeline(timeline_of(BASE), load_timeline(file), 32)
    assert np.all(days["gaza"][32:] == 0.3)
    assert np.array_equal(days["gaza"][:32], timeline_of(BASE)["gaza"][:32])


# Events


def seen(attacks=(0, 0, 0, 0, 0), wounded=(0, 0, 0, 0, 0), killed_day=-1, hard=0, direct_day=-1) -> Foresight:
    """One world: cumulative attacks and wounded after each date that is looked at."""
    from sim.inference.events import DATES

    values, outcomes = np.zeros((1, 5, len(COLUMNS))), np.zeros((1, 5, len(KEPT)))
    values[0, :, COLUMNS.index("attacks_iraq")] = attacks
    values[0, :, COLUMNS.index("wounded")] = wounded
    outcomes[0, :, KEPT.index("any_killed")] = killed_day
    outcomes[0, :, KEPT.index("strikes_level_3")] = hard
    outcomes[0, :, KEPT.index("direct")] = direct_day
    return Foresight(Counts(BASE.start, DATES, values), outcomes)


def test_events_are_what_they_say():
    came = {
        "as it was": seen((90, 90, 95, 95, 98), killed_day=103, hard=1),
        "never stops": seen((90, 90, 95, 300, 320), (0, 0, 9, 40, 44), direct_day=150),
        "stops for good": seen((90, 90, 95, 95 + FEW, 95 + FEW)),
    }
    told = {name: [bool(e.came(world)[0]) for e in EVENTS] for name, world in came.items()}
    assert told == {
        "as it was": [True, False, True, True, True, True, True, True],
        "never stops": [False, True, False, False, False, True, False, False],
        "stops for good": [False, True, False, True, True, False, False, False],
    }


# The whole


@pytest.fixture(scope="module")
def few():
    """Few particles and draws: what is asked, not what comes of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {"PARTICLES": 40, "ROWS": 400, "LEAST_EFFECTIVE": 1.0}.items():
            patch.setattr(validation, name, value)
        patch.setattr("sim.inference.islands.LEAST_PLANNERS", 20)
        patch.setattr("sim.experiments.validate.baselines.DRAWS", 4_000)
        yield


@pytest.fixture
def plan(few):
    return Validate(BASE, "prior", islands=2, runs=2_000)


ONE, ALL = ["2023-10-30"], ["2023-10-24", "2023-10-30", "2023-11-17"]


@pytest.mark.parametrize("dates", small_and_full(ONE, ALL), ids=["one date", "all"])
def test_every_forecaster_is_scored_at_every_date(few, tmp_path, dates):
    as_of = datetime.date.fromisoformat(dates[-1])
    plan = Validate(BASE, "prior", as_of=as_of, islands=2, runs=2_000)
    done = carry_out(plan, tmp_path / "small", Execution(threads=2)).finding
    scores, rows = done.scores, done.increments
    assert [str(d) for d in scores["as_of"].unique()] == dates
    assert set(scores["counts"]) == {4, 2} if dates == ALL else {2}
    for _, group in scores.groupby("as_of"):
        assert list(group["forecaster"])[:3] == [MODEL, BLIND, OFF]
        assert len(group) == 7
        ahead = group["log_score"].iloc[0] - group["log_score"]
        assert np.allclose(group["ahead"].astype(float), ahead.astype(float), equal_nan=True)
    own = rows[rows["forecaster"] == MODEL]
    assert len(own) == sum(len(split.held_out) + len(split.strikes) for split in plan.splits)
    if dates == ALL:
        assert {"wounded", "strikes_level_1", "strikes_syria", "days_without_strike"} <= set(own["series"])
    assert set(done.together["forecaster"]) == {MODEL, BLIND, OFF}
    assert ((done.together["withheld"] == "") == done.together["log_score"].notna()).all()
    assert (own["q05"] <= own["q50"]).all()
    assert (own["q50"] <= own["q95"]).all()
    if dates == ALL:
        assert set(done.events["forecaster"]) == {MODEL, BLIND, OFF}
        assert len(done.events) == 3 * len(EVENTS)


def test_only_one_of_them_is_blind_and_both_hold_nothing_off(plan):
    for (_, name), islands in plan.tasks.items():
        problem = islands[0].problem
        assert problem.blind == (name == BLIND)
        assert bool(problem.segment.fixed) == (name == OFF)


def test_the_fit_for_a_date_knows_nothing_told_later(plan):
    for split, (key, islands) in zip(plan.splits, list(plan.tasks.items())[:: len(MODELS)], strict=True):
        assert key[1] == MODEL
        conditioning = islands[0].problem.conditioning
        assert all((report.told or report.last) <= split.as_of for report in conditioning.scored)
        assert conditioning.days == (split.as_of - BASE.start).days + 1


def test_a_plan_knows_how_many_days_are_lived(plan):
    """Three models at each of three dates, fitted by islands; and 2,000 runs from each date to the last count, 17
    November twice, and the last event."""
    islands = sum(island.days for own in plan.tasks.values() for island in own)
    lived = islands + 3 * 2_000 * (32 + 32 + 284)
    assert plan.share_of_days == pytest.approx(lived / (plan.total * plan.scenario.days))


def test_a_fit_by_more_islands_is_another_job():
    few, usual = Validate(BASE, "prior", islands=2), Validate(BASE, "prior")
    assert [len(own) for own in few.tasks.values()] == [2] * 9
    assert [len(own) for own in usual.tasks.values()] == [12] * 9
    assert few.identity != usual.identity


def test_islands_share_no_run_numbers(plan):
    numbers = [island.number for own in plan.tasks.values() for island in own]
    assert numbers == list(range(len(numbers)))
