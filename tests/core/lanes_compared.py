"""Worlds lived side by side, held against the same worlds lived one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FunctionType
from typing import Any

import numba
import numpy as np
import pytest

from sim.core import acts, advance
from sim.core.state import WORLD
from sim.simulate.job import Job, lived
from sim.simulate.tallies import new_tallies

COUNTED = ("histograms", "sums", "rungs")


def rebuilt(function: Callable[..., Any], **others: Any) -> Callable[..., Any]:
    """A function of sim.core.advance compiled anew, in which some of what it calls is another."""
    made = FunctionType(function.__code__, {**vars(advance), **others})
    return numba.njit(error_model="numpy", nogil=True)(made)


one_by_one = rebuilt(advance.one_by_one, live_day=acts.live)
"""`advance.one_by_one`, compiled; the day is the one that those who ask what caused what live."""


@contextmanager
def living(live: Callable[..., Any]) -> Iterator[None]:
    """All that moves time does it by another function than `advance.advance`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(advance, "advance", live)
        yield


def life(job: Job, runs: Sequence[int] | np.ndarray, live: Callable[..., Any]) -> tuple[np.ndarray, tuple]:
    """The worlds of runs at their end, their pasts lived too, and the daily counts."""
    counts = new_tallies(job.days).daily
    with living(live):
        worlds = lived(job, np.array(runs, np.uint64), counts)
    return worlds, counts


def difference(one: tuple[np.ndarray, tuple], other: tuple[np.ndarray, tuple]) -> str | None:
    """The first world whose bytes differ, or the counts that do; None where all is the same."""
    (worlds, counts), (worlds_there, counts_there) = one, other
    assert worlds.dtype == worlds_there.dtype == WORLD
    assert worlds.shape == worlds_there.shape
    for w in range(len(worlds)):
        if worlds[w : w + 1].tobytes() != worlds_there[w : w + 1].tobytes():
            return f"world {w}"
    for name, here, there in zip(COUNTED[: len(counts)], counts, counts_there, strict=True):
        if here.shape != there.shape or here.dtype != there.dtype or here.tobytes() != there.tobytes():
            return name
    return None


def lanes_differ(job: Job, runs: Sequence[int] | np.ndarray) -> str | None:
    """Where lives in lanes differ from lives one after the other."""
    return difference(life(job, runs, advance.advance), life(job, runs, one_by_one))
