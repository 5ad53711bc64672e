"""A posterior: rows of parameters fitted to a record, each with the luck of the past that it was fitted by.

A row replays its own past: the parameters, the days on which what is on record is imposed, and the run numbers under
which it and its ancestors lived (see `sim.inference.filter`). After the as-of date every run has luck of its own.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.core.state import DRIVERS, FREE
from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.paths import data_folder
from sim.simulate.timeline import TIMELINE_EPOCH

if TYPE_CHECKING:
    from sim.simulate.segment import Segment

MANIFEST, ROWS = "posterior.json", "posterior.parquet"
STEERED = ("level", "place", "deaths")
RUN = "run_"
AS_TOLD = ("name", "random_seed", "fixed", "setting", "drivers", "steered", "log_evidence")

ONE_DAY = datetime.timedelta(days=1)


class PosteriorError(InputError):
    """A posterior that cannot be used; its text is one line."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What the manifest of a posterior says, which is enough to choose among those that are shipped.

    Attributes
    ----------
    name : of the scenario that was fitted
    start, as_of : first and last day of the past that was fitted
    random_seed : the seed of that past
    stages : first day of every stage of the past, as index from `start`
    fixed : parameters that the fitted scenario holds fast, by registry name
    setting : what the fitted scenario fixes, as plain numbers
    drivers : its outside pressures by day of the past
    steered : what is imposed on each day of the past, by field of `sim.core.state.DAY`
    log_evidence : log of the probability of the record, estimated
    digest : SHA-256 of the rows, hexadecimal
    """

    name: str
    start: datetime.date
    as_of: datetime.date
    random_seed: int
    stages: tuple[int, ...]
    fixed: Mapping[str, float]
    setting: list[float]
    drivers: Mapping[str, list[float]]
    steered: Mapping[str, list[int]]
    log_evidence: float
    digest: str = ""

    def is_of(self, segment: Segment) -> bool:
        """Whether a scenario has the actors and sites that were fitted, and priors that are the registry's."""
        other = plain_setting(segment.setting)
        alike = len(other) == len(self.setting) and np.allclose(self.setting, other, rtol=1e-12)
        return bool(alike and not segment.priors)


@dataclass(frozen=True, kw_only=True)
class Posterior(Fit):
    """Rows fitted to a record.

    Attributes
    ----------
    columns : by registry name, and the reporting lag's; each of shape (n,)
    lineage : shape (n, stages), the run number of each stage
    """

    columns: Mapping[str, npt.NDArray[np.float64]]
    lineage: npt.NDArray[np.uint64]

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lineage)

    @property
    def days(self) -> int:
        """Days of the past."""
        return (self.as_of - self.start).days + 1

    def shares_past(self, segment: Segment) -> bool:
        """Whether a scenario's first days are those of the past: same start and pressures, and nothing else ordered.

        One that ends earlier shares as many as it has.
        """
        days = segment.timeline[: self.days]
        if int(days["date"][0]) != (self.start - TIMELINE_EPOCH).days:
            return False
        pressures = all(
            np.allclose(self.drivers[name][: len(days)], days[name], rtol=1e-12) for name in DRIVERS
        )
        free = np.all(days["level_limit"] == 4) and np.all(days["iraq_limit"] == 4)
        orders = all(
            np.all(days["orders"][name] == FREE) for name in ("attacks", "site", "killed", "wounded")
        )
        level = np.asarray(self.steered["level"])[: len(days)]
        as_led = np.all((days["level"] == FREE) | (days["level"] == level))
        return bool(pressures and free and orders and as_led)

    def led(self, timeline: np.ndarray) -> np.ndarray:
        """A timeline on whose first days what is on record is imposed, and nothing else."""
        days = timeline.copy()
        for name in STEERED:
            days[name][: self.days] = self.steered[name][: len(days)]
        for name in ("press", "answer"):
            days[name][: self.days] = FREE
        return days.view(np.recarray)

    def give_past(self, worlds: np.ndarray, rows: npt.NDArray[np.int64]) -> None:
        """Give worlds, in place, the luck of the past of these rows."""
        past = worlds["past"]
        until = (self.as_of + ONE_DAY - TIMELINE_EPOCH).days
        first = (self.start - TIMELINE_EPOCH).days
        past["seed"], past["until"] = self.random_seed, until
        ends = [first + stage for stage in (*self.stages[1:], self.days)]
        past["ends"][:, : len(ends)] = ends
        past["runs"][:, : len(ends)] = self.lineage[rows]


def plain_setting(setting: np.ndarray) -> list[float]:
    """What a scenario fixes of militias, sites and the reference day, as plain numbers."""
    one = np.asarray(setting)[0]
    found = []
    for group, count in (("militias", one["militia_count"]), ("sites", one["site_count"])):
        for record in one[group][:count]:
            found += [float(record[name]) for name in record.dtype.names]
    return found + [float(one["reference"][name]) for name in DRIVERS]


def write_posterior(posterior: Posterior, folder: Path, told: Mapping[str, Any]) -> None:
    """Write a posterior and its manifest into a folder, made when missing.

    Parameters
    ----------
    posterior : Posterior
    folder : Path
    told : mapping
        What else the manifest says, as plain values.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = rows_as_parquet(posterior)
    (folder / ROWS).write_bytes(data)
    (folder / MANIFEST).write_text(json.dumps({**manifest_of(posterior, data), **told}, indent=1) + "\n")


def manifest_of(posterior: Posterior, data: bytes) -> dict[str, Any]:
    """What a posterior's manifest says of it, as plain values; `data` are its rows as they are written."""
    return {
        "name": posterior.name,
        "start": posterior.start.isoformat(),
        "as_of": posterior.as_of.isoformat(),
        "random_seed": posterior.random_seed,
        "rows": posterior.rows,
        "stages": list(posterior.stages),
        "log_evidence": posterior.log_evidence,
        "fixed": dict(posterior.fixed),
        "setting": posterior.setting,
        "drivers": dict(posterior.drivers),
        "steered": dict(posterior.steered),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def rows_as_parquet(posterior: Posterior) -> bytes:
    """The rows as a Parquet file: a column a parameter, and the run number of every stage."""
    import io

    import pandas as pd

    frame = pd.DataFrame({name: values.astype(np.float32) for name, values in posterior.columns.items()})
    runs = {f"{RUN}{s}": posterior.lineage[:, s] for s in range(len(posterior.stages))}
    buffer = io.BytesIO()
    frame.assign(**runs).to_parquet(buffer, compression="zstd", index=False)
    return buffer.getvalue()


@lru_cache(maxsize=16)
def load_fit(folder: Path) -> Fit:
    """Read what a posterior's manifest says; its rows are not looked at.

    Raises
    ------
    PosteriorError
        If it is no manifest of a posterior.
    """
    with _told_of(folder):
        told = json.loads((folder / MANIFEST).read_text())
        start, as_of = (datetime.date.fromisoformat(told[name]) for name in ("start", "as_of"))
        same = {name: told[name] for name in AS_TOLD}
        return Fit(start=start, as_of=as_of, stages=tuple(told["stages"]), digest=told["sha256"], **same)


@lru_cache(maxsize=16)
def load_posterior(folder: Path) -> Posterior:
    """Read a posterior from its folder.

    Raises
    ------
    PosteriorError
        If it is not whole, or of a model with other parameters.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    fit = load_fit(folder)
    with _told_of(folder):
        data = (folder / ROWS).read_bytes()
        if hashlib.sha256(data).hexdigest() != fit.digest:
            raise PosteriorError(f"{folder / ROWS}: is not what was written: its checksum differs")
        table = pq.ParquetFile(pa.BufferReader(data)).read()
        read = {name: table[name].to_numpy() for name in table.column_names}
        lineage = np.stack([read[f"{RUN}{s}"] for s in range(len(fit.stages))], axis=1).astype(np.uint64)
        columns = {n: values.astype(np.float64) for n, values in read.items() if not n.startswith(RUN)}
    missing = sorted(n for n, p in REGISTRY.items() if p.prior and n not in columns and n not in fit.fixed)
    if missing:
        raise PosteriorError(f"{folder}: is of a model without {missing[0]}; fit it anew")
    return Posterior(**vars(fit), columns=columns, lineage=lineage)


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    """Whatever fails while a posterior is read is told in one line."""
    try:
        yield
    except PosteriorError:
        raise
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise PosteriorError(f"{folder}: holds no posterior: {error}") from error


def shipped() -> dict[str, Path]:
    """Folders of the posteriors that are shipped, by the name of the scenario that was fitted."""
    home = data_folder("scenarios") / "posteriors"
    return {path.parent.name: path.parent for path in sorted(home.glob(f"*/{MANIFEST}"))}


def weights_of_packs(packs: Mapping[str, str]) -> dict[str, float]:
    """How far the record speaks for each of some rival explanations, all held equally likely before.

    Parameters
    ----------
    packs : mapping
        Names of fitted scenarios by what they are called.

    Returns
    -------
    dict of float
        Shares that add up to 1; empty unless all are shipped, fitted up to the same day.
    """
    homes = shipped()
    if not packs.keys() or any(name not in homes for name in packs.values()):
        return {}
    fits = {called: load_fit(homes[name]) for called, name in packs.items()}
    if len({fit.as_of for fit in fits.values()}) > 1:
        return {}
    most = max(fit.log_evidence for fit in fits.values())
    shares = {called: float(np.exp(fit.log_evidence - most)) for called, fit in fits.items()}
    return {called: share / sum(shares.values()) for called, share in shares.items()}


def posterior_of(segment: Segment, fixed: Mapping[str, float]) -> Posterior | None:
    """The shipped posterior that fits a scenario: that of the mechanisms it has, else the baseline's; None if none.

    Parameters
    ----------
    segment : Segment
        The scenario's first, which tells its actors, sites and priors.
    fixed : mapping
        Parameters that it holds fast, by registry name.
    """
    weights, fits = _weights(fixed), {home: load_fit(home) for home in shipped().values()}
    alike = [home for home, fit in fits.items() if _weights(fit.fixed) == weights]
    usual = [home for home, fit in fits.items() if not fit.fixed]
    home = next((home for home in (*alike, *usual) if fits[home].is_of(segment)), None)
    return None if home is None else load_posterior(home)


def _weights(fixed: Mapping[str, float]) -> dict[str, float]:
    """Of what is held fast the weights of mechanisms."""
    return {name: value for name, value in fixed.items() if REGISTRY[name].mechanism is not None}
