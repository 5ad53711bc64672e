"""Folders of small jobs."""

from pathlib import Path

import pytest

from sim.store.naming import counts_name, part_name
from tests.store.jobs import live, opened


@pytest.fixture
def done(tmp_path: Path) -> Path:
    """A finished folder."""
    place = tmp_path / "results" / "crisis"
    assert not live(place)
    return place


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A folder with two blocks of an unfinished job."""
    place = tmp_path / "results" / "crisis"
    with opened(place) as work:
        for number in range(2):
            work.keep(part_name(25 * number), f"outcomes 1 {number}".encode() * 3)
            work.keep(counts_name(work.hidden, number), f"counts 1 {number}".encode())
    return place
