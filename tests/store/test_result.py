"""Results read back as they were written, and every damage told in one line."""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.experiments import open_answer
from sim.experiments.run import altered
from sim.pipeline.answers import Answer
from sim.scenario import load_scenario
from sim.store import MANIFEST, PARTS, TABLES, TRAJECTORIES, StoreError, write_answer, write_extras
from sim.store.standing import look_at
from tests.jobs import run_in
from tests.store.jobs import content, opened, reseal

# Read back


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Answer[Any]:
    folder = tmp_path_factory.mktemp("result")
    scenario = load_scenario("tower-22", ["end=2024-03-10", "runs=60"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(altered, "ALTERED", {name: {} for name in altered.ALTERED})
        return run_in(folder, scenario, threads=2, command="spiral run tower-22")


def test_what_is_read_equals_what_was_written(written):
    read = open_answer(written.folder)
    assert read.scenario == written.scenario
    assert read.scenario.past == written.scenario.past is not None
    assert read.manifest == written.manifest
    assert read.estimates == written.estimates
    assert set(read.tables) == set(written.tables) == set(TABLES)
    for name, columns in TABLES.items():
        table, other = written.tables[name], read.tables[name]
        assert tuple(table.columns) == columns
        pd.testing.assert_frame_equal(table, other, check_exact=True)


def rewritten(answer: Answer[Any], place: Path, estimates: Mapping[str, Any]) -> None:
    with opened(place) as work:
        write_answer(work, estimates, answer.tables)
        write_extras(work, estimates, pd.read_parquet(answer.folder / TRAJECTORIES))


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
def copy(written: Answer[Any], tmp_path: Path) -> Path:
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
        open_answer(copy)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith(f"{copy}: ")
    assert ("is damaged: " in text) != (file == MANIFEST and damage is None)


@pytest.mark.parametrize("file", READ)
def test_a_folder_in_the_place_of_a_file_is_told_in_one_line(copy, file):
    (copy / file).unlink()
    (copy / file).mkdir()
    with pytest.raises(StoreError, match=r"^\S+copy: (is damaged|cannot be read): [^\n]+$"):
        open_answer(copy)


@pytest.mark.parametrize("vouched", [True, False])
def test_a_table_that_lacks_a_column_is_damage(copy, vouched):
    pd.read_csv(copy / "daily.csv").drop(columns="q95").to_csv(copy / "daily.csv", index=False)
    if not vouched:
        reseal(copy)
    said = "daily.csv does not hold what was written" if vouched else "daily.csv has no column 'q95'"
    with pytest.raises(StoreError, match=rf"is damaged: {said}$"):
        open_answer(copy)


def test_estimates_without_a_headline_are_damage(copy):
    estimates = json.loads((copy / "estimates.json").read_bytes())
    del estimates["headline"]
    (copy / "estimates.json").write_text(json.dumps(estimates))
    reseal(copy)
    with pytest.raises(StoreError, match=r"^\S+copy: is damaged: [^\n]+$"):
        open_answer(copy)


def test_a_folder_that_is_not_a_result_is_not_read(tmp_path):
    for place in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(StoreError, match=r"is not a result folder; it holds no manifest.json$"):
            open_answer(place)


def test_an_unfinished_job_is_not_read(begun):
    with pytest.raises(StoreError, match=r"crisis: is not finished; `spiral run crisis` goes on with it$"):
        open_answer(begun)
