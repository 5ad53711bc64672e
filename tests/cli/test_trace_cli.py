"""`spiral trace`: what it prints where, one-line errors, what it writes and what it leaves alone."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.outcomes import SPIRALS
from sim.replay.picking import PICKS, pick_run
from sim.replay.replay import replay
from sim.scenario import load_scenario
from sim.simulate.job import make_job
from tests.cli.commands import unwaited

SPIRAL = str(Path(sys.executable).with_name("spiral"))
SHORT = ("--set", "end=2023-12-31")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def spiral(spiral):
    """The same, with parameters from their priors: the runs that are named here are of them."""

    def run(*args: str) -> tuple[int, str, str]:
        return spiral(*args, *(() if "--parameters" in args else ("--parameters", "prior")))

    return run


@pytest.fixture(autouse=True)
def one_day(here: Path) -> None:
    """A scenario of one day, beside the shipped ones."""
    (here / "one-day.yaml").write_text(
        "extends: october-2023\nquestion: Does anything happen on one day?\nend: 2023-10-17\n"
    )


def strict_json(text: str) -> dict:
    def refuse(name: str) -> None:
        raise ValueError(f"{name} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_a_run_is_printed_by_day_within_100_columns(spiral):
    code, out, err = spiral("trace", "october-2023", "--run", "41", *SHORT)
    assert (code, err) == (0, "")
    assert all(len(line) <= 100 for line in out.splitlines())
    assert "\u00a0" not in out
    for text in ("Run 41 of october-2023", "\n25 Oct 2023  Asa'ib", "What run 41 came to", "not a forecast"):
        assert text in out
    assert "escalatory act" in " ".join(out.split())


def test_quiet_days_are_put_together(spiral):
    _, out, _ = spiral("trace", "october-2023", "--run", "41", *SHORT)
    assert "17-19 Oct 2023: nothing" in out
    assert "\n18 Oct 2023 " not in out


def test_a_single_quiet_day_is_told_too(spiral):
    _, out, _ = spiral("trace", "october-2023", "--run", "41", *SHORT)
    assert "\n27 Oct 2023: nothing" in out


@pytest.mark.parametrize("width", [60, 80, 140])
def test_lines_fit_the_terminal(spiral, monkeypatch, width: int):
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = spiral("trace", "october-2023", "--run", "41", *SHORT)
    longest = max(map(len, out.splitlines()))
    assert min(width, 100) - 8 < longest <= min(width, 100)


def test_strikes_and_spirals_are_explained_at_the_end(spiral):
    job = make_job(load_scenario("october-2023"))
    number = pick_run(job, "first-spiral")
    outcome = replay(job, number).outcome
    for more in ((), ("--story",)):
        _, out, _ = spiral("trace", "october-2023", "--run", str(number), *more)
        text = " ".join(out.split())
        assert "Levels of strikes: 1 depots and sites in Syria" in text
        for name in SPIRALS:
            assert (f"{name.capitalize()} exchange: " in text) == (outcome[f"{name}_day"] >= 0)


def test_a_story_takes_the_place_of_the_log(spiral):
    code, out, _ = spiral("trace", "october-2023", "--run", "41", "--story", *SHORT)
    assert code == 0
    assert "From 20 Oct 2023 to " in " ".join(out.split())
    assert "What run 41 came to" not in out
    assert "escalatory act" in " ".join(out.split())


@pytest.mark.parametrize("scenario", ["october-2023", "one-day.yaml"])
def test_json_is_one_object_and_nothing_else(spiral, scenario: str):
    code, out, err = spiral("trace", scenario, "--run", "3", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    answer = strict_json(out)
    assert list(answer) == [
        "scenario",
        "run",
        "parameters",
        "random_seed",
        "outcome",
        "events",
        "feeding",
    ]
    assert (answer["run"], answer["random_seed"], answer["parameters"]["from"]) == (3, 20231017, "prior")
    assert answer["parameters"]["values"]["us.readiness"] != 0


def test_json_takes_in_what_else_is_asked_for(spiral, here):
    _, out, _ = spiral("trace", "one-day.yaml", "--pick", "worst", "--json", "--story", "--figure")
    answer = strict_json(out)
    assert re.match(r"Picked run \d+ of runs 0 to 999: the worst", answer["picked"])
    assert len(answer["story"]) >= 3
    assert [(here / file).exists() for file in answer["files"]] == [True] * 3


def test_options_reach_the_run(spiral):
    _, out, _ = spiral(
        "trace", "october-2023", "--run", "3", "--json", "--parameters", "default", "--random-seed", "5",
        "--set", "us.readiness=2", *SHORT,
    )  # fmt: skip
    answer = strict_json(out)
    assert (answer["random_seed"], answer["parameters"]["from"]) == (5, "default")
    assert answer["parameters"]["values"]["us.readiness"] == 2
    assert max(event["date"] for event in answer["events"]) <= "2023-12-31"


@pytest.mark.parametrize("how", PICKS)
def test_a_picked_run_is_named(spiral, how: str):
    code, out, _ = spiral("trace", "october-2023", "--pick", how, "--story")
    expected = pick_run(make_job(load_scenario("october-2023")), how)
    assert code == 0
    assert f"Picked run {expected} of runs 0 to 999" in out
    assert f"Run {expected} of october-2023" in out


def test_the_first_spiral_is_picked_unless_told_otherwise(spiral):
    bare, picked = (spiral("trace", "october-2023", *more)[1] for more in ((), ("--pick", "first-spiral")))
    assert bare == picked
    assert "the first with a direct exchange" in bare


def test_no_spiral_to_pick(spiral):
    code, out, err = spiral(
        "trace", "one-day.yaml", "--set", "headline=reciprocal", "--set", "iran.answer=-30"
    )
    assert (code, out) == (2, "")
    assert err == "spiral: none of the first 1,000 runs came to a reciprocal exchange; try --pick worst\n"


@pytest.mark.parametrize("number", ["10**12", "1e12", "1000000000", "-1", "x", "", "1.5", "\u00b2"])
def test_what_is_no_run_number_is_one_line(spiral, number: str):
    code, out, err = spiral("trace", "october-2023", f"--run={number}")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("spiral: --run: ")


@pytest.mark.parametrize(
    "words",
    [("--run", "1", "--pick", "worst"), ("--run", "1", "--out", "x"), ("--run", "1", "--set", "end=never")],
)
def test_other_bad_input_is_one_line(spiral, here, words: tuple[str, ...]):
    code, out, err = spiral("trace", "october-2023", *words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert {file.name for file in here.iterdir()} == {"one-day.yaml"}


def test_both_engines_print_the_same(spiral):
    args = ("trace", "october-2023", "--run", "41", "--json")
    assert spiral(*args, "--engine", "mesa") == spiral(*args)


def test_a_figure_goes_to_results_by_default(spiral, here):
    code, out, _ = spiral("trace", "one-day.yaml", "--run", "5", "--figure")
    names = ["timeline.png", "timeline.svg", "timeline.csv"]
    assert code == 0
    assert [f"Figure: results/one-day-run-5/{name}" for name in names] == out.splitlines()[-3:]
    assert sorted(file.name for file in (here / "results" / "one-day-run-5").iterdir()) == sorted(names)


def test_a_folder_of_something_else_is_refused_before_anything_is_done(spiral, here):
    (here / "mine").mkdir()
    (here / "mine" / "text").write_text("mine")
    code, out, err = spiral("trace", "one-day.yaml", "--run", "5", "--figure", "--out", "mine")
    assert (code, out) == (2, "")
    assert (
        err
        == "spiral: mine: holds something else than the figure 'timeline'; name another folder with --out\n"
    )
    assert [file.name for file in (here / "mine").iterdir()] == ["text"]


def test_a_reader_who_leaves_ends_it_quietly(here):
    command = f"{SPIRAL} trace october-2023 --run 41 | head -1"
    done = subprocess.run(["bash", "-c", command], cwd=here, capture_output=True, text=True, check=False)
    assert (done.returncode, unwaited(done.stderr), done.stdout.count("\n")) == (0, "", 1)
