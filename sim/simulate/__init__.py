"""From a scenario to runs: which worlds, which parameter rows, in blocks, on any number of threads."""

from sim.simulate.blocks import Block, run_blocks
from sim.simulate.job import Job, make_job, simulate
from sim.simulate.tallies import Tallies, merged, new_tallies
from sim.simulate.trajectories import trajectories

__all__ = [
    "Block",
    "Job",
    "Tallies",
    "make_job",
    "merged",
    "new_tallies",
    "run_blocks",
    "simulate",
    "trajectories",
]
