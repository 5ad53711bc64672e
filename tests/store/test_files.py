"""Files of a store: whole or not at all."""

import errno
import hashlib
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.store import files
from sim.store.files import Kept, is_as_kept, is_inside, write_whole

PLAIN = ["setpriv", "--bounding-set", "-all", "--inh-caps", "-all"]
"""Takes from root the right to write and read anywhere."""
OWN_DISK = [
    "unshare",
    "--mount",
    "sh",
    "-c",
    'mount -t tmpfs -o size=64k none "$1" && shift && exec "$@"',
    "sh",
]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def script(text: str, *args: object, before: list[str] | None = None) -> list[str]:
    """Run Python in a process of its own, and give the lines that it printed."""
    command = [*(before or []), sys.executable, "-c", text, *map(str, args)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def without_rights() -> list[str]:
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write anywhere, and there is no setpriv to take that away")
    return PLAIN


# Whole or not at all


def test_a_file_is_written_and_what_it_holds_is_told(tmp_path):
    kept = write_whole(tmp_path / "file", b"some bytes")
    assert (tmp_path / "file").read_bytes() == b"some bytes"
    assert kept == Kept(10, hashlib.sha256(b"some bytes").hexdigest())
    assert names(tmp_path) == ["file"]
    assert write_whole(tmp_path / "file", b"") == Kept(0, hashlib.sha256(b"").hexdigest())
    assert (tmp_path / "file").read_bytes() == b""


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_what_stood_there_stands_until_the_new_file_is_on_the_disk(tmp_path, monkeypatch, step, error):
    (tmp_path / "file").write_bytes(b"old")

    def failing(*args: object, **kwargs: object) -> None:
        assert (tmp_path / "file").read_bytes() == b"old"
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(os, step, failing)
        with pytest.raises(type(error)):
            write_whole(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_the_new_file_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    steps, fsync, replace = [], os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda handle: (steps.append("fsync"), fsync(handle)))
    monkeypatch.setattr(os, "replace", lambda *of: (steps.append("replace"), replace(*of)))
    write_whole(tmp_path / "file", b"new")
    assert steps == ["fsync", "replace"]


FULL = """
import errno, os, sys
from pathlib import Path
from sim.store.files import write_whole
from sim.store.journal import Journal
folder = Path(sys.argv[1])
kept = write_whole(folder / "file", b"o" * 20_000)
journal = Journal(folder / "journal")
journal.add("file", kept, 1.0)
try:
    write_whole(folder / "file", b"n" * 200_000)
except OSError as error:
    print(errno.errorcode[error.errno])
print((folder / "file").read_bytes() == b"o" * 20_000, *sorted(os.listdir(folder)))
with (folder / "ballast").open("wb", buffering=0) as ballast:
    try:
        while ballast.write(b"b" * 512):
            pass
    except OSError:
        pass
try:
    for number in range(1000):
        journal.add(f"file-{number:04d}", kept, 2.0)
except OSError as error:
    print(errno.errorcode[error.errno])
again = Journal(folder / "journal")
print(again.kept == journal.kept, again.seconds == journal.seconds, 0 < len(again.kept) < 1000)
(folder / "ballast").unlink()
journal.add("last", kept, 3.0)
again = Journal(folder / "journal")
print(again.kept == journal.kept, "last" in again.kept, again.seconds)
"""


def test_a_full_disk_costs_nothing_that_was_kept(tmp_path):
    probe = [*OWN_DISK, str(tmp_path), "true"]
    if shutil.which("unshare") is None or subprocess.run(probe, capture_output=True, check=False).returncode:
        pytest.skip("no file system may be mounted here")
    assert script(FULL, tmp_path, before=[*OWN_DISK, str(tmp_path)]) == [
        "ENOSPC",
        "True file journal",
        "ENOSPC",
        "True True True",
        "True True 3.0",
    ]


LIMITED = """
import errno, os, resource, sys
from pathlib import Path
from sim.store.files import write_whole
folder = Path(sys.argv[1])
write_whole(folder / "file", b"old")
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # Python ignores the signal that comes with it
try:
    write_whole(folder / "file", b"n" * 5_000)
except OSError as error:
    print(errno.errorcode[error.errno], (folder / "file").read_text(), *os.listdir(folder))
"""


def test_a_write_that_fails_midway_leaves_what_stood_there(tmp_path):
    assert resource.RLIMIT_FSIZE is not None
    assert script(LIMITED, tmp_path) == ["EFBIG old file"]


REFUSED = """
import sys
from pathlib import Path
from sim.store.files import Kept, is_as_kept, write_whole
folder = Path(sys.argv[1])
for act in (lambda: write_whole(folder / "file", b"new"), lambda: is_as_kept(folder / "shut", Kept(3, ""))):
    try:
        act()
    except PermissionError as error:
        print(error.strerror)
"""


def test_a_folder_that_may_not_be_written_and_a_file_that_may_not_be_read(tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "shut").write_bytes(b"old")
    (tmp_path / "shut").chmod(0)
    tmp_path.chmod(0o500)
    try:
        assert script(REFUSED, tmp_path, before=without_rights()) == ["Permission denied"] * 2
    finally:
        tmp_path.chmod(0o700)
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names(tmp_path) == ["file", "shut"]


def test_a_file_is_as_kept_only_when_every_bit_is(tmp_path):
    file = tmp_path / "file"
    kept = write_whole(file, b"some bytes")
    assert is_as_kept(file, kept)
    for other in (b"some byte", b"some bytes ", b"some bytez", b""):
        file.write_bytes(other)
        assert not is_as_kept(file, kept)
    file.unlink()
    assert not is_as_kept(file, kept)
    file.mkdir()
    assert not is_as_kept(file, kept)
    assert not is_as_kept(file / "below" / "it", kept)


def test_a_draft_is_told_by_its_name(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(os, "fsync", lambda _: seen.extend(tmp_path.glob(files.DRAFTS)))
    write_whole(tmp_path / "daily.csv", b"")
    assert len(seen) == 1
    for mine in ("thesis.draft", ".mine.draft", ".notes.12345.draft", "daily.csv"):
        (tmp_path / mine).write_text("mine")
    assert not list(tmp_path.glob(files.DRAFTS))


@pytest.mark.parametrize("name", ["a", "a/b", "runs.parquet/part-1.parquet", ".hidden/x", "a..b"])
def test_names_inside_a_folder(name):
    assert is_inside(name)


@pytest.mark.parametrize("name", ["", ".", "..", "../a", "a/../../b", "/etc/passwd", "a\0b", None, 5, ["a"]])
def test_names_that_lead_out_of_a_folder(name):
    assert not is_inside(name)
