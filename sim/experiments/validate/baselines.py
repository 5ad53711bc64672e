"""Rival forecasters of attack counts that know nothing of the actors, with priors, fitted through the same reports.

All are simulated day by day for many draws from their priors, and the draws are weighed by the observation model, as
the agent-based model's worlds are. What is assumed of them:

- attacks a day in all: log-normal, median 1.6, log sd 0.6, as `militia.tempo` (the first week's count over its days);
- share in Syria and Jordan: log odds of normal mean -0.5 and sd 1 on the first day, then a random walk of sd 0.12 a day
  (0.7 in a month), since the record's share moved: no rival is held to a constant share;
- clustering of days (negative binomial, persistence): log sd of a day's rate log-normal, median 0.5, log sd 0.5, as
  `militia.shock_sd`;
- Hawkes: each attack brings on a share of another, Beta(2, 2), spread over days with a mean of log-normal, median 3,
  log sd 0.7;
- persistence: the rate of the last interval between reports goes on; it sees no other.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.inference.observation import Record, increments, until
from sim.inference.observation.model import COLUMNS, Counts, days_needed, log_likelihoods
from sim.inference.observation.record import DISCRETE

DRAWS, KEPT = 200_000, 4_000
ONE_DAY = datetime.timedelta(days=1)

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


@dataclass
class State:
    """Draws of a rival: what is drawn once, and what is carried from day to day; each of shape (draws,)."""

    rate: Floats
    log_odds: Floats
    clustering: Floats
    branching: Floats
    decay: Floats
    excitation: Floats

    def taken(self, index: Integers) -> State:
        """The draws at an index."""
        return State(**{name: values[index] for name, values in vars(self).items()})


Prepare = Callable[[State], State]


def _poisson(state: State) -> State:
    return replace(state, clustering=np.zeros_like(state.rate), branching=np.zeros_like(state.rate))


def _clustered(state: State) -> State:
    return replace(state, branching=np.zeros_like(state.rate))


def _hawkes(state: State) -> State:
    return replace(state, clustering=np.zeros_like(state.rate))


RIVALS: Mapping[str, Prepare] = {
    "constant rate (Poisson)": _poisson,
    "constant rate (negative binomial)": _clustered,
    "Hawkes": _hawkes,
    "persistence": _clustered,
}
LAST_INTERVAL = ("persistence",)


@dataclass(frozen=True)
class Fitted:
    """A rival fitted to a record: draws of equal weight, and what the fit is worth.

    Attributes
    ----------
    state : the draws, as they stand at the end of the as-of date
    effective : effective number of draws
    log_evidence : log probability of the counts it was fitted to
    """

    state: State
    effective: float
    log_evidence: float


def fit_rival(name: str, record: Record, as_of: datetime.date, seed: int, draws: int = DRAWS) -> Fitted:
    """Fit a rival to the attack counts of a record up to a date.

    Parameters
    ----------
    name : str
        One of `RIVALS`.
    record : Record
    as_of : date
    seed : int
    draws : int
        From the prior.
    """
    generator = np.random.Generator(np.random.Philox([seed, list(RIVALS).index(name)]))
    told = until(record, as_of)
    attacks = tuple(r for r in told.reports if r.series in DISCRETE)
    scored = increments(attacks)
    if name in LAST_INTERVAL:
        last = max((report.last for report in scored), default=as_of)
        scored = tuple(report for report in scored if report.last == last)
    state = RIVALS[name](_prior(generator, draws))
    counts = _lived(state, generator, replace(told, reports=attacks), as_of)
    log_weights = log_likelihoods(scored, counts, told.counts_jordan).sum(1)
    weights = np.exp(log_weights - log_weights.max())
    evidence = float(log_weights.max() + np.log(weights.mean()))
    effective = float(weights.sum() ** 2 / (weights**2).sum())
    places = (np.arange(KEPT) + generator.random()) / KEPT * weights.sum()
    index = np.minimum(np.searchsorted(np.cumsum(weights), places), draws - 1)
    return Fitted(state.taken(generator.permutation(index)), effective, evidence)


def foresee(fitted: Fitted, days: int, seed: int) -> npt.NDArray[np.int32]:
    """Simulate what a fitted rival foresees.

    Returns
    -------
    ndarray of int, shape (draws, days, 2)
        Attacks by day in Iraq, and in Syria and Jordan.
    """
    generator = np.random.Generator(np.random.Philox([seed, 2**31]))
    state = replace(fitted.state)
    return np.stack([_day(state, generator) for _ in range(days)], axis=1)


def _prior(generator: np.random.Generator, draws: int) -> State:
    rate = 1.6 * np.exp(0.6 * generator.standard_normal(draws))
    branching = generator.beta(2.0, 2.0, draws)
    return State(
        rate=rate,
        log_odds=-0.5 + generator.standard_normal(draws),
        clustering=0.5 * np.exp(0.5 * generator.standard_normal(draws)),
        branching=branching,
        decay=np.exp(-1.0 / (3.0 * np.exp(0.7 * generator.standard_normal(draws)))),
        excitation=branching * rate,
    )


def _day(state: State, generator: np.random.Generator) -> npt.NDArray[np.int32]:
    """Attacks of a day by country, shape (draws, 2); the state is carried on in place."""
    z = generator.standard_normal(len(state.rate))
    impulse = np.exp(state.clustering * z - state.clustering**2 / 2)
    mean = ((1.0 - state.branching) * state.rate + state.excitation) * impulse
    count = generator.poisson(np.minimum(np.where(state.branching > 0, mean, state.rate * impulse), 200.0))
    syria = generator.binomial(count, special.expit(state.log_odds))
    state.excitation = state.excitation * state.decay + state.branching * (1.0 - state.decay) * count
    state.log_odds = state.log_odds + 0.12 * generator.standard_normal(len(state.rate))
    return np.stack([count - syria, syria], axis=1).astype(np.int32)


def _lived(state: State, generator: np.random.Generator, record: Record, as_of: datetime.date) -> Counts:
    """Live the draws to the as-of date, in place, and keep the counts that the record's reports need."""
    kept = tuple(day for day in days_needed(record) if record.start <= day <= as_of)
    values = np.zeros((len(state.rate), len(kept), len(COLUMNS)))
    total = np.zeros((len(state.rate), 2))
    for number in range((as_of - record.start).days + 1):
        total += _day(state, generator)
        day = record.start + number * ONE_DAY
        if day in kept:
            values[:, kept.index(day), :2] = total
    return Counts(record.start, kept, values)
