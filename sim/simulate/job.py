"""A job: a scenario made ready for the engine, and the one way to simulate runs of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from sim.core import advance
from sim.core.state import new_worlds, reseat
from sim.errors import InputError
from sim.parameters import REGISTRY, Reactions, without
from sim.scenario.given import fixed_by, own_priors
from sim.scenario.shipped import unlike
from sim.simulate.parameter_draws import default_rows, laid_out, prior_rows, rows_of_runs
from sim.simulate.posterior import Posterior, posterior_of
from sim.simulate.second_lives import tell_spirals
from sim.simulate.segment import Segment
from sim.simulate.setting import setting_of
from sim.simulate.timeline import TIMELINE_EPOCH, timeline_of

if TYPE_CHECKING:
    import datetime

    from sim.scenario import Scenario

Parameters = Literal["posterior", "last-article", "prior", "default", "draws", "draws-default"]
FITTED: tuple[Parameters, ...] = ("posterior", "last-article")
"""Fitted parameters: as of the last day that is known when the scenario starts, and as of the last article."""

OF_ONES_OWN: tuple[Parameters, ...] = ("draws", "draws-default")
"""Draws of an analyst's own: what these say nothing of is drawn from its prior, or at its default."""


@dataclass(frozen=True)
class Job:
    """A scenario made ready: its past segments in order and, last, its own.

    Attributes
    ----------
    parameters : 'posterior' (a row fitted to the record for every 25 runs), 'last-article' (the same, fitted to all
        that the last article tells besides), 'prior' (a row of draws from the priors for every 25 runs), 'default'
        (one row for all), 'draws' or 'draws-default' (a row of the scenario's own draws for every 25 runs, other
        parameters drawn from their priors or at their defaults)
    random_seed : the seed of every draw
    posterior : the rows that are taken where they are fitted ones
    past_is_led : whether runs live through the posterior's past; else only its parameters are taken
    without : reactions that are taken out, from `free_from` on: such a life is a run's second one
    mechanisms : only these mechanisms' reactions are; all when None
    """

    scenario: Scenario
    segments: tuple[Segment, ...]
    parameters: Parameters
    random_seed: int
    posterior: Posterior | None = None
    past_is_led: bool = False
    without: Reactions | None = None
    mechanisms: tuple[str, ...] | None = None

    @property
    def free_from(self) -> int:
        """Date number of the first day on which reactions can be taken out: after the fitted past, else the first."""
        if self.posterior is not None and self.past_is_led:
            return (self.posterior.as_of - TIMELINE_EPOCH).days + 1
        return int(self.segments[0].timeline["date"][0])

    @property
    def most_rows(self) -> int | None:
        """Rows of parameters that there are, where they come again after so many; None where all are new."""
        if self.posterior is not None:
            return self.posterior.rows
        return None if self.scenario.draws is None else self.scenario.draws.rows

    @property
    def days(self) -> int:
        """Days of the scenario itself, without its past."""
        return len(self.segments[-1].timeline)


def make_job(
    scenario: Scenario, parameters: Parameters = "prior", override: Mapping[str, float] | None = None
) -> Job:
    """Make a scenario ready for the engine.

    Parameters
    ----------
    scenario : Scenario
    parameters : 'posterior', 'last-article', 'prior' or 'default'; 'draws' or 'draws-default' of a scenario with draws
    override : mapping, optional
        Parameters held at a value in all segments whatever the scenario says, by registry name: such as
        `sim.parameters.couplings()` for the world with its couplings off.

    Raises
    ------
    NoPosterior
        When there is none for a scenario with such actors and priors.
    InputError
        When a scenario has draws of an analyst's own and others are asked for, or the other way round.
    """
    _check_draws(scenario, parameters)
    chain = [scenario]
    while chain[0].past is not None:
        chain.insert(0, chain[0].past)
    segments = tuple(
        Segment(
            setting_of(part),
            timeline_of(part),
            {**fixed_by(part), **(override or {})},
            own_priors(part),
            unlike(part),
        )
        for part in chain
    )
    job = Job(scenario, segments, parameters, scenario.random_seed)
    if parameters not in FITTED:
        return job
    posterior = posterior_of(segments[0], segments[0].fixed, scenario.start, parameters)
    job = replace(with_posterior(job, posterior), parameters=parameters)
    return _with_past_as_fitted(job, fixed_by(chain[0]))


def _check_draws(scenario: Scenario, parameters: Parameters) -> None:
    """Refuse to take other rows than those that go with a scenario, and rows that are not there."""
    if (scenario.draws is None) == (parameters not in OF_ONES_OWN):
        return
    if scenario.draws is None:
        raise InputError(f"{scenario.name}: parameters = '{parameters}': no draws of your own go with it")
    raise InputError(
        f"{scenario.name}: goes with the draws of {scenario.draws.file}, which this question cannot take: load the "
        "scenario anew to ask it without them"
    )


def _with_past_as_fitted(job: Job, fixed: Mapping[str, float]) -> Job:
    """The same job, whose past goes on along a history and is not lived with parameters that are held otherwise.

    Up to the stem the deeds on record are imposed, whatever the parameters; what the last article tells came about by
    the fitted ones.
    """
    if not job.past_is_led or job.posterior is None or job.posterior.stem is None:
        return job
    first, *others = job.segments
    return replace(job, segments=(replace(first, fixed=fixed), *others))


def check_posteriors(scenarios: Sequence[Scenario], parameters: Parameters = "posterior") -> None:
    """Raise NoPosterior where none is shipped for a scenario, or where only some live through the record's past."""
    jobs = [make_job(scenario, parameters) for scenario in scenarios]
    led = [job.past_is_led for job in jobs]
    known = [job.posterior.known_until for job in jobs if job.posterior is not None]
    if len(set(known)) > 1:
        raise NoPosterior(
            f"{scenarios[known.index(min(known))].name} takes what is known up to {min(known)}, and "
            f"{scenarios[known.index(max(known))].name} up to {max(known)}: --parameters last-article takes all that "
            "is known for both"
        )
    if any(led) and not all(led):
        raise NoPosterior(
            f"{scenarios[led.index(False)].name} has other first days than were fitted, and "
            f"{scenarios[led.index(True)].name} has not: fitted runs of the two have no past in common; "
            "--parameters prior holds them against each other"
        )


class NoPosterior(InputError):
    """There is no posterior for a scenario, or none for all of several."""


def with_posterior(job: Job, posterior: Posterior | None) -> Job:
    """Give a job the rows of a posterior, and its past where the scenario's first days are those that were fitted."""
    if posterior is None:
        other = " and ".join(
            {"countries": "countries", "drivers": "outside drivers"}[n] for n in job.segments[0].unlike
        )
        raise NoPosterior(
            f"no posterior is shipped for the {other or 'actors, sites and ranges'} of {job.scenario.name}; "
            "--parameters prior draws from the priors, and `spiral calibrate` fits them"
        )
    first, *others = job.segments
    pasts = (posterior, posterior.up_to_stem())
    shared = [p for p in pasts if p.shares_past(first) and not _intervenes(job.scenario, p.as_of)]
    posterior, led = (shared or pasts[1:])[0], bool(shared)
    if led:
        first = replace(first, timeline=posterior.led(first.timeline))
    return replace(
        job, segments=(first, *others), parameters="posterior", posterior=posterior, past_is_led=led
    )


def _intervenes(scenario: Scenario, until: datetime.date) -> bool:
    """Whether a scenario, or what it continues, has an intervention that begins by a date."""
    own = any(action.span[0] <= until for action in scenario.interventions)
    return own or (scenario.past is not None and _intervenes(scenario.past, until))


TableOf = Callable[[Segment], np.ndarray]

FirstLife = Callable[[np.ndarray, np.ndarray, npt.NDArray[np.int64], Segment], None]
"""Lives the days of a scenario: of worlds at its start, with the table of rows, the row of each, and the segment."""

Counts = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Histograms, sums and rungs, as `advance.advance` adds to them."""

NOTHING: Counts = (np.zeros((0, 0, 0), np.int32), np.zeros((0, 0), np.int64), np.zeros((0, 0), np.int64))


def simulate(
    job: Job,
    runs: npt.NDArray[np.uint64],
    counts: Counts = NOTHING,
    row_numbers: npt.NDArray[np.int64] | None = None,
) -> np.ndarray:
    """Simulate runs from the first day to the last, and those that came to the headline again without reactions.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
        Run numbers, in any order; a run is the same in whatever company it is simulated.
    counts : tuple of ndarray, optional
        Daily counts to add to.
    row_numbers : ndarray of int64, shape (n,), optional
        The parameter row of each run, where it is not its own.

    Returns
    -------
    recarray of WORLD, shape (n,)
        The worlds after the last day.
    """
    worlds = lived(job, runs, counts, row_numbers)
    live_again(job, runs, worlds, row_numbers)
    return worlds


def lived(
    job: Job,
    runs: npt.NDArray[np.uint64],
    counts: Counts = NOTHING,
    row_numbers: npt.NDArray[np.int64] | None = None,
) -> np.ndarray:
    """Worlds after one life alone, as `simulate` takes them; their outcomes say nothing of a second."""
    worlds, table, rows, last = prepare(job, runs, row_numbers)
    _advance(job, worlds, table, rows, last, counts)
    return worlds


def live_again(
    job: Job,
    runs: npt.NDArray[np.uint64],
    worlds: np.ndarray,
    row_numbers: npt.NDArray[np.int64] | None = None,
) -> None:
    """Note in worlds, in place, which came to the headline by reactions, and which would have without them."""

    def again(some: npt.NDArray[np.intp]) -> np.ndarray:
        numbers = None if row_numbers is None else row_numbers[some]
        return lived(replace(job, without="amplifying"), runs[some], row_numbers=numbers)

    tell_spirals(worlds, job.scenario.headline, again)


def simulate_rows(
    job: Job,
    runs: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int64],
    columns: Mapping[str, npt.NDArray[np.float64]],
    first_life: FirstLife | None = None,
) -> np.ndarray:
    """Simulate runs with given rows of parameters, whatever rows are theirs by number.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
        Run numbers, which give the luck; the same number may come again with another row.
    rows : ndarray of int64, shape (n,)
        The row that each run takes, from 0 on.
    columns : mapping of ndarray, each of shape (number of rows,)
        Values by registry name. A parameter that is missing is at its default; what the scenario fixes is laid over.
    first_life : what lives the first lives in place of the engine, and gives the same

    Returns
    -------
    recarray of WORLD, shape (n,)
        The worlds after the last day.
    """
    count = len(next(iter(columns.values())))

    def table_of(segment: Segment) -> np.ndarray:
        return laid_out(columns, segment.fixed, count, segment.priors)

    def live(job: Job, some: npt.NDArray[np.intp], by: FirstLife | None = None) -> np.ndarray:
        worlds, table = _begun(job, runs[some], rows[some], table_of)
        if by is None:
            _advance(job, worlds, table, rows[some], job.segments[-1], NOTHING)
        else:
            by(worlds, table, rows[some], job.segments[-1])
        return worlds

    worlds = live(job, np.arange(len(runs)), first_life)
    tell_spirals(worlds, job.scenario.headline, partial(live, replace(job, without="amplifying")))
    return worlds


def prepare(
    job: Job, runs: npt.NDArray[np.uint64], row_numbers: npt.NDArray[np.int64] | None = None
) -> tuple[np.ndarray, np.ndarray, npt.NDArray[np.int64], Segment]:
    """Worlds at the scenario's start, its past behind them.

    Parameters
    ----------
    job : Job
    runs : ndarray of uint64, shape (n,)
    row_numbers : ndarray of int64, shape (n,), optional
        The parameter row of each run, where it is not its own.

    Returns
    -------
    tuple
        The worlds, the table of parameter rows, the row that each world takes, and the segment to come.
    """
    wanted = rows_of_runs(runs) if row_numbers is None else row_numbers
    if (
        job.scenario.draws is not None
    ):  # a row that comes again does so as a whole, with what is drawn beside it
        wanted = wanted % job.scenario.draws.rows
    numbers, rows = np.unique(wanted, return_inverse=True)
    if job.parameters == "default":
        rows = np.zeros(len(runs), np.int64)
    past = None if job.posterior is None else wanted % job.posterior.rows
    worlds, table = _begun(job, runs, rows, partial(_table, job, numbers), past)
    return worlds, table, rows, job.segments[-1]


def _begun(
    job: Job,
    runs: npt.NDArray[np.uint64],
    rows: npt.NDArray[np.int64],
    table_of: TableOf,
    past: npt.NDArray[np.int64] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Worlds at the scenario's start, its past behind them, and the table of its parameter rows.

    `past` gives the row of the posterior whose past each world has.
    """
    worlds, first = new_worlds(runs), job.segments[0]
    if job.posterior is not None and job.past_is_led and past is not None:
        job.posterior.give_past(worlds, past)
    table = table_of(first)
    advance.start(worlds, table, rows, first.setting)  # nothing of the first morning is a reaction
    for before, after in pairwise(job.segments):
        _advance(job, worlds, table, rows, before, NOTHING)
        reseat(worlds, before.setting, after.setting)
        table = table_of(after)
        advance.seat(worlds, table, rows, after.setting)
    return worlds, table


def _advance(
    job: Job,
    worlds: np.ndarray,
    table: np.ndarray,
    rows: npt.NDArray[np.int64],
    segment: Segment,
    counts: Counts,
) -> None:
    seed, days = np.uint64(job.random_seed), len(segment.timeline)
    free = days if job.without is None else int(np.searchsorted(segment.timeline["date"], job.free_from))
    advance.advance(worlds, table, rows, segment.timeline, segment.setting, seed, 0, free, *counts)
    if free < days:
        assert job.without is not None
        changed = without(job.without, table, job.mechanisms)
        advance.advance(worlds, changed, rows, segment.timeline, segment.setting, seed, free, days, *counts)


def _table(job: Job, numbers: npt.NDArray[np.int64], segment: Segment) -> np.ndarray:
    if job.parameters == "default":
        return default_rows(segment.fixed, segment.priors)
    if job.posterior is not None:
        return _fitted_rows(job.posterior, numbers, segment.fixed)
    if job.scenario.draws is not None:
        own = job.scenario.draws.taken(numbers)
        if job.parameters == "draws-default":
            return laid_out(own, segment.fixed, len(numbers), segment.priors)
        return prior_rows(numbers, job.random_seed, segment.fixed, segment.priors, own)
    return prior_rows(numbers, job.random_seed, segment.fixed, segment.priors)


def _fitted_rows(
    posterior: Posterior, numbers: npt.NDArray[np.int64], fixed: Mapping[str, float]
) -> np.ndarray:
    """Rows of a posterior, taken in turn, with what the scenario fixes laid over."""
    taken = numbers % posterior.rows
    columns = {name: values[taken] for name, values in posterior.columns.items() if name in REGISTRY}
    return laid_out(columns, {**posterior.fixed, **fixed}, len(taken))
