"""A page has the numbers of `spiral run` and `spiral compare` with the same setting, runs and seed, to the last bit.

Nothing here is left to chance: the same run numbers give the same worlds, so that no test raises a false alarm.
"""

import datetime as dt
import json
import threading
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.desk import Desk
from sim.dashboard.rivals import Rivals
from sim.dashboard.setting import Setting
from sim.dashboard.told import change_of
from sim.dashboard.views import answer_view
from sim.experiments.compare import Compare
from sim.experiments.run import TOGETHER
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution
from sim.scenario import Action
from tests.dashboard.conftest import RUNS, SHORT
from tests.dashboard.waiting import PATIENCE, told_until

HELD = {"us.ceiling": 0.7}
ASKED = 200
"""Runs of which it is asked what restraint averts, at most."""


@pytest.fixture
def in_stages(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same stages with fewer runs, so that all of them come."""
    monkeypatch.setattr("sim.dashboard.course.QUICK", 250)
    monkeypatch.setattr("sim.dashboard.course.STAGES", (250, 500))
    monkeypatch.setattr("sim.dashboard.course.FIRST_PIECE", 125)
    monkeypatch.setattr("sim.dashboard.course.PIECE", 200)
    monkeypatch.setattr("sim.dashboard.course.PREVENTED_SAMPLE", ASKED)


@pytest.fixture
def ran(spiral: Callable[..., tuple[int, str, str]], here: Path) -> Path:
    """The result folder of `spiral run` with the same setting."""
    held = [word for name, value in HELD.items() for word in ("--set", f"{name}={value}")]
    code, _, err = spiral(
        "run", "october-2023", "--set", SHORT, *held, "--runs", str(RUNS), "--no-figures", "--out", "r",
        "--prevented", str(ASKED),
    )  # fmt: skip
    assert code == 0, err
    return here / "r"


@pytest.mark.usefixtures("in_stages")
def test_the_answer_at_rest_is_that_of_spiral_run(desk: Desk, ran: Path) -> None:
    course = desk.course(Setting("october-2023").with_values(HELD))
    answers = told_until(course)
    assert [one.runs for one in answers] == [250, 250, 500, RUNS]
    kept, found = json.loads((ran / "estimates.json").read_text()), answers[-1].finding.estimates
    for name in ("spiral", "anyway", "rungs", "chain", "endings", "outcomes", "path"):
        assert json.loads(json.dumps(found[name])) == kept[name], name
    assert found["prevented"]["in_all"] == kept["prevented"]["in_all"]
    same = ("probability", "chance", "ignorance", "seen", "runs")
    assert {k: found["headline"][k] for k in same} == {k: kept["headline"][k] for k in same}
    for name, table in answers[-1].finding.tables.items():
        stored = pd.read_csv(ran / f"{name}.csv", parse_dates=["date"] if "date" in table else None)
        pd.testing.assert_frame_equal(table.reset_index(drop=True), stored, check_dtype=False, rtol=1e-15)

    rivals = threading.Event()
    counted = Rivals(course, desk.workers, lambda found: rivals.set() if found.worlds else None)
    assert rivals.wait(PATIENCE)
    by_name = {world.name: world.estimate.probability for world in counted.worlds}
    assert by_name[TOGETHER] == kept["headline"]["same_runs"]
    assert {name: by_name[name] for name in kept["mechanisms"]} == kept["mechanisms"]
    whole = course.concluded(counted.altered)
    assert whole.estimates["mechanisms"] == kept["mechanisms"]
    assert whole.estimates["averaged"] == kept["averaged"]


@pytest.mark.usefixtures("in_stages")
def test_first_answers_are_those_of_as_many_runs(desk: Desk) -> None:
    course = desk.course(Setting("october-2023").with_values({"us.readiness": 0.5}))
    first, asked, *_, last = told_until(course)
    assert first.finding.prevented is None
    assert asked.finding.prevented is not None
    assert asked.finding.prevented.runs == 250
    alone = Desk(Catalogue(desk.catalogue._request, 250), threads=1)
    same = told_until(alone.course(Setting("october-2023").with_values({"us.readiness": 0.5})))[-1]
    alone.close()
    assert (same.runs, last.runs) == (250, RUNS)
    assert first.finding.spiral == same.finding.spiral
    assert first.finding.headline.probability == same.finding.headline.probability
    assert first.risk["probability"].iloc[-1] == same.risk["probability"].iloc[-1]
    assert first.lines[0].startswith("Spiral into a direct exchange by 31 Jan 2024: ")


def test_the_change_against_a_pinned_setting_is_that_of_spiral_compare(desk: Desk) -> None:
    pinned, moved = Setting("october-2023"), Setting("october-2023").with_values(HELD)
    courses = [desk.course(setting) for setting in (pinned, moved)]
    for course in courses:
        told_until(course)
    one, two = (desk.catalogue.scenario(setting) for setting in (pinned, moved))
    compared = in_memory(Compare(one, "posterior", runs=RUNS, others=(two,), labels=("a", "b")), Execution(2))
    table = compared.outcomes.set_index("outcome")
    for name in ("direct", "spiral", "anyway"):
        change = change_of(courses[1].rows(), courses[0].rows(), name, drawn=True)
        row = table.loc[name]
        assert (change.value, change.low, change.high) == tuple(
            row[["difference", "difference_low", "difference_high"]]
        )
    assert table.loc["direct", "difference"] > 0


def test_what_nobody_wants_stops_and_goes_on_where_it_was(desk: Desk) -> None:
    course = desk.course(Setting("october-2023").with_values({"us.readiness": -1.0}))
    first = told_until(course, lambda one: one.told is not None)[0]
    assert not course.at_rest
    assert not course.wanted
    last = told_until(course)[-1]
    assert (first.runs, last.runs, course.runs) == (RUNS, RUNS, RUNS)
    assert last.finding.headline.probability == first.finding.headline.probability


def test_what_is_not_as_it_was_fitted_is_said_before_the_numbers(desk: Desk) -> None:
    early = Action(date=dt.date(2023, 11, 2), actor="us", action="strike", level=2, place="iraq")
    settings = [Setting("october-2023"), Setting("october-2023").with_acts((early,))]
    usual, told = (told_until(desk.course(one))[-1] for one in settings)
    assert usual.warnings == ()
    assert any("imposed in the days that were fitted" in line for line in told.warnings)
    view = answer_view(desk.course(settings[1]), "", settings[1].changes, "", "")
    assert view.index(told.warnings[0][:20]) < view.index(told.lines[0][:20])
    assert "2023-11-02: us strike level 2 iraq" in view


def test_equal_settings_share_a_course_and_a_failed_one_is_made_anew(desk: Desk) -> None:
    setting = Setting("october-2023").with_values({"us.ceiling": -0.25})
    course = desk.course(setting)
    assert desk.course(Setting("october-2023").with_values({"us.ceiling": -0.25})) is course
    assert desk.course(setting.with_values({"us.ceiling": -0.5})) is not course
    course.error = "failed"
    assert desk.course(setting) is not course


def test_courses_that_nobody_wants_are_not_kept_for_ever(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.dashboard.desk.MOST_KEPT", 3)
    for number in range(12):
        desk.course(Setting("october-2023").with_values({"us.ceiling": number / 100}))
    assert len(desk._courses) <= 5


def test_a_piece_that_fails_is_told_in_one_line_and_ends_no_worker(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("no such luck\nand more")

    monkeypatch.setattr("sim.dashboard.course.count_runs", broken)
    course = desk.course(Setting("october-2023").with_values({"us.ceiling": 0.9}))
    heard = threading.Event()
    course.want(lambda _: heard.set())
    assert heard.wait(PATIENCE)
    assert course.error == "RuntimeError: no such luck"
    monkeypatch.undo()
    assert told_until(desk.course(Setting("october-2023").with_values({"us.ceiling": 0.9})))[-1].runs == RUNS


def test_who_waits_for_a_first_answer_does_not_wait_for_what_is_refined(desk: Desk) -> None:
    """Every worker is held up by work of others, and still a first answer comes."""
    free, begun = threading.Event(), threading.Semaphore(0)

    def long() -> None:
        begun.release()
        free.wait(PATIENCE)

    for _ in range(4):  # of two threads' desk: twice as many work for first answers
        desk.workers.put(5, long)
    for _ in range(2):
        assert begun.acquire(timeout=PATIENCE)
    try:
        course = desk.course(Setting("october-2023").with_values({"us.ceiling": 0.33}))
        assert told_until(course, lambda one: one.told is not None)[0].runs == RUNS
    finally:
        free.set()
