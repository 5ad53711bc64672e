"""What the benchmarks share: interleaved measuring, the machine they ran on, and tables of what came out."""

from __future__ import annotations

import datetime
import math
import os
import platform
import statistics
import sys
import sysconfig
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SPIRAL = str(Path(sysconfig.get_path("scripts")) / "spiral")
SCENARIO = "october-2023"


@dataclass(frozen=True)
class Options:
    """How much to measure: None takes what a benchmark thinks right."""

    runs: int | None = None
    pairs: int | None = None


@dataclass(frozen=True)
class Row:
    """Something measured, once a pair."""

    what: str
    unit: str
    values: Sequence[float]

    def summary(self) -> dict[str, Any]:
        values = [*self.values]
        middle = {"median": statistics.median(values), "min": min(values), "max": max(values)}
        return {"what": self.what, "unit": self.unit, **middle, "values": values}


@dataclass(frozen=True)
class Claim:
    """A claim, what was found, and whether it held; None where it could not be tested."""

    claim: str
    found: str
    holds: bool | None

    def __str__(self) -> str:
        verdict = {True: "holds", False: "DOES NOT HOLD", None: "not tested"}[self.holds]
        return f"{self.claim}: {verdict} ({self.found})"


@dataclass
class Report:
    """What a benchmark found."""

    name: str
    rows: list[Row] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    began: tuple[float, ...] = field(default_factory=os.getloadavg)

    def add(self, what: str, unit: str, values: Sequence[float]) -> None:
        self.rows.append(Row(what, unit, values))

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "rows": [row.summary() for row in self.rows],
            "claims": [asdict(claim) for claim in self.claims],
            "notes": self.notes,
            "load": {"before": self.began[0], "after": os.getloadavg()[0]},
        }

    def text(self) -> str:
        found = [row.summary() for row in self.rows]
        width = max(len(f"{row['what']}, {row['unit']}") for row in found)
        lines = [f"{'':{width}}  {'median':>9} {'min':>9} {'max':>9}   n"]
        for row in found:
            numbers = " ".join(f"{shortened(row[key]):>9}" for key in ("median", "min", "max"))
            lines.append(f"{row['what'] + ', ' + row['unit']:{width}}  {numbers} {len(row['values']):>3}")
        loads = f"load: {self.began[0]:.2f} before, {os.getloadavg()[0]:.2f} after"
        return "\n".join([*lines, *self.notes, loads, *map(str, self.claims)])


def shortened(value: float) -> str:
    """A number to three digits."""
    digits = 0 if value == 0 else max(0, 3 - math.ceil(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def interleave(pairs: int, measures: Mapping[str, Callable[[], float]]) -> dict[str, list[float]]:
    """Take all measures in turn, `pairs` times over: A B A B, so that a slow spell falls on each alike."""
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(pairs):
        for name, measure in measures.items():
            taken[name].append(measure())
    return taken


def ratios(above: Sequence[float], below: Sequence[float]) -> list[float]:
    """Ratio within each pair."""
    return [a / b for a, b in zip(above, below, strict=True)]


def machine() -> dict[str, Any]:
    """Give what the figures depend on: processor, cores, Python, numba; and the date."""
    import llvmlite.binding
    import numba
    import numpy as np

    return {
        "date": datetime.date.today().isoformat(),
        "processor": f"{_processor()} ({llvmlite.binding.get_host_cpu_name()})",
        "cores": os.cpu_count(),
        "system": platform.system(),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": np.__version__,
    }


def _processor() -> str:
    if sys.platform.startswith("linux"):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
