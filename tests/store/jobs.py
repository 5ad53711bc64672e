"""Small jobs, and what their folders hold."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sim.store import COUNTS, MANIFEST, PARTS, TRAJECTORIES, Work, open_work
from sim.store.manifest import LOCK, as_json, hidden_name, sealed
from sim.store.naming import counts_name, fold_name, part_name

CHANGING = ("finished", "began", "seconds", "command", "sha256")
BLOCKS = 3

Content = dict[str, bytes | None]


def text_of(name: str = "crisis", seed: int = 1) -> str:
    return f"name: {name}\nrandom_seed: {seed}\nruns: 125\n"


def job_of(text: str, **changes: str) -> dict[str, Any]:
    made_by = {"sources": "s", "numpy": "2.0", "arithmetic": "a"} | changes
    return {
        "scenario": hashlib.sha256(text.encode()).hexdigest(),
        "parameters": "prior",
        "precision": None,
        "made_by": made_by,
    }


@contextmanager
def opened(
    place: Path, name: str = "crisis", seed: int = 1, fresh: bool = False, **changes: str
) -> Iterator[Work]:
    text = text_of(name, seed)
    told = {"command": f"spiral run {name}", "runs": 125, "blocks": BLOCKS}
    with open_work(place, job_of(text, **changes), (name, text), told, fresh) as work:
        yield work


def live(place: Path, **asked: Any) -> bool:
    """Live a small job as a run does, in bytes that stand for its files; whether it was whole already."""
    seed = asked.get("seed", 1)
    with opened(place, **asked) as work:
        if work.was_whole:
            return True
        live_blocks(work, seed)
        more = ("maps.csv",) if asked.get("name") == "other" else ()  # of a version that keeps more
        for name in ("daily.csv", "estimates.json", *more):
            work.keep(name, f"{name} of {seed}".encode())
        work.finish({"finished": "2026-01-01T00:00:00+00:00", "seconds": work.seconds})
    return False


def live_blocks(work: Work, seed: int) -> None:
    """Blocks with outcomes and counts; those of the first two are folded together."""
    fold = fold_name(work.hidden, 2)
    for number in range(BLOCKS):
        counts, part = counts_name(work.hidden, number), part_name(25 * number)
        if part not in work.kept:
            work.keep(part, f"outcomes {seed} {number}".encode() * 3)
        if COUNTS in work.kept:
            continue
        if counts not in work.kept and not (fold in work.kept and number < 2):
            work.keep(counts, f"counts {seed} {number}".encode())
        if number == 1 and fold not in work.kept:
            work.keep(fold, b"".join(work.read(counts_name(work.hidden, n)) for n in range(2)))
            work.drop([counts_name(work.hidden, n) for n in range(2)])
    if COUNTS not in work.kept:
        folds = [fold, *(counts_name(work.hidden, n) for n in range(2, BLOCKS))]
        work.keep(COUNTS, b"".join(work.read(name) for name in folds))


def content(folder: Path) -> Content:
    """Every file and folder below, hidden ones too, but for the lock."""
    files = sorted(path for path in folder.rglob("*") if path.name != LOCK)
    return {str(f.relative_to(folder)): f.read_bytes() if f.is_file() else None for f in files}


def lasting(folder: Path) -> Content:
    """What of a finished folder's content two equal jobs have in common."""
    found = content(folder)
    manifest = json.loads(found[MANIFEST] or b"")
    found[MANIFEST] = json.dumps({k: v for k, v in manifest.items() if k not in CHANGING}).encode()
    return found


HIDDEN = hidden_name(job_of(text_of()))


def spoil(file: Path, damage: str) -> None:
    data = bytearray(file.read_bytes())
    if damage == "missing":
        file.unlink()
        return
    data[len(data) // 2] ^= 1
    file.write_bytes(data[: len(data) // 2] if damage == "cut short" else data)


def reseal(folder: Path, **changes: Any) -> Path:
    """Have a manifest vouch for whatever its folder holds now, as who writes a folder can; with changes of it."""
    manifest = json.loads((folder / MANIFEST).read_bytes()) | changes
    there = [name for name in manifest.get("files", {}) if (folder / name).is_file()]
    held = {name: (folder / name).read_bytes() for name in there}
    files = {n: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for n, data in held.items()}
    (folder / MANIFEST).write_bytes(
        as_json(sealed(manifest | {"files": files} if "files" not in changes else manifest))
    )
    return folder


def whole_of(
    place: Path, estimates: Any, tables: Mapping[str, str] = MappingProxyType({}), **told: Any
) -> Path:
    """A whole folder with such an answer, and whatever else its manifest says."""
    place.mkdir(parents=True)
    held = {"estimates.json": json.dumps(estimates), **{f"{name}.csv": text for name, text in tables.items()}}
    for name, text in held.items():
        (place / name).write_text(text)
    (place / MANIFEST).write_text(
        json.dumps(
            {"name": "crisis", "finished": "2026-01-01", "job": {}, **told, "files": dict.fromkeys(held)}
        )
    )
    return reseal(place)


def older(place: Path) -> Path:
    """A result as versions before this one wrote it."""
    place.mkdir(parents=True)
    (place / MANIFEST).write_text('{"name": "crisis", "runs": 100, "finished": "2023-01-01"}')
    (place / "crisis.yaml").write_text("name: crisis\n")
    for name in (PARTS, TRAJECTORIES, "estimates.json", "daily.csv"):
        (place / name).write_text("old")
    return place
