"""Excitation and inhibition of some escalatory acts: the positive and the negative parts of their mean offspring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.core.offspring import KINDS
from sim.experiments.why.resampling import TAILS, weights_of

FEWEST_ROWS = 20
Floats = npt.NDArray[np.float64]
Range = tuple[float, float]


@dataclass(frozen=True)
class Part:
    """One of the two parts: escalatory acts for each escalatory act, at least 0.

    Attributes
    ----------
    mean : over all acts
    chance : 95% interval by chance
    unknown : central 90% over draws of the parameters; None where they are not drawn, or too few
    """

    mean: float
    chance: Range
    unknown: Range | None = None

    def __str__(self) -> str:
        """`0.42 [0.31, 0.55]`: the mean and its interval by chance."""
        return f"{self.mean:.2f} [{self.chance[0]:.2f}, {self.chance[1]:.2f}]"


@dataclass(frozen=True)
class Parts:
    """Excitation and inhibition of some escalatory acts.

    Attributes
    ----------
    acts : number of acts
    excitation, inhibition : sum over kinds of the positive parts of the mean offspring, and of the negative ones
    bound : spectral radius of the positive parts of the mean offspring by kind: what the acts would bring on of
        themselves, from generation to generation, did none prevent any; 0 where excitation closes no loop
    """

    acts: int
    excitation: Part
    inhibition: Part
    bound: Part

    def columns(self, *, unknown: bool) -> dict[str, float]:
        """Both parts with their intervals as columns of a table; see `sim.experiments.why.feeding.Feeding`."""
        found: dict[str, float] = {}
        for name, part in (("excitation", self.excitation), ("inhibition", self.inhibition)):
            found |= {name: part.mean, f"{name}_low": part.chance[0], f"{name}_high": part.chance[1]}
            if unknown:
                low, high = part.unknown or (np.nan, np.nan)
                found |= {f"{name}_unknown_low": low, f"{name}_unknown_high": high}
        return found


def sums_by_kind(acts: pd.DataFrame, places: npt.NDArray[np.int64], clusters: int) -> tuple[Floats, Floats]:
    """Acts by cluster and kind, shape (clusters, 5), and their offspring, shape (clusters, 5, 5), parents last."""
    parent = acts["kind"].cat.codes.to_numpy()
    children = acts[list(KINDS)].to_numpy(dtype=np.float64)
    counts, offspring = np.zeros((clusters, len(KINDS))), np.zeros((clusters, len(KINDS), len(KINDS)))
    np.add.at(counts, (places, parent), 1.0)
    for kind in range(len(KINDS)):
        np.add.at(offspring[:, kind], (places, parent), children[:, kind])
    return counts, offspring


def parts_of(
    acts: pd.DataFrame, cluster: npt.NDArray[np.int64], unknown: tuple[Range, Range] | None
) -> Parts:
    """Split the mean offspring of some acts, at least one.

    The intervals by chance are the middle 95% of a bootstrap of the clusters. In each replicate an entry of the mean
    offspring counts to the part to which it does in all runs: otherwise entries near 0 would add their noise to both.

    Parameters
    ----------
    acts : DataFrame
        As `sim.experiments.why.offspring.offspring_table` gives them.
    cluster : ndarray of int, shape (len(acts),)
        The draw of the parameters or the run of each.
    unknown : pair of ranges, optional
        Of excitation and inhibition over draws of the parameters.
    """
    numbers, places = np.unique(cluster, return_inverse=True)
    if len(numbers) == 1:  # of one row only its runs can be drawn again
        numbers, places = np.unique(acts["run"].to_numpy(), return_inverse=True)
    counts, offspring = sums_by_kind(acts, places, len(numbers))
    weights = np.concatenate([np.ones((1, len(numbers))), weights_of(len(numbers))])  # first, all runs
    drawn = weights @ counts
    matrices = np.einsum("bc,cij->bij", weights, offspring) / np.maximum(drawn, 1.0)[:, None, :]
    shares = drawn / drawn.sum(axis=1, keepdims=True)
    positive = matrices[0] > 0.0
    up, down = np.where(positive, matrices, 0.0), np.where(positive, 0.0, -matrices)
    ranges = unknown or (None, None)
    return Parts(
        len(acts),
        _part(np.einsum("bij,bj->b", up, shares), ranges[0]),
        _part(np.einsum("bij,bj->b", down, shares), ranges[1]),
        _part(np.abs(np.linalg.eigvals(np.maximum(up, 0.0))).max(axis=1), None),
    )


def _part(values: Floats, unknown: Range | None) -> Part:
    """From the value in all runs, first, and those in the replicates."""
    low, high = np.maximum(0.0, np.quantile(values[1:], TAILS))
    return Part(float(values[0]), (float(low), float(high)), unknown)


def range_over_rows(acts: pd.DataFrame) -> tuple[Range, Range] | None:
    """Central 90% of excitation and of inhibition over draws of the parameters; None where these are too few to tell.

    A row has few runs, whose Monte Carlo error would count as excitation in one entry and as inhibition in the next. So
    the sign of each entry is taken from one half of the row's runs and its size from the other, and in turn; an entry
    that is 0 then counts 0 on average. What the halves differ by tells how much of that error is left, and the rows are
    drawn together until they scatter as if there were none. Rows without an escalatory act have no offspring, and are
    left out.
    """
    rows, places = np.unique(acts["row"].to_numpy(), return_inverse=True)
    if len(rows) < FEWEST_ROWS:
        return None
    odd = acts["run"].to_numpy() % 2 == 1
    halves = [sums_by_kind(acts[m], places[m], len(rows)) for m in (odd, ~odd)]
    means = [offspring / np.maximum(counts, 1.0)[:, None, :] for counts, offspring in halves]
    counts = halves[0][0] + halves[1][0]
    shares = counts / counts.sum(axis=1, keepdims=True)
    found = []
    for sign in (1.0, -1.0):
        first, second = (
            np.einsum("rij,rj->r", np.where(sign * b > 0.0, sign * a, 0.0), shares)
            for a, b in (means, means[::-1])
        )
        found.append(_without_noise((first + second) / 2.0, ((first - second) ** 2 / 4.0).mean()))
    return found[0], found[1]


def _without_noise(values: Floats, noise: float) -> Range:
    """Central 90% of some values less the part of their variance that is Monte Carlo error; at least 0."""
    variance = float(values.var())
    left = np.sqrt(max(0.0, variance - noise) / variance) if variance > 0.0 else 0.0
    low, high = np.quantile(values.mean() + left * (values - values.mean()), (0.05, 0.95))
    return max(0.0, float(low)), max(0.0, float(high))
