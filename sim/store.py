"""Result folders: written whole or not at all, and read again.

A result is drafted in a hidden folder beside its place and moved there when it is complete. Where an older result
stood, it is moved aside first and removed last.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.scenario import Scenario, dump_resolved, load_scenario

if TYPE_CHECKING:
    import pandas as pd

MANIFEST, ESTIMATES = "manifest.json", "estimates.json"
RUNS, TRAJECTORIES = "runs.parquet", "trajectories.parquet"
TABLES = {
    "daily": ("series", "date", "mean", "q05", "q25", "q50", "q75", "q95"),
    "rungs": ("date", "rung", "share"),
    "incidence": ("event", "date", "probability", "low", "high", "unknown_low", "unknown_high"),
    "distributions": ("quantity", "value", "runs", "or_more"),
}
"""The tables of a result, and their columns."""


class StoreError(Exception):
    """A result folder that cannot be written or read; the message is one line."""


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


@contextmanager
def draft(place: Path) -> Iterator[Path]:
    """Folder to write a result into, which takes its place when the block ends without an error.

    Raises
    ------
    StoreError
        When the place holds something that is not a result, or cannot be written to.
    """
    check_place(place)
    home = place.resolve()
    folder = home.parent / f".{home.name}.{uuid.uuid4().hex[:8]}.draft"
    new = [parent for parent in folder.parents if not parent.exists()]
    try:
        folder.mkdir(parents=True)
        yield folder
        _put_in_place(folder, home)
    except OSError as error:
        raise StoreError(f"{place}: cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _remove_empty(new)


def _remove_empty(folders: list[Path]) -> None:
    """Remove folders that were made for nothing, innermost first."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def check_place(place: Path) -> None:
    """Refuse to write where something stands that is not a result."""
    try:
        free = not place.exists() and not place.is_symlink()
        if free or (place.is_dir() and ((place / MANIFEST).is_file() or not any(place.iterdir()))):
            return
    except OSError as error:
        raise StoreError(f"{place}: cannot be written: {error.strerror}") from error
    raise StoreError(f"{place}: holds something that is not a result; name another folder with --out")


def _put_in_place(folder: Path, place: Path) -> None:
    for file in [f for f in folder.rglob("*") if f.is_file()]:
        with file.open("rb") as handle:
            os.fsync(handle.fileno())
    aside = folder.with_suffix(".old")
    try:
        if place.exists():
            place.rename(aside)
        folder.rename(place)
    except BaseException:
        if aside.exists() and not place.exists():
            aside.rename(place)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def write_result(result: Result) -> None:
    """Write everything of a result but its runs, which are written as they come, into its folder."""
    folder = result.folder
    (folder / f"{result.scenario.name}.yaml").write_text(dump_resolved(result.scenario), encoding="utf-8")
    (folder / MANIFEST).write_text(_json(result.manifest), encoding="utf-8")
    (folder / ESTIMATES).write_text(_json(result.estimates), encoding="utf-8")
    flat = _flat(result.estimates)
    lines = ["estimate,value", *(f'"{name}",{value}' for name, value in flat.items())]
    (folder / "estimates.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for table in TABLES:
        getattr(result, table).to_csv(folder / f"{table}.csv", index=False)


def runs_of(place: Path) -> int:
    """Runs of the result that stands at a place; 0 when none does."""
    try:
        return int(json.loads((place / MANIFEST).read_text(encoding="utf-8"))["runs"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def load_result(folder: Path) -> Result:
    """Read a result folder.

    Raises
    ------
    StoreError
        When it is not a result, or is damaged.
    """
    if not (folder / MANIFEST).is_file():
        raise StoreError(f"{folder}: is not a result folder; it holds no {MANIFEST}")
    try:
        manifest, estimates = (_read_json(folder / name) for name in (MANIFEST, ESTIMATES))
        tables = {name: _read_table(folder, name, columns) for name, columns in TABLES.items()}
        scenario = load_scenario(folder / f"{manifest['name']}.yaml")
        return Result(folder, scenario, manifest, estimates, **tables)
    except (OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise StoreError(f"{folder}: is damaged: {reason}") from error


def _read_json(file: Path) -> dict[str, Any]:
    value = json.loads(file.read_text(encoding="utf-8"))
    needed = {MANIFEST: "name", ESTIMATES: "headline"}[file.name]
    if not isinstance(value, dict) or needed not in value:
        raise ValueError(f"{file.name} holds no '{needed}'")
    return value


def _read_table(folder: Path, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    import pandas as pd

    table = pd.read_csv(folder / f"{name}.csv")
    if missing := [column for column in columns if column not in table]:
        raise ValueError(f"{name}.csv has no column '{missing[0]}'")
    if "date" in table:
        table["date"] = pd.to_datetime(table["date"])
    return table


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    if isinstance(value, dict):
        parts = [_flat(part, f"{name}.{key}" if name else key) for key, part in value.items()]
        return {key: part for flat in parts for key, part in flat.items()}
    if isinstance(value, list):
        return {f"{name}.{end}": part for end, part in zip(("low", "high"), value, strict=True)}
    return {name: "" if value is None else value}
