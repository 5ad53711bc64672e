"""All signs taken together: a logistic regression, fitted on one half of the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Records = npt.NDArray[np.void]

CHUNK = 100_000
"""Evenings that are made into numbers at once, so that memory stays small."""
STEPS, RIDGE = 25, 1.0


@dataclass(frozen=True)
class Together:
    """A fitted regression.

    Attributes
    ----------
    names : signs that it weighs
    centre, scale : of each, after the logarithm, on the rows fitted to
    weights : log odds; the first is the constant
    """

    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    weights: Floats

    def score(self, records: Records) -> Floats:
        """Log odds of a spiral to come, shape (n,); rounded, so that what is alike scores alike."""
        parts = [x @ self.weights for x in self._inputs(records)]
        return np.asarray(np.round(np.concatenate(parts), 6), np.float64) if parts else np.zeros(0)

    def _inputs(self, records: Records) -> Iterator[Floats]:
        for start in range(0, len(records), CHUNK):
            part = _logs(records[start : start + CHUNK], self.names)
            yield np.hstack([np.ones((len(part), 1)), (part - self.centre) / self.scale])


def fit(records: Records, positive: npt.NDArray[np.bool_], names: tuple[str, ...]) -> Together:
    """Fit by Newton's method, with a weak pull of every weight towards zero.

    Parameters
    ----------
    records : ndarray of RECORD, shape (n,)
    positive : ndarray of bool, shape (n,)
        Whether a spiral follows.
    names : tuple of str
        Signs that are not the same on all evenings.
    """
    total, square = np.zeros(len(names)), np.zeros(len(names))
    for start in range(0, len(records), CHUNK):
        part = _logs(records[start : start + CHUNK], names)
        total, square = total + part.sum(axis=0), square + (part**2).sum(axis=0)
    centre = total / len(records)
    scale = np.sqrt(np.maximum(square / len(records) - centre**2, 1e-12))
    pull = RIDGE * np.eye(len(names) + 1)
    pull[0, 0] = 0.0
    model = Together(names, centre, scale, np.zeros(len(names) + 1))
    for _ in range(STEPS):
        step = _newton_step(model, records, positive, pull)
        model = Together(names, centre, scale, model.weights + step)
        if np.abs(step).max() < 1e-6:
            break
    return model


def _newton_step(model: Together, records: Records, positive: npt.NDArray[np.bool_], pull: Floats) -> Floats:
    slope, bend, start = -pull @ model.weights, pull.copy(), 0
    for x in model._inputs(records):
        chance = 1 / (1 + np.exp(-np.clip(x @ model.weights, -30, 30)))
        slope = slope + x.T @ (positive[start : start + len(x)] - chance)
        bend = bend + (x * (chance * (1 - chance))[:, None]).T @ x
        start += len(x)
    step = np.linalg.solve(bend + 1e-9 * np.eye(len(bend)), slope)
    return np.asarray(step / max(1.0, np.abs(step).max() / 3.0))


def _logs(records: Records, names: tuple[str, ...]) -> Floats:
    """Signs on a logarithmic scale, which keeps zero and sign: one more attack weighs less where there are many."""
    values = np.stack([records[name].astype(np.float64) for name in names], axis=1)
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))
