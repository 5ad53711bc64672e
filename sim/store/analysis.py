"""What the folder of a question over many worlds holds when it is whole: written, and read again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario, load_scenario
from sim.store.files import StoreError, is_as_kept, kept_of
from sim.store.manifest import ESTIMATES, MANIFEST, as_json, read_manifest
from sim.store.work import Work

if TYPE_CHECKING:
    import pandas as pd

KIND = "kind"
"""Key of the manifest that says which question a folder answers; a result of `spiral run` has none."""


@dataclass(frozen=True)
class Findings:
    """What came out of a question over many worlds.

    Attributes
    ----------
    estimates : the answer in plain values, for JSON; `headline` among them is listed by `spiral results`
    tables : by name, each kept as CSV; `attrs["units"]` of a table names the unit of each column that has one
    """

    estimates: dict[str, Any]
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)


@dataclass(frozen=True)
class Analysis:
    """What the folder of such a question holds.

    Attributes
    ----------
    folder : where it stands
    kind : which question: `sweep`, `compare`, ...
    scenario : the resolved scenario that it is asked of
    manifest : what made it
    findings : what came out
    """

    folder: Path
    kind: str
    scenario: Scenario
    manifest: dict[str, Any]
    findings: Findings

    @property
    def estimates(self) -> dict[str, Any]:
        """The answer in plain values."""
        return self.findings.estimates

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name."""
        return self.findings.tables


FITTING = ("calibrate", "validate", "forecast", "rivals")
"""Questions that fit the parameters themselves, whatever they start from."""


def parameters_of(analysis: Analysis) -> str:
    """Where the parameters of an answer come from: `posterior`, `prior` or `default`."""
    return "posterior" if analysis.kind in FITTING else str(analysis.manifest["parameters"])


def write_findings(work: Work, findings: Findings) -> dict[str, Any]:
    """Keep what came out; give what the manifest has to say of it."""
    work.keep(ESTIMATES, as_json(findings.estimates))
    for name, table in findings.tables.items():
        work.keep(f"{name}.csv", table.to_csv(index=False, date_format="%Y-%m-%d").encode())
    units: Mapping[str, Any] = {name: table.attrs.get("units", {}) for name, table in findings.tables.items()}
    return {"tables": units}


def is_analysis(folder: Path) -> bool:
    """Whether a folder answers such a question, as far as its manifest can be read."""
    try:
        return KIND in (read_manifest(folder) or {})
    except (OSError, StoreError):
        return False


def load_analysis(folder: Path) -> Analysis:
    """Read the folder of a question over many worlds.

    Raises
    ------
    StoreError
        When it is none, is not finished, or is damaged.
    """
    import pandas as pd

    try:
        manifest = read_manifest(folder)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read: {error.strerror or error}") from error
    if manifest is None or KIND not in manifest:
        raise StoreError(f"{folder}: is not the folder of such a question; its {MANIFEST} names no '{KIND}'")
    if "finished" not in manifest:
        raise StoreError(f"{folder}: is not finished; `{manifest.get('command')}` goes on with it")
    try:
        estimates = json.loads((folder / ESTIMATES).read_text(encoding="utf-8"))
        tables = {}
        for name, units in manifest["tables"].items():
            if not is_as_kept(folder / f"{name}.csv", kept_of(manifest["files"][f"{name}.csv"])):
                raise ValueError(f"{name}.csv does not hold what was written")
            with (folder / f"{name}.csv").open(encoding="utf-8") as handle:
                tables[name] = pd.read_csv(handle)
            if "date" in tables[name]:
                tables[name]["date"] = pd.to_datetime(tables[name]["date"])
            tables[name].attrs["units"] = units
        scenario = load_scenario(folder / f"{manifest['name']}.yaml")
    except (OSError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"{folder}: is damaged: {reason}") from error
    return Analysis(folder, str(manifest[KIND]), scenario, manifest, Findings(estimates, tables))
