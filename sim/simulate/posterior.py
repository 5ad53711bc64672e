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
from dataclasses import dataclass, replace
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
LIMITS = ("level_limit", "iraq_limit")
ORDERED = ("attacks", "site", "killed", "wounded")
LATER = "last-article"
"""Folder, within that of a fitted scenario, of its posterior as of the last article."""

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
    stem : where a later part of the past was lived along a scenario's history, the last day before it; else None
    history : checksum of what that history imposes on the days after the stem, see `checksum_of_orders`
    orders : attacks that are imposed in the later part: day from `start`, militia, attacks, site, killed, wounded
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
    stem: datetime.date | None = None
    history: str = ""
    orders: tuple[tuple[int, ...], ...] = ()

    def is_of(self, segment: Segment) -> bool:
        """Whether a scenario has the actors, sites, countries and drivers that were fitted, and the usual priors."""
        other = plain_setting(segment.setting)
        alike = len(other) == len(self.setting) and np.allclose(self.setting, other, rtol=1e-12)
        return bool(alike and not segment.priors and not segment.unlike)


@dataclass(frozen=True, kw_only=True)
class Posterior(Fit):
    """Rows fitted to a record.

    Attributes
    ----------
    columns : by registry name, and the reporting lag's; each of shape (n,)
    lineage : shape (n, stages), the run number of each stage
    informed_until : the last day that the rows are informed of, where the past ends before it
    """

    columns: Mapping[str, npt.NDArray[np.float64]]
    lineage: npt.NDArray[np.uint64]
    informed_until: datetime.date | None = None

    @property
    def known_until(self) -> datetime.date:
        """The last day that the rows are informed of."""
        return self.informed_until or self.as_of

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lineage)

    @property
    def days(self) -> int:
        """Days of the past."""
        return (self.as_of - self.start).days + 1

    def up_to_stem(self) -> Posterior:
        """The same rows with the past up to the stem alone, for scenarios that have not lived through the rest."""
        if self.stem is None:
            return self
        days = (self.stem - self.start).days + 1
        stages = tuple(stage for stage in self.stages if stage < days)
        return replace(
            self,
            as_of=self.stem,
            informed_until=self.as_of,
            stem=None,
            history="",
            orders=(),
            stages=stages,
            lineage=self.lineage[:, : len(stages)],
            drivers={name: levels[:days] for name, levels in self.drivers.items()},
            steered={name: values[:days] for name, values in self.steered.items()},
        )

    def shares_past(self, segment: Segment) -> bool:
        """Whether a scenario's first days are those of the past: same start and pressures, and nothing else ordered.

        One that ends earlier shares as many as it has. Where the past goes on along a history, the scenario has that
        very history.
        """
        return not self.unlike(segment)

    def unlike(self, segment: Segment) -> list[str]:
        """In what a scenario's first days are not the past's: `start`, pressures by name, `orders`, `history`."""
        days = segment.timeline[: self.days]
        if int(days["date"][0]) != (self.start - TIMELINE_EPOCH).days:
            return ["start"]
        found = [name for name in DRIVERS if not self._has_level(name, days)]
        stem = self.days if self.stem is None else (self.stem - self.start).days + 1
        if not self._is_free(days[:stem]):
            found.append("orders")
        if self.stem is not None and checksum_of_orders(days[stem:]) != self.history:
            found.append("history")
        return found

    def _has_level(self, driver: str, days: np.ndarray) -> bool:
        return bool(np.allclose(self.drivers[driver][: len(days)], days[driver], rtol=1e-12))

    def _is_free(self, days: np.ndarray) -> bool:
        """Whether nothing is ordered of these first days but what the past itself imposes."""
        free = np.all(days["level_limit"] == 4) and np.all(days["iraq_limit"] == 4)
        orders = all(np.all(days["orders"][name] == FREE) for name in ORDERED)
        level = np.asarray(self.steered["level"])[: len(days)]
        as_led = np.all((days["level"] == FREE) | (days["level"] == level))
        return bool(free and orders and as_led)

    def led(self, timeline: np.ndarray) -> np.ndarray:
        """A timeline on whose first days what is on record is imposed, and nothing else."""
        days = timeline.copy()
        for name in STEERED:
            days[name][: self.days] = self.steered[name][: len(days)]
        for name in ("press", "answer"):
            days[name][: self.days] = FREE
        for name in LIMITS:
            days[name][: self.days] = 4
        for name in ORDERED:
            days["orders"][name][: self.days] = FREE
        for day, militia, *order in self.orders:
            for name, value in zip(ORDERED, order, strict=True):
                days["orders"][name][day, militia] = value
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


def checksum_of_orders(days: np.ndarray) -> str:
    """SHA-256, hexadecimal, of all that is imposed on some days or forbidden."""
    digest = hashlib.sha256()
    for name in (*STEERED, "press", "answer", *LIMITS):
        digest.update(np.ascontiguousarray(days[name]).tobytes())
    for name in ORDERED:
        digest.update(np.ascontiguousarray(days["orders"][name]).tobytes())
    return digest.hexdigest()


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
        "stem": None if posterior.stem is None else posterior.stem.isoformat(),
        "history": posterior.history,
        "orders": [list(order) for order in posterior.orders],
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
        stem = told.get("stem") and datetime.date.fromisoformat(told["stem"])
        orders = tuple(tuple(int(x) for x in order) for order in told.get("orders", ()))
        return Fit(
            start=start,
            as_of=as_of,
            stages=tuple(told["stages"]),
            digest=told["sha256"],
            stem=stem or None,
            history=told.get("history", ""),
            orders=orders,
            **same,
        )


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


def shipped_later() -> dict[str, Path]:
    """Folders of the shipped posteriors as of the last article, by the name of the scenario that was fitted."""
    home = data_folder("scenarios") / "posteriors"
    return {path.parent.parent.name: path.parent for path in sorted(home.glob(f"*/{LATER}/{MANIFEST}"))}


def weights_of_packs(packs: Mapping[str, str], later: bool = False) -> dict[str, float]:
    """How far the record speaks for each of some rival explanations, all held equally likely before.

    Parameters
    ----------
    packs : mapping
        Names of fitted scenarios by what they are called.
    later : bool
        Whether by all that is known as of the last article.

    Returns
    -------
    dict of float
        Shares that add up to 1; empty unless all are shipped, fitted up to the same day.
    """
    homes = shipped_later() if later else shipped()
    if not packs.keys() or any(name not in homes for name in packs.values()):
        return {}
    fits = {called: load_fit(homes[name]) for called, name in packs.items()}
    if len({fit.as_of for fit in fits.values()}) > 1:
        return {}
    most = max(fit.log_evidence for fit in fits.values())
    shares = {called: float(np.exp(fit.log_evidence - most)) for called, fit in fits.items()}
    return {called: share / sum(shares.values()) for called, share in shares.items()}


def posterior_of(
    segment: Segment,
    fixed: Mapping[str, float],
    start: datetime.date | None = None,
    parameters: str = "posterior",
) -> Posterior | None:
    """The shipped posterior that fits a scenario: that of the mechanisms it has, else the baseline's; None if none.

    It is the one as of the last article where that is asked for, or where the scenario starts after it and it is of the
    same mechanisms.

    Parameters
    ----------
    segment : Segment
        The scenario's first, which tells its actors, sites and priors.
    fixed : mapping
        Parameters that it holds fast, by registry name.
    start : date, optional
        The first day that the scenario asks about.
    parameters : 'posterior' or 'last-article'
    """
    later = _home_of(segment, fixed, shipped_later())
    if parameters == LATER:
        return None if later is None else load_posterior(later)
    home = _home_of(segment, fixed, shipped())
    if later is not None and start is not None and start > load_fit(later).as_of and _alike(later, home):
        return load_posterior(later)
    return None if home is None else load_posterior(home)


def _alike(one: Path, other: Path | None) -> bool:
    """Whether two posteriors are of the same mechanisms, or there is no other."""
    return other is None or _weights(load_fit(one).fixed) == _weights(load_fit(other).fixed)


def _home_of(segment: Segment, fixed: Mapping[str, float], homes: Mapping[str, Path]) -> Path | None:
    weights, fits = _weights(fixed), {home: load_fit(home) for home in homes.values()}
    alike = [home for home, fit in fits.items() if _weights(fit.fixed) == weights]
    usual = [home for home, fit in fits.items() if not fit.fixed]
    return next((home for home in (*alike, *usual) if fits[home].is_of(segment)), None)


def _weights(fixed: Mapping[str, float]) -> dict[str, float]:
    """Of what is held fast the weights of mechanisms."""
    return {name: value for name, value in fixed.items() if REGISTRY[name].mechanism is not None}
