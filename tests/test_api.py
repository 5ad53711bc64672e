"""From Python: what importing loads, and that answers are those of the command line."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import sim
from sim import compare, load_scenario, prevented, run, sweep
from sim.estimates.intervals import clustered
from sim.parameters import DAMPING
from sim.scenario import ScenarioError
from sim.simulate import make_job
from sim.simulate.posterior import Posterior
from sim.simulate.prevented import prevented as of_runs

SCENARIO = load_scenario("october-2023", ["end=2023-11-10"])


def test_importing_loads_nothing_heavy_and_touches_nothing():
    code = (
        "import sys; before = set(sys.modules); import sim; from sim import load_scenario\n"
        "print(sorted({'numpy', 'numba', 'scipy', 'pandas', 'matplotlib', 'pyarrow', 'SALib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_every_public_name_is_there_and_no_other():
    for name in sim.__all__:
        assert getattr(sim, name).__name__ == name
        assert getattr(sim, name).__doc__
    with pytest.raises(AttributeError, match="module 'sim' has no attribute 'sweeep'"):
        _ = sim.sweeep


def test_a_run_is_what_the_command_gives(spiral, here):
    table = run(SCENARIO, runs=60, threads=1)
    assert spiral("run", "october-2023", "--set", "end=2023-11-10", "--runs", "60", "--no-figures")[0] == 0
    kept = pd.read_parquet(here / "results" / "october-2023" / "runs.parquet")
    pd.testing.assert_frame_equal(table, kept, check_exact=True)
    told = json.loads((here / "results" / "october-2023" / "estimates.json").read_text())["headline"]
    assert table.attrs["headline"] == {name: told[name] for name in table.attrs["headline"]}
    assert table.attrs["units"]["direct_day"] == "days from the start"
    assert set(table.attrs["units"]) <= set(table.columns)


def test_fitted_rows_that_come_again_count_once(monkeypatch):
    """As in the result folder: beyond the rows that there are, more runs tell nothing more of the parameters."""
    monkeypatch.setattr(Posterior, "rows", 2)
    table = run(load_scenario("october-2023", ["end=2023-12-31"]), runs=200, parameters="posterior")
    by_row = np.bincount(table["direct"].to_numpy(int).reshape(-1, 25).sum(axis=1), minlength=26)
    chance = [clustered(by_row, 0, 0, most_rows=rows).chance for rows in (2, None)]
    assert table.attrs["headline"]["chance"] == pytest.approx(chance[0])
    assert chance[0] != chance[1]


def test_a_run_tells_the_parts_of_its_headline():
    table = run(load_scenario("decisive-doctrine", ["end=2023-12-31"]), runs=500, parameters="prior")
    found = {name: table.attrs[name]["seen"] for name in ("headline", "spiral", "anyway")}
    assert found["spiral"] + found["anyway"] == found["headline"] == table["direct"].sum()
    assert found["spiral"] == table["spiral"].sum() > 0


def test_what_restraint_averts_is_a_table_by_mechanism():
    scenario = load_scenario("decisive-doctrine", ["end=2023-12-31"])
    table = prevented(scenario, runs=310, parameters="prior", threads=2)
    counts = of_runs(make_job(scenario), np.arange(310, dtype=np.uint64))
    assert table["mechanism"].tolist() == ["all", *DAMPING]
    assert table["seen"].tolist() == [counts[name].sum() for name in table["mechanism"]]
    assert (table["runs"] == 310).all()
    assert (table["low"] <= table["probability"]).all()
    assert table["probability"][0] > 0
    assert set(table.attrs["units"]) <= set(table.columns)


def test_a_sweep_is_what_the_command_gives(spiral, here):
    table = sweep(SCENARIO, {"us.readiness": "-1:1:3"}, runs=50)
    args = ("--set", "end=2023-11-10", "--vary", "us.readiness=-1:1:3", "--runs", "50", "--no-figures")
    assert spiral("sweep", "october-2023", *args)[0] == 0
    kept = pd.read_csv(here / "results" / "october-2023-sweep" / "sweep.csv")
    pd.testing.assert_frame_equal(table, kept, check_exact=True)


def test_whole_numbers_may_be_those_of_numpy():
    varied = {"us.readiness": [0, 1]}
    table = sweep(SCENARIO, varied, runs=np.int64(20))
    pd.testing.assert_frame_equal(table, sweep(SCENARIO, varied, runs=20), check_exact=True)


def test_a_comparison_is_what_the_command_gives(spiral, here):
    other = load_scenario("decisive-doctrine", ["end=2023-11-10"])
    table = compare(SCENARIO, other, runs=50)
    args = ("--set", "end=2023-11-10", "--runs", "50", "--no-figures", "--out", "c")
    assert spiral("compare", "october-2023", "decisive-doctrine", *args)[0] == 0
    kept = pd.read_csv(here / "c" / "outcomes.csv")
    assert table["difference"].tolist() == pytest.approx(kept["difference"].tolist(), rel=1e-12)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: run("octobr-2023"), "did you mean 'october-2023'"),
        (lambda: sweep(SCENARIO, {"us.readines": [0, 1]}), "vary:1:1: actors.us.readines: unknown key"),
        (
            lambda: sweep(SCENARIO, {"us.readiness": [0, 9]}),
            "us.readiness = 9: must be a number from -6 to 6",
        ),
    ],
)
def test_bad_input_is_an_error_of_one_line(ask, said):
    with pytest.raises(ScenarioError) as error:
        ask()
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: run(SCENARIO, runs=0), "runs = 0: must be a whole number from 1 on"),
        (lambda: run(SCENARIO, runs=10.5), "runs = 10.5: must be a whole number"),
        (
            lambda: run(SCENARIO, runs=10, parameters="x"),
            "parameters = 'x': must be one of posterior, last-article, prior, default",
        ),
        (lambda: sweep(SCENARIO, {"us.readiness": [0, 1]}, runs=-5), "runs = -5: must be a whole number"),
        (lambda: sweep(SCENARIO, {"us.readiness": [0, 1]}, design="LHS"), "must be one of grid, lhs, sobol"),
        (lambda: compare(SCENARIO, "decisive-doctrine", runs=0), "runs = 0: must be a whole number"),
        (lambda: prevented(SCENARIO, runs=0), "runs = 0: must be a whole number"),
        (lambda: sim.sensitivity(SCENARIO, method="sobl"), "must be one of sobol, morris"),
        (lambda: sim.warnings(SCENARIO, ahead=0), "ahead = 0: must be a whole number"),
        (lambda: sim.discover(SCENARIO, rows=True), "rows = True: must be a whole number"),
        (lambda: sim.policy(SCENARIO, generations=0), "generations = 0: must be a whole number"),
        (lambda: sim.dilemma(SCENARIO, points=0), "points = 0: must be a whole number"),
    ],
)
def test_a_wrong_argument_is_an_error_of_one_line(ask, said):
    with pytest.raises(ValueError, match="must be") as error:
        ask()
    assert said in str(error.value)
