"""What was found by input at random stays mended; and a little more of it, from a seed."""

from pathlib import Path

import pytest

from tests.fuzz.__main__ import TARGETS, told
from tests.fuzz.loop import FOUND, Loop, Tally

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
