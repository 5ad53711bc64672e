"""Boxes judged on rows that had no part in the search: what they hold, and which of their limits hold up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sim.estimates.by_row import Rows, mean, probability
from sim.estimates.intervals import TAIL, wilson
from sim.experiments.discover.boxes import Bools, Found, inside, limits_in, slab
from sim.experiments.discover.factors import Factor
from sim.parameters import REGISTRY
from sim.wording import number_text

Floats = npt.NDArray[np.float64]
SIDES = ("above", "below")

BOX_UNITS = {
    **dict.fromkeys(("density", "density_low", "density_high", "searched_density"), "share of runs that spiral"),
    **dict.fromkeys(("base", "base_low", "base_high", "outside", "outside_low", "outside_high"), "share of runs"),
    **dict.fromkeys(("coverage", "coverage_low", "coverage_high", "searched_coverage"), "share of all spirals"),
    **dict.fromkeys(("mass", "mass_low", "mass_high", "searched_mass"), "share of the prior"),
}  # fmt: skip
LIMIT_UNITS = {
    "quantile": "share of the prior",
    **dict.fromkeys(("kept_out", "difference", "difference_low", "difference_high"), "share of runs that spiral"),
}  # fmt: skip
PATH_UNITS = {
    f"{half}{name}": unit
    for half in ("", "searched_")
    for name, unit in (
        ("mass", "share of the prior"),
        ("coverage", "share of all spirals"),
        ("density", "share of runs that spiral"),
    )
}


_INTERVALS = ("mass", "coverage", "density", "base", "outside")
BOX_COLUMNS = (
    "box", "limits", "rows", *(f"{n}{end}" for n in _INTERVALS for end in ("", "_low", "_high")), "holds_up",
    "searched_mass", "searched_coverage", "searched_density",
)  # fmt: skip
LIMIT_COLUMNS = (
    "box", "factor", "side", "quantile", "value", "unit", "meaning", "basis", "kept_out", "rows_kept_out",
    "difference", "difference_low", "difference_high", "more_than_chance",
)  # fmt: skip
PATH_COLUMNS = ("box", "step", "limits", *PATH_UNITS, "conditions")


@dataclass(frozen=True)
class Half:
    """Rows, where each lies in the prior of each factor, and the spiral that is asked about."""

    rows: Rows
    quantiles: Floats
    event: str

    @property
    def risk(self) -> Floats:
        """Share of each row's runs that spiralled."""
        return np.asarray(self.rows[self.event] / self.rows["runs"])

    def only(self, chosen: Bools) -> Half:
        """Some of the rows."""
        return Half(self.rows[chosen], self.quantiles[chosen], self.event)


def split(rows: Rows, quantiles: Floats, event: str) -> tuple[Half, Half]:
    """Rows to search in (every other one) and rows to judge by (the rest)."""
    whole, even = Half(rows, quantiles, event), np.arange(len(rows)) % 2 == 0
    return whole.only(even), whole.only(~even)


def box_table(found: Sequence[Found], searched: Half, judged: Half) -> pd.DataFrame:
    """What each box holds.

    Returns
    -------
    DataFrame
        One row a box: `density`, the share of runs inside that spiral; `coverage`, the share of all spirals inside;
        `mass`, the share of the prior inside; `base` and `outside`, the risk everywhere and outside of all boxes up to
        this one, each with `_low` and `_high` (95% by rows). All of rows that had no part in the search, and of those
        that no box before this one holds; `searched_` has the same of the rows searched in. `holds_up`: whether the
        whole interval of the density lies above the base rate.
    """
    rows, left = [], [np.ones(len(half.rows), np.bool_) for half in (searched, judged)]
    for number, box in enumerate(_boxes(found), start=1):
        holds = [
            free & inside(half.quantiles, box.limits)
            for free, half in zip(left, (searched, judged), strict=True)
        ]
        left = [free & ~held for free, held in zip(left, holds, strict=True)]
        row: dict[str, Any] = {"box": number, "limits": len(box.restricted)}
        row |= _held(judged, holds[1]) | _risk("base", judged)
        row |= _risk("outside", judged.only(left[1]))
        row["holds_up"] = bool(row["density_low"] > row["base"])
        row |= {
            f"searched_{name}": _shares(searched, holds[0])[name] for name in ("mass", "coverage", "density")
        }
        rows.append(row)
    return _table(rows, BOX_COLUMNS, BOX_UNITS)


def limit_table(found: Sequence[Found], factors: Sequence[Factor], judged: Half) -> pd.DataFrame:
    """What each limit of each box adds, on rows that had no part in the search.

    Returns
    -------
    DataFrame
        One row a limit: `box`, `factor`, `side` (above or below), `quantile` of its prior, `value`, `unit`, `meaning`,
        `basis`; `kept_out`, the risk of the rows that this limit alone keeps out; `difference`, by how much the risk
        inside exceeds it, with its 95% interval; `more_than_chance`, whether that lies above zero.
    """
    rows, left = [], np.ones(len(judged.rows), np.bool_)
    for number, box in enumerate(_boxes(found), start=1):
        free = judged.only(left)
        for k, side in box.restricted:
            factor, quantile = factors[k], float(box.limits[k, side])
            out = free.risk[slab(free.quantiles, box.limits, (k, side))]
            gap = _gap(free.risk[inside(free.quantiles, box.limits)], out)
            rows.append(
                {"box": number, "factor": factor.name, "side": SIDES[side], "quantile": quantile}
                | {"value": float(factor.values_at(quantile)), "unit": factor.unit, "meaning": factor.meaning}
                | {"basis": REGISTRY[factor.name].basis}
                | {"kept_out": float(out.mean()) if len(out) else np.nan, "rows_kept_out": len(out)}
                | dict(zip(("difference", "difference_low", "difference_high"), gap, strict=True))
                | {"more_than_chance": bool(gap[1] > 0)}
            )
        left &= ~inside(judged.quantiles, box.limits)
    return _table(rows, LIMIT_COLUMNS, LIMIT_UNITS)


def path_table(
    found: Sequence[Found], factors: Sequence[Factor], searched: Half, judged: Half
) -> pd.DataFrame:
    """How mass, coverage and density went as each box was peeled: one row a step, of both halves of the rows."""
    rows, left = [], [np.ones(len(half.rows), np.bool_) for half in (searched, judged)]
    for number, box in enumerate(found, start=1):
        for step, limits in enumerate(box.path):
            row: dict[str, Any] = {"box": number, "step": step, "limits": int((limits != [0.0, 1.0]).sum())}
            for prefix, free, half in zip(("", "searched_"), left[::-1], (judged, searched), strict=True):
                shares = _shares(half, free & inside(half.quantiles, limits))
                row |= {f"{prefix}{name}": value for name, value in shares.items()}
            rows.append(row | {"conditions": _conditions(limits, factors)})
        left = [
            free & ~inside(half.quantiles, box.limits)
            for free, half in zip(left, (searched, judged), strict=True)
        ]
    return _table(rows, PATH_COLUMNS, PATH_UNITS)


def _conditions(limits: Floats, factors: Sequence[Factor]) -> str:
    """The limits of a box as short as can be: `militia.tempo > 1.03; us.level_4_base > -1.2`."""
    said = (
        f"{factors[k].name} {'><'[side]} {number_text(float(factors[k].values_at(limits[k, side])))}"
        for k, side in limits_in(limits)
    )
    return "; ".join(said) or "none"


def _boxes(found: Sequence[Found]) -> list[Found]:
    return [box for box in found if box.restricted]


def _held(half: Half, held: Bools) -> dict[str, float]:
    shares, count = _shares(half, held), len(half.rows)
    mass = wilson(shares["mass"], count)
    counted = np.zeros(count, [("runs", np.float64), ("seen", np.float64)])
    counted["runs"], counted["seen"] = half.rows[half.event], half.rows[half.event] * held
    spirals = float(counted["runs"].sum())
    coverage = (mean(counted, "seen").low, min(1.0, mean(counted, "seen").high)) if spirals else (0.0, 1.0)
    return (
        {"rows": int(held.sum()), "mass": shares["mass"], **_ends("mass", mass)}
        | {"coverage": shares["coverage"], **_ends("coverage", coverage)}
        | _risk("density", half.only(held))
    )


def _shares(half: Half, held: Bools) -> dict[str, float]:
    """Mass, coverage and density of the rows held, without intervals."""
    spirals, inside_runs = half.rows[half.event], half.rows["runs"][held]
    return {
        "mass": float(held.mean()),
        "coverage": float(spirals[held].sum() / max(1, spirals.sum())),
        "density": float(spirals[held].sum() / inside_runs.sum()) if held.any() else float("nan"),
    }


def _risk(name: str, half: Half) -> dict[str, float]:
    """Probability of the spiral over rows, with its 95% interval; unknown where there are none."""
    if not len(half.rows):
        return {name: float("nan"), **_ends(name, (0.0, 1.0))}
    found = probability(half.rows, half.event, by_row=True)
    return {name: found.probability, **_ends(name, found.chance)}


def _gap(kept: Floats, out: Floats) -> tuple[float, float, float]:
    """Difference of two means over rows, and its 95% interval (Welch)."""
    from scipy import special

    if min(len(kept), len(out)) < 2:
        return float("nan"), float("-inf"), float("inf")
    parts = np.array([part.var(ddof=1) / len(part) for part in (kept, out)])
    gap, variance = float(kept.mean() - out.mean()), float(parts.sum())
    if variance <= 0:
        return gap, gap, gap
    degrees = variance**2 / float((parts**2 / [len(kept) - 1, len(out) - 1]).sum())
    half = float(special.stdtrit(degrees, 1 - TAIL)) * variance**0.5
    return gap, gap - half, gap + half


def _ends(name: str, ends: tuple[float, float]) -> dict[str, float]:
    return {f"{name}_low": ends[0], f"{name}_high": ends[1]}


def _table(rows: list[dict[str, Any]], columns: Sequence[str], units: dict[str, str]) -> pd.DataFrame:
    """A table that has its columns even when it is empty."""
    table = pd.DataFrame(rows, columns=list(columns))
    table.attrs["units"] = units
    return table
