"""The command that opens one run: every action in it, and what each was decided by."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.cli.cautioned import with_caution
from sim.cli.lone_figure import check, drawn
from sim.cli.options import run_number
from sim.cli.waiting import WAITS
from sim.cli.work import tell_of_compiling
from sim.errors import InputError
from sim.pipeline.request import Request

if TYPE_CHECKING:
    from sim.experiments.why.feeding import Feeding
    from sim.replay.events import Event
    from sim.replay.replay import Replay
    from sim.simulate.job import Job, Parameters


def trace_command(
    name: str,
    settings: Sequence[str],
    *,
    number: str | None,
    pick: str | None,
    engine: str,
    story: bool,
    figure: bool,
    out: Path | None,
    parameters: Parameters | None,
    draws: Path | None,
    priors: Path | None,
    as_json: bool,
) -> None:
    """Open one run, and print its log (or its story), what it came to, and how its escalatory acts feed each other."""
    if number is not None and pick is not None:
        raise InputError("--run and --pick do not go together; give one of them")
    if out is not None and not figure:
        raise InputError("--out is for the figure; give --figure too")
    run = None if number is None else run_number(number)
    asked = Request((name,), tuple(settings), parameters, priors)

    from sim.pipeline.own_draws import drawn_from
    from sim.scenario.titles import spoken_of
    from sim.simulate.job import make_job

    tell_of_compiling()
    job = make_job(*drawn_from(asked, draws))
    with spoken_of(job.scenario):
        _open(job, run, pick, engine, story, (figure, out), as_json)


def _open(
    job: Job,
    run: int | None,
    pick: str | None,
    engine: str,
    story: bool,
    drawing: tuple[bool, Path | None],
    as_json: bool,
) -> None:
    """Find a run, live it again, and tell it; `drawing` says whether to draw it, and where."""
    from sim.replay.log import log_of

    (figure, out), picked = drawing, ""
    if run is None:
        run, picked = _picked(job, pick)
    place = (out or Path("results") / f"{job.scenario.name}-run-{run}") if figure else None
    check(place, "timeline")
    played = _live(job, run, engine)
    log = log_of(played)
    files = _figure(played, log, place)
    if as_json:
        from sim.scenario.titles import told_all

        print(json.dumps(told_all(_as_json(played, log, story, picked, files)), ensure_ascii=False))
        return
    from sim.cli.trace.report import print_trace

    print_trace(played, log, _feeding(played), story=story, picked=picked)
    for file in files:
        click.echo(f"Figure: {file}")


def _picked(job: Job, pick: str | None) -> tuple[int, str]:
    """Find a run, and say which it is."""
    from sim.replay.picking import SEARCHED, NoSuchRunError, pick_run, picked_text

    how = pick or "first-spiral"
    try:
        with WAITS.named(f"searching {SEARCHED:,} runs"):
            run = pick_run(job, how, SEARCHED)
    except NoSuchRunError as error:
        raise InputError(f"{error}; try --pick worst") from error
    return run, picked_text(how, run, SEARCHED, job.scenario.headline)


def _live(job: Job, run: int, engine: str) -> Replay:
    """Live the run again with one of the engines."""
    if engine == "mesa":
        from sim.replay.agents import replay_with_agents

        return replay_with_agents(job, run)
    from sim.replay.replay import replay

    return replay(job, run)


def _feeding(played: Replay) -> Feeding:
    from sim.experiments.why.feeding import feeding_of_run

    return feeding_of_run(played)


def _figure(played: Replay, log: Sequence[Event], place: Path | None) -> list[Path]:
    if place is None:
        return []
    from sim.report.figures.trace.timeline import draw_timeline

    return drawn(lambda folder: draw_timeline(played, log, folder), place)


def _as_json(
    played: Replay, log: Sequence[Event], story: bool, picked: str, files: Sequence[Path]
) -> dict[str, Any]:
    from sim.cli.why.feeding import as_object
    from sim.parameters import REGISTRY
    from sim.replay.events import event_json
    from sim.replay.outcome import outcome_json
    from sim.replay.story import story_of

    job, scenario = played.job, played.job.scenario
    values = {}
    for name in REGISTRY:
        group, key = name.split(".")
        values[name] = float(f"{played.row[group][key][0]:.6g}")
    answer: dict[str, Any] = {
        "scenario": scenario.name,
        "run": played.run,
        "parameters": {"from": job.parameters, "values": values},
        "random_seed": job.random_seed,
        "outcome": outcome_json(played),
        "events": [event_json(event, scenario.start) for event in log],
        "feeding": as_object(_feeding(played)),
    }
    extras = {
        "picked": picked,
        "story": story_of(log, scenario, played.run) if story else [],
        "files": [str(f) for f in files],
    }
    return with_caution(scenario, answer | {name: value for name, value in extras.items() if value})
