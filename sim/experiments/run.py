"""One scenario: its runs, the altered worlds that its answer is held against, and the result."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sim.estimates import daily_table, distribution_table, incidence_table, rung_table, summarise
from sim.estimates.summary import SHIPPED
from sim.experiments.keeping import Blocks
from sim.experiments.record import made_now, posteriors_of
from sim.parameters import PACKS, couplings, last_step, only
from sim.scenario import Scenario, dump_resolved
from sim.simulate import Tallies, make_job, merged, trajectories
from sim.simulate.batches import Batch, tasks_of
from sim.simulate.blocks import Live, block_size
from sim.simulate.fingerprint import fingerprint
from sim.simulate.job import Parameters
from sim.simulate.parameter_draws import RUNS_PER_ROW, fixed_by, own_priors
from sim.simulate.pools import Pool, in_turn, on_threads
from sim.simulate.posterior import weights_of_packs
from sim.store import Result, StoreError, Work, load_result, open_work, read_manifest, write_result

ALTERED: Mapping[str, Mapping[str, float]] = {
    "couplings off": couplings(),
    "last step unlikely": last_step("unlikely"),
    "last step likely": last_step("likely"),
    **{pack: only(pack) for pack in PACKS},
}
"""The worlds that a headline is held against: same runs, same luck, some parameters at other values."""


def altered_worlds(scenario: Scenario) -> Mapping[str, Mapping[str, float]]:
    """`ALTERED`, with the ends of the last step where the scenario's own ranges have them; what it fixes stays."""
    own, fixed = own_priors(scenario), fixed_by(scenario)
    ends = {
        f"last step {risk}": {n: v for n, v in last_step(risk, own).items() if n not in fixed}
        for risk in ("unlikely", "likely")
    }
    return {name: ends.get(name, values) for name, values in ALTERED.items()}


TOGETHER = "all together"
FIRST, FURTHER = "first runs", "further runs"
MOST_ALTERED = 10_000
SAMPLE = 100

Engine = Literal["compiled", "mesa"]
Keep = Literal["outcomes", "summary"]
Progress = Callable[[int, int, int, int], None]


@dataclass(frozen=True)
class Settings:
    """How to run a scenario.

    Attributes
    ----------
    parameters : 'prior' or 'default'
    precision, runs_needed : the half-width that the number of runs was chosen for, and how many that takes, for the
        record; None when nothing was asked for
    threads : number of threads, all processors when None; changes no number
    changes : what was set on top of the scenario, as path=value, to be shown with the result
    command : the command line, for the manifest
    engine : what lives the runs; altered worlds and trajectories are lived by the compiled one. It changes no number
    keep : 'outcomes' to keep the outcome table, 'summary' to keep counts alone
    block_size : runs of a block, a multiple of 25; None to fit it to the number of runs. It changes no number
    fresh : whether to replace what another job left in the result folder
    """

    parameters: Parameters = "prior"
    precision: float | None = None
    runs_needed: int | None = None
    threads: int | None = None
    changes: tuple[str, ...] = ()
    command: str = ""
    engine: Engine = "compiled"
    keep: Keep = "outcomes"
    block_size: int | None = None
    fresh: bool = False


def run_scenario(
    scenario: Scenario,
    settings: Settings,
    place: Path,
    progress: Progress | None = None,
    pool: Pool | None = None,
) -> Result:
    """Simulate a scenario and keep everything but the figures in a result folder, going on with what is there.

    Parameters
    ----------
    scenario : Scenario
    settings : Settings
    place : Path
        The result folder.
    progress : callable, optional
        Told runs done, runs to do, how many of those done were there before, and runs of a block under way.
    pool : callable, optional
        Carries out the blocks; threads by default. It changes no number.

    Returns
    -------
    Result

    Raises
    ------
    StoreError
        When the folder cannot be worked in; `RefusedPlace` when something else stands there.
    """
    size, text = _size(scenario, settings), dump_resolved(scenario)
    batches = batches_of(scenario, settings)
    job, blocks = describe_job(settings, size, text), len(tasks_of(batches, size))
    told = {"command": settings.command, "runs": scenario.runs, "blocks": blocks}
    with open_work(place, job, (scenario.name, text), told, settings.fresh) as work:
        if not work.was_whole:
            reporter = _Reporter(progress, sum(batch.runs for batch in batches))
            # Python holds Mesa to one thread; this one can be interrupted between two days.
            mesa = settings.engine == "mesa"
            local = in_turn if mesa else partial(on_threads, threads=settings.threads or os.cpu_count() or 1)
            tallies = Blocks(batches, size, work).complete(
                pool or local, reporter.kept, reporter.lived if mesa and pool is None else None
            )
            _conclude(work, scenario, settings, tallies)
    return load_result(place)


def describe_job(settings: Settings, size: int, resolved: str) -> dict[str, Any]:
    """All that the bytes of a result hang on, as plain values."""
    return {
        "scenario": hashlib.sha256(resolved.encode()).hexdigest(),
        "parameters": settings.parameters,
        "engine": settings.engine,
        "keep": settings.keep,
        "block_size": size,
        "precision": settings.precision,
        **posteriors_of(settings.parameters),
        "made_by": fingerprint(),
    }


def is_begun(scenario: Scenario, settings: Settings, place: Path) -> bool:
    """Whether this very job, or its result, is in a folder already."""
    try:
        manifest = read_manifest(place)
    except (OSError, StoreError):
        return False
    job = describe_job(settings, _size(scenario, settings), dump_resolved(scenario))
    return manifest is not None and manifest.get("job") == job and not settings.fresh


def _size(scenario: Scenario, settings: Settings) -> int:
    return settings.block_size or block_size(scenario.runs)


def batches_of(scenario: Scenario, settings: Settings) -> list[Batch]:
    """The scenario's runs, those first that it shares with the altered worlds, and these."""
    few = min(scenario.runs, MOST_ALTERED)
    batch = partial(Batch, scenario=scenario, parameters=settings.parameters)
    own = partial(batch, daily=True, outcomes=settings.keep == "outcomes", live=_live_of(settings.engine))
    further = [own(name=FURTHER, first=few, runs=scenario.runs - few)] if scenario.runs > few else []
    altered = [
        batch(name=name, first=0, runs=few, override=v) for name, v in altered_worlds(scenario).items()
    ]
    if scenario.priors and settings.parameters == "prior":
        altered.append(batch(name=SHIPPED, scenario=with_shipped_priors(scenario), first=0, runs=few))
    return [own(name=FIRST, first=0, runs=few), *further, *altered]


def _live_of(engine: Engine) -> Live | None:
    if engine == "compiled":
        return None
    from sim.mesa.watched import watch

    return watch


def with_shipped_priors(scenario: Scenario) -> Scenario:
    """A scenario, and what it continues, without ranges of its own."""
    past = None if scenario.past is None else with_shipped_priors(scenario.past)
    return scenario.model_copy(update={"priors": {}, "past": past})


class _Reporter:
    """Adds up what blocks report, for whoever shows the progress."""

    def __init__(self, progress: Progress | None, planned: int) -> None:
        self._progress, self._planned = progress, planned
        self._done = self._old = self._under_way = 0

    def kept(self, runs: int, new: bool) -> None:
        self._done += runs
        self._old += runs * (not new)
        self._under_way = 0
        self._tell()

    def lived(self, runs: int) -> None:
        self._under_way += runs
        self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self._done, self._planned, self._old, self._under_way)


def _conclude(work: Work, scenario: Scenario, settings: Settings, tallies: dict[str, Tallies]) -> None:
    """Keep what the counts say, some runs day by day, and the manifest."""
    by_row, start = settings.parameters != "default", scenario.start
    few, others = tallies[FIRST], {name: t for name, t in tallies.items() if name not in (FIRST, FURTHER)}
    total = merged(tallies[name] for name in (FIRST, FURTHER) if name in tallies)
    fitted = make_job(scenario, settings.parameters).posterior
    total.most_rows = None if fitted is None else fitted.rows
    sample = np.arange(min(SAMPLE, scenario.runs), dtype=np.uint64)
    tables = {
        "daily": daily_table(total, start),
        "rungs": rung_table(total, start),
        "incidence": incidence_table(total, start, by_row),
        "distributions": distribution_table(total, scenario.headline),
    }
    estimates = summarise(scenario, by_row, total, few, others)
    if settings.parameters == "posterior":
        estimates |= _averaged(scenario, estimates)
    write_result(work, estimates, tables, trajectories(make_job(scenario, settings.parameters), sample))
    work.finish(_manifest(scenario, settings, few.runs, work.seconds))


def _averaged(scenario: Scenario, estimates: dict[str, Any]) -> dict[str, Any]:
    """The headline averaged over rival explanations, each weighed by how well it explains the record."""
    weights = weights_of_packs({TOGETHER: "october-2023", **{name: folder_of_pack(name) for name in PACKS}})
    fitted = make_job(scenario, "posterior").posterior
    if not weights or fitted is None or fitted.fixed:
        return {}
    each = {TOGETHER: estimates["headline"]["same_runs"], **estimates["mechanisms"]}
    return {"averaged": {"weights": weights, "probability": sum(weights[n] * each[n] for n in weights)}}


def folder_of_pack(pack: str) -> str:
    """Name of the scenario that is a rival explanation."""
    return pack.replace(" ", "-").lower()


def _manifest(scenario: Scenario, settings: Settings, few: int, seconds: float) -> dict[str, Any]:
    by_row = settings.parameters != "default"
    fitted = make_job(scenario, settings.parameters).posterior
    rows = (
        -(-scenario.runs // RUNS_PER_ROW)
        if fitted is None
        else min(-(-scenario.runs // RUNS_PER_ROW), fitted.rows)
    )
    return made_now(seconds) | {
        "command": settings.command,
        "changes": list(settings.changes),
        "random_seed": scenario.random_seed,
        "parameters": settings.parameters,
        "engine": settings.engine,
        "runs": scenario.runs,
        "rows": rows if by_row else 1,
        "runs_per_row": RUNS_PER_ROW if by_row else scenario.runs,
        "precision": settings.precision,
        "runs_needed": settings.runs_needed,
        "altered_worlds_runs": few,
    }
