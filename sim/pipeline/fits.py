"""Islands of fits kept beside results, so that the same fit serves every question that asks for it.

An island is found again by all that it hangs on, which ends with the as-of date: the scenario's days up to it, what its
actors and priors are, what was on record by then, its size, and the code. What comes after that date, the outside
pressures that a forecast is given, and later entries of a record are no part of it.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.inference.islands import Island
from sim.inference.problem import Problem
from sim.simulate.fingerprint import fingerprint
from sim.store.files import write_whole

FOLDER, MOST = ".fits", 20
"""Where fits are kept, beside the results that they were made for, and how many: the oldest go."""

Rows = npt.NDArray[np.void]


@dataclass(frozen=True)
class Reusing:
    """Carries out an island, or reads what came of it before.

    Attributes
    ----------
    home : folder that results stand in
    carry_out : carries out an island
    """

    home: Path
    carry_out: Callable[[Island], Rows]

    def __call__(self, island: Island) -> Rows:
        """What came of an island; a file that is not whole counts for nothing."""
        folder = self.home / FOLDER / digest_of_fit(island)
        found = _read(folder, island.number)
        if found is None:
            found = self.carry_out(island)
            _write(folder, island.number, found)
        return found


def digest_of_fit(island: Island) -> str:
    """SHA-256 of all that an island's rows hang on, but for its number: equal for islands of one fit."""
    problem = island.problem
    told = {
        "made_by": fingerprint(),
        "size": [island.particles, island.kept, island.moves],
        "random_seed": problem.scenario.random_seed,
        "days": [problem.scenario.start, problem.as_of],
        "record": asdict(problem.told) | {"name": ""},
        "space": _space(problem),
        "led": _digest(problem),
    }
    return hashlib.sha256(json.dumps(told, default=str, sort_keys=True).encode()).hexdigest()


def _space(problem: Problem) -> dict[str, Any]:
    """Priors with their ranges, and what is held fast."""
    space = problem.space
    return {"free": {name: repr(prior) for name, prior in space.priors.items()}, "fixed": dict(space.fixed)}


def _digest(problem: Problem) -> str:
    """Of the days up to the as-of date, with what is ordered on them, and of the actors and sites."""
    digest = hashlib.sha256()
    for name, values in _fields(np.asarray(problem.conditioning.timeline), "timeline"):
        digest.update(name.encode() + np.ascontiguousarray(values).tobytes())
    for name, values in _fields(np.asarray(problem.segment.setting), "setting"):
        digest.update(name.encode() + np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()


def _fields(records: np.ndarray, path: str) -> Iterator[tuple[str, np.ndarray]]:
    """Plain fields, nested ones by their path, without the padding between them."""
    for name in records.dtype.names or ():
        if records[name].dtype.names:
            yield from _fields(records[name], f"{path}.{name}")
        else:
            yield f"{path}.{name}", records[name]


def _write(folder: Path, number: int, rows: Rows) -> None:
    """Keep an island's rows, if they can be kept, under a name that tells whether they are whole."""
    buffer = io.BytesIO()
    np.save(buffer, rows, allow_pickle=False)
    data = buffer.getvalue()
    with suppress(OSError):
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            fits = sorted(folder.parent.iterdir(), key=lambda path: path.stat().st_mtime)
            for old in fits[:-MOST]:
                shutil.rmtree(old, ignore_errors=True)
        write_whole(folder / f"{number}-{hashlib.sha256(data).hexdigest()}.npy", data)


def _read(folder: Path, number: int) -> Rows | None:
    with suppress(OSError, ValueError):
        for file in folder.glob(f"{number}-*.npy"):
            data = file.read_bytes()
            if file.stem == f"{number}-{hashlib.sha256(data).hexdigest()}":
                return np.asarray(np.load(io.BytesIO(data), allow_pickle=False))
            file.unlink()
    return None
