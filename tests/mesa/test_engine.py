"""A job run by Mesa leaves what the compiled engine leaves."""

import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.cli.main import cli
from sim.mesa.watched import watch
from sim.scenario import load_scenario
from sim.simulate import new_tallies
from sim.simulate.job import lived
from tests.jobs import run_in
from tests.mesa.models import numbers

# Runs by Mesa


def test_runs_by_mesa_are_counted_as_the_compiled_ones(job):
    asked = np.arange(60, dtype=np.uint64)
    counts = new_tallies(job.days).daily, new_tallies(job.days).daily
    told: list[int] = []
    by_mesa = watch(job, asked, counts[0], told.append)
    compiled = lived(job, asked, counts[1])
    assert numbers(np.asarray(by_mesa)) == numbers(np.asarray(compiled))
    for one, other in zip(*counts, strict=True):
        assert one.sum() > 0
        assert one.tobytes() == other.tobytes()
    assert sum(told) == 60


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> dict[str, Path]:
    """The result of 30 runs by each engine."""
    folder = tmp_path_factory.mktemp("both")
    for engine in ("compiled", "mesa"):
        words = ["run", "october-2023", "--runs", "30", "--set", "end=2023-11-30", "--engine", engine]
        assert cli.main([*words, "--out", str(folder / engine)], prog_name="spiral") == 0
    return {engine: folder / engine for engine in ("compiled", "mesa")}


def test_the_outcome_table_is_the_same_to_the_last_byte(both):
    one, other = (pq.read_table(both[engine] / "runs.parquet") for engine in ("compiled", "mesa"))
    assert one.num_rows == 30
    assert one.schema == other.schema
    for name in one.column_names:
        for mine, theirs in zip(one[name].chunks, other[name].chunks, strict=True):
            buffers = [
                [b and b.to_pybytes() for b in (c.indices if hasattr(c, "indices") else c).buffers()]
                for c in (mine, theirs)
            ]
            assert buffers[0] == buffers[1], name
        assert one[name].equals(other[name])


def test_every_other_file_is_the_same_too_and_the_manifest_says_which_engine_ran(both):
    files = {engine: {p.relative_to(f) for p in f.rglob("*") if p.is_file()} for engine, f in both.items()}
    assert files["compiled"] == files["mesa"]
    assert len(files["mesa"]) > 10
    for file in files["mesa"]:
        if file.suffix in (".parquet", ".csv", ".yaml", ".png") or file.name == "estimates.json":
            assert (both["compiled"] / file).read_bytes() == (both["mesa"] / file).read_bytes(), file
    one, other = (json.loads((f / "manifest.json").read_text()) for f in both.values())
    differing = {key for key in one if one[key] != other[key]} - {
        "began",
        "finished",
        "seconds",
        "command",
        "sha256",
    }
    assert differing == {"engine", "job"}
    assert one["job"] | {"engine": "mesa"} == other["job"]
    assert (one["engine"], other["engine"]) == ("compiled", "mesa")


def test_progress_is_told_run_by_run_under_mesa(tmp_path, monkeypatch):
    """Runs of a block are told as they are lived, and counted as kept when all of it is."""
    monkeypatch.setattr("sim.experiments.run.altered.ALTERED", {})
    told: list[tuple[int, ...]] = []
    scenario = load_scenario("october-2023", ["end=2023-10-22", "runs=30"])
    chosen = {"engine": "mesa", "block_size": 25}
    run_in(tmp_path, scenario, progress=lambda *news: told.append(news), **chosen)
    first = [(0, 30, 0, run) for run in range(1, 26)]
    second = [(25, 30, 0, run) for run in range(1, 6)]
    assert told == [*first, (25, 30, 0, 0), *second, (30, 30, 0, 0)]


def test_several_blocks_are_the_compiled_ones(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.run.altered.ALTERED", {})
    for engine in ("compiled", "mesa"):
        scenario = load_scenario("october-2023", ["end=2023-10-19", "runs=560"])
        run_in(tmp_path / engine, scenario, engine=engine)
    one, other = (
        {
            p.relative_to(tmp_path / engine): p.read_bytes()
            for p in (tmp_path / engine).rglob("*.parquet")
            if p.is_file()
        }
        for engine in ("compiled", "mesa")
    )
    assert len([name for name in one if name.name.startswith("part-")]) == 2
    assert one == other
    assert pq.read_table(tmp_path / "mesa" / "runs.parquet").num_rows == 560


def test_a_run_by_mesa_that_was_cut_short_goes_on_as_the_compiled_one_ends(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.run.altered.ALTERED", {})
    scenario = load_scenario("october-2023", ["end=2023-10-22", "runs=60"])
    told: list[tuple[int, ...]] = []

    def interrupt(*news: int) -> None:
        if news[0] == 25 and news[3] == 3:
            raise KeyboardInterrupt

    chosen = {"engine": "mesa", "block_size": 25}
    with pytest.raises(KeyboardInterrupt):
        run_in(tmp_path / "mesa", scenario, progress=interrupt, **chosen)
    run_in(tmp_path / "mesa", scenario, progress=lambda *news: told.append(news), **chosen)
    assert told[0] == (25, 60, 25, 0)
    assert told[1] == (25, 60, 25, 1)
    assert told[-1] == (60, 60, 25, 0)
    compiled = run_in(tmp_path / "compiled", scenario, block_size=25)
    for name in compiled.manifest["files"]:
        assert (tmp_path / "mesa" / name).read_bytes() == (tmp_path / "compiled" / name).read_bytes(), name


def test_an_engine_that_there_is_not_is_bad_input(capsys):
    assert cli.main(["run", "october-2023", "--engine", "steam"], prog_name="spiral") == 2
    assert "'steam' is not one of 'compiled', 'mesa'" in capsys.readouterr().err
