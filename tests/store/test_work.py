"""A job kept step by step in its folder: begun, gone on with, finished, mended."""

import hashlib
import json

import pytest

from sim.store import COUNTS, MANIFEST, PARTS, TRAJECTORIES, open_work
from sim.store.naming import counts_name, fold_name, part_name
from sim.store.standing import look_at
from tests.store.jobs import BLOCKS, HIDDEN, content, job_of, lasting, live, opened, spoil, text_of

# Begun, gone on with, finished


def test_a_finished_folder_holds_what_it_should_and_nothing_else(done):
    files = {MANIFEST, "crisis.yaml", COUNTS, "daily.csv", "estimates.json"}
    parts = {part_name(25 * number) for number in range(BLOCKS)}
    assert content(done).keys() == files | parts | {PARTS}
    manifest = json.loads((done / MANIFEST).read_bytes())
    assert manifest["files"] == {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in content(done).items()
        if data is not None and name != MANIFEST
    }
    assert manifest["job"] == job_of(text_of())
    assert "finished" in manifest


def test_a_finished_folder_is_whole_and_is_left_alone(done):
    before = content(done)
    assert live(done)
    assert content(done) == before


def test_a_whole_folder_is_left_alone_by_another_command_line(done):
    before, text = content(done), text_of()
    told = {"command": "spiral run crisis --json", "runs": 125, "blocks": BLOCKS}
    with open_work(done, job_of(text), ("crisis", text), told) as work:
        assert work.was_whole
    assert content(done) == before


def test_what_is_kept_is_there_when_the_job_goes_on(begun):
    assert (begun / HIDDEN).is_dir()
    with opened(begun) as work:
        assert not work.was_whole
        assert work.kept.keys() == {
            "crisis.yaml", *(part_name(25 * n) for n in range(2)), *(counts_name(HIDDEN, n) for n in range(2))
        }  # fmt: skip
        assert work.read(part_name(25)) == b"outcomes 1 1" * 3
    assert "finished" not in json.loads((begun / MANIFEST).read_bytes())


def test_a_job_that_went_on_ends_as_one_that_was_never_cut_short(begun, tmp_path):
    live(tmp_path / "undisturbed")
    assert not live(begun)
    assert lasting(begun) == lasting(tmp_path / "undisturbed")


def test_what_is_dropped_is_gone(begun):
    names = {counts_name(HIDDEN, n) for n in range(2)}
    with opened(begun) as work:
        work.drop(sorted(names))
        assert not names & work.kept.keys()
    assert not names & content(begun).keys()
    with opened(begun) as work:  # though the journal still tells of it
        assert not names & work.kept.keys()


def test_time_adds_up_over_sittings(begun, monkeypatch):
    journal = begun / HIDDEN / "journal.jsonl"
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    journal.write_text("".join(json.dumps(line | {"seconds": 1000.0}) + "\n" for line in lines))
    with opened(begun) as work:
        assert work.seconds >= 1000
        work.keep("daily.csv", b"")
    assert json.loads(journal.read_text().splitlines()[-1])["seconds"] >= 1000


@pytest.mark.parametrize("damage", ["cut short", "another byte", "missing"])
@pytest.mark.parametrize("number", [0, 1])
def test_a_damaged_part_is_noticed_and_swept(begun, damage, number):
    part = begun / part_name(25 * number)
    spoil(part, damage)
    with opened(begun) as work:
        assert part_name(25 * number) not in work.kept
        assert part_name(25 * (1 - number)) in work.kept
        assert not part.exists()


@pytest.mark.parametrize("damage", ["cut short", "another byte", "missing"])
@pytest.mark.parametrize("name", ["crisis.yaml", part_name(50), COUNTS, "daily.csv", "estimates.json"])
def test_a_finished_folder_with_one_damaged_file_is_mended(done, damage, name):
    before, whole = lasting(done), set(json.loads((done / MANIFEST).read_bytes())["files"])
    spoil(done / name, damage)
    with opened(done) as work:
        assert not work.was_whole
        assert work.kept.keys() == whole - ({name} if name != "crisis.yaml" else set())
    assert live(done) == (name == "crisis.yaml")  # which is put back as soon as the folder is opened
    assert lasting(done) == before


def test_a_mended_file_of_other_bytes_is_whole_only_once_the_manifest_says_so(done):
    spoil(done / "daily.csv", "missing")
    with opened(done) as work:
        work.keep("daily.csv", b"as another version of a library writes it")
    with opened(done) as work:
        assert not work.was_whole
        work.finish({"finished": "2026-02-02T00:00:00+00:00"})
    assert live(done)
    assert look_at(done, every_bit=True).state == "whole"


def test_what_a_crash_left_is_swept(begun):
    litter = [
        ".manifest.json.0123abcd.draft", f"{PARTS}/.part-000000000050.parquet.0123abcd.draft",
        f"{HIDDEN}/.counts-00000002.parquet.0123abcd.draft", part_name(50), f"{PARTS}/mine.parquet",
        counts_name(HIDDEN, 2), fold_name(HIDDEN, 2), "estimates.json", "daily.csv", COUNTS, TRAJECTORIES,
    ]  # fmt: skip
    before = content(begun)
    for name in litter:
        (begun / name).write_bytes(b"left")
    for folder in (".job-0123456789ab", "figures"):
        (begun / folder).mkdir()
        (begun / folder / "left").write_bytes(b"left")
    with opened(begun):
        assert content(begun) == before


def test_a_hidden_folder_that_outlived_its_job_is_swept(done):
    before = content(done)
    (done / HIDDEN).mkdir()
    (done / HIDDEN / "journal.jsonl").write_bytes(b"")
    assert live(done)
    assert content(done) == before


@pytest.mark.parametrize("fresh", [False, True])
def test_what_is_not_ours_is_left_alone(done, fresh):
    foreign = {"notes.txt": b"mine", "thesis.draft": b"mine", ".mine.draft": b"mine", "mine/x.csv": b"mine"}
    (done / "mine").mkdir()
    for name, data in foreign.items():
        (done / name).write_bytes(data)
    spoil(done / part_name(0), "missing")
    live(done, seed=2 if fresh else 1, fresh=fresh)
    assert foreign.items() <= content(done).items()


def test_a_folder_among_the_parts_is_swept_and_stops_nothing(tmp_path):
    with opened(tmp_path / "x") as work:
        work.keep("runs.parquet/part-0.parquet", b"a part")
    (tmp_path / "x" / "runs.parquet" / ".checkpoints").mkdir()
    (tmp_path / "x" / "runs.parquet" / ".checkpoints" / "file").write_text("somebody's")
    with opened(tmp_path / "x") as work:
        assert "runs.parquet/part-0.parquet" in work.kept
    assert [path.name for path in (tmp_path / "x" / "runs.parquet").iterdir()] == ["part-0.parquet"]
