"""Jobs that tests carry out as the command line does."""

from pathlib import Path
from typing import Any

from sim.experiments.run import Run
from sim.pipeline.answers import Answer, carry_out
from sim.pipeline.runner import Execution
from sim.scenario import Scenario

EXECUTION = {"threads", "pool", "progress", "command", "changes", "fresh"}


def run_in(place: Path, scenario: Scenario, parameters: str = "prior", **options: Any) -> Answer[Any]:
    """Run a scenario in a folder; options are those of `Run`, and how it is carried out."""
    how = {name: options.pop(name) for name in EXECUTION & options.keys()}
    return carry_out(Run(scenario, parameters, **options), place, Execution(**how))
