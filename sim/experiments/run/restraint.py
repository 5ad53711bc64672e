"""What restraint averts, told from a sample of a job's runs that are lived again without the reactions that damp."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.estimates.prevented import estimate_prevented
from sim.pipeline.runner import Runner
from sim.simulate.prevented import LIVES, pieces, prevent

if TYPE_CHECKING:
    from sim.experiments.run import Run


def what_restraint_averts(run: Run, runner: Runner) -> dict[str, Any]:
    """Probabilities in all and by mechanism, as plain values; simulated, or as they were kept in the result folder."""
    told = 0

    def estimate() -> dict[str, Any]:
        nonlocal told
        work, rows = pieces(run.scenario, run.parameters, run.sample), []
        with closing(runner.pool(prevent, work)) as made:
            for piece, part in zip(work, made, strict=True):
                rows.append(part)
                told += LIVES * len(piece.numbers)
                runner.advance(LIVES * len(piece.numbers))
        return estimate_prevented(np.concatenate(rows), run.drawn, run.most_rows)

    found: dict[str, Any] = runner.remembered("prevented", estimate)
    if told < run.lives:
        runner.advance(run.lives - told, old=True)
    return found
