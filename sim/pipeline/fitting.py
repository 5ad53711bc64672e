"""Questions that fit the parameters themselves: the files that they take, their fits, and the posterior they keep."""

from __future__ import annotations

import hashlib
import json
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

from sim.inference.fitting import Fit, fit_of
from sim.inference.islands import Island, carry_out_island
from sim.inference.observation import Record
from sim.inference.observation.reading import load_record, load_timeline, shipped_record
from sim.pipeline.experiment import Experiment
from sim.pipeline.fits import Reusing
from sim.pipeline.options import File
from sim.pipeline.runner import Runner
from sim.scenario.drivers import Driver
from sim.simulate.posterior import MANIFEST, ROWS, Posterior, manifest_of, rows_as_parquet


class RecordFile(File):
    """A record, read from a file."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read it; what is wrong with it is one line."""
        return value if isinstance(value, Record) else load_record(Path(value))


class TimelineFile(File):
    """Outside pressures by driver, read from a file."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read them; what is wrong with them is one line."""
        return value if isinstance(value, Mapping) else load_timeline(Path(value))


RECORD: dict[str, Any] = {
    "kind": RecordFile(),
    "metavar": "FILE",
    "help": "What was reported, as YAML; by default what the articles report.",
}
TIMELINE: dict[str, Any] = {
    "kind": TimelineFile(),
    "metavar": "FILE",
    "help": "Outside pressures after the date, as YAML in the form of a scenario's key timeline.",
}
"""What `sim.pipeline.options.option` takes of options that several questions have."""


@dataclass(frozen=True)
class Fitting(Experiment):
    """A question that fits the parameters itself, to a record or to several in turn."""

    choices = ()

    @property
    @abstractmethod
    def tasks(self) -> Mapping[Any, list[Island]]:
        """Islands of every fit by its name, numbered through."""

    @property
    def days_besides(self) -> int:
        """Days that runs live once the parameters are fitted."""
        return 0

    @property
    def total(self) -> int:
        """Particles in all, each a run to the as-of date."""
        return sum(island.runs for own in self.tasks.values() for island in own)

    @property
    def task_count(self) -> int:
        """Number of islands."""
        return sum(len(own) for own in self.tasks.values())

    @property
    def share_of_days(self) -> float:
        """All days that are lived, over those of so many runs that are lived to the end."""
        lived = sum(island.days for own in self.tasks.values() for island in own) + self.days_besides
        return lived / (self.total * self.scenario.days)

    def fitted(self, runner: Runner, name: Any) -> Fit:
        """Carry out the islands of a fit, or take those kept beside the result, and put them together."""
        own, carry_out = self.tasks[name], carry_out_island
        if runner.work is not None:
            carry_out = Reusing(runner.work.folder.parent, carry_out)
        return fit_of(own[0].problem, runner.rows(own, carry_out))


def keep_posterior(runner: Runner, posterior: Posterior, **made: Any) -> None:
    """Keep a posterior beside the answer, with what else its manifest says of how it was made."""
    data = rows_as_parquet(posterior)
    runner.keep(ROWS, data)
    runner.keep(MANIFEST, (json.dumps(manifest_of(posterior, data) | made, indent=1) + "\n").encode())


def record_or_own(record: Record | None) -> Record:
    """The record that was given, or what the project's articles report."""
    return shipped_record() if record is None else record


def plain_record(record: Record) -> dict[str, Any]:
    """A record as plain values, for JSON."""
    return dict(json.loads(json.dumps(asdict(record), default=str)))


def digest(value: Any) -> str:
    """Checksum of plain values, with dates among them."""
    return hashlib.sha256(json.dumps(value, default=str, sort_keys=True).encode()).hexdigest()


def digest_of_timeline(timeline: Mapping[str, Driver]) -> str:
    """Checksum of outside pressures."""
    return digest({name: driver.model_dump(mode="json") for name, driver in timeline.items()})
