"""The whole program as in a container: a user without name or home, and all read-only but for one folder."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import ROOT, SPIRAL, unwaited
from tests.core.test_jit import SCRIPT

NOBODY = 61234  # no user of this number has a name here
RUN = (
    "run",
    "october-2023",
    "--set",
    "end=2023-10-20",
    "--runs",
    "25",
    "--keep",
    "summary",
    "--threads",
    "1",
    "--prevented",
    "0",
)
CLOSED = """
mount --bind "$1" "$1" && mount -o remount,ro,bind / || exit 99
for place in /tmp /var/tmp /dev/shm; do ! mountpoint -q $place || mount -o remount,ro,bind $place || exit 99; done
cd "$1"; user=$2; shift 2
exec setpriv --reuid=$user --regid=$user --clear-groups --no-new-privs "$@"
"""
"""All but a folder is made read-only, for what follows alone."""

pytestmark = pytest.mark.verification


def contained(work: Path, *words: str, **place: object) -> subprocess.Popen[str]:
    """Start a command in such a place, with these variables and no others."""
    return subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", CLOSED, "sh", str(work), str(NOBODY), *words],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **{k: str(v) for k, v in place.items()}},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def told(process: subprocess.Popen[str]) -> tuple[str, str]:
    """What a command says on both streams, which must end well."""
    out, err = process.communicate(timeout=1_800)
    assert process.returncode == 0, err
    return out, re.sub(r"^spiral: [\d,]+ of [\d,]+ runs, .*\n", "", unwaited(err), flags=re.MULTILINE)


@pytest.fixture
def work() -> Iterator[Path]:
    """The one folder that can be written to; not below that of pytest, which others cannot enter."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv", "mountpoint"))):
        pytest.skip("needs root, unshare and setpriv")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "work"
        place.mkdir()
        os.chown(place, NOBODY, NOBODY)
        tried = contained(
            place, sys.executable, "-c", "import numba; open('within', 'w'); open('../beyond', 'w')"
        )
        said = tried.communicate(timeout=300)[1]
        if "Read-only file system" not in said:
            pytest.skip(
                f"nothing can be closed off here, or another user cannot start this Python: {said[-200:]}"
            )
        yield place


def bytes_of(folder: Path) -> str:
    """Everything that a result holds, as a checksum; of the manifest what its job was."""
    digest = hashlib.sha256(repr(json.loads((folder / "manifest.json").read_text())["job"]).encode())
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.name not in ("manifest.json", ".lock", ".drawn.json"):
            digest.update(file.read_bytes())
    return digest.hexdigest()


def garble(cache: Path) -> int:
    """Damage every file of the cache, each in one of three ways; how many there are."""
    files = sorted(path for path in cache.rglob("*") if path.is_file())
    for number, file in enumerate(files):
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes((data, data[: len(data) // 2], bytes(len(data)))[number % 3])
    return len(files)


def state(cache: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in cache.rglob("*.nb?")}


def test_four_cold_runs_at_once_and_one_among_garbled_files_give_the_same(work):
    """It takes minutes: the model is compiled four times at once, and once more over what is damaged."""
    cache = work / "cache"

    def start(out: str) -> subprocess.Popen[str]:
        return contained(work, SPIRAL, *RUN, "--no-figures", "--out", out, SPIRAL_CACHE_DIR=cache)

    processes = [start(f"cold-{number}") for number in range(4)]
    for process in processes:
        out, err = told(process)
        assert "25 runs. Result: cold-" in out
        assert err == ""
    results = {bytes_of(work / f"cold-{number}") for number in range(4)}
    assert len(results) == 1
    assert garble(cache) > 6
    assert told(start("garbled"))[1] == ""
    before = state(cache)
    assert told(start("warm"))[1] == ""
    assert state(cache) == before  # what was made again is what is loaded
    assert {bytes_of(work / name) for name in ("garbled", "warm")} == results
    assert all(path.lstat().st_uid == NOBODY for path in work.rglob("*"))
    assert not any("tmp" in path.name for path in work.iterdir())


def test_without_a_home_and_with_anothers_folder_in_the_way_code_is_kept_for_the_process_alone(work):
    """In the place of the cache a folder of another's, and one that others can write to; and no place at all."""
    (work / "theirs").mkdir()
    (work / "open").mkdir()
    os.chown(work / "open", NOBODY, NOBODY)
    (work / "open").chmod(0o777)
    script = work.parent / "script.py"
    script.write_text(SCRIPT)
    for place, why in (
        ({"SPIRAL_CACHE_DIR": work / "theirs"}, "belongs to another user"),
        ({"SPIRAL_CACHE_DIR": work / "open"}, "can be written to by other users"),
        ({"SPIRAL_CACHE_DIR": "/usr/cache"}, "Read-only file system"),
        ({"XDG_CACHE_HOME": work / "theirs"}, "Permission denied"),
        ({"HOME": "/root"}, "Permission denied"),
        ({}, "Could not determine home directory"),
    ):
        out, err = told(contained(work, sys.executable, str(script), **place))
        answer = json.loads(out)
        assert answer["right"]
        assert Path(answer["folder"]).is_relative_to(work)  # the only place there is
        assert not Path(answer["folder"]).exists()
        assert why in err
        assert len(err.splitlines()) == 1
    assert {path.name for path in work.iterdir()} == {"within", "theirs", "open"}
    assert not any((work / "theirs").iterdir())
