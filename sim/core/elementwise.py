"""Functions of every number of an array, and sums over arrays in a fixed order."""

import numpy as np

from sim.core.functions import exp, log
from sim.core.jit import entry


def exps(values):
    """E to the power of every number, same shape."""
    given = np.array(values, np.float64)
    return _exps(given.ravel()).reshape(given.shape)


def logs(values):
    """Natural logarithm of every number, each above 0; same shape."""
    given = np.array(values, np.float64)
    return _logs(given.ravel()).reshape(given.shape)


@entry
def _exps(values):
    found = np.empty(len(values))
    for i in range(len(values)):
        found[i] = exp(values[i])
    return found


@entry
def _logs(values):
    found = np.empty(len(values))
    for i in range(len(values)):
        found[i] = log(values[i])
    return found


@entry
def pair_moments(first, second, masses):
    """Mean and covariance of two pairs of numbers that are distributed over nodes.

    Parameters
    ----------
    first, second : ndarray of float64, shape (2, n)
        Values of either pair at its nodes.
    masses : ndarray of float64, shape (n, n)
        Of nodes of the first by those of the second; brought to sum 1 in place.

    Returns
    -------
    mean, covariance : ndarray of float64, shapes (4,) and (4, 4)
    """
    shares = _shares(masses)
    values = np.concatenate((first, second))
    mean, covariance = np.zeros(4), np.zeros((4, 4))
    for k in range(4):
        for i in range(masses.shape[0]):
            mean[k] += shares[k // 2, i] * values[k, i]
    for k in range(4):
        for m in range(4):
            for i in range(masses.shape[0]):
                others = shares[k // 2, i] * (values[m, i] - mean[m])
                if k // 2 != m // 2:
                    others = _across(masses, values[m], mean[m], i, k < m)
                covariance[k, m] += (values[k, i] - mean[k]) * others
    return mean, covariance


@entry
def _shares(masses):
    """Sums by row and by column, shape (2, n), of masses that are brought to sum 1 in place."""
    n = masses.shape[0]
    total, sums = 0.0, np.zeros((2, n))
    for i in range(n):
        part = 0.0
        for j in range(n):
            part += masses[i, j]
        total += part
    for i in range(n):
        for j in range(n):
            masses[i, j] /= total
            sums[0, i] += masses[i, j]
            sums[1, j] += masses[i, j]
    return sums


@entry
def _across(masses, values, mean, i, by_row):
    """Sum over a row or a column of masses times what values differ from their mean."""
    total = 0.0
    for j in range(masses.shape[0]):
        total += (masses[i, j] if by_row else masses[j, i]) * (values[j] - mean)
    return total
