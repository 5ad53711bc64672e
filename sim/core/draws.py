"""Many numbers at once: addressed ones of parameters' priors and of what is fitted, and shares left by half-lives."""

import numpy as np

from sim.core.chance import PRIORS, PURPOSES, standard_normal, uniform
from sim.core.functions import LOG_TWO, exp
from sim.core.jit import entry

DRAW = PURPOSES["parameter"]
WIDEST = 8.5  # of a tabled standard normal number


@entry
def normals(random_seed, numbers, items):
    """Standard normal numbers by draw and item, shape (len(numbers), len(items))."""
    z = np.empty((len(numbers), len(items)))
    for n in range(len(numbers)):
        for i in range(len(items)):
            z[n, i] = standard_normal(uniform(random_seed, numbers[n], 0, PRIORS, DRAW, items[i]))
    return z


@entry
def interpolate(z, tables, values):
    """Look values up in evenly spaced tables of a quantile function, shape (items, knots), written in place."""
    last = tables.shape[1] - 1
    for n in range(z.shape[0]):
        for i in range(z.shape[1]):
            place = (min(max(z[n, i], -WIDEST), WIDEST) + WIDEST) / (2.0 * WIDEST) * last
            k = min(int(place), last - 1)
            part = place - k
            values[n, i] = tables[i, k] * (1.0 - part) + tables[i, k + 1] * part


@entry
def address_uniform(random_seed, run, actor_id, purpose):
    """One uniform number, at an address without date."""
    return uniform(random_seed, run, 0, actor_id, purpose, 0)


@entry
def uniforms(random_seed, rows, item):
    """One uniform number a row of parameters, shape (len(rows),)."""
    values = np.empty(len(rows), np.float64)
    for i in range(len(rows)):
        values[i] = uniform(random_seed, rows[i], 0, PRIORS, DRAW, item)
    return values


@entry
def kept_in_a_day(half_lives):
    """Share that is left after a day, by half-life in days; shape (n,)."""
    return left_after(np.ones(len(half_lives)), half_lives)


@entry
def left_after(days, half_lives):
    """Share that is left after a time, by half-life, both in days; all of shape (n,)."""
    shares = np.empty(len(days))
    for i in range(len(days)):
        shares[i] = exp(-LOG_TWO * days[i] / half_lives[i])
    return shares
