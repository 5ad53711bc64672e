"""Sweeps: which points, what they come to, and that the job is as safe as any other."""

import json
import re
import signal
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.contour import ContourSet

from sim import sweep
from sim.core.state import new_worlds
from sim.errors import QuestionError
from sim.estimates.by_row import of_point
from sim.experiments import open_answer
from sim.experiments.sweep import Sweep
from sim.experiments.sweep.design import design, points_of, read_levers
from sim.outcomes import ROW_EVENTS, ROW_SUMS
from sim.pipeline.answers import carry_out
from sim.pipeline.runner import Execution
from sim.report.figures import Drawing, drawings
from sim.report.figures.style import style
from sim.scenario import ScenarioError, load_scenario
from sim.simulate.job import make_job, simulate
from sim.simulate.reducers import respond
from sim.simulate.responses import responses
from sim.simulate.spans import point_tasks
from sim.store import StoreError
from sim.store.standing import look_at
from sim.wording import percent
from tests import forked
from tests.cli.commands import PATIENCE
from tests.jobs import respond_to
from tests.report.heads import check_heads

SPIRAL = str(Path(sys.executable).with_name("spiral"))
SHORT = ["end=2023-11-10"]
SCENARIO = load_scenario("october-2023", SHORT)


def points(*texts: str, kind: str = "grid", number: int | None = None) -> np.ndarray:
    return design(read_levers(texts), kind, number, 1)


def test_a_grid_is_every_combination():
    found = points("us.readiness=-1:1:3", "us.ceiling=0,2")
    assert found.tolist() == [[-1, 0], [-1, 2], [0, 0], [0, 2], [1, 0], [1, 2]]


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_spread_points_lie_in_the_ranges_and_fill_every_stretch_of_them_once(kind):
    found = points("us.readiness=-2:2", "militia.tempo=1,5", kind=kind, number=16)
    for column, (low, high) in zip(found.T, ((-2, 2), (1, 5)), strict=True):
        stretch = np.floor((column - low) / (high - low) * 16)
        assert sorted(stretch) == [*range(16)]
    again = points("us.readiness=-2:2", "militia.tempo=1,5", kind=kind, number=16)
    assert (found == again).all()


WRONG = [
    (["us.readiness=2:-2:9"], {}, "is reversed"),
    (["us.readiness=2:2:9"], {}, "is empty"),
    (["us.readiness=1,1"], {}, "names a value twice"),
    (["us.readiness"], {}, "must be PATH=LOW:HIGH:N"),
    (["us.readiness=a:b:3"], {}, "us.readiness = a: is not a number"),
    (["us.readiness=0:nan:3"], {}, "is not a number"),
    (["us.readiness=0:1:2:3"], {}, "must be LOW:HIGH:N"),
    (["us.readiness=0:1:1"], {}, "must be a whole number from 2 on"),
    (["us.readiness=0:1:1000000000"], {}, "1,000,000,000 points; a sweep takes at most 100,000"),
    (["us.readiness=0:1:40000", "us.ceiling=0:1:40000"], {}, "1,600,000,000 points"),
    (["us.readiness=0:1"], {}, "a grid needs a number of points"),
    (["us.readiness=0:1:2", "us.readiness=0:1:3"], {}, "is varied twice"),
    (["us.readiness=0:1"], {"kind": "lhs"}, "needs a number of points"),
    (["us.readiness=0:1"], {"kind": "lhs", "number": 10**9}, "1,000,000,000 points"),
    (["us.readiness=0:1"], {"kind": "sobol", "number": 100}, "is not a power of two"),
    (["us.readiness=1"], {"kind": "lhs", "number": 8}, "needs a range"),
    (["end=2024-03-01,2024-03-01"], {}, "end = 2024-03-01,2024-03-01: names a value twice"),
    (["end=2024-03-01:2024-07-31"], {}, "dates need a number of them, such as 2024-03-01:2024-07-31:3"),
    (["end=2024-03-01:2024-03-03:9"], {}, "the number of dates, 9, must be a whole number from 2 to 3"),
    (["end=2024-03-05:2024-03-03:2"], {}, "the number of dates, 2, must be"),
    (["end=2024-02-30:2024-03-03:2"], {}, "holds no day of the calendar"),
    (["headline=direct,1"], {}, "headline = direct: is not a number"),
    (["headline=direct,severe"], {"kind": "lhs", "number": 8}, "needs a range"),
    (["us.readiness=0:1:3"], {"number": 8}, "--points is of lhs and sobol"),
]


@pytest.mark.parametrize(("texts", "options", "said"), WRONG)
def test_what_is_no_sweep_is_one_line(texts, options, said):
    with pytest.raises(QuestionError, match=re.escape(said)) as error:
        points(*texts, **options)
    assert "\n" not in str(error.value)


def test_a_point_is_the_scenario_with_its_values_set():
    levers = read_levers(["us.readiness=1", "ladder.window=7", "militia.tempo=2.5"])
    (point,) = points_of(SCENARIO, levers, design(levers, "grid", None, 1))
    wanted = [*SHORT, "us.readiness=1", "ladder.window=7", "militia.tempo=2.5"]
    assert point.scenario == load_scenario("october-2023", wanted)


def test_dates_words_and_seeds_are_set_as_a_file_would_have_them():
    levers = read_levers(["end=2023-10-20:2023-10-31:3", "headline=severe,direct", "random_seed=5"])
    assert levers[0].names == ("2023-10-20", "2023-10-26", "2023-10-31")
    made = points_of(SCENARIO, levers, design(levers, "grid", None, 1))
    assert len(made) == 6
    expected = ["end=2023-10-26", "headline=direct", "random_seed=5"]
    assert made[3].scenario == load_scenario("october-2023", expected)


def test_points_of_dates_and_headlines_come_to_what_their_own_scenarios_come_to():
    """To the last run: a point is the scenario that --set makes of it."""
    ends, headlines = ["2023-10-31", "2023-11-10"], ["severe", "direct"]
    found = sweep(SCENARIO, {"end": ends, "headline": headlines}, runs=100, parameters="prior")
    assert list(zip(found["end"], found["headline"], strict=True)) == [
        (e, h) for e in ends for h in headlines
    ]
    for row in found.to_dict("records"):
        own = load_scenario("october-2023", [f"end={row['end']}", f"headline={row['headline']}"])
        free = sweep(own, {"random_seed": own.random_seed}, runs=100, parameters="prior").iloc[0]
        assert (row["named"], row["spiral"], row["attacks"]) == (
            free[row["headline"]],
            free["spiral"],
            free["attacks"],
        )
    first, last = found.iloc[0], found.iloc[3]
    assert last["named_change"] == pytest.approx(last["named"] - first["named"])
    assert found.attrs["units"]["named"] == found.attrs["units"]["direct"]


def test_several_seeds_in_one_sweep_are_told_each_and_never_as_a_paired_change():
    found = sweep(SCENARIO, {"random_seed": [1, 2]}, runs=100, parameters="prior")
    assert not [column for column in found if "change" in column]
    for row in found.to_dict("records"):
        own = load_scenario("october-2023", [*SHORT, f"random_seed={row['random_seed']:.0f}"])
        worlds = simulate(make_job(own, "prior"), np.arange(100, dtype=np.uint64))
        attacks = sum(worlds["outcome"][f"attacks_{place}"] for place in ("iraq", "syria", "jordan"))
        assert row["attacks"] == attacks.mean()


def test_rows_count_what_their_runs_came_to():
    """Of worlds filled at random, so that no two outcomes are alike."""
    worlds, rng = new_worlds(np.arange(50, 110, dtype=np.uint64)), np.random.default_rng(1)
    outcome = worlds["outcome"]
    for name in outcome.dtype.names:
        outcome[name] = rng.integers(-1, 6, outcome[name].shape)
    worlds["us"]["credibility"] = rng.random(60)
    found = responses(worlds, point=7)
    days = {
        **{name: outcome[f"{name}_day"] for name in ("direct", "reciprocal", "spiral", "anyway")},
        "severe": outcome["rung_day"][:, 4],
        "any_killed": outcome["first_killed_day"],
        **{name: outcome[f"{name}_day"] for name in ("level_4_strike", "strike_in_iraq", "avowed_attack")},
    }
    values = {name: day >= 0 for name, day in days.items()} | {
        "attacks": sum(outcome[f"attacks_{place}"] for place in ("iraq", "syria", "jordan")),
        "strikes": outcome["strikes"][:, 1] + outcome["strikes"][:, 2:].sum(axis=1),
        "credibility": worlds["us"]["credibility"],
        **{
            name: outcome[name] for name in ("attacks_iraq", "wounded", "killed", "strikes_in_iraq", "avowed")
        },
    }
    assert set(values) == {*ROW_EVENTS, *ROW_SUMS}
    assert (found["point"] == 7).all()
    assert found["row"].tolist() == [2, 3, 4]
    assert found["runs"].tolist() == [25, 25, 10]
    for name, each in values.items():
        by_row = [each[:25].sum(), each[25:50].sum(), each[50:].sum()]
        assert found[name].tolist() == pytest.approx(by_row, rel=1e-12), name


def test_rows_of_a_point_are_those_of_its_runs():
    found = respond_to(points_of(SCENARIO, *levers_at("us.readiness=-2,2")), 60, threads=2)
    for number, value in enumerate((-2, 2)):
        job = make_job(load_scenario("october-2023", [*SHORT, f"us.readiness={value}"]))
        alone = responses(simulate(job, np.arange(60, dtype=np.uint64)), point=number)
        assert of_point(found, number).tobytes() == alone.tobytes()


def levers_at(text: str):
    levers = read_levers([text])
    return levers, design(levers, "grid", None, 1)


@pytest.mark.parametrize(("runs", "size"), [(60, 25), (60, 50), (50, 100), (200, 75), (25, 1_000)])
def test_tasks_hold_every_run_of_every_point_once_whatever_their_size(runs, size):
    made = points_of(SCENARIO, *levers_at("us.readiness=-1:1:5"))
    tasks = point_tasks(made, runs, size=size)
    assert [task.number for task in tasks] == [*range(len(tasks))]
    assert all(task.runs <= max(size, 25) for task in tasks)
    covered = [(s.point.number, k) for t in tasks for s in t.spans for k in range(s.first, s.first + s.runs)]
    assert covered == [(point, run) for point in range(5) for run in range(runs)]
    assert all(span.first % 25 == 0 for task in tasks for span in task.spans)


def test_neither_threads_nor_tasks_nor_company_change_a_number():
    made = points_of(SCENARIO, *levers_at("us.readiness=-1:1:3"))
    whole = respond_to(made, 100, threads=2)
    alone = np.concatenate([respond_to([point], 100) for point in made])
    cut = np.concatenate([respond(task) for task in point_tasks(made, 100, size=50)])
    assert whole.tobytes() == alone.tobytes() == cut.tobytes()


def test_the_table_says_what_each_point_came_to():
    levers = {"us.readiness": [-2, 2], "militia.tempo": "1:4:2"}
    table = sweep(SCENARIO, levers, runs=50, parameters="prior")  # what is fitted leaves no choice so early
    assert table[["us.readiness", "militia.tempo"]].to_numpy().tolist() == [[-2, 1], [-2, 4], [2, 1], [2, 4]]
    assert table["runs"].tolist() == [50] * 4
    assert table["attacks"].nunique() > 1
    changes = (table["direct"] - table["direct"].iloc[0]).tolist()
    assert table["direct_change"].tolist() == pytest.approx(changes, abs=1e-12)
    assert any(changes)
    for name in ("direct", "reciprocal", "attacks", "killed", "direct_change"):
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"]).all()
    assert table.attrs["units"]["us.readiness"] == "logits"
    assert table.attrs["units"]["attacks_high"] == "attacks a run"
    more, less = table["attacks"].iloc[1], table["attacks"].iloc[0]
    assert more > 2 * less  # four times the tempo, with the same luck


def test_a_scenarios_own_sweep_is_taken_when_nothing_is_asked_for():
    own = {"vary": {"us.readiness": {"from": -1, "to": 1, "points": 3}, "us.ceiling": [0, 1]}, "runs": 75}
    scenario = load_scenario("october-2023", {"end": "2023-11-10", "sweep": own} | {"end": SCENARIO.end})
    whole = Sweep(scenario, "prior")
    assert (len(whole.values), whole.each, whole.total) == (6, 75, 450)
    other = Sweep(scenario, "prior", ["us.posture=0,1"])
    assert (len(other.values), other.each) == (2, 2_000)
    with pytest.raises(QuestionError, match="nothing is varied"):
        Sweep(SCENARIO, "prior")


# In a folder


def test_a_scenarios_own_sweep_may_hold_dates_and_words_and_no_mixture(tmp_path):
    file = tmp_path / "mine.yaml"
    vary = "{end: [2023-10-20, 2023-10-25], headline: [severe]}"
    text = f"extends: october-2023\nquestion: Till when?\nsweep: {{vary: {vary}}}\n"
    file.write_text(text)
    asked = Sweep(load_scenario(file), "prior")
    assert [(point.scenario.end.day, point.scenario.headline) for point in asked.made] == [
        (20, "severe"),
        (25, "severe"),
    ]
    assert load_scenario(file).sweep.vary["headline"] == ["severe"]
    file.write_text(text.replace("2023-10-25", "5"))
    with pytest.raises(ScenarioError, match="must be a list of numbers, or of dates and words"):
        load_scenario(file)


def test_a_sweep_goes_on_where_it_was_cut_short(tmp_path, monkeypatch):
    asked = Sweep(SCENARIO, "prior", ["us.readiness=-1:1:6"], 100)
    carry_out(asked, tmp_path / "undisturbed", Execution(2))
    monkeypatch.setattr("sim.pipeline.runner.TASK_RUNS", 100)
    monkeypatch.setattr("sim.experiments.sweep.Sweep.task_count", 6)
    seen = []

    def dying(task):
        seen.append(task.number)
        if task.number == 3:
            raise KeyboardInterrupt
        return respond(task)

    monkeypatch.setattr("sim.experiments.sweep.respond", dying)
    with pytest.raises(KeyboardInterrupt):
        carry_out(asked, tmp_path / "cut", Execution(1))
    assert look_at(tmp_path / "cut").state == "unfinished"
    with pytest.raises(StoreError, match="is not finished"):
        open_answer(tmp_path / "cut")
    kept = len(list((tmp_path / "cut" / "rows.parquet").iterdir()))
    assert 1 <= kept <= 3
    monkeypatch.setattr(
        "sim.experiments.sweep.respond",
        lambda task: seen.append(task.number) or respond(task),
    )
    seen.clear()
    whole = carry_out(asked, tmp_path / "cut", Execution(1))
    assert seen == [*range(kept, 6)]
    other = open_answer(tmp_path / "undisturbed")
    pd.testing.assert_frame_equal(whole.tables["sweep"], other.tables["sweep"], check_exact=True)
    assert (tmp_path / "cut" / "sweep.csv").read_bytes() == (
        tmp_path / "undisturbed" / "sweep.csv"
    ).read_bytes()
    assert look_at(tmp_path / "cut", every_bit=True).state == "whole"


def test_damage_is_seen_and_mended(tmp_path):
    asked = Sweep(SCENARIO, "prior", ["us.readiness=-1:1:2"], 50)
    carry_out(asked, tmp_path / "s", Execution(2))
    before = (tmp_path / "s" / "sweep.csv").read_bytes()
    (part,) = (tmp_path / "s" / "rows.parquet").iterdir()
    part.write_bytes(part.read_bytes()[:-1])
    assert look_at(tmp_path / "s").state == "damaged"
    carry_out(asked, tmp_path / "s", Execution(2))
    assert look_at(tmp_path / "s", every_bit=True).state == "whole"
    assert (tmp_path / "s" / "sweep.csv").read_bytes() == before


def test_another_sweep_in_the_place_is_refused_and_fresh_replaces_it(spiral, here):
    args = ("sweep", "october-2023", "--set", SHORT[0], "--runs", "50", "--no-figures")
    assert spiral(*args, "--vary", "us.readiness=0,1")[0] == 0
    code, out, err = spiral(*args, "--vary", "us.readiness=0,2")
    assert (code, out) == (2, "")
    assert "holds another job: vary.us.readiness.1 is 1" in err
    assert spiral(*args, "--vary", "us.readiness=0,2", "--fresh")[0] == 0
    table = pd.read_csv(here / "results" / "october-2023-sweep" / "sweep.csv")
    assert table["us.readiness"].tolist() == [0, 2]


# On the command line


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["--vary", "us.readines=-2:2:3"],
            "--vary:1:1: actors.us.readines: unknown key; did you mean 'readiness'?",
        ),
        (
            ["--vary", "us.readiness=-2:20:3"],
            "--vary:1:1: us.readiness = 9: must be a number from -6 to 6 (logits)",
        ),
        (["--vary", "us.readiness=2:-2:3"], "--vary: us.readiness = 2:-2:3: is reversed"),
        (
            ["--vary", "us.readiness=0:1:1000000000"],
            "--vary: 1,000,000,000 points; a sweep takes at most 100,000",
        ),
        (
            ["--vary", "runs=1:3:3"],
            "--vary:1:1: runs: is no setting that can be varied",
        ),
        (
            ["--vary", "us.readiness=0:1", "--design", "lhs", "--points", "0"],
            "--points: 0 must be a whole number",
        ),
        (["--vary", "us.readiness=0,1", "--runs", "x"], "--runs: x must be a whole number"),
        (
            ["--vary", "us.readiness=0,1", "--runs", "9e6"],
            "18,000,000 runs are not started unasked; --yes starts them",
        ),
        ([], "--vary: nothing is varied; give --vary, or a sweep in the scenario"),
        (["--vary", "us.readiness=0,1", "--threads", "1", "--cluster", "local:1"], "give one of them"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(spiral, here, args, said):
    code, out, err = spiral("sweep", "october-2023", *args)
    assert (code, out) == (2, "")
    *plan, error = err.splitlines()
    assert said in error
    assert bool(plan) == ("not started unasked" in said)  # what it would take comes before that
    assert not list(here.iterdir())


def check_cells(drawing: Drawing) -> None:
    """A small grid is cells with their numbers, three by two here: no contour, and no axis beyond them."""
    for axes in drawing.figure.axes:
        assert not [artist for artist in axes.collections if isinstance(artist, ContourSet)]
        assert (axes.get_xlim(), axes.get_ylim()) == ((-0.5, 2.5), (-0.5, 1.5))
        assert [label.get_text() for label in axes.get_xticklabels()] == ["-1", "0", "1"]
    level, change = drawing.figure.axes
    data = drawing.data
    shown = {text.get_text() for text in level.texts}
    assert {percent(share) for share in data["direct"]} <= shown
    assert {f"spiral {percent(share)}" for share in data["spiral"]} <= shown
    assert len(change.texts) == len(data)
    sure = ((data["direct_change_low"] > 0) | (data["direct_change_high"] < 0)).sum()
    assert len(change.patches) == len(data) + sure


@pytest.mark.parametrize(
    ("vary", "panels"),
    [
        (["us.readiness=-1:1:3"], 5),
        (["us.readiness=-1:1:3", "us.ceiling=0,1"], 2),
        (["us.readiness=0,1", "us.ceiling=0,1", "us.posture=0,1", "militia.tempo=1,2"], 8),
        (["end=2023-10-30:2023-11-10:3"], 5),
        (["headline=severe,direct", "end=2023-10-30,2023-11-10", "us.readiness=0,1"], 6),
        (["random_seed=1,2", "us.readiness=0,1"], 1),
    ],
)
def test_what_is_printed_and_drawn(spiral, here, vary, panels):
    options = [word for text in vary for word in ("--vary", text)]
    settings = () if any(text.startswith("end=") for text in vary) else ("--set", SHORT[0])
    code, out, err = spiral("sweep", "october-2023", *settings, "--runs", "50", "--full", *options)
    assert (code, err) == (0, "")
    assert ("points of 50 runs, all with the same luck" in out) == ("random_seed=1,2" not in vary)
    assert ("Named exchange: what each point's headline names." in out) == ("headline=severe,direct" in vary)
    folder = here / "results" / "october-2023-sweep"
    figures = {file.name for file in (folder / "figures").iterdir()}
    assert figures == {"sweep.png", "sweep.svg", "sweep.csv"}

    with style():
        (drawing,) = drawings(open_answer(folder))
    assert len(drawing.figure.axes) == panels
    check_heads([drawing])
    if len(vary) == 2 and "random_seed=1,2" not in vary:
        check_cells(drawing)
    assert len(drawing.data) == len(pd.read_csv(folder / "sweep.csv"))
    code, out, err = spiral("plot", str(folder))
    assert (code, err) == (0, "")
    assert out.strip().endswith("sweep.png")
    assert "sweep" in spiral("results")[1]
    assert spiral("results", "verify")[0] == 0


def test_json_holds_everything(spiral, here):
    code, out, _ = spiral(
        "sweep", "october-2023", "--set", SHORT[0], "--runs", "50", "--vary", "us.readiness=0,1", "--json"
    )
    assert code == 0
    found = json.loads(out)
    assert [point["us.readiness"] for point in found["tables"]["sweep"]] == [0, 1]
    assert found["manifest"]["kind"] == "sweep"


KILLED = """
import os, signal, sys
from sim.cli.main import cli
from sim.store.journal import Journal
noted = Journal.add
def noted_or_dead(self, name, kept, seconds):
    if name == "rows.parquet/part-00000002.parquet":
        os.kill(os.getpid(), signal.SIGKILL)  # the third part is written, and nothing says so yet
    noted(self, name, kept, seconds)
Journal.add = noted_or_dead
cli.main(sys.argv[1:], prog_name="spiral")
"""


def test_a_killed_sweep_is_completed_by_the_same_command(spiral, here):
    short = ["--runs", "5000", "--set", "end=2023-10-25", "--no-figures"]
    args = ["sweep", "october-2023", "--vary", "us.readiness=-2:2:12", *short]
    quick, rows = [*args, "--out", "killed"], here / "killed" / "rows.parquet"
    done = forked.run(quick, here, PATIENCE, KILLED)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert len(list(rows.glob("part-*"))) == 3
    at = look_at(here / "killed", every_bit=True)
    assert (at.state, at.counted, at.blocks) == ("unfinished", 2, 6)
    before = {part: part.stat().st_ino for part in sorted(rows.iterdir())[:2]}
    for command in (quick, [*args, "--out", "undisturbed"]):
        assert spiral(*command)[0] == 0
    assert look_at(here / "killed", every_bit=True).state == "whole"
    assert all(part.stat().st_ino == inode for part, inode in before.items()), "kept parts were made again"
    one, other = ((here / name / "sweep.csv").read_bytes() for name in ("killed", "undisturbed"))
    assert one == other
