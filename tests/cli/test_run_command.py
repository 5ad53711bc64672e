"""The command `spiral run`: the answer that it prints, the result that it writes, and how many runs it takes."""

import json
from collections.abc import Callable

import pyarrow.parquet as pq
import pytest

from sim.experiments import open_answer
from sim.store import TABLES
from tests.cli.commands import BLOCKS, OCTOBER, QUICK, contents, tree

Run = Callable[..., tuple[int, str, str]]


# A run


def test_a_run_prints_the_answer_and_writes_a_result(spiral, here):
    code, out, err = spiral(
        "run", "october-2023", "--runs", "500", "--no-figures", "--full", "--out", "found"
    )
    assert (code, err) == (0, "")
    result = open_answer(here / "found")
    text = " ".join(out.split())
    assert "Spiral into a direct exchange by 31 Jul 2024: " in text
    assert "would have come without any amplifying reaction; in all, a direct exchange: " in text
    assert " restraint averted one." in text
    assert "by chance, [" in text
    assert "with the parameters unknown" in text
    for heading in (
        "Exchanges",
        "Averted by restraint: come to only without it (sample of 500 runs)",
        "Escalation ladder: ever reached",
        "Outcomes of a run",
        "500 runs, 20 draws of the parameters",
    ):
        assert heading in text
    assert "Result: found" in out
    assert result.manifest["runs"] == 500
    names = {
        "manifest.json", "october-2023.yaml", "estimates.json", "estimates.csv", "counts.parquet",
        "trajectories.parquet", "runs.parquet", "runs.parquet/part-000000000000.parquet", ".lock",
        *(f"{table}.csv" for table in TABLES),
    }  # fmt: skip
    assert tree(here) - {"found/.lock"} == {"found", *(f"found/{name}" for name in names - {".lock"})}
    assert len(pq.read_table(here / "found" / "runs.parquet")) == 500


def test_json_is_one_object_and_nothing_else(spiral, here, monkeypatch):
    words = ("run", "october-2023", *QUICK, "--json", "--out", "found")
    monkeypatch.setattr("sys.argv", ["spiral", *words])
    code, out, err = spiral(*words)
    assert (code, err) == (0, "")
    assert out.count("\n") == 1
    answer = json.loads(out)
    result = open_answer(here / "found")
    basis = result.manifest["basis"]
    assert answer == {"folder": "found", "basis": basis, "manifest": result.manifest, **result.estimates}
    assert [(one["scenario"], one["told"]) for one in basis] == [("october-2023", [])]
    assert result.manifest["command"] == f"spiral run october-2023 {' '.join(QUICK)} --json --out found"


EARLY = ("--set", "start=2019-12-27", "--set", "end=2020-02-01")
STRUCK = "{date: 2020-01-03, actor: us, action: strike, level: 4}"
FEW = ("--runs", "50", "--no-figures", "--out", "found")


@pytest.mark.parametrize(
    "words",
    [
        ("run", "october-2023"),
        ("sweep", "october-2023", "--vary", "us.readiness=0,1"),
        ("compare", "restraint-doctrine", "decisive-doctrine"),
    ],
)
def test_what_is_not_what_was_fitted_is_said_in_the_first_line(spiral, here, words):
    code, out, _ = spiral(*words, *EARLY, *FEW)
    assert code == 0
    text = out.strip()
    assert "Not what was fitted, by its start: " in " ".join(text.splitlines()[:2])
    assert text.startswith("Not what was fitted") == (words[0] != "compare")
    assert "explains the record" not in " ".join(text.split())
    said = [one["told"] for one in open_answer(here / "found").manifest["basis"]]
    assert all("which is not in its past" in told[0] for told in said)


def test_of_what_was_fitted_nothing_is_said_before_the_answer(spiral, here):
    out = spiral("run", "october-2023", *FEW)[1].strip()
    first = next(line for line in out.splitlines() if not line.startswith(("Warning: ", "    ")))
    assert first.startswith("Spiral into a direct exchange")


def test_a_headline_that_history_imposes_is_not_told_as_found(spiral, here):
    history = f"history={{release: 2020-01-10, actions: [{STRUCK}]}}"
    code, out, _ = spiral("run", "october-2023", *EARLY, "--set", history, *FEW)
    text = " ".join(out.split())
    assert code == 0
    assert "The headline is imposed by history on 3 Jan 2020." in text
    assert "Direct exchange by 1 Feb 2020: the headline is imposed by history on 3 Jan 2020" in text
    assert "over rival explanations" not in text
    assert "100%" not in text.split("Escalation ladder")[0]
    told = json.loads(spiral("run", "october-2023", *EARLY, "--set", history, *FEW, "--json")[1])
    assert told["headline"] == {"definition": "direct", "imposed": "imposed by history on 2020-01-03"}
    assert told["spirals"]["direct"] == told["headline"]
    assert "probability" in told["spirals"]["reciprocal"]


def test_a_result_goes_to_results_by_default(spiral, here):
    assert spiral("run", "october-2023", *QUICK, "--random-seed", "1")[0] == 0
    assert open_answer(here / "results" / "october-2023").manifest["random_seed"] == 1
    assert [f.name for f in (here / "results").iterdir()] == ["october-2023"]


def test_options_reach_the_run(spiral, here):
    code, _, _ = spiral(
        "run", "october-2023", *QUICK, "--parameters", "default", "--threads", "1", "--set", "us.readiness=1",
        "--set", "end=2023-11-30", "--out", "r",
    )  # fmt: skip
    result = open_answer(here / "r")
    assert code == 0
    assert result.scenario.actors.us["readiness"] == 1
    assert result.scenario.end.isoformat() == "2023-11-30"
    assert (result.manifest["parameters"], result.manifest["rows"]) == ("default", 1)


@pytest.mark.parametrize("runs", ["1", "24", "25", "26"])
def test_however_few_runs_are_answered(spiral, runs):
    code, out, err = spiral("run", "october-2023", "--runs", runs, "--no-figures", "--set", "end=2023-11-30")
    assert (code, err) == (0, "")
    assert "nan" not in out.lower().split()


@pytest.mark.parametrize(
    ("precision", "cap", "said"),
    [
        ("0.5", "2500", "Precision of 50 percentage points reached."),
        ("0.0001", "50", "runs, and --runs held it to fewer."),
    ],
)
def test_precision_says_whether_it_was_reached(spiral, here, precision, cap, said):
    settings = ("--set", "end=2023-10-27", "--no-figures", "--out", "r")
    code, out, err = spiral("run", "october-2023", "--precision", precision, "--runs", cap, *settings)
    manifest = open_answer(here / "r").manifest
    assert (code, err) == (0, "")
    assert said in " ".join(out.split())
    assert ("Precision of 0.01 percentage points not reached" in " ".join(out.split())) == (
        precision == "0.0001"
    )
    assert manifest["runs"] == min(manifest["runs_needed"], int(cap))
    assert (manifest["runs_needed"] > int(cap)) == (precision == "0.0001")
    assert manifest["precision"] == manifest["job"]["precision"] == float(precision)


def test_precision_keeps_to_runs_that_were_set(spiral, here):
    settings = ("--set", "end=2023-10-27", "--set", "runs=75", "--no-figures", "--out", "r")
    assert spiral("run", "october-2023", "--precision", "0.0001", *settings)[0] == 0
    assert open_answer(here / "r").manifest["runs"] == 75


def test_precision_without_runs_is_not_bound_by_the_scenario(spiral, here):
    """It comes in about one run of nine; the least number of runs, 2,000, is not nearly enough."""
    (here / "small.yaml").write_text("extends: decisive-doctrine\nruns: 100\nend: 2023-11-10\n")
    code, out, _ = spiral("run", "small.yaml", "--precision", "0.01", "--no-figures", "--out", "r")
    result = open_answer(here / "r")
    low, high = result.estimates["headline"]["chance"]
    assert code == 0
    assert 2_000 < result.manifest["runs"] == result.manifest["runs_needed"]
    assert (high - low) / 2 <= 0.01
    assert "Precision of 1 percentage point reached." in " ".join(out.split())
    assert len(pq.read_table(here / "r" / "runs.parquet")) == result.manifest["runs"]


def test_precision_decides_the_same_again_and_goes_on(spiral, here, simulated):
    command = (*OCTOBER, "--set", "end=2023-10-27", "--precision", "0.5", "--no-figures", "--out", "r")
    first = spiral(*command)
    assert first[0] == 0
    del simulated[:]
    assert spiral(*command) == first
    assert simulated == []


def test_a_run_works_from_anywhere_by_bare_name(spiral, here):
    code, _, err = spiral("run", "tower-22", *QUICK)
    assert (code, err) == (0, "")
    assert (here / "results" / "tower-22" / "tower-22.yaml").is_file()


def test_a_summary_keeps_no_run_and_says_the_same(spiral, here):
    outcomes = spiral(*OCTOBER, *BLOCKS, "--out", "outcomes")
    summary = spiral(*OCTOBER, *BLOCKS, "--keep", "summary", "--out", "summary")
    assert summary[1].replace("summary", "") == outcomes[1].replace("outcomes", "")
    one, other = (
        {n: c for n, c in contents(here / k).items() if isinstance(c, bytes)} for k in ("outcomes", "summary")
    )
    assert (
        {name for name in one if name not in other}
        == {n for n in one if n.startswith("runs.parquet")}
        != set()
    )
    assert other == {name: data for name, data in one.items() if name in other}
    assert {"counts.parquet", "daily.csv", "estimates.json", "trajectories.parquet"} <= other.keys()
    assert not (here / "summary" / "runs.parquet").exists()
    assert open_answer(here / "summary").manifest["job"]["keep"] == "summary"


def test_a_place_that_begins_with_a_tilde_is_taken_as_it_is(spiral, here, monkeypatch):
    monkeypatch.setenv("HOME", str(here / "home"))
    code, _, err = spiral("run", "october-2023", *QUICK, "--out", "~/x")
    assert (code, err) == (0, "")
    assert (here / "~" / "x" / "daily.csv").is_file()
    assert not (here / "home").exists()


def test_a_result_that_was_moved_is_gone_on_with_where_it_is(spiral, here):
    spiral("run", "october-2023", *QUICK, "--out", "old/place")
    (here / "old").rename(here / "new")
    (here / "new" / "place" / "daily.csv").unlink()
    _, out, _ = spiral("results", "--under", "new")
    assert "is missing" in out
    assert "--out new/place` mends it" in out
    assert "old/place" not in out
