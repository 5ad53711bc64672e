"""Jobs that tests carry out as the command line does."""

from pathlib import Path
from typing import Any

import numpy as np

from sim.experiments.run import Run
from sim.pipeline.answers import Answer, carry_out
from sim.pipeline.runner import Execution, Runner
from sim.scenario import Scenario
from sim.simulate.spans import Point

EXECUTION = {"threads", "pool", "progress", "command", "changes", "fresh"}


def run_in(place: Path, scenario: Scenario, parameters: str = "prior", **options: Any) -> Answer[Any]:
    """Run a scenario in a folder; options are those of `Run`, and how it is carried out.

    What restraint averts, which takes most of the time, is asked only where `prevented` is given.
    """
    options = {"prevented": 0} | options
    how = {name: options.pop(name) for name in EXECUTION & options.keys()}
    return carry_out(Run(scenario, parameters, **options), place, Execution(**how))


def respond_to(points: list[Point], runs: int, threads: int = 1) -> np.ndarray:
    """Responses of points, as an experiment in memory has them."""
    return Runner(Execution(threads)).respond(points, runs, "prior")
