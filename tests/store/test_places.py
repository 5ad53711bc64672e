"""What may stand where a job is to be written: other jobs, older results, things that are not ours."""

import errno
import json
import os
import shutil
import subprocess
import sys

import pytest

from sim.store import MANIFEST, RefusedPlace, StoreError, check_place
from sim.store.manifest import LOCK
from sim.store.naming import part_name
from sim.store.standing import look_at
from tests.store.jobs import content, lasting, live, older, opened

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


def test_a_result_of_an_older_version_is_refused_and_replaced_when_asked(tmp_path):
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
def test_an_empty_folder_and_what_a_kill_at_once_left_may_be_written_to(tmp_path, left):
    place = tmp_path / "new"
    place.mkdir()
    if left:
        (place / left).write_text("left")
    live(place)
    live(tmp_path / "undisturbed")
    assert lasting(place) == lasting(tmp_path / "undisturbed")


def test_a_link_to_a_folder_stays_a_link(tmp_path):
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
