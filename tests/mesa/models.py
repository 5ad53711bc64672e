"""What tests of the Mesa model share."""

import numpy as np

from sim.scenario import load_scenario
from sim.simulate import Job
from sim.simulate.job import lived

EVENTFUL = 27  # a run with strikes and wounded
SHORT = load_scenario("october-2023", ["end=2023-11-05"])


def numbers(records: np.ndarray) -> bytes:
    """The bits of every number in records; what lies between them is left out."""
    if records.dtype.names is None:
        return np.ascontiguousarray(records).tobytes()
    return b"".join(numbers(records[name]) for name in records.dtype.names)


def end_of(job: Job, run: int) -> bytes:
    """The world after the last day, by the compiled engine."""
    return numbers(np.asarray(lived(job, np.array([run], np.uint64))))
