"""Running a scenario: threads, precision, altered worlds that share the main runs' luck."""

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.experiments import Settings, run_scenario, single
from sim.parameter_rows import RUNS_PER_ROW
from sim.runs import make_job, run_blocks
from sim.runs.outcomes import outcome_table
from sim.scenario import Scenario, load_scenario
from sim.store import TABLES, Result


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("decisive-doctrine", ["end=2023-11-20", "runs=560"])


@pytest.fixture(scope="module")
def results(scenario: Scenario, tmp_path_factory) -> dict[int, Result]:
    folders = {threads: tmp_path_factory.mktemp(f"threads-{threads}") for threads in (1, 2, 3)}
    return {n: run_scenario(scenario, Settings(threads=n), folder) for n, folder in folders.items()}


def settled(monkeypatch: pytest.MonkeyPatch, altered: dict[str, dict[str, float]] | None = None) -> None:
    """Leave out the altered worlds, or put others in their place."""
    monkeypatch.setattr(single, "ALTERED", altered or {})


# Threads


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_number(results, threads):
    one, other = results[1], results[threads]
    assert one.estimates == other.estimates
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name), check_exact=True)
    differing = {key for key in one.manifest if one.manifest[key] != other.manifest[key]}
    assert differing <= {"finished", "seconds"}


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_byte_of_runs_and_trajectories(results, threads):
    for name in ("runs.parquet", "trajectories.parquet"):
        assert (results[1].folder / name).read_bytes() == (results[threads].folder / name).read_bytes()


def test_another_seed_is_another_result(scenario, results, tmp_path, monkeypatch):
    settled(monkeypatch)
    other = run_scenario(scenario.model_copy(update={"random_seed": 1}), Settings(threads=1), tmp_path)
    assert other.estimates["rungs"] != results[1].estimates["rungs"]


# What is written


def test_runs_are_written_one_a_row_in_order(scenario, results):
    table = pq.read_table(results[2].folder / "runs.parquet").to_pandas()
    assert table["run"].tolist() == list(range(560))
    assert np.array_equal(table["parameter_row"], table["run"] // RUNS_PER_ROW)
    assert table["direct"].mean() == pytest.approx(results[2].estimates["spirals"]["direct"]["probability"])
    blocks = [outcome_table(b, scenario).to_pandas() for b in run_blocks(make_job(scenario), 560, threads=1)]
    recount = pd.concat([b.drop(columns=["first_mover"]) for b in blocks], ignore_index=True)
    assert np.array_equal(table["wounded"], recount["wounded"])
    assert table["wounded"].any()


def test_trajectories_are_the_first_runs_and_end_as_they_do(scenario, results):
    folder = results[1].folder
    runs = pq.read_table(folder / "runs.parquet").to_pandas()
    paths = pq.read_table(folder / "trajectories.parquet").to_pandas()
    assert len(paths) == single.SAMPLE * scenario.days
    sums = paths.groupby("run")[["wounded", "killed"]].sum()
    assert np.array_equal(sums, runs.loc[: single.SAMPLE - 1, ["wounded", "killed"]])


def test_the_manifest_tells_what_was_run(results, scenario):
    manifest = results[2].manifest
    assert (manifest["runs"], manifest["rows"], manifest["runs_per_row"]) == (560, 23, RUNS_PER_ROW)
    assert manifest["random_seed"] == scenario.random_seed
    assert manifest["altered_worlds_runs"] == 560
    assert manifest["name"] == "decisive-doctrine"
    assert manifest["precision"] is None


def test_default_parameters_are_one_row(scenario, tmp_path, monkeypatch):
    settled(monkeypatch)
    result = run_scenario(scenario, Settings("default", threads=2), tmp_path)
    assert (result.manifest["rows"], result.manifest["runs_per_row"]) == (1, 560)
    assert result.estimates["headline"]["ignorance"] is None
    assert result.incidence["unknown_high"].isna().all()


# Precision


@pytest.fixture
def long(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"runs": 60_000, "end": scenario.start.replace(day=27)})


def test_precision_stops_the_runs_when_it_is_reached(long, tmp_path, monkeypatch):
    settled(monkeypatch)
    result = run_scenario(long, Settings(precision=0.02, threads=2), tmp_path)
    runs, (low, high) = result.manifest["runs"], result.estimates["headline"]["chance"]
    assert single.LEAST_RUNS <= runs < long.runs
    assert (high - low) / 2 <= 0.02
    assert len(pq.read_table(tmp_path / "runs.parquet")) == runs
    assert result.manifest["precision"] == 0.02


def test_precision_is_not_believed_of_very_few_runs(long, tmp_path, monkeypatch):
    settled(monkeypatch)
    scenario = long.model_copy(update={"runs": 8_000})  # in blocks of 1,000
    result = run_scenario(scenario, Settings(precision=0.5, threads=2), tmp_path)
    assert result.manifest["runs"] == single.LEAST_RUNS == 2_000


def test_precision_takes_no_more_runs_than_it_must(long, tmp_path, monkeypatch):
    """The blocks before the last were not enough: with them the interval was wider, or the runs too few."""
    settled(monkeypatch)
    widths = {}

    def progress(done: int, planned: int, half_width: float) -> None:
        widths[done] = half_width

    result = run_scenario(long, Settings(precision=0.002, threads=2), tmp_path, progress)
    *before, last = widths
    assert last == result.manifest["runs"]
    assert before
    assert all(widths[runs] > 0.002 or runs < single.LEAST_RUNS for runs in before)


def test_precision_out_of_reach_runs_all(scenario, tmp_path, monkeypatch):
    settled(monkeypatch)
    result = run_scenario(scenario, Settings(precision=1e-6, threads=2), tmp_path)
    assert result.manifest["runs"] == scenario.runs
    low, high = result.estimates["headline"]["chance"]
    assert (high - low) / 2 > 1e-6


def test_precision_changes_no_number_of_the_runs_it_takes(long, tmp_path, monkeypatch):
    settled(monkeypatch)
    stopped, whole = tmp_path / "stopped", tmp_path / "whole"
    for folder in (stopped, whole):
        folder.mkdir()
    first = run_scenario(long, Settings(precision=0.02, threads=2), stopped)
    run_scenario(long, Settings(threads=2), whole)
    few, many = (pq.read_table(f / "runs.parquet").to_pandas() for f in (stopped, whole))
    pd.testing.assert_frame_equal(few, many.iloc[: first.manifest["runs"]])


# Altered worlds


def test_an_altered_world_in_which_nothing_is_altered_is_the_main_one(scenario, tmp_path, monkeypatch):
    settled(monkeypatch, {"couplings off": {}, "nothing": {}, "something": {"us.readiness": 0.0}})
    estimates = run_scenario(scenario, Settings(threads=2), tmp_path).estimates
    assert 0 < estimates["headline"]["probability"] < 1
    assert estimates["mechanisms"]["nothing"] == estimates["headline"]["probability"]
    assert estimates["mechanisms"]["something"] != estimates["headline"]["probability"]
    for entry in estimates["spirals"].values():
        same = {k: v for k, v in entry.items() if k not in ("couplings_off", "same_runs")}
        assert entry["same_runs"] == entry["probability"]
        assert entry["couplings_off"] == same | {"ignorance": None}  # not fitted for altered worlds


def test_altered_worlds_are_the_first_runs_of_the_main_ones(scenario, tmp_path, monkeypatch):
    settled(monkeypatch, {"nothing": {}})
    monkeypatch.setattr(single, "MOST_ALTERED", 250)
    result = run_scenario(scenario, Settings(threads=2), tmp_path)
    runs = pq.read_table(tmp_path / "runs.parquet").to_pandas()
    assert result.estimates["mechanisms"]["nothing"] == runs["direct"][:250].mean()
    assert result.manifest["altered_worlds_runs"] == 250


def test_progress_counts_every_run_up_to_the_plan(scenario, tmp_path):
    told: list[tuple[int, int, float]] = []
    run_scenario(scenario, Settings(threads=2), tmp_path, lambda *news: told.append(news))
    done = [news[0] for news in told]
    assert done == sorted(set(done))
    assert done[-1] == told[-1][1] == scenario.runs * (1 + len(single.ALTERED))
    assert told[0][2] > 0


def test_settings_are_plain(tmp_path: Path):
    assert dataclasses.asdict(Settings()) == {
        "parameters": "prior", "precision": None, "threads": None, "changes": (), "command": "",
        "engine": "compiled",
    }  # fmt: skip


def test_altered_worlds_are_held_against_the_same_runs_of_the_main_one(scenario, tmp_path, monkeypatch):
    """More runs than the altered worlds take: the headline of the first of them is given beside."""
    settled(monkeypatch, {"couplings off": {}})
    monkeypatch.setattr("sim.experiments.single.MOST_ALTERED", 500)
    many = scenario.model_copy(update={"runs": 2_000})
    result = run_scenario(many, Settings(threads=2), tmp_path)
    entry = result.estimates["spirals"]["direct"]
    assert result.manifest["altered_worlds_runs"] == 500 < result.manifest["runs"]
    assert entry["couplings_off"]["probability"] == entry["same_runs"] != entry["probability"]
