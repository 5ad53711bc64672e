"""The command `spiral`."""

import os

# Its matrices are small: more threads of BLAS only wait for one another. Numpy reads this when it is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from sim.cli.main import main

__all__ = ["main"]
