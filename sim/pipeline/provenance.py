"""What made a result, for its manifest."""

from __future__ import annotations

import datetime
import platform
from typing import Any

import numpy as np

from sim.version import VERSION


def made_now(seconds: float) -> dict[str, Any]:
    """Versions, machine, and when it was finished after so many seconds of work."""
    import numba
    import pandas
    import pyarrow
    import scipy

    return {
        "version": VERSION,
        "python": platform.python_version(),
        "libraries": {m.__name__: m.__version__ for m in (np, scipy, pandas, numba, pyarrow)},
        "machine": platform.machine(),
        "finished": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
    }


def posteriors_of(parameters: str) -> dict[str, Any]:
    """What a job hangs on besides, if it takes its parameters from the shipped posteriors: their checksums."""
    from sim.simulate.job import FITTED
    from sim.simulate.posterior import load_fit, shipped, shipped_later

    if parameters not in FITTED:
        return {}
    homes = {**shipped(), **{f"{name}, last article": folder for name, folder in shipped_later().items()}}
    return {"posteriors": {name: load_fit(folder).digest for name, folder in homes.items()}}
