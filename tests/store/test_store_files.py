"""Files of a store: whole or not at all, noted in a journal that survives being cut short, named, and compared."""

import errno
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.store import files
from sim.store.differing import UNTOLD, differences
from sim.store.files import Kept, is_as_kept, is_inside, write_whole
from sim.store.journal import Journal
from sim.store.manifest import COUNTS
from sim.store.naming import blocks_counted, counts_name, fold_name, last_fold, part_name

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


# The journal


def journal_of(folder: Path, entries: int = 3) -> Journal:
    journal = Journal(folder / "journal")
    for number in range(entries):
        journal.add(f"part-{number}", Kept(number, f"{number:064x}"), 1.5 * number)
    return journal


def state(journal: Journal) -> tuple[dict[str, Kept], float]:
    return dict(journal.kept), journal.seconds


def test_a_journal_is_read_as_it_was_written(tmp_path):
    journal = journal_of(tmp_path)
    assert state(journal) == ({f"part-{n}": Kept(n, f"{n:064x}") for n in range(3)}, 3.0)
    assert state(Journal(tmp_path / "journal")) == state(journal)
    assert state(Journal(tmp_path / "nowhere")) == ({}, 0.0)
    assert names(tmp_path) == ["journal"]


def test_the_last_word_on_a_file_holds(tmp_path):
    journal_of(tmp_path).add("part-1", Kept(99, "f" * 64), 7.0)
    again = Journal(tmp_path / "journal")
    assert again.kept["part-1"] == Kept(99, "f" * 64)
    assert list(again.kept) == ["part-0", "part-1", "part-2"]
    assert again.seconds == 7.0


def test_a_last_line_cut_short_anywhere_is_dropped_and_written_over(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "fsync", lambda _: None)
    before = state(journal_of(tmp_path, 2))
    start = (tmp_path / "journal").stat().st_size
    (tmp_path / "journal").unlink()
    after = state(journal_of(tmp_path, 3))
    whole = (tmp_path / "journal").read_bytes()
    assert len(whole) - start > 50
    for end in range(start, len(whole)):
        (tmp_path / "journal").write_bytes(whole[:end])
        journal = Journal(tmp_path / "journal")
        assert state(journal) == before, end
        assert state(Journal(tmp_path / "journal")) == before  # reading changes nothing
        journal.add("part-2", after[0]["part-2"], after[1])
        assert (tmp_path / "journal").read_bytes() == whole
        assert state(Journal(tmp_path / "journal")) == after, end


GARBAGE = [
    b"\0\0\0\0\n", b"\n", b"{}\n", b"[]\n", b"5\n", b"{\n", b"\xff\xfe\n", b"a\rb\n",
    b'{"file": "x", "bytes": 1, "sha256": "y"}\n',
    b'{"file": ["x"], "bytes": 1, "sha256": "y", "seconds": 1}\n',
    b'{"file": "../x", "bytes": 1, "sha256": "y", "seconds": 1}\n',
    b'{"file": "x", "bytes": Infinity, "sha256": "y", "seconds": 1}\n',
    b'{"file": "x", "bytes": 1, "sha256": "y", "seconds": NaN}\n',
    b'{"file": "x", "bytes": 1, "sha256": 5, "seconds": 1}\n',
]  # fmt: skip


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_in_the_middle_loses_no_line_but_its_own(tmp_path, garbage):
    journal_of(tmp_path)
    lines = (tmp_path / "journal").read_bytes().splitlines(keepends=True)
    (tmp_path / "journal").write_bytes(lines[0] + garbage + b"".join(lines[1:]))
    journal = Journal(tmp_path / "journal")
    assert state(journal) == ({f"part-{n}": Kept(n, f"{n:064x}") for n in range(3)}, 3.0)
    journal.add("new", Kept(5, "5" * 64), 9.0)
    assert state(Journal(tmp_path / "journal")) == state(journal)
    assert list(journal.kept) == ["part-0", "part-1", "part-2", "new"]


@pytest.mark.parametrize("place", range(3))
def test_a_changed_byte_loses_no_file_but_its_own(tmp_path, place):
    journal_of(tmp_path)
    lines = (tmp_path / "journal").read_bytes().splitlines(keepends=True)
    lines[place] = b"?" + lines[place][1:]
    (tmp_path / "journal").write_bytes(b"".join(lines))
    assert Journal(tmp_path / "journal").kept.keys() == {f"part-{n}" for n in range(3) if n != place}


@pytest.mark.parametrize("place", range(3))
def test_a_carriage_return_anywhere_loses_no_more_than_its_line(tmp_path, place):
    journal_of(tmp_path)
    lines = (tmp_path / "journal").read_bytes().splitlines(keepends=True)
    (tmp_path / "journal").write_bytes(b"".join(lines[:place]) + b"\r" + b"".join(lines[place:]))
    journal = Journal(tmp_path / "journal")
    journal.add("new", Kept(5, "5" * 64), 9.0)
    assert state(Journal(tmp_path / "journal")) == state(journal)
    assert {f"part-{n}" for n in range(3) if n != place} | {"new"} <= journal.kept.keys()


def test_a_line_that_could_not_be_written_is_written_over(tmp_path, monkeypatch):
    journal = journal_of(tmp_path, 1)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.EIO, "Input/output error")))
        with pytest.raises(OSError, match="Input/output"):
            journal.add("a-much-longer-name-than-the-next-one", Kept(1, "1"), 2.0)
    assert list(journal.kept) == ["part-0"]
    journal.add("b", Kept(2, "2"), 3.0)
    assert state(Journal(tmp_path / "journal")) == state(journal)
    assert list(journal.kept) == ["part-0", "b"]


# Names


def test_names_sort_as_runs_and_blocks_do():
    firsts = [0, 25, 500, 10_000, 999_999_975]
    assert sorted(map(part_name, firsts)) == [part_name(first) for first in firsts]
    numbers = [0, 9, 10, 20_000]
    assert sorted(counts_name(".job-x", n) for n in numbers) == [counts_name(".job-x", n) for n in numbers]
    assert all(is_inside(name) for name in (part_name(0), counts_name(".job-x", 0), fold_name(".job-x", 64)))


def test_the_last_fold_is_that_of_most_blocks():
    own = {fold_name(".job-x", 64), fold_name(".job-x", 128), counts_name(".job-x", 500)}
    other = {fold_name(".job-y", 192), part_name(0), "daily.csv"}
    assert last_fold(".job-x", other, 300) == (None, 0)
    assert last_fold(".job-x", own | other, 300) == (fold_name(".job-x", 128), 128)
    assert last_fold(".job-x", own | other | {COUNTS}, 300) == (COUNTS, 300)


def test_blocks_are_counted_once_each():
    kept = dict.fromkeys([fold_name(".job-x", 2), *(counts_name(".job-x", n) for n in (0, 1, 2, 4))])
    assert blocks_counted(".job-x", {}, 5) == 0
    assert blocks_counted(".job-x", kept, 5) == 4
    assert blocks_counted(".job-x", {COUNTS: None}, 5) == 5
    assert blocks_counted(".job-x", kept, 3) == 3


# How one job differs from another

OLD = "name: crisis\nrandom_seed: 20231017\nruns: 100000\nend: 2024-07-31\nus: {readiness: 0.5}\norders: []\n"


def told(folder: Path, new: str = OLD, old: dict | None = None, **changes: object) -> str:
    """Write an older job into a folder, and say how another one differs."""
    made_by = {"sources": "a", "numpy": "2.0", "arithmetic": "c"}
    job = {"scenario": sha(OLD), "parameters": "prior", "precision": None, "made_by": made_by}
    (folder / "crisis.yaml").write_text(OLD)
    asked = json.loads(json.dumps(job)) | {"scenario": sha(new)}
    asked["made_by"] |= {k: v for k, v in changes.items() if k in made_by}
    asked |= {k: v for k, v in changes.items() if k not in made_by}
    return differences(folder, {"name": "crisis", "job": job} if old is None else old, asked, new)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("20231017", "7", "random_seed is 20231017 there and 7 here"),
        ("100000", "2000", "runs is 100,000 there and 2,000 here"),
        ("2024-07-31", "2024-03-10", "end is 2024-07-31 there and 2024-03-10 here"),
        ("0.5", "1", "us.readiness is 0.5 there and 1 here"),
        ("[]", "[{level: 2}]", "orders.0.level is not set there and 2 here"),
    ],
)
def test_a_field_of_the_scenario_is_told_with_both_values(tmp_path, old, new, said):
    assert told(tmp_path, OLD.replace(old, new)) == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parameters": "default"}, "parameters is prior there and default here"),
        ({"precision": 0.01}, "precision is not set there and 0.01 here"),
        ({"sources": "b"}, "it was made by other sources of Spiral"),
        ({"numpy": "2.4"}, "numpy is 2.0 there and 2.4 here"),
        ({"arithmetic": "d"}, "it was made by a machine whose arithmetic differs"),
    ],
)
def test_what_else_differs_is_told(tmp_path, changes, said):
    assert told(tmp_path, **changes) == said


def test_what_is_told_of_a_scenario_is_not_told_again_of_its_past(tmp_path):
    old, new = (f"runs: {n}\npast: {{runs: {n}, end: {n}}}\n" for n in (1, 2))
    (tmp_path / "crisis.yaml").write_text(old)
    made = {"name": "crisis", "job": {"scenario": sha(old)}}
    assert differences(tmp_path, made, {"scenario": sha(new)}, new) == (
        "past.end is 1 there and 2 here; runs is 1 there and 2 here"
    )


def test_a_scenario_and_more_may_differ_but_not_what_follows_from_it(tmp_path):
    said = told(tmp_path, OLD.replace("100000", "2000"), parameters="default", block_size=500)
    assert said == "parameters is prior there and default here; runs is 100,000 there and 2,000 here"


def test_no_more_than_three_differences_are_listed(tmp_path):
    new = "name: crisis\nrandom_seed: 1\nruns: 2\nend: 2024-01-01\nus: {readiness: 0}\n"
    assert told(tmp_path, new).endswith("; and 1 more")
    assert told(tmp_path, new).count(" there and ") == 3


def test_a_long_value_is_shortened_to_one_line(tmp_path):
    line = told(tmp_path, OLD + "question: |\n" + "  much to ask\n" * 50)
    assert "\n" not in line
    assert line.endswith("... here")
    assert len(line) < 120


@pytest.mark.parametrize(
    "text", [None, b"", b"name: crisis\nend: 2024-99-99\n", b"{", b"\xff\xfe", b"just words"]
)
def test_a_scenario_that_is_not_as_it_was_is_not_compared(tmp_path, text):
    made = {"name": "crisis", "job": {"scenario": sha(OLD), "parameters": "prior"}}
    if text is not None:
        (tmp_path / "crisis.yaml").write_bytes(text)
    assert differences(tmp_path, made, {"scenario": "other", "parameters": "prior"}, OLD) == UNTOLD


def test_a_scenario_that_differs_in_no_value_is_not_told_as_nothing(tmp_path):
    assert told(tmp_path, OLD + "# a remark\n") == UNTOLD


def test_an_older_manifest_says_too_little(tmp_path):
    assert told(tmp_path, old={"name": "crisis"}) == "its manifest says too little to tell which"
