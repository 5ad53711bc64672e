"""Figures drawn again, and the commands that list: check, scenarios, evidence."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from tests.cli.commands import OCTOBER, PATIENCE, QUICK, ROOT, SPIRAL, one_error, tree, unwaited
from tests.forked import Forked

# Figures


def test_figures_are_drawn_by_run_and_again_by_plot(spiral, here):
    code, out, _ = spiral(*OCTOBER, "--runs", "50", "--out", "r", "--full")
    figures = here / "r" / "figures"
    drawn = {f.name: f.read_bytes() for f in figures.iterdir()}
    assert code == 0
    assert drawn
    printed = [line.removeprefix("Figure: ") for line in out.splitlines() if line.startswith("Figure: ")]
    assert {Path(line).name for line in printed} == {name for name in drawn if name.endswith(".png")}
    for file in figures.iterdir():
        file.unlink()
    code, out, err = spiral("plot", "r")
    assert (code, err) == (0, "")
    assert sorted(out.splitlines()) == sorted(printed)
    again = {f.name: f.read_bytes() for f in figures.iterdir()}
    assert again.keys() == drawn.keys()
    for name in drawn:
        if name.endswith(".csv"):
            assert again[name] == drawn[name], name


@pytest.mark.parametrize("make", ["file", "folder", "damaged"])
def test_plot_refuses_what_is_not_a_result(spiral, here, make):
    place = here / "r"
    if make == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        if make == "damaged":
            (place / "manifest.json").write_text('{"name": "october-2023"')
    before = tree(here)
    code, out, err = spiral("plot", "r")
    assert (code, out) == (2, "")
    assert ("is damaged" if make == "damaged" else "is not a result folder") in one_error(err)
    assert tree(here) == before


# Listing


@pytest.mark.parametrize("name", ["october-2023", "tower-22", "decisive-doctrine", "restraint-doctrine"])
def test_check_prints_what_a_scenario_is_about(spiral, here, name):
    code, out, err = spiral("check", name)
    scenario = load_scenario(name)
    assert (code, err) == (0, "")
    assert out.startswith(f"{name}: {scenario.question}")
    assert "headline: direct: rung 5 or more of the ladder" in out
    assert f"runs: {scenario.runs:,}; seed: {scenario.random_seed}" in out
    imposed = [*(scenario.history.actions if scenario.history else ()), *scenario.interventions]
    assert out.count("  imposed: ") == len(imposed)
    assert out.endswith("No errors found.\n")
    assert tree(here) == set()


@pytest.mark.parametrize("name", ["october-2023", "tower-22", "decisive-doctrine"])
def test_a_resolved_scenario_loads_back(spiral, here, name):
    code, out, err = spiral("check", name, "--resolved", "--set", "runs=77")
    assert (code, err) == (0, "")
    (here / f"{name}.yaml").write_text(out)
    assert load_scenario(here / f"{name}.yaml") == load_scenario(name, ["runs=77"])
    assert spiral("check", f"./{name}.yaml", "--resolved")[1] == out


def test_scenarios_lists_those_that_can_be_run(spiral):
    code, out, _ = spiral("scenarios")
    names = [line for line in out.splitlines() if not line.startswith(" ")]
    assert code == 0
    assert names == sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    assert {"october-2023", "tower-22", "deterrence-only"} <= set(names)


def test_evidence_lists_every_parameter(spiral):
    code, out, err = spiral("evidence")
    assert (code, err) == (0, "")
    assert all(name in out for name in REGISTRY)
    code, out, _ = spiral("evidence", "--json")
    assert code == 0
    assert [entry["name"] for entry in json.loads(out)] == list(REGISTRY)


def test_evidence_of_a_parameter_goes_down_to_its_sources(spiral):
    code, out, _ = spiral("evidence", "militia.tempo")
    assert code == 0
    assert "name: militia.tempo" in out
    assert "source: " in out
    answer = json.loads(spiral("evidence", "militia.tempo", "--json")[1])
    assert answer["name"] == "militia.tempo"
    assert [fact["id"] for fact in answer["facts"]] == list(REGISTRY["militia.tempo"].facts)


def test_evidence_of_a_fact_is_shown(spiral):
    code, out, _ = spiral("evidence", "strike-27-oct")
    assert code == 0
    assert "id: strike-27-oct" in out
    assert "source: " in out
    assert json.loads(spiral("evidence", "strike-27-oct", "--json")[1])["id"] == "strike-27-oct"


@pytest.mark.parametrize("args", [("evidence",), ("scenarios",), (*OCTOBER, *QUICK)])
def test_a_closed_pipe_ends_quietly(here, args):
    read, written = os.pipe()
    os.close(read)
    child = Forked(args, here, stdout=written)
    os.close(written)
    assert child.wait(PATIENCE) == 0
    assert unwaited(child.communicate()[1]) == ""


def test_a_closed_pipe_ends_quietly_a_process_of_its_own(here):
    command = f"set -o pipefail; PYTHONUNBUFFERED=1 {SPIRAL} evidence | true"
    done = subprocess.run(["bash", "-c", command], cwd=here, capture_output=True, text=True, check=False)
    assert (done.returncode, unwaited(done.stderr)) == (0, "")


def test_a_folder_named_like_a_scenario_is_not_listed(spiral, here):
    (here / "scenarios" / "sub.yaml").mkdir(parents=True)
    code, out, err = spiral("scenarios")
    assert (code, err) == (0, "")
    assert "october-2023" in out
    assert "sub" not in out.split()
