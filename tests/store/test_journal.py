"""The journal, which survives being cut short; and the names of what it notes."""

import errno
import os
from pathlib import Path

import pytest

from sim.store.files import Kept, is_inside
from sim.store.journal import Journal
from sim.store.manifest import COUNTS
from sim.store.naming import blocks_counted, counts_name, fold_name, last_fold, part_name


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


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


def test_a_last_line_cut_short_anywhere_is_dropped_and_written_over(tmp_path):
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
