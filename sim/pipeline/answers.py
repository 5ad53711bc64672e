"""An experiment carried out in a result folder, or in memory alone; and answers read again from their folders."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from sim.pipeline.experiment import Experiment, Finding
from sim.pipeline.provenance import made_now, posteriors_of
from sim.pipeline.runner import Execution, Runner
from sim.scenario import Scenario, dump_resolved
from sim.simulate.fingerprint import fingerprint
from sim.store import OWN_DRAWS, RUN, StoreError, load_stored, open_work, read_manifest, write_answer

Found = TypeVar("Found", bound=Finding)


@dataclass(frozen=True)
class Answer(Generic[Found]):
    """What a finished result folder holds.

    Attributes
    ----------
    folder : where it stands
    kind : which question it answers: `run`, `sweep`, `compare`, ...
    scenario : the resolved scenario that it is asked of
    manifest : versions, seed, runs, wall time, command, checksums
    finding : what came out
    """

    folder: Path
    kind: str
    scenario: Scenario
    manifest: Mapping[str, Any]
    finding: Found

    @property
    def estimates(self) -> Mapping[str, Any]:
        """All that is no table, as plain values."""
        return self.finding.estimates

    @property
    def tables(self) -> Mapping[str, Any]:
        """Tables by name."""
        return self.finding.tables

    @property
    def parameters(self) -> str:
        """Where the parameters came from: `posterior`, `prior` or `default`."""
        return "posterior" if self.finding.fits else str(self.manifest["parameters"])


def carry_out(experiment: Experiment, place: Path, execution: Execution) -> Answer[Any]:
    """Carry out an experiment in a result folder, going on with what is there, or read the answer that is there.

    Raises
    ------
    InputError
        When the question makes no sense of what the runs came to.
    StoreError
        When the folder cannot be worked in; `RefusedPlace` when something else stands there.
    """
    scenario, text = experiment.scenario, dump_resolved(experiment.scenario)
    kind = {} if experiment.kind == RUN else {"kind": experiment.kind}
    told = {
        **kind,
        "command": execution.command,
        "runs": experiment.told_runs,
        "blocks": experiment.task_count,
    }
    job = _job(experiment, text)
    with open_work(place, job, (scenario.name, text), told, execution.fresh) as work:
        if not work.was_whole:
            if scenario.draws is not None and OWN_DRAWS not in work.kept:
                work.keep(OWN_DRAWS, scenario.draws.as_parquet())
            finding = experiment.answer(Runner(execution, experiment.total, work))
            written = write_answer(work, finding.estimates, finding.tables)
            made = {
                "changes": list(execution.changes),
                "random_seed": scenario.random_seed,
                "parameters": experiment.parameters,
                "basis": experiment.basis,
                **experiment.provenance,
            }
            work.finish(made_now(work.seconds) | made | (written if kind else {"command": execution.command}))
    return load_answer(place, type(experiment).finding)


def in_memory(experiment: Experiment, execution: Execution) -> Any:
    """Carry out an experiment and keep nothing: its finding alone."""
    return experiment.answer(Runner(execution, experiment.total))


def load_answer(folder: Path, finding: type[Found]) -> Answer[Found]:
    """Read the answer that a finished result folder holds.

    Raises
    ------
    StoreError
        When it is none, is not finished, or is damaged.
    """
    stored = load_stored(folder)
    try:
        found = finding.read(stored.estimates, stored.tables)
    except ValueError as error:
        raise StoreError(f"{folder}: is damaged: its estimates are of another form") from error
    return Answer(folder, stored.kind, stored.scenario, stored.manifest, found)


def is_begun(experiment: Experiment, place: Path) -> bool:
    """Whether this very job, or its result, is in a folder already."""
    try:
        manifest = read_manifest(place)
    except (OSError, StoreError):
        return False
    return manifest is not None and manifest.get("job") == _job(
        experiment, dump_resolved(experiment.scenario)
    )


def _job(experiment: Experiment, text: str) -> dict[str, Any]:
    """All that the bytes of a result hang on, as plain values."""
    return {
        **({} if experiment.kind == RUN else {"kind": experiment.kind}),
        "scenario": hashlib.sha256(text.encode()).hexdigest(),
        "parameters": experiment.parameters,
        **posteriors_of(experiment.parameters),
        **_draws_of(experiment.scenario),
        **experiment.identity,
        "made_by": fingerprint(),
    }


def _draws_of(scenario: Scenario) -> dict[str, Any]:
    """The draws of an analyst's own that a job hangs on, if any: the name of their file and its checksum."""
    draws = scenario.draws
    return {} if draws is None else {"draws": {"file": draws.file, "sha256": draws.sha256}}
