"""Experiments: which runs to make of which worlds to answer a question."""

from sim.experiments.run import Settings, run_scenario

__all__ = ["Settings", "run_scenario"]
