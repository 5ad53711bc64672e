"""The search: NSGA-II over the levers, every policy tried on the same rows with the same luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import MissingExtra
from sim.experiments.policy.levers import LEVERS, rounded

Values = npt.NDArray[np.float64]
Evaluate = Callable[[Values], Values]
"""Gives what policies come to, shape (n, objectives), all to be as small as can be, for levers of shape (n, levers)."""


ALIKE = 0.1
"""Policies nearer to one another than this, as a share of the front's extent, do not both span it."""


def require_library() -> None:
    """See that the search can be carried out.

    Raises
    ------
    MissingExtra
        When pymoo is not installed.
    """
    try:
        import pymoo  # noqa: F401
    except ImportError as error:
        raise MissingExtra(
            "the search for policies needs the extra 'policy': pip install 'spiral-sim[policy]'"
        ) from error


def search(evaluate: Evaluate, size: int, generations: int, seed: int) -> tuple[Values, Values]:
    """Search the levers by NSGA-II (Deb and others 2002).

    Parameters
    ----------
    evaluate : callable
        Called once a generation, with `size` policies.
    size, generations : int
        Policies of a generation, 4 or more, and how many generations.
    seed : int
        Of the search alone.

    Returns
    -------
    tuple of ndarray
        Levers and objectives of every policy tried, in order: shapes (n, levers) and (n, objectives).

    Raises
    ------
    MissingExtra
        When pymoo is not installed.
    """
    require_library()
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.evaluator import Evaluator
    from pymoo.operators.sampling.lhs import LHS
    from pymoo.problems.static import StaticProblem

    tried: list[tuple[Values, Values]] = []
    with _global_luck_kept():
        problem = _problem()
        algorithm = NSGA2(pop_size=size, sampling=LHS(), repair=_steps())
        algorithm.setup(problem, termination=("n_gen", generations), seed=seed % 2**32, verbose=False)
        for _ in range(generations):
            asked = algorithm.ask()
            levers = asked.get("X").astype(np.float64)
            came = evaluate(levers)
            tried.append((levers, came))
            problem.n_obj = came.shape[1]
            Evaluator().eval(StaticProblem(problem, F=came), asked)
            algorithm.tell(infills=asked)
    return np.concatenate([one for one, _ in tried]), np.concatenate([two for _, two in tried])


def _problem() -> Any:
    from pymoo.core.problem import Problem

    low, high = (np.array([getattr(lever, end) for lever in LEVERS]) for end in ("low", "high"))
    return Problem(n_var=len(LEVERS), n_obj=3, xl=low, xu=high)


def _steps() -> object:
    from pymoo.core.repair import Repair

    class Steps(Repair):
        """Moves the levers in steps."""

        def _do(self, _problem: object, levers: Values, **_: object) -> Values:
            return rounded(levers)

    return Steps()


@contextmanager
def _global_luck_kept() -> Iterator[None]:
    """Give numpy's global generator back as it was: older versions of pymoo seed it."""
    before = np.random.get_state()
    try:
        yield
    finally:
        np.random.set_state(before)


def non_dominated(came: Values) -> npt.NDArray[np.bool_]:
    """Which rows of objectives no other row is as small as in all, and smaller than in one; shape (n,)."""
    no_worse = (came[:, None, :] <= came[None, :, :]).all(axis=2)
    better = (came[:, None, :] < came[None, :, :]).any(axis=2)
    return np.asarray(~(no_worse & better).any(axis=0))


def chosen(levers: Values, came: Values, count: int) -> list[int]:
    """Choose policies that span the front: the best in each objective, the best all round, then those farthest apart.

    Parameters
    ----------
    levers, came : ndarray
        As `search` gives them.
    count : int
        How many; where the front holds fewer, the next fronts fill up.

    Returns
    -------
    list of int
        Rows of `levers`, no two with the same levers.
    """
    _, first = np.unique(levers, axis=0, return_index=True)
    left, picked = sorted(first.tolist()), list[int]()
    while left and len(picked) < count:
        front = [left[i] for i in np.flatnonzero(non_dominated(came[left]))]
        picked += _spanning(came[front], front, count - len(picked))
        left = [i for i in left if i not in front]
    return picked


def _spanning(came: Values, numbers: Sequence[int], count: int) -> list[int]:
    low, high = came.min(axis=0), came.max(axis=0)
    scaled = (came - low) / np.where(high > low, high - low, 1.0)
    order = list[int]()
    for best in (*scaled.argmin(axis=0), (scaled**2).sum(axis=1).argmin()):
        if all(np.linalg.norm(scaled[best] - scaled[other]) > ALIKE for other in order):
            order.append(int(best))
    order = order[:count]
    while len(order) < min(count, len(numbers)):
        apart = ((scaled[:, None, :] - scaled[None, order, :]) ** 2).sum(axis=2).min(axis=1)
        apart[order] = -1.0
        order.append(int(apart.argmax()))
    return [numbers[i] for i in order]
