"""What must be equal in two processes for them to give the same bytes: sources, libraries, arithmetic.

A simulation is the same on any machine with IEEE arithmetic: nothing of it goes through a library's functions. That is
checked here: a small simulation is run, and every bit of it counts. Versions are those through which other parts of an
answer go: random numbers and designs of numpy and scipy, sums of Python, files of pyarrow.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import pyarrow
import scipy

from sim.core.jit import source_hash
from sim.paths import data_folder
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW, prior_rows, rows_of_runs
from sim.simulate.remembered import remembered

RUNS, FIRST_RUN = 200, 10**12
"""Runs that are simulated, each with a row of its own; beyond the numbers of any run that is counted."""

IN_WORDS = {
    "sources": "its sources are not these",
    "arithmetic": "its arithmetic is not IEEE's, or its october-2023 is another: the same runs differ in some bit",
}


@cache
def fingerprint() -> dict[str, str]:
    """Tell this process from one whose results could differ.

    Returns
    -------
    dict of str
        `sources` and `arithmetic` as SHA-256, hexadecimal, and the versions of Python (major and minor) and of the
        libraries that answers go through; the compiler's is not asked for, since what it makes of the model is.
    """
    return {
        "sources": source_hash(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "pyarrow": pyarrow.__version__,
        "arithmetic": _arithmetic(),
    }


def difference(here: Mapping[str, str], there: Mapping[str, str]) -> str | None:
    """Say in words in what two fingerprints first differ: sources, then versions, then arithmetic; None if in nothing.

    Examples
    --------
    >>> difference({"numpy": "2.4.6"}, {"numpy": "2.3.0"})
    'numpy 2.4.6 here, 2.3.0 there'
    """
    for name in dict.fromkeys([*here, *there]):
        mine, other = here.get(name, "none"), there.get(name, "none")
        if mine != other:
            return IN_WORDS.get(name) or f"{name} {mine} here, {other} there"
    return None


def _arithmetic() -> str:
    return remembered("arithmetic", _worked_out)


def _worked_out() -> str:
    """SHA-256 of the worlds and the parameter rows of some runs of the shipped baseline, field by field."""
    job = make_job(load_scenario(data_folder("scenarios") / "october-2023.yaml"))
    runs = np.uint64(FIRST_RUN) + np.uint64(RUNS_PER_ROW) * np.arange(RUNS, dtype=np.uint64)
    rows = prior_rows(rows_of_runs(runs), job.random_seed, job.segments[-1].fixed)
    digest = hashlib.sha256()
    for values in (simulate(job, runs), rows):
        for name, field in _fields(np.asarray(values)):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(field).tobytes())
    return digest.hexdigest()


def _fields(records: np.ndarray, path: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Every plain field of records, nested ones by their path, without what fills them up."""
    for name in (name for name in records.dtype.names or () if name != "filled"):
        field, place = records[name], f"{path}{name}"
        if field.dtype.names:
            yield from _fields(field, f"{place}.")
        else:
            yield place, field
