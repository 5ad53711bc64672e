"""Whether this machine calculates as the one that recorded: to the last bit, in what the model does not touch."""

import hashlib
import math

import numba
import numpy as np
import scipy.special


@numba.njit
def _compiled(values):  # type: ignore[no-untyped-def]
    found = np.empty((4, values.size))
    for i in range(values.size):
        x = values[i]
        found[0, i], found[1, i] = math.exp(x), math.log(x)
        found[2, i], found[3, i] = math.sqrt(x) / (1.0 + math.exp(-x)), x**1.7
    return found


def arithmetic() -> str:
    """SHA-256 of functions compiled, vectorised and of SciPy, and of sums and products, on the same numbers."""
    x = np.random.Generator(np.random.Philox(1)).uniform(0.01, 9.0, 4_000)
    square = x.reshape(40, 100)
    parts = (
        _compiled(x),
        *(function(x) for function in (np.exp, np.log, np.log1p, np.tanh, np.cos, np.cumsum)),
        *(function(x) for function in (scipy.special.gammaln, scipy.special.ndtr, scipy.special.ndtri)),
        scipy.special.betaincinv(x, x[::-1], 0.975),
        square @ square.T,
        np.linalg.eigvalsh(np.cov(square)),
        np.array([x.sum(), x.var(), x.mean()]),
    )
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()
