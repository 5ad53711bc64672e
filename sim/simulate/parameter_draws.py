"""Rows of parameters: the defaults, or draws from the prior; one row serves a block of runs.

Run `k` takes row `k // RUNS_PER_ROW` in every scenario, whatever the number of runs. A draw is addressed by row and
parameter name, so that adding a parameter changes no other's draws, and a scenario that fixes one changes only it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sim.core.draws import kept_in_a_day, uniforms
from sim.core.state import for_records
from sim.parameters import REGISTRY, Prior, parameters_dtype

RUNS_PER_ROW = 25
PARAMETERS = for_records(parameters_dtype())
"""Record of one row."""
NO_PRIORS: Mapping[str, Prior] = MappingProxyType({})
NO_COLUMNS: Mapping[str, npt.NDArray[np.float64]] = MappingProxyType({})


def rows_of_runs(runs: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
    """Parameter row that each run takes, same shape."""
    return (runs // np.uint64(RUNS_PER_ROW)).astype(np.int64)


def default_rows(fixed: Mapping[str, float], priors: Mapping[str, Prior] = NO_PRIORS) -> np.ndarray:
    """One row: every parameter at its default, but for those fixed and those with a prior of the scenario's own.

    Returns
    -------
    recarray of PARAMETERS, shape (1,)
    """
    return laid_out({}, fixed, 1, priors)


def prior_rows(
    rows: npt.NDArray[np.int64],
    random_seed: int,
    fixed: Mapping[str, float],
    priors: Mapping[str, Prior] = NO_PRIORS,
    own: Mapping[str, npt.NDArray[np.float64]] = NO_COLUMNS,
) -> np.ndarray:
    """Rows drawn from the prior, but for parameters that are fixed, and those whose values are given row by row.

    Parameters
    ----------
    rows : ndarray of int64, shape (n,)
        Row numbers; a row is the same whenever it is drawn.
    random_seed : int
    fixed : mapping
        Values by registry name.
    priors : mapping
        Priors that take the place of the registry's, by registry name. The draws keep their luck: a row that draws
        high from one draws high from the other.
    own : mapping of ndarray, each of shape (n,)
        Values that take the place of draws, by registry name; what is fixed goes before them.

    Returns
    -------
    recarray of PARAMETERS, shape (n,)
    """
    drawn = prior_columns(rows, random_seed, {*fixed, *own}, priors)
    return laid_out({**drawn, **own}, fixed, len(rows))


def prior_columns(
    rows: npt.NDArray[np.int64],
    random_seed: int,
    fixed: Collection[str],
    priors: Mapping[str, Prior] = NO_PRIORS,
) -> dict[str, npt.NDArray[np.float64]]:
    """Draws from the prior by registry name, as `prior_rows` lays them out, of parameters that are not fixed."""
    columns = {}
    for name, parameter in REGISTRY.items():
        prior = priors.get(name, parameter.prior)
        if name not in fixed and prior is not None:
            u = uniforms(np.uint64(random_seed), rows.astype(np.uint64), name_item(name))
            columns[name] = prior.quantile(u, parameter.low, parameter.high)
    return columns


def laid_out(
    columns: Mapping[str, npt.NDArray[np.float64]],
    fixed: Mapping[str, float],
    count: int,
    priors: Mapping[str, Prior] = NO_PRIORS,
) -> np.ndarray:
    """Rows with given values; what is fixed goes before these, and a parameter that has neither is at its default.

    Parameters
    ----------
    columns : mapping of ndarray, each of shape (count,)
        Values by registry name.
    fixed : mapping
        The same, for all rows.
    count : int
        Number of rows.
    priors : mapping
        Priors that take the place of the registry's, and whose middle is then the default.

    Returns
    -------
    recarray of PARAMETERS, shape (count,)
    """
    usual = {
        name: p.middle_of(priors[name]) if name in priors else p.default
        for name, p in REGISTRY.items()
        if name not in columns and name not in fixed
    }
    same = {name: np.full(count, value) for name, value in {**usual, **fixed}.items()}
    return rows_of_columns({**columns, **same}, count)


def name_item(name: str) -> int:
    """24-bit item number of a parameter's name (FNV-1a, folded), stable for ever."""
    value = 2166136261
    for byte in name.encode():
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return (value >> 24) ^ (value & 0xFFFFFF)


def rows_of_columns(columns: Mapping[str, npt.NDArray[np.float64]], count: int) -> np.ndarray:
    """Rows from the values of every parameter by registry name, each of shape (count,).

    Returns
    -------
    recarray of PARAMETERS, shape (count,)
    """
    table = np.zeros(count, PARAMETERS)
    for name, values in columns.items():
        group, key = name.split(".")
        table[group][key] = values
        if key.endswith("_half_life"):
            table[group][key.replace("_half_life", "_keep")] = kept_in_a_day(np.array(values, np.float64))
    return table.view(np.recarray)
