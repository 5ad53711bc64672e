"""The command that asks what a spiral hung on."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.cautioned import say_caution, with_caution
from sim.cli.options import run_number
from sim.cli.waiting import WAITS
from sim.cli.work import tell_of_compiling
from sim.errors import InputError
from sim.pipeline.request import Request
from sim.wording import day_text

if TYPE_CHECKING:
    from sim.replay.replay import Replay
    from sim.simulate.job import Job, Parameters

MOST_RUNS = 1_000_000


def why_command(
    name: str,
    settings: Sequence[str],
    *,
    number: str | None,
    pick: str | None,
    tip: bool,
    runs: str | None,
    sample: str | None,
    feeding: bool,
    figure: bool,
    out: Path | None,
    parameters: Parameters | None,
    draws: Path | None,
    priors: Path | None,
    as_json: bool,
) -> None:
    """Say what one run's spiral hung on, or what would have tipped it; or ask many runs."""
    if tip and number is None and pick is None:
        raise InputError("--tip: is asked of one run; give it with --run or --pick")
    if figure and not (feeding or runs):
        raise InputError("--figure goes with --runs or --feeding")
    if sample is not None and (feeding or not runs):
        raise InputError("--sample goes with --runs: so many of them are searched for chains")
    if out is not None and not figure:
        raise InputError("--out is for the figure; give --figure too")
    run, many = _what_is_asked(number, pick, runs, feeding)
    asked = Request((name,), tuple(settings), parameters, priors)

    from sim.pipeline.own_draws import drawn_from
    from sim.scenario.titles import spoken_of
    from sim.simulate.job import make_job

    tell_of_compiling()
    job = make_job(*drawn_from(asked, draws))
    many = _within_draws(job, many, feeding)
    what = "feeding" if feeding else "cascades"
    place = (out or Path("results") / f"{job.scenario.name}-{what}") if figure else None
    with spoken_of(job.scenario):
        if feeding:
            from sim.cli.why.feeding import feeding_command

            feeding_command(job, many, as_json, place)
        elif many is not None:
            _of_many(job, many, None if sample is None else _count("--sample", sample), as_json, place)
        else:
            _of_one(job, run, pick or "first-spiral", tip, as_json)


def _within_draws(job: Job, runs: int | None, feeding: bool) -> int | None:
    """As many runs as were asked for; refused where own draws would come again, and count as new ones."""
    from sim.simulate.parameter_draws import RUNS_PER_ROW

    if (draws := job.scenario.draws) is None:
        return runs
    most = draws.rows * RUNS_PER_ROW
    if runs is None and feeding:
        from sim.cli.why.feeding import DEFAULT_RUNS

        return min(DEFAULT_RUNS, most)
    if runs is not None and runs > most:
        raise InputError(
            f"--runs: {runs:,} takes more than the {draws.rows:,} draws of {draws.file}: at most {most:,}"
        )
    return runs


def _of_one(job: Job, run: int | None, pick: str, tip: bool, as_json: bool) -> None:
    from sim.replay.picking import NoSuchRunError, pick_run
    from sim.replay.replay import replay

    try:
        played = replay(job, pick_run(job, pick) if run is None else run)
    except NoSuchRunError as error:
        raise InputError(str(error)) from error
    _check_that_it_applies(played, tip)
    if as_json:
        from sim.cli.why.as_json import run_dict
        from sim.scenario.titles import told_all

        print(json.dumps(told_all(with_caution(job.scenario, run_dict(played)))))
        return
    from sim.cli.why.one_run import print_run

    say_caution(job.scenario)
    print_run(played)


def _check_that_it_applies(played: Replay, tip: bool) -> None:
    """A run that did not spiral hung on nothing, and one that did needed no tipping."""
    from sim.experiments.why.deeds import NO_SPIRAL, spiral_day
    from sim.replay.words import on_day

    scenario = played.job.scenario
    day = spiral_day(played.outcome, scenario)
    which = f"run {played.run:,} of {scenario.name}"
    if day == NO_SPIRAL and not tip:
        raise InputError(
            f"{which} did not come to a {scenario.headline} exchange by {day_text(scenario.end)}, so that there is "
            "nothing that it hung on; with --tip it is asked what would have tipped it"
        )
    if day != NO_SPIRAL and tip:
        raise InputError(
            f"{which} came to a {scenario.headline} exchange on {on_day(day, scenario)}; ask what it hung on "
            "without --tip"
        )


def _of_many(job: Job, runs: int, sample: int | None, as_json: bool, place: Path | None) -> None:
    from sim.cli.lone_figure import check, drawn
    from sim.cli.why.chains import chains_dict, print_chains
    from sim.experiments.why.chains import chains
    from sim.experiments.why.ranking import ranking

    check(place, "cascades")
    with _progress() as progress:
        found = ranking(job, runs, progress=progress)
        chained = chains(job, runs, sample, progress=progress)
    if as_json:
        from sim.cli.why.as_json import ranking_dict
        from sim.scenario.titles import told_all

        answer = ranking_dict(found, job) | {"chains": chains_dict(chained, job)}
        print(json.dumps(told_all(with_caution(job.scenario, answer))))
    else:
        from sim.cli.why.many_runs import print_ranking

        say_caution(job.scenario)
        print_ranking(found, job)
        print_chains(chained, job)
    if chained.cascades:
        from sim.report.figures.cascades import draw_cascades

        for file in drawn(lambda folder: draw_cascades(chained, job, folder), place):
            if not as_json:
                print(f"Figure: {file}")


def _what_is_asked(
    number: str | None, pick: str | None, runs: str | None, feeding: bool
) -> tuple[int | None, int | None]:
    """The run that is asked about, and the number of runs; refuses options that do not go together."""
    given = {"--run": number, "--pick": pick, "--runs": runs}
    chosen = [option for option, value in given.items() if value is not None]
    if len(chosen) > 1:
        raise InputError(f"{' and '.join(chosen)} do not go together; give one of them")
    if feeding and chosen not in ([], ["--runs"]):
        raise InputError(f"--feeding counts over many runs: give --runs, or nothing, in place of {chosen[0]}")
    run = None if number is None else run_number(number)
    return run, None if runs is None else _count("--runs", runs)


def _count(option: str, text: str) -> int:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not (1 <= value <= MOST_RUNS and value == int(value)):
        raise InputError(
            f"{option}: {text} is no such number; it must be a whole number from 1 to {MOST_RUNS:,}"
        )
    return int(value)


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None] | None]:
    """Progress line on stderr, when that is a terminal: what is being done, and how far it is."""
    if not sys.stderr.isatty():
        with WAITS.named("living the runs again, each with one deed undone"):
            yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} runs"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks = {}

        def report(what: str, done: int, planned: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=planned)
            bar.update(tasks[what], completed=done)

        yield report
