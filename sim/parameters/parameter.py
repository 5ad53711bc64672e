"""What a parameter is: its unit, range, prior, meaning and the evidence that it rests on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Family = Literal["lognormal", "normal", "beta", "uniform"]
Basis = Literal["reported", "derived", "calibrated", "assumed"]
Mechanism = Literal[
    "revenge",
    "deterrence",
    "doubt",
    "host",
    "tehran",
    "posture",
    "contagion",
    "withdrawal",
    "anticipation",
    "commitment",
    "hardening",
]
Direction = Literal["amplifying", "damping", "signed", "conduit"]
"""Which way a reaction works.

`amplifying`: it makes what others did worse; `damping`: it holds it back; `signed`: one or the other, by the value that
the parameter has; `conduit`: what it carries is not of reactions alone, or is neither more nor less, so that it is left
in where reactions are taken out.
"""


@dataclass(frozen=True)
class Prior:
    """A one-dimensional prior, truncated to its parameter's range.

    Attributes
    ----------
    family : 'lognormal' (median, sd of the log), 'normal' (mean, sd), 'beta' (a, b) or 'uniform' (low, high)
    """

    family: Family
    first: float
    second: float

    def __str__(self) -> str:
        """Short name for tables, such as ``LN(2, 0.6)``."""
        short = {"lognormal": "LN", "normal": "N", "beta": "Beta", "uniform": "U"}[self.family]
        return f"{short}({self.first:g}, {self.second:g})"

    def quantile(
        self, probability: npt.ArrayLike, low: float = -math.inf, high: float = math.inf
    ) -> npt.NDArray[np.float64]:
        """Inverse distribution function of the prior truncated to [low, high].

        Parameters
        ----------
        probability : array_like
            Values in [0, 1], any shape.
        low, high : float
            The range to truncate to, in the parameter's unit.

        Returns
        -------
        ndarray
            Quantiles, of the same shape as `probability`.
        """
        import numpy as np

        from sim.core.priors import FAMILIES, quantiles

        shares = np.array(probability, dtype=np.float64)
        law = (FAMILIES[self.family], float(self.first), float(self.second), float(low), float(high))
        return np.asarray(quantiles(*law, shares.ravel())).reshape(shares.shape)


def lognormal(median: float, log_sd: float) -> Prior:
    """Log-normal prior: `median` in the parameter's unit, `log_sd` the sd of its natural log."""
    return Prior("lognormal", median, log_sd)


def normal(mean: float, sd: float) -> Prior:
    """Give a normal prior, in the parameter's unit."""
    return Prior("normal", mean, sd)


def beta(a: float, b: float) -> Prior:
    """Beta prior on [0, 1]."""
    return Prior("beta", a, b)


@dataclass(frozen=True)
class Parameter:
    """One number of the model, and why it has the value it has.

    Attributes
    ----------
    name : dotted, `group.key`; the group is `militia`, `engagement`, `us`, `iraq` or `iran`
    unit : unit of the value, `1` when it has none
    low, high : the range outside of which a value is refused
    meaning : one sentence
    basis : `reported`, `derived`, `calibrated` or `assumed`
    prior : how unsure we are of it; None for a constant
    fixed : the value of a constant, which has no prior
    facts : identifiers of the facts in seeds/facts.yaml that it rests on
    rests_on : for an assumed one, what the assumption rests on
    mechanism : the coupling that it is a weight of, if any
    off : the value at which that coupling is absent
    direction : which way the reaction works that it is a weight of, for every one with a mechanism
    amplifies : of a signed one, on which side of `off` it amplifies; on the other it damps
    blind : the prior as it would be had the last article not been read, see `sim.parameters.blind`; None where the
        number does not rest on that article
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    basis: Basis
    prior: Prior | None = None
    fixed: float | None = None
    facts: tuple[str, ...] = ()
    rests_on: str = ""
    mechanism: Mechanism | None = None
    off: float | None = None
    direction: Direction | None = None
    amplifies: Literal["above", "below"] | None = None
    blind: Prior | None = None

    @property
    def group(self) -> str:
        """The actor or subject that the parameter belongs to."""
        return self.name.split(".")[0]

    @property
    def key(self) -> str:
        """The name within its group."""
        return self.name.split(".")[1]

    @property
    def default(self) -> float:
        """The hand-set value: the prior's median, or the constant."""
        if self.prior is None:
            assert self.fixed is not None
            return self.fixed
        return self.middle_of(self.prior)

    def middle_of(self, prior: Prior) -> float:
        """The value taken for a prior that is not drawn from: its median."""
        if prior.family in ("beta", "uniform"):
            return float(prior.quantile(0.5, self.low, self.high))
        return prior.first

    def interval(self, mass: float = 0.9, prior: Prior | None = None) -> tuple[float, float]:
        """Central interval holding `mass` of a prior, by default its own; the value itself, twice, for a constant."""
        chosen = prior or self.prior
        if chosen is None:
            return self.default, self.default
        ends = chosen.quantile([0.5 - mass / 2, 0.5 + mass / 2], self.low, self.high)
        return float(ends[0]), float(ends[1])
