"""Result folders: whole or not at all, nothing foreign touched, read back as written."""

import dataclasses
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.experiments import Settings, run_scenario, single
from sim.scenario import load_scenario
from sim.store import MANIFEST, TABLES, Result, StoreError, check_place, draft, load_result, write_result


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Result:
    folder = tmp_path_factory.mktemp("result")
    scenario = load_scenario("tower-22", ["end=2024-03-10", "runs=60"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(single, "ALTERED", {"couplings off": {}})
        return run_scenario(
            scenario, Settings(threads=2, precision=0.3, command="spiral run tower-22"), folder
        )


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """An older result, in its place."""
    place = tmp_path / "results" / "crisis"
    place.mkdir(parents=True)
    (place / MANIFEST).write_text('{"name": "crisis"}')
    (place / "figures").mkdir()
    (place / "figures" / "risk.csv").write_text("old")
    return place


def content(folder: Path) -> dict[str, str | None]:
    """Every file and folder below, hidden ones too."""
    files = sorted(folder.rglob("*"))
    return {str(f.relative_to(folder)): f.read_text() if f.is_file() else None for f in files}


def fill(folder: Path) -> None:
    (folder / MANIFEST).write_text("new")
    (folder / "figures").mkdir()


def fail(folder: Path, error: BaseException) -> None:
    fill(folder)
    raise error


# Written whole or not at all


def test_a_draft_takes_its_place_when_it_is_done(tmp_path):
    place = tmp_path / "some" / "where" / "new"
    with draft(place) as folder:
        fill(folder)
        assert not place.exists()
        assert folder.parent == place.parent  # on the same disk, so that a rename is all it takes
    assert content(tmp_path / "some" / "where") == {
        "new": None,
        f"new/{MANIFEST}": "new",
        "new/figures": None,
    }


def test_a_draft_replaces_an_older_result_and_keeps_nothing_of_it(old):
    before = content(old)
    with draft(old) as folder:
        fill(folder)
        assert content(old) == before
    assert content(old.parent) == {"crisis": None, f"crisis/{MANIFEST}": "new", "crisis/figures": None}


def test_an_empty_folder_may_be_written_to(tmp_path):
    (tmp_path / "empty").mkdir()
    with draft(tmp_path / "empty") as folder:
        fill(folder)
    assert (tmp_path / "empty" / MANIFEST).read_text() == "new"


def test_a_link_to_a_result_stays_a_link(old, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(old)
    with draft(link) as folder:
        fill(folder)
    assert link.is_symlink()
    assert (old / MANIFEST).read_text() == "new"
    assert sorted(content(tmp_path)) == ["link", "results", *(f"results/{f}" for f in content(old.parent))]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit, MemoryError])
def test_what_goes_wrong_midway_leaves_no_trace(old, tmp_path, error):
    before = content(tmp_path)
    for place in (old, tmp_path / "new", tmp_path / "deep" / "er" / "new"):
        with pytest.raises(error), draft(place) as folder:
            fail(folder, error())
        assert content(tmp_path) == before


def test_an_error_of_the_disk_midway_is_told_in_one_line(old, tmp_path):
    before = content(tmp_path)
    with (
        pytest.raises(StoreError, match=r"crisis: cannot be written: No space left on device$"),
        draft(old) as folder,
    ):
        fail(folder, OSError(28, os.strerror(28)))
    assert content(tmp_path) == before


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), KeyboardInterrupt()])
def test_a_failure_between_the_two_moves_puts_the_old_result_back(old, tmp_path, monkeypatch, error):
    before, rename = content(tmp_path), Path.rename

    def failing(self: Path, target: Path) -> Path:
        if self.suffix == ".draft":
            assert not old.exists()  # the old one has been moved aside
            raise error
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", failing)
        with pytest.raises((StoreError, KeyboardInterrupt)), draft(old) as folder:
            fill(folder)
    assert content(tmp_path) == before


def test_an_interrupt_just_after_the_first_move_puts_the_old_result_back(old, tmp_path, monkeypatch):
    before, rename = content(tmp_path), Path.rename

    def interrupted(self: Path, target: Path) -> Path:
        moved = rename(self, target)
        if target.suffix == ".old":
            raise KeyboardInterrupt
        return moved

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", interrupted)
        with pytest.raises(KeyboardInterrupt), draft(old) as folder:
            fill(folder)
    assert content(tmp_path) == before


KILLED = """
import sys, time
from pathlib import Path
from sim.store import draft
with draft(Path(sys.argv[1])) as folder:
    (folder / "manifest.json").write_text("half")
    print("ready", flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("place", ["crisis", "new"])
def test_a_killed_process_leaves_the_place_as_it_was(old, place):
    before = content(old.parent)
    where = old.parent / place
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(where)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"ready\n"
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL
    after = content(old.parent)
    assert {k: v for k, v in after.items() if not k.startswith(".")} == before
    assert all(
        k.startswith(f".{place}.") for k in after.keys() - before.keys()
    )  # hidden, and plainly a draft
    with draft(where) as folder:
        fill(folder)
    assert (where / MANIFEST).read_text() == "new"


# Places that are refused


def test_a_folder_that_is_not_a_result_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    before = content(tmp_path)
    with (
        pytest.raises(StoreError, match=r"thesis: holds something that is not a result"),
        draft(tmp_path / "thesis"),
    ):
        pytest.fail("the block must not be entered")
    assert content(tmp_path) == before


def test_a_file_or_a_dead_link_at_the_place_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("file", "link"):
        with pytest.raises(StoreError, match="not a result"):
            check_place(tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine"


def test_a_file_among_the_parents_is_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("mine")
    with (
        pytest.raises(StoreError, match=r"cannot be written: Not a directory$"),
        draft(tmp_path / "file" / "new"),
    ):
        pytest.fail("the block must not be entered")


def test_a_name_that_is_too_long_is_told_in_one_line(tmp_path):
    for name in ("x" * 300, "x" * 250):  # the place's own name, and the draft's
        with (
            pytest.raises(StoreError, match=r"cannot be written: File name too long$"),
            draft(tmp_path / name),
        ):
            pytest.fail("the block must not be entered")
    assert content(tmp_path) == {}


def test_an_unwritable_parent_is_told_in_one_line(tmp_path, monkeypatch):
    def refused(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "mkdir", refused)
        with (
            pytest.raises(StoreError, match=r"new: cannot be written: Permission denied$"),
            draft(tmp_path / "new"),
        ):
            pytest.fail("the block must not be entered")
    assert content(tmp_path) == {}


def test_a_place_that_cannot_be_looked_at_is_told_in_one_line(tmp_path, monkeypatch):
    def refused(self: Path) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "iterdir", refused)
        with pytest.raises(StoreError, match=r": cannot be written: Permission denied$"):
            check_place(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_leave_to_write_is_told_in_one_line(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match=r"Permission denied$"), draft(tmp_path / "new"):
        pytest.fail("the block must not be entered")
    tmp_path.chmod(0o700)


# Read back


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


def test_reading_and_writing_again_changes_no_byte(written, tmp_path):
    again = dataclasses.replace(load_result(written.folder), folder=tmp_path)
    write_result(again)
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (written.folder / file.name).read_bytes(), file.name
    assert {f.name for f in written.folder.iterdir()} - {f.name for f in tmp_path.iterdir()} == {
        "runs.parquet", "trajectories.parquet",
    }  # fmt: skip


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


FILES = [MANIFEST, "estimates.json", "tower-22.yaml", *(f"{name}.csv" for name in TABLES)]
NOISE = bytes(range(128, 256)) * 3
DAMAGES = ["empty", "a list", "cut short", "noise", "other columns", "missing"]


@pytest.mark.parametrize("file", FILES)
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


@pytest.mark.parametrize("file", FILES)
def test_a_folder_in_the_place_of_a_file_is_damage(copy, file):
    (copy / file).unlink()
    (copy / file).mkdir()
    with pytest.raises(StoreError, match=r"is damaged: |is not a result"):
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


def test_no_number_that_json_lacks_is_written(written, tmp_path):
    broken = dataclasses.replace(written, folder=tmp_path, estimates={"headline": float("nan")})
    with pytest.raises(ValueError, match="JSON"):
        write_result(broken)
