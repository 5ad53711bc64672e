"""What a result folder holds when it is whole: an answer in plain values and tables, written and read again."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import SpiralError
from sim.scenario import Scenario, load_scenario
from sim.scenario.draws import kept_draws
from sim.scenario.errors import printable, shorten
from sim.store.files import Kept, StoreError, is_as_kept, kept_of, matches, read_at_most, reason
from sim.store.form import cluster_of, offered, plain_json
from sim.store.manifest import (
    ESTIMATES,
    MANIFEST,
    OWN_DRAWS,
    RUN,
    TABLES,
    TRAJECTORIES,
    VOUCHED,
    Json,
    as_json,
    read_manifest,
    sealed,
)
from sim.store.work import Work

if TYPE_CHECKING:
    import pandas as pd


CHECKED = 250_000_000
"""Bytes of a result up to which every file is read before any is shown; of a larger one those that are shown, and of
the others the sizes: `spiral results verify` reads them all."""

MOST_TOLD = 200  # characters of what is wrong with it

ANSWERS = ("version", "runs", "seconds", "changes", "random_seed", "parameters", "python", "machine")
"""What the manifest of every finished result says."""


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


@contextmanager
def showing(folder: Path) -> Iterator[None]:
    """While what a result holds is made into something to look at: what no run would have written is damage.

    Raises
    ------
    StoreError
        In the place of an error that values of another form make: who writes a folder can write its checksums too.
    """
    try:
        yield
    except SpiralError:
        raise
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        told = shorten(reason(error), MOST_TOLD)
        raise StoreError(
            f"{folder}: is damaged: it holds what no run writes ({type(error).__name__}: {told})"
        ) from error


def left_out(command: str, kind: str) -> str:
    """What is said beside a command that is offered without the address of a cluster which the folder names."""
    address = cluster_of(command)
    if not address or not offered(command, kind):
        return ""
    told = printable(address, MOST_TOLD)
    return f" here; it was begun on a cluster at {told}: name that by --cluster only if it is yours"


def kind_of(manifest: Mapping[str, Any]) -> str:
    """Which question a manifest says that its folder answers."""
    return str(manifest.get("kind", RUN))


def load_stored(folder: Path) -> Stored:
    """Read a finished result folder, and hold it against its checksums.

    Raises
    ------
    StoreError
        When it is none, is not finished, holds no checksums, or is damaged.
    """
    manifest = _vouched(folder)
    try:
        _check_files(folder, manifest)
        estimates = plain_json(_read(folder, ESTIMATES, manifest), CHECKED)
        if not isinstance(estimates, dict):
            raise ValueError(f"{ESTIMATES} holds no estimates")
        units = manifest.get("tables") or {name: {} for name in TABLES}
        tables = {name: _table(folder, name, manifest, of) for name, of in units.items()}
        _read(folder, f"{manifest['name']}.yaml", manifest)
        scenario = load_scenario(folder / f"{manifest['name']}.yaml")
        if (draws := manifest.get("draws")) is not None:
            rows = _read(folder, OWN_DRAWS, manifest)
            scenario = scenario.with_draws(kept_draws(draws["file"], draws["sha256"], rows))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise StoreError(f"{folder}: is damaged: {reason(error)}") from error
    return Stored(folder, kind_of(manifest), scenario, manifest, estimates, tables)


def _vouched(folder: Path) -> Json:
    """The manifest of a finished result, which is as it was written and vouches for every file."""
    try:
        manifest = read_manifest(folder)
    except OSError as error:
        raise StoreError(f"{folder}: cannot be read: {reason(error)}") from error
    if manifest is None:
        raise StoreError(f"{folder}: is not a result folder; it holds no {MANIFEST}")
    if "finished" not in manifest:
        command = manifest.get("command", "")
        again = offered(command, kind_of(manifest)) or "the command that began it"
        raise StoreError(
            f"{folder}: is not finished; `{again}` goes on with it{left_out(command, kind_of(manifest))}"
        )
    if not any(name in manifest for name in VOUCHED):
        raise StoreError(f"{folder}: was made by an earlier version, and holds no checksums: run it again")
    if not all(name in manifest for name in (*VOUCHED, *ANSWERS)) or manifest != sealed(manifest):
        raise StoreError(f"{folder}: is damaged: {MANIFEST} does not hold what was written")
    return manifest


def _check_files(folder: Path, manifest: Json) -> None:
    """Hold every file of a result against its size, and one that is not very large against its checksums."""
    files = {name: kept_of(entry) for name, entry in manifest["files"].items()}
    every_bit = sum(kept.bytes for kept in files.values()) <= CHECKED
    for name, kept in files.items():
        if not (is_as_kept(folder / name, kept) if every_bit else _has_size(folder / name, kept)):
            raise ValueError(f"{name} does not hold what was written")


def _has_size(file: Path, kept: Kept) -> bool:
    return file.is_file() and file.stat().st_size == kept.bytes


def _table(folder: Path, name: str, manifest: Json, units: Mapping[str, str]) -> pd.DataFrame:
    import pandas as pd

    table = pd.read_csv(io.BytesIO(_read(folder, f"{name}.csv", manifest)))
    expected = TABLES[name] if kind_of(manifest) == RUN else ()
    if missing := [column for column in expected if column not in table]:
        raise ValueError(f"{name}.csv has no column '{missing[0]}'")
    if "date" in table:
        table["date"] = pd.to_datetime(table["date"], format="%Y-%m-%d")
    table.attrs["units"] = units
    return table


def _read(folder: Path, name: str, manifest: Json) -> bytes:
    """Read a file, which must hold what was written."""
    if (entry := manifest["files"].get(name)) is None:
        raise ValueError(f"{MANIFEST} does not vouch for {name}")
    kept = kept_of(entry)
    data = read_at_most(folder / name, kept.bytes)
    if not matches(data, kept):
        raise ValueError(f"{name} does not hold what was written")
    return data


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        parts = [_flat(part, f"{name}.{key}" if name else key) for key, part in value.items()]
        return {key: part for flat in parts for key, part in flat.items()}
    if isinstance(value, list | tuple):
        return {f"{name}.{end}": part for end, part in zip(("low", "high"), value, strict=True)}
    return {name: "" if value is None else value}
