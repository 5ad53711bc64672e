"""The patient rule induction method (PRIM), from ema-workbench, kept from doing anything else.

Importing that library warns, logs, changes how matplotlib draws and moves the state of `random`. All of that is put
back, so that nothing else in the process can tell.
"""

from __future__ import annotations

import logging
import random
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import MissingExtra

Floats = npt.NDArray[np.float64]

PEEL = 0.05
"""Share of the rows in a box that a peel takes off, and a paste puts back."""

LEAST_MASS = 0.1
"""Share of the rows below which a box is not peeled further."""


def require_extra() -> None:
    """See that the library is there.

    Raises
    ------
    MissingExtra
        When it is not, with how to get it.
    """
    with quietly():
        _prim()


def peeled(quantiles: Floats, risk: Floats, base: float) -> list[Floats]:
    """Peel a box off rows, and paste back what was too much.

    Parameters
    ----------
    quantiles : ndarray, shape (rows, factors)
        Where each row lies in the prior of each factor, in (0, 1).
    risk : ndarray, shape (rows,)
        In [0, 1]. It is the mean of it that every peel raises as much as it can.
    base : float
        A box that ends below it is none.

    Returns
    -------
    list of ndarray, each of shape (factors, 2)
        The boxes on the way, from everything on: lower and upper ends as quantiles, 0 and 1 where there is no limit.
    """
    import pandas as pd

    columns = pd.DataFrame(quantiles, columns=[f"f{k}" for k in range(quantiles.shape[1])])
    with quietly():
        prim, regression = _prim()
        search = prim.Prim(
            columns, risk, base, peel_alpha=PEEL, paste_alpha=PEEL, mass_min=LEAST_MASS, mode=regression
        )
        boxes = search.find_box().box_lims
    return [_limits(box.to_numpy().T, search.box_init.to_numpy().T) for box in boxes]


def _limits(box: Floats, whole: Floats) -> Floats:
    """Open the sides on which nothing was peeled."""
    return np.where(box == whole, [0.0, 1.0], box)


def _prim() -> tuple[Any, Any]:
    try:
        from ema_workbench.analysis import prim
        from ema_workbench.analysis.scenario_discovery_util import RuleInductionType
    except ImportError as error:
        raise MissingExtra(
            "spiral discover needs the extra 'discovery': pip install 'spiral-sim[discovery]'"
        ) from error
    return prim, RuleInductionType.REGRESSION


@contextmanager
def quietly() -> Iterator[None]:
    """Keep what the library says to its own users away, and put back what it changes for others."""
    import matplotlib

    logger, state, drawn = logging.getLogger("EMA"), random.getstate(), np.random.get_state()
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with matplotlib.rc_context(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
        random.setstate(state)
        np.random.set_state(drawn)
