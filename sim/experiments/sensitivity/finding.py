"""What the answer rests on: the form of the answer, by either method."""

from __future__ import annotations

import pandas as pd

from sim.pipeline.experiment import Finding
from sim.pipeline.parts import Headline
from sim.simulate.responses import OUTCOME


class SensitivityFinding(Finding):
    """Shares of variance by Sobol's method, or elementary effects by Morris's, in tables of `tables.py` here.

    `explained_of_one_run` is a share with its 95% interval, and is not there where too few runs spiralled, or too few
    did not. What one method does not give is not there. Where `outcome` is a question, in words, the risk and the
    headline are those of a yes to it.
    """

    definition: str
    method: str
    samples: int
    runs: int
    factors: int
    luck: str
    strongest: list[str] | None = None
    rows: int
    headline: Headline | None = None
    outcome: str | None = None
    sd_of_risk: float | None = None
    explained_of_one_run: list[float] | None = None
    top_hundredth_of_attacks: float | None = None

    effects: pd.DataFrame | None = None
    indices: pd.DataFrame | None = None
    attacks: pd.DataFrame
    spiral: pd.DataFrame
    pairs: pd.DataFrame | None = None
    by_basis: pd.DataFrame | None = None
    by_actor: pd.DataFrame | None = None

    @property
    def event(self) -> str:
        """What the risk is of: `outcome` where that is a question, else the exchange that is asked about."""
        return self.definition if self.outcome is None else OUTCOME

    @property
    def sobol(self) -> dict[str, pd.DataFrame]:
        """Tables of Sobol's method, which there are only by it."""
        found = self.tables
        return {name: found[name] for name in ("indices", "pairs", "by_basis", "by_actor")}
