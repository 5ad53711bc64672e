"""Running a scenario: threads, jobs that go on, altered worlds that share the main runs' luck."""

from collections.abc import Callable, Generator, Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.experiments import open_answer
from sim.experiments.run import SAMPLE, altered
from sim.pipeline.answers import Answer
from sim.scenario import Scenario, load_scenario
from sim.simulate import make_job, run_blocks
from sim.simulate.outcome_table import outcome_table
from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.simulate.pools import in_turn
from sim.store import TABLES, RefusedPlace, StoreError
from tests.jobs import run_in


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("decisive-doctrine", ["end=2023-11-20", "runs=560"])


@pytest.fixture(scope="module")
def results(scenario: Scenario, tmp_path_factory) -> dict[int, Answer[Any]]:
    folders = {threads: tmp_path_factory.mktemp(f"threads-{threads}") for threads in (1, 2, 3)}
    return {n: run_in(folder, scenario, threads=n) for n, folder in folders.items()}


def settled(monkeypatch: pytest.MonkeyPatch, worlds: dict[str, dict[str, float]] | None = None) -> None:
    """Leave out the altered worlds, or put others in their place."""
    monkeypatch.setattr(altered, "ALTERED", worlds or {})


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a result but the manifest and the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", "manifest.json")
    }


# Threads


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_number(results, threads):
    one, other = results[1], results[threads]
    assert one.estimates == other.estimates
    for name in TABLES:
        pd.testing.assert_frame_equal(one.tables[name], other.tables[name], check_exact=True)
    differing = {key for key in one.manifest if one.manifest[key] != other.manifest[key]}
    assert differing <= {"began", "finished", "seconds", "sha256"}


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_change_no_byte(results, threads):
    one, other = files(results[1].folder), files(results[threads].folder)
    assert {"counts.parquet", "trajectories.parquet", "runs.parquet/part-000000000500.parquet"} < one.keys()
    assert one == other
    assert results[1].manifest["files"] == results[threads].manifest["files"]


def test_another_seed_is_another_result(scenario, results, tmp_path, monkeypatch):
    settled(monkeypatch)
    other = run_in(tmp_path, scenario.model_copy(update={"random_seed": 1}), threads=1)
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
    assert len(paths) == SAMPLE * scenario.days
    sums = paths.groupby("run")[["wounded", "killed"]].sum()
    assert np.array_equal(sums, runs.loc[: SAMPLE - 1, ["wounded", "killed"]])


def test_the_manifest_tells_what_was_run(results, scenario):
    manifest = results[2].manifest
    assert (manifest["runs"], manifest["rows"], manifest["runs_per_row"]) == (560, 23, RUNS_PER_ROW)
    assert manifest["random_seed"] == scenario.random_seed
    assert manifest["altered_worlds_runs"] == 560
    assert manifest["name"] == "decisive-doctrine"
    assert manifest["precision"] is manifest["runs_needed"] is None


def test_default_parameters_are_one_row(scenario, tmp_path, monkeypatch):
    settled(monkeypatch)
    result = run_in(tmp_path, scenario, "default", threads=2)
    assert (result.manifest["rows"], result.manifest["runs_per_row"]) == (1, 560)
    assert result.estimates["headline"]["ignorance"] is None
    assert result.finding.incidence["unknown_high"].isna().all()


# Jobs that go on


def cut_short(blocks: int) -> Callable[..., Generator[Any, None, None]]:
    """Make a pool that is interrupted after so many blocks."""

    def pool(work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[Any, None, None]:
        yield from in_turn(work, islice(items, blocks))
        raise KeyboardInterrupt

    return pool


BLOCKS, SIZE = 16, 500  # of the scenario in two blocks, and of seven altered worlds


def nothing_to_do(work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[Any, None, None]:
    assert list(items) == []
    yield from ()


@pytest.mark.parametrize("cuts", [[0], [1], [2], [3], [BLOCKS - 1], [1, 0, 3], [3, 12]], ids=str)
def test_a_job_that_was_cut_short_anywhere_goes_on_to_the_same_result(scenario, results, tmp_path, cuts):
    told: list[tuple[int, ...]] = []
    for blocks in cuts:
        with pytest.raises(KeyboardInterrupt):
            run_in(tmp_path, scenario, pool=cut_short(blocks))
        with pytest.raises(StoreError, match="is not finished"):
            open_answer(tmp_path)
    result = run_in(tmp_path, scenario, progress=lambda *news: told.append(news), pool=in_turn)
    assert files(result.folder) == files(results[1].folder)
    assert result.manifest["files"] == results[1].manifest["files"]
    sizes = [SIZE, 560 - SIZE] * (BLOCKS // 2)
    done = [sum(sizes[: number + 1]) for number in range(BLOCKS)]
    assert told == [(now, 560 * 8, min(now, sum(sizes[: sum(cuts)])), 0) for now in done]


def test_a_finished_job_is_not_begun_again(scenario, tmp_path, monkeypatch):
    settled(monkeypatch)
    told: list[tuple[int, ...]] = []
    first = run_in(tmp_path, scenario)
    again = run_in(tmp_path, scenario, progress=lambda *news: told.append(news), pool=nothing_to_do)
    assert (again.manifest, again.estimates, told) == (first.manifest, first.estimates, [])


def test_another_job_is_refused_and_fresh_replaces_it(scenario, results, tmp_path):
    other = scenario.model_copy(update={"random_seed": 1})
    run_in(tmp_path, other, block_size=50)
    before = files(tmp_path)
    with pytest.raises(RefusedPlace, match="holds another job: random_seed is 1 there"):
        run_in(tmp_path, scenario)
    assert files(tmp_path) == before
    run_in(tmp_path, scenario, fresh=True)
    assert files(tmp_path) == files(results[1].folder)


@pytest.mark.parametrize("pool", [in_turn, None])
def test_pools_change_no_byte(scenario, results, tmp_path, pool):
    assert files(run_in(tmp_path, scenario, pool=pool).folder) == files(results[1].folder)


@pytest.mark.parametrize("size", [25, 275, 50_000])
def test_the_size_of_blocks_changes_no_number(scenario, results, tmp_path, size):
    result = run_in(tmp_path, scenario, block_size=size)
    assert len(list((tmp_path / "runs.parquet").iterdir())) == -(-560 // size)
    one, other = (
        {name: data for name, data in files(folder).items() if not name.startswith("runs.parquet")}
        for folder in (tmp_path, results[1].folder)
    )
    assert one == other
    tables = [pq.read_table(r.folder / "runs.parquet").to_pandas() for r in (result, results[1])]
    pd.testing.assert_frame_equal(*tables)


def test_a_summary_says_the_same_without_the_runs(scenario, results, tmp_path):
    run_in(tmp_path, scenario, keep="summary")
    whole = {n: data for n, data in files(results[1].folder).items() if not n.startswith("runs.parquet")}
    assert files(tmp_path) == whole


def test_fewer_runs_are_the_first_of_more(scenario, results, tmp_path, monkeypatch):
    settled(monkeypatch)
    more = scenario.model_copy(update={"runs": 1_300})
    run_in(tmp_path, more)
    few, many = (pq.read_table(f / "runs.parquet").to_pandas() for f in (results[1].folder, tmp_path))
    pd.testing.assert_frame_equal(few, many.iloc[:560])


def test_a_precision_is_kept_on_record_and_changes_no_number(scenario, results, tmp_path):
    result = run_in(tmp_path, scenario, precision=0.4, runs_needed=2_000)
    assert (result.manifest["precision"], result.manifest["runs_needed"]) == (0.4, 2_000)
    assert result.manifest["runs"] == 560
    assert files(tmp_path) == files(results[1].folder)
    with pytest.raises(RefusedPlace, match=r"precision is 0\.4 there and not set here"):
        run_in(tmp_path, scenario)


# Altered worlds


def test_an_altered_world_in_which_nothing_is_altered_is_the_main_one(scenario, tmp_path, monkeypatch):
    settled(monkeypatch, {"couplings off": {}, "nothing": {}, "something": {"us.readiness": 0.0}})
    estimates = run_in(tmp_path, scenario, threads=2).estimates
    assert 0 < estimates["headline"]["probability"] < 1
    assert estimates["mechanisms"]["nothing"] == estimates["headline"]["probability"]
    assert estimates["mechanisms"]["something"] != estimates["headline"]["probability"]
    for entry in estimates["spirals"].values():
        same = {k: v for k, v in entry.items() if k not in ("couplings_off", "same_runs")}
        assert entry["same_runs"] == entry["probability"]
        assert entry["couplings_off"] == same | {"ignorance": None}  # not fitted for altered worlds


def test_altered_worlds_are_the_first_runs_of_the_main_ones(scenario, tmp_path, monkeypatch):
    settled(monkeypatch, {"nothing": {}})
    monkeypatch.setattr("sim.experiments.run.MOST_ALTERED", 250)
    result = run_in(tmp_path, scenario, threads=2)
    runs = pq.read_table(tmp_path / "runs.parquet").to_pandas()
    assert result.estimates["mechanisms"]["nothing"] == runs["direct"][:250].mean()
    assert result.manifest["altered_worlds_runs"] == 250


def test_progress_counts_every_run_up_to_the_plan(scenario, tmp_path):
    told: list[tuple[int, int, int, int]] = []
    run_in(tmp_path, scenario, threads=2, progress=lambda *news: told.append(news))
    done = [news[0] for news in told]
    assert done == sorted(set(done))
    assert len(done) == BLOCKS
    assert done[-1] == told[-1][1] == scenario.runs * (1 + len(altered.ALTERED))
    assert {news[1:] for news in told} == {
        (done[-1], 0, 0)
    }  # nothing was there before, nothing is told half-way


def test_altered_worlds_are_held_against_the_same_runs_of_the_main_one(scenario, tmp_path, monkeypatch):
    """More runs than the altered worlds take: the headline of the first of them is given beside."""
    settled(monkeypatch, {"couplings off": {}})
    monkeypatch.setattr("sim.experiments.run.MOST_ALTERED", 500)
    many = scenario.model_copy(update={"runs": 2_000})
    result = run_in(tmp_path, many, threads=2)
    entry = result.estimates["spirals"]["direct"]
    assert result.manifest["altered_worlds_runs"] == 500 < result.manifest["runs"]
    assert entry["couplings_off"]["probability"] == entry["same_runs"] != entry["probability"]


def test_the_range_over_the_last_step_leaves_alone_what_the_scenario_fixes():
    free, fixed = (
        altered.altered_worlds(load_scenario("october-2023", settings))
        for settings in ([], ["iran.answer=-30"])
    )
    assert set(free) == set(fixed) == set(altered.ALTERED)
    assert free["last step likely"] == altered.ALTERED["last step likely"]
    assert fixed["last step likely"] == {"us.level_4_base": free["last step likely"]["us.level_4_base"]}
