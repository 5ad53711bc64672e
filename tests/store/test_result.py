"""Results read back as they were written, and every damage told in one line."""

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.experiments import Settings, run_scenario
from sim.experiments import run as single
from sim.scenario import load_scenario
from sim.store import MANIFEST, PARTS, TABLES, TRAJECTORIES, Result, StoreError, load_result, write_result
from sim.store.standing import look_at
from tests.store.jobs import content, opened

# Read back


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Result:
    folder = tmp_path_factory.mktemp("result")
    scenario = load_scenario("tower-22", ["end=2024-03-10", "runs=60"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(single, "ALTERED", {name: {} for name in single.ALTERED})
        return run_scenario(scenario, Settings(threads=2, command="spiral run tower-22"), folder)


def test_what_is_read_equals_what_was_written(written):
    read = load_result(written.folder)
    assert read.scenario == written.scenario
    assert read.scenario.past == written.scenario.past is not None
    assert read.manifest == written.manifest
    assert read.estimates == written.estimates
    for name, columns in TABLES.items():
        table, other = getattr(written, name), getattr(read, name)
        assert tuple(table.columns) == columns
        pd.testing.assert_frame_equal(table, other, check_exact=True, check_dtype=False)


def rewritten(result: Result, place: Path, estimates: dict[str, Any]) -> None:
    tables = {name: getattr(result, name) for name in TABLES}
    with opened(place) as work:
        write_result(work, estimates, tables, pd.read_parquet(result.folder / TRAJECTORIES))


def test_reading_and_writing_again_changes_no_byte(written, tmp_path):
    rewritten(written, tmp_path / "again", written.estimates)
    names = ["estimates.json", "estimates.csv", *(f"{name}.csv" for name in TABLES)]
    for name in names:
        assert (tmp_path / "again" / name).read_bytes() == (written.folder / name).read_bytes(), name


def test_no_number_that_json_lacks_is_written(written, tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        rewritten(written, tmp_path / "again", {"headline": float("nan")})
    assert not (tmp_path / "again" / "estimates.json").exists()


def test_all_that_is_there_is_vouched_for(written):
    there = {name for name, data in content(written.folder).items() if data is not None}
    assert there == {MANIFEST, *written.manifest["files"]}
    assert look_at(written.folder, every_bit=True).state == "whole"


def test_the_outcome_table_is_read_from_its_folder(written):
    runs = pd.read_parquet(written.folder / PARTS)
    assert list(runs["run"]) == list(range(60))


def test_the_scenario_of_a_result_can_be_run_again(written):
    assert load_scenario(written.folder / "tower-22.yaml") == written.scenario


def test_estimates_are_a_flat_table_too(written):
    flat = pd.read_csv(written.folder / "estimates.csv").set_index("estimate")["value"]
    headline = written.estimates["headline"]
    assert flat["headline.definition"] == headline["definition"]
    assert float(flat["headline.probability"]) == headline["probability"]
    assert float(flat["headline.chance.low"]) == headline["chance"][0]
    assert float(flat["headline.chance.high"]) == headline["chance"][1]
    assert flat.index.is_unique


@pytest.fixture
def copy(written: Result, tmp_path: Path) -> Path:
    return Path(shutil.copytree(written.folder, tmp_path / "copy"))


READ = [MANIFEST, "estimates.json", "tower-22.yaml", *(f"{name}.csv" for name in TABLES)]
NOISE = bytes(range(128, 256)) * 3
DAMAGES = ["empty", "a list", "cut short", "noise", "other columns", "missing"]


@pytest.mark.parametrize("file", READ)
@pytest.mark.parametrize("damage", [b"", b"[]", b"{", NOISE, b"a,b\n1,2\n", None], ids=DAMAGES)
def test_a_damaged_result_is_told_in_one_line(copy, file, damage):
    (copy / file).unlink()
    if damage is not None:
        (copy / file).write_bytes(damage)
    with pytest.raises(StoreError) as caught:
        load_result(copy)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{copy}: ")
    assert ("is damaged: " in text) != (file == MANIFEST and damage is None)


@pytest.mark.parametrize("file", READ)
def test_a_folder_in_the_place_of_a_file_is_told_in_one_line(copy, file):
    (copy / file).unlink()
    (copy / file).mkdir()
    with pytest.raises(StoreError, match=r"^\S+copy: (is damaged|cannot be read): [^\n]+$"):
        load_result(copy)


def test_a_table_that_lacks_a_column_is_damage(copy):
    daily = pd.read_csv(copy / "daily.csv")
    daily.drop(columns="q95").to_csv(copy / "daily.csv", index=False)
    with pytest.raises(StoreError, match=r"is damaged: daily.csv has no column 'q95'$"):
        load_result(copy)


def test_a_folder_that_is_not_a_result_is_not_read(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StoreError, match=r"is not a result folder; it holds no manifest.json$"):
            load_result(place)


def test_an_unfinished_job_is_not_read(begun):
    with pytest.raises(StoreError, match=r"crisis: is not finished; `spiral run crisis` goes on with it$"):
        load_result(begun)
