"""The manifest of a result folder: what made it, and what every file in it held when it was written."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.scenario.fields import is_name
from sim.store.files import StoreError, is_inside, kept_of, read_at_most
from sim.store.form import LARGEST, check_form, plain_json

MANIFEST, LOCK = "manifest.json", ".lock"
PARTS, ROWS = "runs.parquet", "rows.parquet"
"""Folders of parts: outcomes of runs, and what rows of parameters came to."""

HIDDEN = ".job-"
SEAL = "sha256"
VOUCHED = ("job", "files", SEAL)
"""What the manifest of a finished result says of its own files; an earlier version said nothing of it."""

RUN = "run"
"""The question of a manifest that names none: what a scenario comes to."""

ESTIMATES, TRAJECTORIES, COUNTS = "estimates.json", "trajectories.parquet", "counts.parquet"
OWN_DRAWS = "own-draws.parquet"
"""Draws of parameters that were given in a file: the same runs can be lived again from here."""

TABLES = {
    "daily": ("series", "date", "mean", "q05", "q25", "q50", "q75", "q95"),
    "rungs": ("date", "rung", "share"),
    "incidence": ("event", "date", "probability", "low", "high", "unknown_low", "unknown_high"),
    "distributions": ("quantity", "value", "runs", "or_more"),
}
"""The tables of what a scenario comes to, and their columns."""

REPORT, FIGURES, DRAWN = "report.html", "figures", ".drawn.json"
"""The report and the figures of an answer: made of it whenever somebody asks, and so not among the files of the result;
and the list of what these held when they were made."""

DERIVED = (
    OWN_DRAWS,
    COUNTS,
    TRAJECTORIES,
    ESTIMATES,
    "estimates.csv",
    FIGURES,
    REPORT,
    DRAWN,
    *(f"{table}.csv" for table in TABLES),
)
"""What is made of the runs at a job's end, and the draws that they were made of."""

Json = dict[str, Any]


def read_manifest(folder: Path) -> Json | None:
    """The manifest of a result folder, whole or not; None when there is none.

    Raises
    ------
    StoreError
        When it is damaged.
    OSError
        When it cannot be read.
    """
    try:
        manifest = plain_json(read_at_most(folder / MANIFEST, LARGEST), sparse=True)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValueError as error:
        raise StoreError(f"{folder}: is damaged: {MANIFEST} is no JSON") from error
    if not isinstance(manifest, dict) or not is_name(manifest.get("name")):
        raise StoreError(f"{folder}: is damaged: {MANIFEST} holds no 'name'")
    try:
        _check(manifest)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder}: is damaged: {MANIFEST} makes no sense") from error
    return manifest


def _check(manifest: Json) -> None:
    """Check what is acted upon; a manifest may come from anywhere, and files that it names are removed."""
    check_form(manifest)
    files = manifest.get("files", {})
    for entry in files.values():
        kept_of(entry)
    if not all(is_inside(name) for name in (*files, *manifest.get("replaces", ()))):
        raise ValueError("not as it was written")


def hidden_name(job: Mapping[str, Any]) -> str:
    """Name of the folder in which a job keeps what it needs until it is done."""
    return HIDDEN + hashlib.sha256(json.dumps(job, sort_keys=True).encode()).hexdigest()[:12]


def sealed(manifest: Json) -> Json:
    """A manifest with the SHA-256 of all else that it says."""
    rest = {key: value for key, value in manifest.items() if key != SEAL}
    return rest | {SEAL: hashlib.sha256(as_json(rest)).hexdigest()}


def as_json(value: Mapping[str, Any]) -> bytes:
    """Plain values as a file of JSON."""
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode()
