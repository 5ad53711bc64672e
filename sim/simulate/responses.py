"""What worlds came to, a row of parameters at a time: how many of its runs saw an event, and sums of what happened.

It is all that questions over many points need: small whatever the number of runs, and with the rows kept apart, which
are what counts as one in every interval.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.simulate.parameter_draws import RUNS_PER_ROW

EVENTS = ("direct", "reciprocal", "runaway", "rung_4", "any_killed")
"""Counted: runs with each spiral, with a severe exchange (rung 4), with a US death by fire."""

QUANTITIES = (
    "attacks", "attacks_iraq", "wounded", "killed", "strikes", "strikes_in_iraq", "avowed", "credibility",
)  # fmt: skip
"""Summed over runs: attacks (in all, and in Iraq), US wounded and killed by fire, US strikes (in all, and in Iraq),
attacks that Iran avows, and Washington's credibility in the militias' eyes on the last day."""

UNITS = {
    **dict.fromkeys(EVENTS, "probability"),
    "attacks": "attacks a run",
    "attacks_iraq": "attacks a run",
    "wounded": "persons a run",
    "killed": "persons a run",
    "strikes": "strikes a run",
    "strikes_in_iraq": "strikes a run",
    "avowed": "attacks a run",
    "credibility": "0 to 1",
}

RESPONSE = np.dtype(
    [
        *((name, np.int64) for name in ("point", "row", "runs", *EVENTS)),
        *((name, np.float64) for name in QUANTITIES),
    ]
)
"""One row of parameters at one point, by its number. Where all runs have the default parameters, groups of 25 runs are
numbered all the same; they are as independent as runs are."""


def responses(
    worlds: np.ndarray, rows: npt.NDArray[np.int64] | None = None, point: int = 0
) -> npt.NDArray[np.void]:
    """Count what worlds came to.

    Parameters
    ----------
    worlds : recarray of WORLD, shape (n,)
        After the last day.
    rows : ndarray of int64, shape (n,), optional
        The row that each belongs to, those of a row side by side; by default 25 consecutive run numbers are a row.
    point : int
        Noted with each.

    Returns
    -------
    ndarray of RESPONSE, one for each row, in order
    """
    plain = np.asarray(worlds)
    numbers = (plain["run"] // np.uint64(RUNS_PER_ROW)).astype(np.int64) if rows is None else rows
    starts = np.flatnonzero(np.concatenate([[True], numbers[1:] != numbers[:-1]]))
    found = np.zeros(len(starts), RESPONSE)
    found["point"], found["row"] = point, numbers[starts]
    found["runs"] = np.diff(np.append(starts, len(numbers)))
    for name, values in (_events(plain["outcome"]) | _quantities(plain)).items():
        found[name] = np.add.reduceat(values, starts)
    return found


def _events(outcome: np.ndarray) -> dict[str, npt.NDArray[np.int64]]:
    days = {
        **{name: outcome[f"{name}_day"] for name in ("direct", "reciprocal", "runaway")},
        "rung_4": outcome["rung_day"][:, 4],
        "any_killed": outcome["first_killed_day"],
    }
    return {name: (days[name] >= 0).astype(np.int64) for name in EVENTS}


def _quantities(worlds: np.ndarray) -> dict[str, npt.NDArray[np.float64]]:
    outcome = worlds["outcome"]
    values = {
        "attacks": outcome["attacks_iraq"] + outcome["attacks_syria"] + outcome["attacks_jordan"],
        "strikes": outcome["strikes"][:, 1:].sum(axis=1),
        "credibility": worlds["us"]["credibility"],
        **{
            name: outcome[name] for name in ("attacks_iraq", "wounded", "killed", "strikes_in_iraq", "avowed")
        },
    }
    return {name: values[name].astype(np.float64) for name in QUANTITIES}
