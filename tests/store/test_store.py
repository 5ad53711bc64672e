"""Result folders: a job kept step by step, nothing foreign touched, one process at a time, read back as written."""

import errno
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sim.experiments import Settings, run_scenario
from sim.experiments import keeping as keeping_module
from sim.experiments import run as single
from sim.experiments.keeping import Blocks
from sim.scenario import load_scenario
from sim.simulate import new_tallies
from sim.simulate.batches import Batch, Made, Task
from sim.simulate.parts import counts_part
from sim.store import (
    COUNTS,
    MANIFEST,
    PARTS,
    TABLES,
    TRAJECTORIES,
    RefusedPlace,
    Result,
    StoreError,
    Work,
    check_place,
    load_result,
    open_work,
    write_result,
)
from sim.store.manifest import LOCK, hidden_name
from sim.store.naming import counts_name, fold_name, part_name
from sim.store.places import is_locked
from sim.store.standing import look_at, standings

CHANGING = ("finished", "began", "seconds", "command", "sha256")
BLOCKS = 3

Content = dict[str, bytes | None]


def text_of(name: str = "crisis", seed: int = 1) -> str:
    return f"name: {name}\nrandom_seed: {seed}\nruns: 125\n"


def job_of(text: str, **changes: str) -> dict[str, Any]:
    made_by = {"sources": "s", "numpy": "2.0", "arithmetic": "a"} | changes
    return {
        "scenario": hashlib.sha256(text.encode()).hexdigest(),
        "parameters": "prior",
        "precision": None,
        "made_by": made_by,
    }


@contextmanager
def opened(
    place: Path, name: str = "crisis", seed: int = 1, fresh: bool = False, **changes: str
) -> Iterator[Work]:
    text = text_of(name, seed)
    told = {"command": f"spiral run {name}", "runs": 125, "blocks": BLOCKS}
    with open_work(place, job_of(text, **changes), (name, text), told, fresh) as work:
        yield work


def live(place: Path, **asked: Any) -> bool:
    """Live a small job as a run does, in bytes that stand for its files; whether it was whole already."""
    seed = asked.get("seed", 1)
    with opened(place, **asked) as work:
        if work.was_whole:
            return True
        live_blocks(work, seed)
        more = ("maps.csv",) if asked.get("name") == "other" else ()  # of a version that keeps more
        for name in ("daily.csv", "estimates.json", *more):
            work.keep(name, f"{name} of {seed}".encode())
        work.finish({"finished": "2026-01-01T00:00:00+00:00", "seconds": work.seconds})
    return False


def live_blocks(work: Work, seed: int) -> None:
    """Blocks with outcomes and counts; those of the first two are folded together."""
    fold = fold_name(work.hidden, 2)
    for number in range(BLOCKS):
        counts, part = counts_name(work.hidden, number), part_name(25 * number)
        if part not in work.kept:
            work.keep(part, f"outcomes {seed} {number}".encode() * 3)
        if COUNTS in work.kept:
            continue
        if counts not in work.kept and not (fold in work.kept and number < 2):
            work.keep(counts, f"counts {seed} {number}".encode())
        if number == 1 and fold not in work.kept:
            work.keep(fold, b"".join(work.read(counts_name(work.hidden, n)) for n in range(2)))
            work.drop([counts_name(work.hidden, n) for n in range(2)])
    if COUNTS not in work.kept:
        folds = [fold, *(counts_name(work.hidden, n) for n in range(2, BLOCKS))]
        work.keep(COUNTS, b"".join(work.read(name) for name in folds))


def content(folder: Path) -> Content:
    """Every file and folder below, hidden ones too, but for the lock."""
    files = sorted(path for path in folder.rglob("*") if path.name != LOCK)
    return {str(f.relative_to(folder)): f.read_bytes() if f.is_file() else None for f in files}


def lasting(folder: Path) -> Content:
    """What of a finished folder's content two equal jobs have in common."""
    found = content(folder)
    manifest = json.loads(found[MANIFEST] or b"")
    found[MANIFEST] = json.dumps({k: v for k, v in manifest.items() if k not in CHANGING}).encode()
    return found


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not wait for the disk: nothing here takes its power away."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Path]:
    """A folder that is in memory, where there is such a place."""
    place = Path("/dev/shm")
    if not os.access(place, os.W_OK):
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)


@pytest.fixture
def done(tmp_path: Path, quick: None) -> Path:
    """A finished folder."""
    place = tmp_path / "results" / "crisis"
    assert not live(place)
    return place


@pytest.fixture
def begun(tmp_path: Path, quick: None) -> Path:
    """A folder with two blocks of an unfinished job."""
    place = tmp_path / "results" / "crisis"
    with opened(place) as work:
        for number in range(2):
            work.keep(part_name(25 * number), f"outcomes 1 {number}".encode() * 3)
            work.keep(counts_name(work.hidden, number), f"counts 1 {number}".encode())
    return place


HIDDEN = hidden_name(job_of(text_of()))


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


def spoil(file: Path, damage: str) -> None:
    data = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
        return
    data[len(data) // 2] ^= 1
    file.write_bytes(data[: len(data) // 2] if damage == "cut short" else data)


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


def test_what_a_crash_left_is_swept(begun, quick):
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


# Other jobs, and what else may stand at the place


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seed": 20231017}, "random_seed is 1 there and 20231017 here"),
        ({"sources": "t"}, "it was made by other sources of Spiral"),
        ({"numpy": "2.4"}, "numpy is 2.0 there and 2.4 here"),
        ({"name": "other"}, "the scenario is crisis there and other here"),
    ],
)
@pytest.mark.parametrize("which", ["begun", "done"])
def test_another_job_is_refused_and_nothing_is_changed(request, which, asked, said):
    place = request.getfixturevalue(which)
    before = content(place)
    with pytest.raises(RefusedPlace) as caught, opened(place, **asked):
        pytest.fail("the block must not be entered")
    assert str(caught.value) == (
        f"{place}: holds another job: {said}; --fresh replaces it, --out names another folder"
    )
    assert content(place) == before


@pytest.mark.parametrize("which", ["begun", "done"])
@pytest.mark.parametrize("asked", [{"seed": 2}, {"name": "other", "seed": 2}, {}])
def test_fresh_replaces_a_job_and_keeps_nothing_of_it(request, tmp_path, which, asked):
    place = request.getfixturevalue(which)
    with opened(place, fresh=True, **asked) as work:
        assert not work.was_whole
        assert work.kept.keys() == {f"{asked.get('name', 'crisis')}.yaml"}
    live(place, **asked)
    live(tmp_path / "undisturbed", **asked)
    assert lasting(place) == lasting(tmp_path / "undisturbed")


def test_what_was_to_be_replaced_before_is_replaced_too(begun):
    manifest = json.loads((begun / MANIFEST).read_bytes())
    (begun / MANIFEST).write_text(json.dumps(manifest | {"replaces": ["first.yaml"]}))
    (begun / "first.yaml").write_text("of a job that was replaced by the one that is replaced now")
    with opened(begun, seed=2, fresh=True):
        assert not (begun / "first.yaml").exists()


def older(place: Path) -> Path:
    """A result as versions before this one wrote it."""
    place.mkdir(parents=True)
    (place / MANIFEST).write_text('{"name": "crisis", "runs": 100, "finished": "2023-01-01"}')
    (place / "crisis.yaml").write_text("name: crisis\n")
    for name in (PARTS, TRAJECTORIES, "estimates.json", "daily.csv"):
        (place / name).write_text("old")
    return place


def test_a_result_of_an_older_version_is_refused_and_replaced_when_asked(tmp_path, quick):
    place = older(tmp_path / "crisis")
    before = content(place)
    with (
        pytest.raises(RefusedPlace, match="its manifest says too little to tell which; --fresh"),
        opened(place),
    ):
        pytest.fail("the block must not be entered")
    assert content(place) == before
    live(place, fresh=True)
    live(tmp_path / "undisturbed")
    assert lasting(place) == lasting(tmp_path / "undisturbed")


FILES = '"files": {"daily.csv": {"bytes": 1, "sha256": "a"}}'
NO_SENSE = [
    '"files": []', '"files": {"a": 1}', '"files": {"a": {}}', '"files": {"a": {"bytes": "1", "sha256": "a"}}',
    f'"job": 5, {FILES}', f'"job": null, {FILES}', f'"seconds": "long", {FILES}', f'"replaces": 5, {FILES}',
    FILES.replace("daily.csv", "../../daily.csv"), FILES.replace("daily.csv", "/etc/passwd"),
    f'"replaces": ["../mine"], {FILES}',
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is no JSON"),
        (b"{", "is no JSON"),
        (b"\xff\xfe", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "holds no 'name'"),
        (b"{}", "holds no 'name'"),
        (b'{"name": 5}', "holds no 'name'"),
        (b'{"name": "../crisis"}', "holds no 'name'"),
        *((f'{{"name": "crisis", {text}}}'.encode(), "makes no sense") for text in NO_SENSE),
    ],
)
def test_a_damaged_manifest_is_told_and_replaced_when_asked(done, tmp_path, data, said):
    undisturbed = lasting(done)
    (done.parent / "daily.csv").write_text("mine")
    (done / MANIFEST).write_bytes(data)
    before = content(tmp_path)
    with (
        pytest.raises(RefusedPlace, match=f"is damaged: manifest.json {said}; --fresh begins anew"),
        opened(done),
    ):
        pytest.fail("the block must not be entered")
    assert content(tmp_path) == before
    assert look_at(done).state == "damaged"
    live(done, fresh=True)
    assert lasting(done) == undisturbed
    assert (done.parent / "daily.csv").read_text() == "mine"


def test_what_is_no_result_is_refused_and_left_alone(tmp_path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    before = content(tmp_path)
    for name in ("file", "link", "thesis"):
        for fresh in (False, True):
            with pytest.raises(RefusedPlace, match=rf"{name}: holds something that is not a result"):
                check_place(tmp_path / name)
            with pytest.raises(RefusedPlace, match="not a result"), opened(tmp_path / name, fresh=fresh):
                pytest.fail("the block must not be entered")
    assert content(tmp_path) == before
    assert not list(tmp_path.rglob(LOCK))


@pytest.mark.parametrize("left", [None, LOCK, ".manifest.json.0123abcd.draft"])
def test_an_empty_folder_and_what_a_kill_at_once_left_may_be_written_to(tmp_path, quick, left):
    place = tmp_path / "new"
    place.mkdir()
    if left:
        (place / left).write_text("left")
    live(place)
    live(tmp_path / "undisturbed")
    assert lasting(place) == lasting(tmp_path / "undisturbed")


def test_a_link_to_a_folder_stays_a_link(tmp_path, quick):
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "there")
    live(tmp_path / "link")
    assert live(tmp_path / "there")
    assert (tmp_path / "link").is_symlink()


def test_a_file_among_the_parents_and_a_name_too_long_are_told_in_one_line(tmp_path):
    (tmp_path / "file").write_text("mine")
    before = content(tmp_path)
    for name, said in (("file/new", "Not a directory"), ("x" * 300, "File name too long")):
        with pytest.raises(StoreError, match=rf"cannot be (read|written): {said}$"), opened(tmp_path / name):
            pytest.fail("the block must not be entered")
    assert content(tmp_path) == before


def test_folders_made_for_nothing_are_removed(tmp_path, monkeypatch):
    (tmp_path / "standing").mkdir()

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for place in ("deep/er/new", "standing", "standing/new"):
        with (
            pytest.raises(StoreError, match=rf"{place}: cannot be written: No space left on device$"),
            opened(tmp_path / place),
        ):
            pytest.fail("the block must not be entered")
    assert content(tmp_path) == {"standing": None}


def test_a_disk_that_fills_up_midway_leaves_the_job_to_be_gone_on_with(begun, tmp_path, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def keep() -> None:
        with monkeypatch.context() as patch, opened(begun) as work:
            patch.setattr(os, "fsync", full)
            work.keep(part_name(50), b"much")

    before = content(begun)
    with pytest.raises(StoreError, match=r"crisis: cannot be written: No space left on device$"):
        keep()
    assert content(begun) == before
    assert not live(begun)
    live(tmp_path / "undisturbed")
    assert lasting(begun) == lasting(tmp_path / "undisturbed")


UNWRITABLE = """
import os, sys
from pathlib import Path
from sim.store import StoreError, open_work
from sim.store.standing import look_at
place = Path(sys.argv[1])
for name in ("new", "crisis"):
    try:
        with open_work(place / name, {"scenario": "x"}, ("crisis", ""), {}):
            print("entered")
    except StoreError as error:
        print(type(error).__name__, str(error).rpartition(": ")[2])
print(look_at(place / "shut").state, look_at(place / "crisis").state)
"""


def test_a_folder_without_leave_to_write_or_read_is_told_in_one_line(done):
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to take that away")
    home, command = done.parent, [sys.executable, "-c", UNWRITABLE, str(done.parent)]
    (home / "shut").mkdir()
    live(home / "shut")
    (done / LOCK).unlink()
    modes = {home / "shut": 0, done: 0o500, home: 0o500}
    before = content(home)
    for folder, mode in modes.items():
        folder.chmod(mode)
    try:
        plain = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"] if os.geteuid() == 0 else []
        ended = subprocess.run([*plain, *command], capture_output=True, text=True, timeout=120, check=False)
    finally:
        for folder in reversed(modes):
            folder.chmod(0o700)
    assert ended.stdout.splitlines() == ["StoreError Permission denied"] * 2 + ["unreadable whole"], ended
    assert content(home) == before


# A crash at any step

STEPS = ("fsync", "replace", "unlink", "rmdir", "mkdir")


class Dead(BaseException):
    """What a process does once it is killed: nothing."""


def dies_at(step: int, error: type[BaseException], job: Callable[[], object]) -> bool:
    """Do a job that is ended before some call of the system that writes; whether it came to that.

    A KeyboardInterrupt comes once, and leaves the process to tidy up. Whoever is Dead makes no call any more.
    """
    made = 0

    def instead(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **kwargs: Any) -> Any:
            nonlocal made
            made += 1
            if made == step or (made > step and error is Dead):
                raise error
            return None if call.__name__ == "fsync" else call(*args, **kwargs)

        return counted

    with pytest.MonkeyPatch.context() as patch:
        for name in ("fsync", "replace", "unlink", "rmdir", "mkdir"):
            patch.setattr(os, name, instead(getattr(os, name)))
        try:
            job()
        except (KeyboardInterrupt, Dead):
            return True
    return False


STARTS = ["new", "begun", "damaged", "fresh", "older"]


def prepared(home: Path, start: str) -> None:
    if start == "begun":
        with opened(home) as work:
            work.keep(part_name(0), b"outcomes 1 0" * 3)
            work.keep(counts_name(HIDDEN, 0), b"counts 1 0")
    if start == "damaged":
        live(home)
        spoil(home / part_name(50), "another byte")
        spoil(home / COUNTS, "cut short")
        spoil(home / "estimates.json", "missing")
    if start == "fresh":
        live(home, name="other", seed=7)
    if start == "older":
        older(home)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("error", [KeyboardInterrupt, Dead])
def test_wherever_a_job_dies_it_ends_as_one_that_did_not(memory, quick, start, error):
    fresh = start in ("fresh", "older")
    live(memory / "undisturbed")
    undisturbed = lasting(memory / "undisturbed")
    prepared(memory / "start", start)
    step, died = 1, True
    while died:
        place = memory / f"crisis-{step}"
        if start != "new":
            shutil.copytree(memory / "start", place)
        died = dies_at(step, error, lambda: live(place, fresh=fresh))  # noqa: B023 - called at once
        went_on = gone_on_with(place, fresh)
        assert lasting(place) == undisturbed, step
        assert died or went_on  # the one that got through was whole
        shutil.rmtree(place)
        step += 1
    assert step > 25  # as many calls as the smallest of these jobs makes


def gone_on_with(place: Path, fresh: bool) -> bool:
    """Go on with a job; afresh only where the one before had not come so far as to say that it is this one."""
    try:
        return live(place)
    except RefusedPlace:
        assert fresh
        return live(place, fresh=True)


def test_blocks_are_counted_alike_wherever_a_job_is_interrupted(memory, quick, monkeypatch):
    monkeypatch.setattr(keeping_module, "FOLDED", 2)
    world = SimpleNamespace(days=2)
    batches = [Batch("runs", world, "prior", 0, 60, outcomes=True), Batch("altered", world, "prior", 0, 10)]  # type: ignore[arg-type]

    def made(task: Task) -> Made:
        tallies = new_tallies(2, daily=False)
        tallies.runs, tallies.movers[task.number] = task.runs, 1
        return Made(b"outcomes" if task.batch.outcomes else None, counts_part({task.batch.name: tallies}))

    def carried_out(place: Path) -> None:
        with opened(place) as work:
            if not work.was_whole:
                tallies = Blocks(batches, 25, work).complete(
                    lambda _, tasks: (made(task) for task in tasks), lambda *_: None
                )
                assert [tallies[name].runs for name in ("runs", "altered")] == [60, 10]
                if place.name == "undisturbed":  # what has been put into one file is not kept apart
                    assert not any(name.startswith(work.hidden) for name in work.kept)
                work.finish({"finished": "now"})

    carried_out(memory / "undisturbed")
    undisturbed = lasting(memory / "undisturbed")
    assert len([name for name in undisturbed if "part-" in name]) == 3
    step, died = 1, True
    while died:
        place = memory / f"crisis-{step}"
        died = dies_at(step, KeyboardInterrupt, lambda: carried_out(place))  # noqa: B023 - called at once
        carried_out(place)
        assert lasting(place) == undisturbed, step
        step += 1
    assert step > 40


# One process at a time

HOLDER = """
import sys, time
from pathlib import Path
from sim.store import open_work
with open_work(Path(sys.argv[1]), {"scenario": "x"}, ("crisis", "name: crisis"), {}) as work:
    work.keep("daily.csv", b"held")
    print("ready", flush=True)
    sys.stdin.readline()
    work.keep("estimates.json", b"held too")
    work.finish({"finished": "now"})
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process at work in a folder."""
    command = [sys.executable, "-c", HOLDER, str(tmp_path / "crisis")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        yield child
        child.kill()


def hold_in(place: Path) -> None:
    with open_work(place, {"scenario": "x"}, ("crisis", "name: crisis"), {}):
        pass


def test_a_second_process_is_refused_and_told_of_the_first(holder, tmp_path):
    before = content(tmp_path)
    for fresh in (False, True):
        with (
            pytest.raises(StoreError, match=rf"crisis: process {holder.pid} on .* is at work there; wait"),
            open_work(tmp_path / "crisis", {"scenario": "x"}, ("crisis", ""), {}, fresh),
        ):
            pytest.fail("the block must not be entered")
    assert content(tmp_path) == before
    assert holder.communicate(b"\n") == (b"", None)
    assert holder.returncode == 0
    hold_in(tmp_path / "crisis")


def test_looking_does_not_disturb_whoever_is_at_work(holder, tmp_path):
    before, lock = content(tmp_path), (tmp_path / "crisis" / LOCK).read_bytes()
    for _ in range(20):
        assert is_locked(tmp_path / "crisis")
        assert [one.state for one in standings(tmp_path)] == ["at work"]
    assert (content(tmp_path), (tmp_path / "crisis" / LOCK).read_bytes()) == (before, lock)
    holder.communicate(b"\n")
    assert holder.returncode == 0
    assert [one.state for one in standings(tmp_path)] == ["whole"]


def test_looking_keeps_nobody_from_beginning(begun):
    lock = (begun / LOCK).read_bytes()
    assert not is_locked(begun)
    assert look_at(begun).state == "unfinished"
    assert (begun / LOCK).read_bytes() == lock
    with opened(begun):
        assert is_locked(begun)
    assert not is_locked(begun)


def test_a_killed_process_keeps_no_lock_and_loses_nothing_kept(holder, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert (tmp_path / "crisis" / LOCK).read_text().startswith(f"process {holder.pid} on ")
    assert not is_locked(tmp_path / "crisis")
    with open_work(tmp_path / "crisis", {"scenario": "x"}, ("crisis", "name: crisis"), {}) as work:
        assert work.read("daily.csv") == b"held"
        assert {"daily.csv", "crisis.yaml"} == work.kept.keys()
        assert f"process {os.getpid()} on " in (tmp_path / "crisis" / LOCK).read_text()


@pytest.mark.parametrize("held", [b"", b"process 1 on elsewhere", b"\xff" * 5000])
def test_a_lock_file_that_nobody_holds_is_no_obstacle(done, held):
    (done / LOCK).write_bytes(held)
    assert look_at(done).state == "whole"
    assert live(done)


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


def test_a_folder_among_the_parts_is_swept_and_stops_nothing(tmp_path):
    with opened(tmp_path / "x") as work:
        work.keep("runs.parquet/part-0.parquet", b"a part")
    (tmp_path / "x" / "runs.parquet" / ".checkpoints").mkdir()
    (tmp_path / "x" / "runs.parquet" / ".checkpoints" / "file").write_text("somebody's")
    with opened(tmp_path / "x") as work:
        assert "runs.parquet/part-0.parquet" in work.kept
    assert [path.name for path in (tmp_path / "x" / "runs.parquet").iterdir()] == ["part-0.parquet"]
