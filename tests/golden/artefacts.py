"""What is compared of a job's folder: the content of its files and answers, without what differs from run to run."""

import io
import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

PICTURES = (".png", ".svg")
"""Of which only the name counts: their numbers stand in the CSV of the same name."""

PASSING = {
    "bytes", "free_bytes", "machine", "threads", "command", "made_by", "sha256", "libraries", "python",
    "version",
}  # fmt: skip
PASSING |= {"began", "finished", "made", "seconds", "seconds_per_run"}
"""Keys of JSON that tell when, where, by what and how fast something was made."""

TOOK = re.compile(r"\d[\d,]*\.\d s\b")
VERSION = re.compile(r'\b(version:? "?)\d+\.\d+\.\d+')
PARAGRAPH = re.compile(r"^\S.*\n(?: {4}.*\n)+", re.MULTILINE)


def artefacts(folder: Path) -> dict[str, bytes]:
    """Content of every file below a folder that is not hidden, by its path there; parts of a table are one artefact."""
    found = {}
    for path in sorted(folder.rglob("*")):
        here = path.relative_to(folder)
        inside = any(parent.suffix == ".parquet" for parent in here.parents)
        hidden = any(part.startswith(".") for part in here.parts)  # such as fits that are kept for later
        if not inside and not hidden and (path.is_file() or path.suffix == ".parquet"):
            found[here.as_posix()] = content(path)
    return found


def content(path: Path) -> bytes:
    if path.suffix == ".parquet":
        return table(path)
    if path.suffix in PICTURES:
        return b""
    if path.suffix == ".json":
        return as_json(json.loads(path.read_bytes()))
    return path.read_bytes() if path.suffix == ".csv" else text(path.read_text()).encode()


def table(path: Path) -> bytes:
    """A Parquet file, or a folder of its parts, as CSV under a line of names and types; numbers in full."""
    parts = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    written = io.BytesIO()
    for schema, alike in groupby(
        (pq.read_table(part, partitioning=None) for part in parts), lambda part: part.schema
    ):
        whole = pa.concat_tables(alike)
        written.write(", ".join(f"{field.name} {field.type}" for field in schema).encode() + b"\n")
        pyarrow.csv.write_csv(
            pa.table({name: _writable(whole[name]) for name in whole.column_names}), written
        )
    return written.getvalue()


def _writable(column: pa.ChunkedArray) -> pa.ChunkedArray | list[str]:
    if pa.types.is_dictionary(column.type):
        return column.cast(column.type.value_type)
    return [repr(value) for value in column.to_pylist()] if pa.types.is_nested(column.type) else column


def answer(printed: str, place: Path) -> bytes:
    """What a command printed: JSON as such, all else as text."""
    printed = printed.replace(str(place), "HERE")
    try:
        return as_json(json.loads(printed))
    except ValueError:
        return text(printed).encode()


def text(written: str) -> str:
    """Text without versions and without how long it took; a line that says so is unwrapped, for its length varies."""

    def unwrapped(match: re.Match[str]) -> str:
        joined = match[0].replace("\n    ", " ")
        return joined if TOOK.search(joined) else match[0]

    return VERSION.sub(r"\1V", TOOK.sub("T s", PARAGRAPH.sub(unwrapped, written)))


def as_json(value: Any) -> bytes:
    return (json.dumps(_lasting(value), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _lasting(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: sorted(inner) if key == "files" and isinstance(inner, dict) else _lasting(inner)
            for key, inner in value.items()
            if key not in PASSING
        }
    return [_lasting(inner) for inner in value] if isinstance(value, list) else value
