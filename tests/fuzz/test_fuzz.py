"""What was found by input at random stays mended; and a little more of it, from a seed."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st

from sim.errors import InputError
from tests.fuzz import measuring, page
from tests.fuzz.__main__ import TARGETS, run, told
from tests.fuzz.loop import FOUND, Loop, Tally
from tests.fuzz.making import SCALARS, edited, file_of, paths_of
from tests.fuzz.target import Target, Wrong, refused

CASES = sorted(path.relative_to(FOUND).as_posix() for path in FOUND.glob("*/*.case"))
SHORT = {"scenarios": 400, "records": 400, "folders": 60}


@pytest.mark.parametrize("name", CASES)
def test_what_was_found_is_mended(name, tmp_path):
    target = TARGETS[Path(name).parts[0]]
    loop = Loop(target, Tally(), tmp_path)
    assert loop.one(target.again((FOUND / name).read_bytes()))[0] == ""


@pytest.mark.verification
@pytest.mark.parametrize("name", TARGETS)
def test_nothing_is_found_in_a_short_run(name, tmp_path):
    loop = Loop(TARGETS[name], Tally(), tmp_path, first_seed=10**6)
    loop.chunk(SHORT[name])
    assert not loop.tally.failures, told(name, loop.tally)
    assert loop.tally.taken > 0
    assert len(loop.tally.outcomes) > 10


# The loop sees what is wrong


def planted(read: Callable[[int], str]) -> Target:
    """A target of whole numbers, of which each may take a second and 10 MB."""
    return Target(
        "planted", 60, st.integers(0, 100), lambda n, _: read(n), lambda n: str(n).encode(), int,
        cpu=1.0, memory=10_000_000, chunk=30,
    )  # fmt: skip


def slowly(n: int) -> str:
    end = time.thread_time() + 0.04 * (n > 50)
    while time.thread_time() < end:
        pass
    return "read"


def raises(n: int) -> str:
    return "read" if n <= 50 else str(1 // 0)


def wrongly(n: int) -> str:
    if n > 50:
        raise Wrong("is not what it was: here")
    return "read"


FAULTS = {
    "raised: ZeroDivisionError at ZeroDivisionError": raises,
    "wrong: is not what it was at Wrong": wrongly,
    "too slow: read": slowly,
    "too large: read": lambda n: "read" if n <= 50 else f"read{(b'x' * 30_000_000)[:0].decode()}",
    "raised: SystemExit at SystemExit": lambda n: "read" if n <= 50 else exit(3),
}


@pytest.mark.parametrize("wrong", FAULTS)
def test_a_fault_is_found_made_small_and_kept_once(wrong, tmp_path):
    if wrong.startswith("too large") and not measuring.CLEAR.exists():
        pytest.skip("the peak of memory is not counted anew here")
    target = planted(FAULTS[wrong])
    loop = Loop(replace(target, cpu=0.02) if wrong.startswith("too slow") else target, Tally(), tmp_path)
    for _ in range(3):
        loop.chunk(30)
    assert list(loop.tally.failures) == [wrong]
    (kept,) = tmp_path.rglob("*.case")
    assert kept.name == loop.tally.failures[wrong]
    assert kept.read_bytes() == b"51" or (wrong.startswith("too") and int(kept.read_bytes()) > 50)
    assert loop.one(int(kept.read_bytes()))[0] == wrong
    loop.retry()
    assert (list(loop.tally.failures), loop.tally.mended) == ([wrong], 0)
    loop.target = planted(lambda n: "read")
    loop.retry()
    assert (loop.tally.failures, loop.tally.mended) == ({}, 1)


def test_what_does_not_end_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(measuring, "PATIENCE", 0.05)

    def endless(n: int) -> str:
        while True:
            time.thread_time()

    assert Loop(planted(endless), Tally(), tmp_path).one(1)[0].startswith("raised: Endless")


@pytest.mark.parametrize(
    "message",
    [
        "mine.yaml: two\nlines",
        "mine.yaml: \x1b[2J",
        "nowhere",
        "",
        "mine.yaml:" + "x" * 3_000,
        "mine.yaml:\t",
    ],
)
def test_a_message_is_one_plain_line_that_begins_with_a_place(message):
    assert refused(InputError("mine.yaml:3:1: x = 'a b': must be 1"), ("mine.yaml:",)).endswith("must be")
    with pytest.raises(Wrong):
        refused(InputError(message), ("mine.yaml:",))


def test_a_run_that_was_stopped_goes_on_and_tries_other_cases(tmp_path, monkeypatch):
    seen: list[list[int]] = [[]]
    monkeypatch.setattr("tests.fuzz.__main__.FOUND", tmp_path)
    monkeypatch.setattr("gc.freeze", lambda: None)

    def read(n: int) -> str:
        if len(seen) == 1 and len(seen[0]) == 170:
            raise KeyboardInterrupt
        seen[-1].append(n)
        return "read"

    target = replace(planted(read), cases=st.integers(0, 10**12), count=200)
    with pytest.raises(KeyboardInterrupt):
        run(target, 200, tmp_path)
    kept = Tally.read(tmp_path / "planted.json")
    assert (kept.chunks, kept.tried, kept.taken) == (4, 120, 120)  # 50 of the warm-up, and 4 chunks of 30
    seen.append([])
    tally = run(replace(target, cases=st.integers(0, 10**12)), 200, tmp_path)
    assert tally.tried == 200
    assert tally.outcomes == {"read": 200}
    undisturbed = run(target, 200, tmp_path / "other") if seen.append([]) is None else None
    assert undisturbed == replace(tally, seconds=undisturbed.seconds, slowest=undisturbed.slowest,
                                  most_memory=undisturbed.most_memory)  # fmt: skip
    assert sorted(seen[2][50:]) == sorted(seen[0][50:170] + seen[1][50:])


def test_edits_reach_every_kind_of_entry_and_are_yaml():
    tree = {"a": [1, {"b": 2}], "c": "x"}
    assert len(paths_of(tree)) == 6
    made = set()

    from hypothesis import given, settings

    @settings(max_examples=300, database=None)
    @given(edited([tree], ["new"]))
    def collect(found):
        made.add(file_of(found))

    collect()
    assert {b'"a": [1, {"b": 2}]\n', b'"a": [1]\n"c": "x"\n'} <= made
    assert any(b'"new":' in one for one in made)
    assert len(made) > 60
    assert all(file_of({"x": value}) for value in SCALARS)


def test_the_page_tells_what_came_of_each_target():
    tally = Tally(2, 1_000, 10, 5.0, 0.25, 3_000_000, mended=2, failures={"wrong: x": "y.case"})
    text = page.page(dict.fromkeys(TARGETS, tally))
    assert text.count("| 1,000 | 10 | 0 | 0.25 s | 3 MB | 3 | 2 |") == 3
