"""What a result folder holds when it is whole: an answer in plain values and tables, written and read again."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario, load_scenario
from sim.store.files import StoreError, is_as_kept, kept_of
from sim.store.manifest import ESTIMATES, MANIFEST, RUN, TABLES, TRAJECTORIES, Json, as_json, read_manifest
from sim.store.work import Work

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Stored:
    """What a finished result folder holds.

    Attributes
    ----------
    folder : where it stands
    kind : which question it answers: `run`, `sweep`, `compare`, ...
    scenario : the resolved scenario that it is asked of
    manifest : versions, seed, runs, wall time, command, checksums
    estimates : the answer in plain values
    tables : by name; `attrs["units"]` names the unit of each column that has one
    """

    folder: Path
    kind: str
    scenario: Scenario
    manifest: Json
    estimates: dict[str, Any]
    tables: dict[str, pd.DataFrame]


def write_answer(work: Work, estimates: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> Json:
    """Keep an answer: plain values as JSON, tables as CSV; give what the manifest has to say of it."""
    work.keep(ESTIMATES, as_json(estimates))
    for name, table in tables.items():
        work.keep(f"{name}.csv", table.to_csv(index=False, date_format="%Y-%m-%d").encode())
    return {"tables": {name: table.attrs.get("units", {}) for name, table in tables.items()}}


def write_extras(work: Work, estimates: Mapping[str, Any], trajectories: pd.DataFrame) -> None:
    """Keep what a run of a scenario leaves besides: its estimates as a table, and some runs day by day."""
    lines = ["estimate,value", *(f'"{name}",{_cell(value)}' for name, value in _flat(estimates).items())]
    work.keep("estimates.csv", ("\n".join(lines) + "\n").encode())
    work.keep(TRAJECTORIES, parquet(trajectories))


def _cell(value: object) -> str:
    return '"' + value.replace('"', '""') + '"' if isinstance(value, str) else str(value)


def parquet(table: pd.DataFrame) -> bytes:
    """Write a table as Parquet, without what pandas notes of itself: the same bytes whatever its version."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(), buffer)
    return buffer.getvalue()


def kind_of(manifest: Mapping[str, Any]) -> str:
    """Which question a manifest says that its folder answers."""
    return str(manifest.get("kind", RUN))


def load_stored(folder: Path) -> Stored:
    """Read a finished result folder, and hold what is read against its checksums.

    Raises
    ------
    StoreError
        When it is none, is not finished, or is damaged.
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
        estimates = json.loads(_read(folder, ESTIMATES, manifest))
        if not isinstance(estimates, dict):
            raise ValueError(f"{ESTIMATES} holds no estimates")
        units = manifest.get("tables") or {name: {} for name in TABLES}
        tables = {name: _table(folder, name, manifest, of) for name, of in units.items()}
        _read(folder, f"{manifest['name']}.yaml", manifest)
        scenario = load_scenario(folder / f"{manifest['name']}.yaml")
    except (OSError, ValueError, KeyError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"{folder}: is damaged: {reason}") from error
    return Stored(folder, kind_of(manifest), scenario, manifest, estimates, tables)


def _table(folder: Path, name: str, manifest: Json, units: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.read_csv(io.BytesIO(_read(folder, f"{name}.csv", manifest)))
    expected = TABLES[name] if kind_of(manifest) == RUN else ()
    if missing := [column for column in expected if column not in table]:
        raise ValueError(f"{name}.csv has no column '{missing[0]}'")
    if "date" in table:
        table["date"] = pd.to_datetime(table["date"])
    table.attrs["units"] = units
    return table


def _read(folder: Path, name: str, manifest: Json) -> bytes:
    """Read a file, which must hold what was written; an earlier version noted no checksums."""
    entry = manifest.get("files", {}).get(name)
    if entry is not None and not is_as_kept(folder / name, kept_of(entry)):
        raise ValueError(f"{name} does not hold what was written")
    return (folder / name).read_bytes()


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        parts = [_flat(part, f"{name}.{key}" if name else key) for key, part in value.items()]
        return {key: part for flat in parts for key, part in flat.items()}
    if isinstance(value, list | tuple):
        return {f"{name}.{end}": part for end, part in zip(("low", "high"), value, strict=True)}
    return {name: "" if value is None else value}
