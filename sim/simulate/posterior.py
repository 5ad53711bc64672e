"""A posterior: rows of parameters fitted to a record, each with the luck of the past that it was fitted by.

A row replays its own past: the parameters, the days on which what is on record is imposed, and the run numbers under
which it and its ancestors lived (see `sim.inference.filter`). After the as-of date every run has luck of its own.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
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

ONE_DAY = datetime.timedelta(days=1)


class PosteriorError(InputError):
    """A posterior that cannot be used; its text is one line."""


@dataclass(frozen=True)
class Posterior:
    """Rows fitted to a record.

    Attributes
    ----------
    name : of the scenario that was fitted
    start, as_of : first and last day of the past that was fitted
    random_seed : the seed of that past
    columns : by registry name, and the reporting lag's; each of shape (n,)
    stages : first day of every stage of the past, as index from `start`
    lineage : shape (n, stages), the run number of each stage
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
    columns: Mapping[str, npt.NDArray[np.float64]]
    stages: tuple[int, ...]
    lineage: npt.NDArray[np.uint64]
    fixed: Mapping[str, float]
    setting: list[float]
    drivers: Mapping[str, list[float]]
    steered: Mapping[str, list[int]]
    log_evidence: float
    digest: str = ""

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.lineage)

    @property
    def days(self) -> int:
        """Days of the past."""
        return (self.as_of - self.start).days + 1

    def is_of(self, segment: Segment) -> bool:
        """Whether a scenario has the actors and sites that were fitted, and priors that are the registry's."""
        other = plain_setting(segment.setting)
        alike = len(other) == len(self.setting) and np.allclose(self.setting, other, rtol=1e-12)
        return bool(alike and not segment.priors)

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
def load_posterior(folder: Path) -> Posterior:
    """Read a posterior from its folder.

    Raises
    ------
    PosteriorError
        If it is not whole, or of a model with other parameters.
    """
    import io

    import pandas as pd

    try:
        told = json.loads((folder / MANIFEST).read_text())
        data = (folder / ROWS).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest != told["sha256"]:
            raise PosteriorError(f"{folder / ROWS}: is not what was written: its checksum differs")
        frame = pd.read_parquet(io.BytesIO(data))
        stages = tuple(told["stages"])
        lineage = frame[[f"{RUN}{s}" for s in range(len(stages))]].to_numpy(np.uint64)
        columns = {n: frame[n].to_numpy(np.float64) for n in frame if not n.startswith(RUN)}
        missing = sorted(
            n for n, p in REGISTRY.items() if p.prior and n not in columns and n not in told["fixed"]
        )
        if missing:
            raise PosteriorError(f"{folder}: is of a model without {missing[0]}; fit it anew")
        return Posterior(
            told["name"], _date(told["start"]), _date(told["as_of"]), told["random_seed"], columns, stages, lineage,
            told["fixed"], told["setting"], told["drivers"], told["steered"], told["log_evidence"], digest,
        )  # fmt: skip
    except (OSError, KeyError, TypeError, ValueError) as error:
        if isinstance(error, PosteriorError):
            raise
        raise PosteriorError(f"{folder}: holds no posterior: {error}") from error


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


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
    fits = {called: load_posterior(homes[name]) for called, name in packs.items()}
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
    weights = _weights(fixed)
    found = [p for p in map(load_posterior, shipped().values()) if p.is_of(segment)]
    alike = [p for p in found if _weights(p.fixed) == weights]
    usual = [p for p in found if not p.fixed]
    return next(iter([*alike, *usual]), None)


def _weights(fixed: Mapping[str, float]) -> dict[str, float]:
    """Of what is held fast the weights of mechanisms."""
    return {name: value for name, value in fixed.items() if REGISTRY[name].mechanism is not None}
