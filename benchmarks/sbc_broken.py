"""Ways to break a fit on purpose, to see which of them simulation-based calibration notices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np

from sim.core import conditioned
from sim.inference import bridge, conditioning, filter
from sim.inference.observation import model

Broken = Callable[[], AbstractContextManager[Any]]


def _forgotten(part: int) -> AbstractContextManager[Any]:
    """Leave a part of what is steered unweighed: 0 Washington's deeds, 1 that nobody dies."""
    right = conditioned.advance_steered

    def wrong(*args: Any) -> None:
        right(*args)
        args[11][:, part] = 0.0

    return patch.object(conditioned, "advance_steered", wrong)


def _scores(change: Callable[[list[Any], Any, bool], Any]) -> AbstractContextManager[Any]:
    return patch.object(filter, "log_likelihoods", change)


def _reports_weigh(times: float) -> AbstractContextManager[Any]:
    """Count every report so many times over, as if its scatter were that much narrower or wider."""
    return _scores(lambda *args: times * model.log_likelihoods(*args))


def _at_once() -> AbstractContextManager[Any]:
    """Take all the wounded for counted on their day."""
    return _scores(
        lambda reports, counts, apart: model.log_likelihoods(
            [replace(report, in_retrospect=True) for report in reports], counts, apart
        )
    )


def _unweighed() -> AbstractContextManager[Any]:
    """Resample whatever the weights are."""
    return patch.object(
        bridge, "systematic", lambda weights, count, u: np.arange(count) * (len(weights) // count)
    )


BROKEN: Mapping[str, Broken] = {
    "reports weighed twice over": lambda: _reports_weigh(2.0),
    "reports weighed by a quarter": lambda: _reports_weigh(0.25),
    "Washington's deeds not weighed": lambda: _forgotten(0),
    "nobody's death not weighed": lambda: _forgotten(1),
    "place of strikes not weighed": lambda: patch.object(conditioned, "LEVEL_AND_PLACE", conditioned.LEVEL),
    "sums not made into increments": lambda: patch.object(conditioning, "increments", tuple),
    "the wounded counted at once": _at_once,
    "resampled without weights": _unweighed,
}
