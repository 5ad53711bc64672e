"""The priors of every class at every weight as a table: ``python -m sim.reference.table`` prints it as CSV."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from typing import Any

from sim.reference.classes import CLASSES, lethal
from sim.reference.episodes import load_episodes
from sim.reference.priors import informed_prior, level_4_by_killed

WEIGHTS = (0.0, 0.25, 0.5, 1.0)
KILLED = (0, 1, 3, 19)


def prior_table(weights: Sequence[float] = WEIGHTS, killed: Sequence[int] = KILLED) -> list[dict[str, Any]]:
    """Priors by class and weight, and what they induce.

    Returns
    -------
    list of dict
        A row a class and weight: `class`, `weight`, `episodes`; `a3_mean`, `a3_sd`, `b3_median`, `b3_log_sd` and the
        same of step 4; `level_4_K`, `level_4_K_low` and `level_4_K_high`, the probability of level 4 given an
        answer to K dead, with its central 90%.
    """
    episodes = load_episodes()
    rows = []
    for name in (one for one, first in CLASSES.items() if first is not None):
        chosen = lethal(episodes, name)
        for weight in weights:
            steps = informed_prior(chosen, weight).steps
            row: dict[str, Any] = {"class": name, "weight": weight, "episodes": len(chosen)}
            for step, number in zip(steps, (3, 4), strict=True):
                row |= {f"a{number}_mean": step.mean, f"a{number}_sd": step.sd}
                row |= {f"b{number}_median": step.median, f"b{number}_log_sd": step.log_sd}
            for count, mean, low, high in zip(killed, *level_4_by_killed(steps, killed), strict=True):
                row |= {f"level_4_{count}": mean, f"level_4_{count}_low": low, f"level_4_{count}_high": high}
            rows.append(row)
    return rows


def main() -> None:
    """Print the table with four digits."""
    rows = prior_table()
    writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"{v:.4g}" if isinstance(v, float) else v for key, v in row.items()})


if __name__ == "__main__":
    main()
