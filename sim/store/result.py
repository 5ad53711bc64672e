"""What a result folder holds when it is whole: written from a result, and read again."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario, load_scenario
from sim.store.files import StoreError
from sim.store.manifest import ESTIMATES, MANIFEST, TABLES, TRAJECTORIES, as_json, read_manifest
from sim.store.work import Work

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Result:
    """What a result folder holds.

    Attributes
    ----------
    folder : where it stands
    scenario : the resolved scenario
    manifest : versions, source hash, seed, runs, wall time, command
    estimates : the answer in numbers
    daily, rungs, incidence, distributions : tables, as described in results/README.md
    """

    folder: Path
    scenario: Scenario
    manifest: dict[str, Any]
    estimates: dict[str, Any]
    daily: pd.DataFrame
    rungs: pd.DataFrame
    incidence: pd.DataFrame
    distributions: pd.DataFrame


def write_result(
    work: Work, estimates: dict[str, Any], tables: dict[str, pd.DataFrame], trajectories: pd.DataFrame
) -> None:
    """Keep what was made of the runs: the answer in numbers, the tables, and some runs day by day."""
    work.keep(ESTIMATES, as_json(estimates))
    lines = ["estimate,value", *(f'"{name}",{value}' for name, value in _flat(estimates).items())]
    work.keep("estimates.csv", ("\n".join(lines) + "\n").encode())
    for name in TABLES:
        work.keep(f"{name}.csv", tables[name].to_csv(index=False).encode())
    work.keep(TRAJECTORIES, parquet(trajectories))


def parquet(table: pd.DataFrame) -> bytes:
    """Write a table as Parquet, without what pandas notes of itself: the same bytes whatever its version."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(), buffer)
    return buffer.getvalue()


def load_result(folder: Path) -> Result:
    """Read a result folder.

    Raises
    ------
    StoreError
        When it is not a result, or is damaged.
    """
    try:
        manifest = read_manifest(folder)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read: {error.strerror or error}") from error
    if manifest is None:
        raise StoreError(f"{folder}: is not a result folder; it holds no {MANIFEST}")
    if "finished" not in manifest:
        raise StoreError(f"{folder}: is not finished; `{manifest.get('command')}` goes on with it")
    try:
        estimates = _read_estimates(folder / ESTIMATES)
        tables = {name: _read_table(folder, name, columns) for name, columns in TABLES.items()}
        scenario = load_scenario(folder / f"{manifest['name']}.yaml")
        return Result(folder, scenario, manifest, estimates, **tables)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"{folder}: is damaged: {reason}") from error


def _read_estimates(file: Path) -> dict[str, Any]:
    value = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(value, dict) or "headline" not in value:
        raise ValueError(f"{file.name} holds no 'headline'")
    return value


def _read_table(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    with (folder / f"{name}.csv").open(
        encoding="utf-8"
    ) as handle:  # pandas takes ~ in a path for somebody's home
        table = pd.read_csv(handle)
    if missing := [column for column in columns if column not in table]:
        raise ValueError(f"{name}.csv has no column '{missing[0]}'")
    if "date" in table:
        table["date"] = pd.to_datetime(table["date"])
    return table


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        parts = [_flat(part, f"{name}.{key}" if name else key) for key, part in value.items()]
        return {key: part for flat in parts for key, part in flat.items()}
    if isinstance(value, list):
        return {f"{name}.{end}": part for end, part in zip(("low", "high"), value, strict=True)}
    return {name: "" if value is None else value}
