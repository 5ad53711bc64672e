"""The command `spiral plan`: what people and programs are told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sim.cli.main import cli
from sim.estimates.planning import runs_needed
from sim.experiments.run.sizing import PILOT_RUNS, Pilot, pilot_of
from sim.scenario import load_scenario
from sim.simulate.prevented import LIVES, sample_of

# The pilot


@pytest.fixture(scope="module")
def scenario():
    return load_scenario("october-2023", ["end=2023-12-10"])


@pytest.fixture(scope="module")
def found(scenario) -> Pilot:
    return pilot_of(scenario, "prior")


# The command


@pytest.fixture
def told(tmp_path: Path, monkeypatch, capfd) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)

    def run(*args: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = cli.main(["plan", *args], prog_name="spiral")
        return code, *capfd.readouterr()

    return run


SHORT = ("october-2023", "--set", "end=2023-12-10")


def test_people_are_told_the_runs_and_what_they_cost(told, tmp_path):
    code, out, err = told(
        *SHORT, "--precision", "0.005", "--threads", "2", "--keep", "summary", "--out", "a b"
    )
    assert (code, err) == (0, "")
    question, piloted, runs, cost, start = out.splitlines()
    assert question.startswith("october-2023: Does the campaign")
    assert piloted.startswith("pilot of 10,000 runs, not part of any result: ")
    assert "by chance" in piloted
    assert runs.endswith("draws of the parameters) for 0.5 percentage points to either side")
    assert cost.startswith("about ")
    assert " with 2 threads; " in cost
    assert " MB in a b (" in cost
    lives = LIVES * len(sample_of(int(runs.split()[0].replace(",", ""))))
    assert cost.endswith(f" free); 80,000 runs of altered worlds and {lives:,} lives of a sample included")
    again = "--set end=2023-12-10 --precision 0.005 --threads 2 --keep summary --out 'a b'"
    assert start == f"spiral run october-2023 {again} starts it; it can be stopped and resumed at any time"
    assert list(tmp_path.iterdir()) == []


def test_runs_are_told_with_the_precision_to_expect(told):
    code, out, _ = told(*SHORT, "--runs", "50000", "--random-seed", "3", "--parameters", "default")
    assert code == 0
    assert "50,000 runs: about " in out
    assert " to either side, at most " in out
    assert "--runs 50000 --random-seed 3 --parameters default starts it" in out


def test_json_is_one_object(told, scenario, found):
    code, out, err = told(*SHORT, "--precision", "0.005", "--parameters", "prior", "--json")
    answer = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert answer["runs"] == answer["needed"] == runs_needed(found.rows, 0.005, True)
    assert answer["pilot"]["runs"] == PILOT_RUNS
    assert answer["pilot"]["probability"] == found.estimate.probability
    assert (answer["keep"], answer["parameters"]) == ("outcomes", "prior")


def test_by_default_what_was_fitted_is_planned_with(told, scenario):
    code, out, err = told(*SHORT, "--json")
    answer = json.loads(out)
    assert (code, err, answer["parameters"]) == (0, "", "posterior")
    assert answer["pilot"]["probability"] == pilot_of(scenario, "posterior").estimate.probability


BAD = [
    *[(*SHORT, f"--precision={p}") for p in ("0", "0.6", "nan", "inf", "-0.1", "abc", "")],
    (*SHORT, "--precision", "1e-6"),
    (*SHORT, "--runs", "1e12"),
    (*SHORT, "--threads", "0"),
    (*SHORT, "--keep", "all"),
    ("octobre-2023",),
    (*SHORT, "--out", "taken"),
]


@pytest.mark.parametrize("args", BAD, ids=[" ".join(args[-2:]) for args in BAD])
def test_what_cannot_be_is_one_line_and_exit_code_2(told, tmp_path, args):
    (tmp_path / "taken").write_text("mine")
    code, out, err = told(*args)
    assert (code, out) == (2, "")
    assert err.startswith("spiral: ")
    assert err.count("\n") == 1


def test_a_precision_that_the_fitted_rows_cannot_give_is_refused(told, tmp_path):
    code, out, err = told(*SHORT, "--precision", "0.0005")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--precision: 0.0005 takes more than the 4,000 fitted draws of the parameters, which leave " in err
    assert "--parameters prior" in err
    assert told(*SHORT, "--precision", "0.0005", "--parameters", "prior")[0] == 0
    code, out, _ = told(*SHORT, "--precision", "0.0005", "--runs", "200000")  # capped, it is told what comes
    assert code == 0
    assert "(4,000 draws of the parameters)" in out
