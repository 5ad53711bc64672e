"""One scenario: its runs, the altered worlds that its answer is held against, and the result."""

from __future__ import annotations

import datetime
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.engines.job import Parameters
from sim.estimates import daily_table, distribution_table, incidence_table, rung_table, summarise
from sim.estimates.tables import estimate_event
from sim.jit import source_hash
from sim.parameter_rows import RUNS_PER_ROW
from sim.parameters import PACKS, couplings, last_step, only
from sim.runs import EVENTS, Job, Tallies, make_job, new_tallies, run_blocks, trajectories
from sim.runs.blocks import Engine
from sim.runs.outcomes import outcome_table
from sim.scenario import Scenario
from sim.store import RUNS, TRAJECTORIES, Result, write_result

ALTERED: Mapping[str, Mapping[str, float]] = {
    "couplings off": couplings(),
    "last step unlikely": last_step("unlikely"),
    "last step likely": last_step("likely"),
    **{pack: only(pack) for pack in PACKS},
}
"""The worlds that a headline is held against: same runs, same luck, some parameters at other values."""

MOST_ALTERED = 10_000
SAMPLE = 100
LEAST_RUNS = 2_000

Progress = Callable[[int, int, float], None]


@dataclass(frozen=True)
class Settings:
    """How to run a scenario.

    Attributes
    ----------
    parameters : 'prior' or 'default'
    precision : stop when the headline's interval by chance is at most this wide to either side; None to run all
    threads : number of threads, all processors when None; changes no number
    changes : what was set on top of the scenario, as path=value, to be shown with the result
    command : the command line, for the manifest
    engine : what lives the runs; altered worlds and trajectories are lived by the compiled one. It changes no number
    """

    parameters: Parameters = "prior"
    precision: float | None = None
    threads: int | None = None
    changes: tuple[str, ...] = ()
    command: str = ""
    engine: Engine = "compiled"


def run_scenario(
    scenario: Scenario, settings: Settings, folder: Path, progress: Progress | None = None
) -> Result:
    """Simulate a scenario and write everything but the figures into a (drafted) result folder.

    Parameters
    ----------
    scenario : Scenario
    settings : Settings
    folder : Path
        An existing, empty folder.
    progress : callable, optional
        Told runs done, runs to do, and the headline's half-width by chance.

    Returns
    -------
    Result
    """
    began = time.perf_counter()
    job = make_job(scenario, settings.parameters)
    by_row = settings.parameters == "prior"
    planned = min(scenario.runs, MOST_ALTERED) * len(ALTERED)
    report = _reporter(progress, scenario.runs + planned)
    tallies, few = _run_and_keep(job, settings, folder, report)
    others = {
        name: _run_altered(scenario, settings, values, few.runs, report) for name, values in ALTERED.items()
    }
    trajectories(job, np.arange(min(SAMPLE, tallies.runs), dtype=np.uint64)).to_parquet(folder / TRAJECTORIES)
    result = Result(
        folder=folder,
        scenario=scenario,
        manifest=_manifest(scenario, settings, tallies, few.runs, time.perf_counter() - began),
        estimates=summarise(scenario, by_row, tallies, few, others),
        daily=daily_table(tallies, scenario.start),
        rungs=rung_table(tallies, scenario.start),
        incidence=incidence_table(tallies, scenario.start, by_row),
        distributions=distribution_table(tallies, scenario.headline),
    )
    write_result(result)
    return result


def _reporter(progress: Progress | None, planned: int) -> Callable[[int, float], None]:
    done = 0

    def report(runs: int, half_width: float) -> None:
        nonlocal done
        done += runs
        if progress is not None:
            progress(done, planned, half_width)

    return report


def _run_and_keep(
    job: Job, settings: Settings, folder: Path, report: Callable[[int, float], None]
) -> tuple[Tallies, Tallies]:
    """Tallies of all runs, and of the first few by themselves, which altered worlds are held against."""
    import pyarrow.parquet as pq

    tallies, headline = new_tallies(job.days), EVENTS.index(job.scenario.headline)
    few = new_tallies(job.days)
    half_width = 1.0

    def enough(runs: int) -> bool:
        return settings.precision is not None and runs >= LEAST_RUNS and half_width <= settings.precision

    def told(runs: int) -> None:
        report(runs, half_width)

    run_by_run = told if settings.engine == "mesa" else None  # a block takes minutes then

    writer = None
    try:
        for block in run_blocks(
            job, job.scenario.runs, settings.threads, enough, engine=settings.engine, told=run_by_run
        ):
            tallies.merge(block.tallies)
            if block.first == 0 or tallies.runs <= MOST_ALTERED:
                few.merge(block.tallies)
            table = outcome_table(block, job.scenario, settings.parameters == "prior")
            writer = writer or pq.ParquetWriter(folder / RUNS, table.schema, compression="zstd")
            writer.write_table(table)
            half_width = estimate_event(tallies, headline, -1, settings.parameters == "prior").half_width
            if run_by_run is None:
                report(len(block.outcomes), half_width)
    finally:
        if writer is not None:
            writer.close()
    return tallies, few


def _run_altered(
    scenario: Scenario,
    settings: Settings,
    values: Mapping[str, float],
    runs: int,
    report: Callable[[int, float], None],
) -> Tallies:
    job = make_job(scenario, settings.parameters, values)
    tallies = new_tallies(job.days, daily=False)
    for block in run_blocks(job, runs, settings.threads, daily=False):
        tallies.merge(block.tallies)
        report(len(block.outcomes), float("nan"))
    return tallies


def _manifest(
    scenario: Scenario, settings: Settings, tallies: Tallies, few: int, seconds: float
) -> dict[str, Any]:
    import numba
    import pandas
    import scipy

    by_row = settings.parameters == "prior"
    return {
        "name": scenario.name,
        "version": sim.__version__,
        "sources_sha256": source_hash(),
        "python": platform.python_version(),
        "libraries": {m.__name__: m.__version__ for m in (np, scipy, pandas, numba)},
        "machine": platform.machine(),
        "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
        "command": settings.command,
        "changes": list(settings.changes),
        "random_seed": scenario.random_seed,
        "parameters": settings.parameters,
        "engine": settings.engine,
        "runs": tallies.runs,
        "rows": -(-tallies.runs // RUNS_PER_ROW) if by_row else 1,
        "runs_per_row": RUNS_PER_ROW if by_row else tallies.runs,
        "precision": settings.precision,
        "altered_worlds_runs": few,
    }
