"""How probable a strike on Iran is after so many killed: `python -m benchmarks.level_4 [FOLDER]` draws it.

Given that Washington answers: P(level 3 or more) x P(level 4 | level 3 or more), with nothing that holds it back and no
other provocation, for draws of the prior and of both posteriors, beside the episodes of the reference class.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.parameters import REGISTRY
from sim.reference import CLASSES, DEFAULT_CLASS, load_episodes
from sim.report.figures.level_4 import Curve, level_4_by_killed
from sim.report.figures.page import save
from sim.report.figures.style import style
from sim.scenario import load_scenario
from sim.simulate.job import Parameters, make_job

DRAWS, MOST = 2_000, 40
Floats = npt.NDArray[np.float64]
NAMES = ("us.level_3_base", "us.level_3_killed", "us.level_4_base", "us.level_4_killed", "us.ceiling")


def chances(parameters: Parameters) -> Floats:
    """By draw and number of killed, shape (draws, MOST + 1)."""
    job = make_job(load_scenario("october-2023"), parameters)
    values = dict.fromkeys(NAMES) if job.posterior is None else job.posterior.columns
    grid = np.random.default_rng(20231017).random((len(NAMES), DRAWS))
    columns = []
    for name, u in zip(NAMES, grid, strict=True):
        parameter, given = REGISTRY[name], values[name]
        assert parameter.prior is not None
        columns.append(parameter.prior.quantile(u, parameter.low, parameter.high) if given is None else given)
    a3, b3, a4, b4, ceiling = (np.asarray(column)[:, None] for column in columns)
    x = np.log2(1 + np.arange(MOST + 1))
    third, fourth = (1 / (1 + np.exp(-(a + ceiling + b * x))) for a, b in ((a3, b3), (a4, b4)))
    return np.asarray(third * fourth)


def curve(label: str, parameters: Parameters) -> Curve:
    """Mean and central 90% over draws."""
    found = chances(parameters)
    low, high = np.quantile(found, [0.05, 0.95], axis=0)
    return Curve(label, np.arange(MOST + 1), found.mean(0), low, high)


def main(place: str = "results/level-4") -> None:
    """Draw the figure and write its table beside it."""
    kinds: dict[str, Parameters] = {
        "prior": "prior", "as of 17 Nov 2023": "posterior", "as of the last article": "last-article",
    }  # fmt: skip
    curves = [curve(label, parameters) for label, parameters in kinds.items()]
    years = CLASSES[DEFAULT_CLASS]
    assert years is not None
    with style():
        drawing = level_4_by_killed(
            curves, load_episodes(), "Mean and central 90% of the draws", first_year=years
        )
        for file in save(drawing, Path(place)):
            print(file)


if __name__ == "__main__":
    main(*sys.argv[1:])
