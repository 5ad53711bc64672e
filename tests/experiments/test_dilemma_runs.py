"""The dilemma simulated: forced strikes, pairing, and what moves the risk where there is no feedback."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import InputError, QuestionError
from sim.estimates.by_row import of_point
from sim.experiments.dilemma import DAY, Dilemma
from sim.experiments.dilemma.curve import curve_points, curve_table
from sim.experiments.dilemma.draws import LUCK
from sim.experiments.dilemma.forced import BRANCHES, Forced, forced_tasks
from sim.experiments.dilemma.response import response_tables
from sim.experiments.dilemma.worlds import DRAW_VALUES, LEVELS, TOGETHER
from sim.parameters import REGISTRY, couplings
from sim.scenario import Action, Scenario, load_scenario
from sim.scenario.actions import History
from sim.scenario.varying import with_parameters
from sim.simulate.job import make_job, simulate, simulate_rows
from sim.simulate.parameter_draws import prior_rows
from sim.simulate.responses import responses

SHORT = load_scenario("october-2023", ["end=2023-11-10"])
ASKED = Dilemma(SHORT, "prior", runs=50, points=3, draws=2)


def forced(world: str, runs: int, scenario=SHORT, day: int = 10, followed: int = 14) -> dict[int, np.ndarray]:
    """What each branch came to, by level."""
    (task,) = forced_tasks(scenario, {world: runs}, "prior", 0)
    found = Forced(day, followed)(task)
    return {level: found[found["level"] == level] for level in BRANCHES}


def by_day(rows: np.ndarray, followed: int = 14) -> np.ndarray:
    return np.stack([rows[f"day_{d}"] for d in range(1, followed + 1)])


# Forced strikes


def test_without_feedback_a_forced_strike_changes_no_attack():
    found = forced("no feedback", 400)
    assert by_day(found[0]).sum() > 1000
    for level in LEVELS:
        assert (by_day(found[level]) == by_day(found[0])).all()
    for first in range(10):  # run by run
        (task,) = forced_tasks(SHORT, {"no feedback": 25}, "prior", 0)
        alone = replace(task, spans=tuple(replace(span, first=first, runs=1) for span in task.spans))
        rows = ASKED.forced(alone)
        assert len(rows) == 5
        assert all((by_day(rows[n : n + 1], 7) == by_day(rows[:1], 7)).all() for n in range(1, 5))


QUIET = with_parameters(SHORT, {"us.readiness": -6.0, "us.ceiling": -6.0, "us.pressure_killed": 0.0})
"""Washington hardly strikes of itself, so that the forced strike stands alone."""


@pytest.mark.parametrize(("world", "sign"), [("revenge only", 1), ("deterrence only", -1)])
def test_revenge_only_raises_and_deterrence_only_lowers(world, sign):
    """Row by row on the next day, where the same luck meets a will that is only higher, or only lower."""
    found = forced(world, 500, QUIET)
    for level in LEVELS:
        change = sign * (by_day(found[level]) - by_day(found[0]))
        assert (change[0] >= 0).all()
        assert change[0].sum() > 0
        assert change.sum() > 10
    totals = [sign * by_day(found[level]).sum() for level in (0, 1, 2, 3)]
    assert totals == sorted(totals)


LONGER = load_scenario("october-2023", ["end=2023-12-31"])


@pytest.mark.parametrize("level", [0, 3])
def test_a_branch_is_the_scenario_with_that_action_imposed(level):
    """Row by row: lived up to the day and branched, or lived as a scenario with an intervention."""
    order = {"action": "hold"} if level == 0 else {"action": "strike", "level": level}
    day, runs = LONGER.start + dt.timedelta(days=10), np.arange(400, dtype=np.uint64)
    action = Action.model_validate({"date": day, "actor": "us", **order})
    imposed = LONGER.model_copy(update={"interventions": (action,)})
    whole = simulate(make_job(imposed), runs)
    found = forced(TOGETHER, 400, LONGER, followed=3)[level]
    assert found["row"].tolist() == [*range(16)]
    assert found["came"].sum() > 20
    assert found["came"].tolist() == by_row(whole["outcome"]["direct_day"] >= 0)
    before, after = (
        simulate(make_job(imposed.model_copy(update={"end": day + dt.timedelta(days=d)})), runs)
        for d in (0, 3)
    )
    suffered = [
        sum(np.array(by_row(worlds["outcome"][f"attacks_{place}"])) for place in ("iraq", "syria", "jordan"))
        for worlds in (before, after)
    ]
    assert by_day(found, 3).sum(axis=0).tolist() == (suffered[1] - suffered[0]).tolist()


def by_row(values: np.ndarray) -> list[int]:
    return values.reshape(-1, 25).sum(axis=1).tolist()


def test_the_response_is_told_week_by_week_and_the_last_level_is_the_spiral():
    tasks, forced_rows = replace(ASKED, runs=100).stages[2]
    found = np.concatenate([forced_rows(task) for task in tasks])
    followed = ASKED.forced.followed
    response, summary = response_tables(followed, found)
    together = response[(response["pack"] == TOGETHER) & (response["level"] == 3)]
    assert together["last_day"].iloc[-1] == followed
    rows = {level: found[(found["world"] == 0) & (found["level"] == level)] for level in (0, 3)}
    first = sum(rows[3][f"day_{d}"].sum() - rows[0][f"day_{d}"].sum() for d in range(1, 8)) / 7 / 500
    assert together["change"].iloc[0] == pytest.approx(first)
    days = together["last_day"] - together["first_day"] + 1
    row = summary[(summary["pack"] == TOGETHER) & (summary["level"] == 3)].iloc[0]
    assert (together["change"] * days).sum() == pytest.approx(row["attacks_change"])
    assert row["risk_change"] == pytest.approx((rows[3]["came"] - rows[0]["came"]).sum() / 500)
    assert summary.groupby("level")["is_the_spiral"].all().tolist() == [False, False, False, True]
    four = found[(found["world"] == 0) & (found["level"] == 4)]
    assert (four["came"] == four["runs"]).all()


# The curve and the draws


def test_the_curve_is_paired_by_run_and_told_against_the_middle():
    tasks, curve_rows = ASKED.stages[0]
    found = np.concatenate([curve_rows(task) for task in tasks])
    points = curve_points(SHORT, ASKED.values)
    assert [point.number for point in points] == [*range(6 * 2 * 3)]
    worlds = simulate(make_job(points[0].scenario), np.arange(50, dtype=np.uint64))
    alone, mine = responses(worlds), of_point(found, 0)
    assert all((mine[name] == alone[name]).all() for name in alone.dtype.names if name != "point")
    levels = worlds["outcome"]["strikes"]
    assert mine["low_strikes"].sum() == levels[:, 1:3].sum()
    assert mine["high_strikes"].sum() == levels[:, 3:].sum()
    assert mine["no_low_strike"].sum() == (levels[:, 1:3].sum(axis=1) == 0).sum()
    table = curve_table(ASKED.values, found, "direct", by_row=True)
    assert table["value"].tolist() == [-6.0, 0.0, 6.0] * 12
    assert (table.loc[table["value"] == 0, ["direct_change", "attacks_change"]] == 0).all(axis=None)
    aside = table[table["pack"] == "no feedback"]
    assert (aside[["direct_fed", "attacks_fed", "attacks_change"]] == 0).all(axis=None)
    first = table.iloc[0]
    assert first["attacks_change"] == pytest.approx(table["attacks"][0] - table["attacks"][1])
    assert first["attacks_fed"] == pytest.approx(first["attacks_change"])  # none changes without feedback


def test_a_draw_has_its_row_of_parameters_and_luck_of_its_own():
    (curve, _), ((task,), draw_rows), (forced_strikes, _) = ASKED.stages
    assert (task.number, task.runs) == (len(curve), 2 * 2 * 5 * 25)
    assert [t.number for t in forced_strikes] == [*range(len(curve) + 1, ASKED.task_count)]
    found = draw_rows(task)
    assert found["row"].tolist() == [0, 1]
    table = prior_rows(np.arange(2), SHORT.random_seed, {})
    columns = {name: table[name.split(".")[0]][name.split(".")[1]] for name in REGISTRY}
    came = []
    for value in (DRAW_VALUES[0], DRAW_VALUES[4]):
        job = make_job(with_parameters(SHORT, {"us.readiness": value}))
        worlds = simulate_rows(
            job, np.arange(LUCK, LUCK + 50, dtype=np.uint64), np.repeat([0, 1], 25), columns
        )
        outcome = worlds["outcome"]
        came.append((outcome["direct_day"] >= 0).reshape(2, 25))
        attacks = (outcome["attacks_iraq"] + outcome["attacks_syria"] + outcome["attacks_jordan"]).reshape(
            2, 25
        )
        assert found[f"attacks_{DRAW_VALUES.index(value)}"].tolist() == attacks.sum(axis=1).tolist()
    assert found["seen_4"].tolist() == came[1].sum(axis=1).tolist()
    assert found["into_0_4"].tolist() == (came[1] & ~came[0]).sum(axis=1).tolist()
    assert found["out_0_4"].tolist() == (came[0] & ~came[1]).sum(axis=1).tolist()


def test_without_feedback_relief_withdrawal_and_draws_readiness_moves_no_risk():
    """Neither half is built in: where no strike is drawn hard the risk is nought, else more strikes are more draws."""
    runs, off = np.arange(400, dtype=np.uint64), {**couplings(), "us.relief": 0.0, "iraq.strain_gain": 0.0}
    ended = load_scenario("october-2023", ["end=2024-01-31"])

    def came(readiness, **held):
        held = {name.replace("__", "."): value for name, value in held.items()}
        job = make_job(with_parameters(ended, {"us.readiness": readiness}), override={**off, **held})
        return simulate(job, runs)["outcome"]

    soft = [
        came(value, us__level_3_base=-12.0, us__level_3_killed=0.0, us__ceiling=0.0) for value in (-2.0, 3.0)
    ]
    assert [int((outcome["direct_day"] >= 0).sum()) for outcome in soft] == [0, 0]
    assert soft[1]["strikes"].sum() > 1.5 * soft[0]["strikes"].sum()
    few, many = (came(value)["direct_day"] >= 0 for value in (-2.0, 3.0))
    # Of 400 paired runs: 0 to 4 standard errors of the difference of what is tipped either way, one in 30,000.
    into, out = (many & ~few).sum(), (few & ~many).sum()
    assert into - out > -4 * np.sqrt(into + out)


# What cannot be asked


def asked(scenario: Scenario, **options) -> Dilemma:
    return Dilemma(scenario, "prior", **options)


def test_the_usual_day_is_in_the_scenario():
    assert asked(load_scenario("october-2023")).date == DAY
    assert asked(load_scenario("tower-22")).date == dt.date(2024, 3, 2)
    assert SHORT.start < ASKED.date < SHORT.end - dt.timedelta(days=6)
    assert ASKED.forced.followed == (SHORT.end - ASKED.date).days
    assert asked(load_scenario("october-2023")).forced.followed == 91


@pytest.mark.parametrize(
    ("name", "settings", "options", "said"),
    [
        ("october-2023", [], {"runs": 49}, "runs = 49: must be a whole number from 50"),
        ("october-2023", [], {"points": 4}, "must be odd.*take 5"),
        ("october-2023", [], {"day": dt.date(2023, 10, 16)}, "from 2023-10-17 to 2024-07-24"),
        ("october-2023", [], {"day": dt.date(2024, 7, 25)}, "from 2023-10-17 to 2024-07-24"),
        ("tower-22", [], {"day": dt.date(2024, 1, 27)}, "from 2024-01-28"),
        ("october-2023", ["end=2023-10-20"], {}, "leaves no week free"),
    ],
)
def test_what_makes_no_sense_is_one_line(name, settings, options, said):
    with pytest.raises(InputError, match=said) as error:
        asked(load_scenario(name, settings), **options)
    assert "\n" not in str(error.value)


def test_no_strike_is_forced_before_the_model_runs_free():
    history = History(release=dt.date(2023, 11, 30))
    scenario = load_scenario("october-2023").model_copy(update={"history": history})
    assert asked(scenario).date == dt.date(2024, 1, 3)
    with pytest.raises(QuestionError, match="must be from 2023-11-30"):
        asked(scenario, day=dt.date(2023, 11, 29))
