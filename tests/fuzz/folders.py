"""Result folders: small real ones, damaged in one to three places, and whatever reads a result."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import io
import json
import math
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim import ask
from sim.cli import waiting
from sim.cli.main import cli
from sim.errors import SpiralError
from sim.experiments import open_answer
from sim.report.brief import brief
from sim.report.figures import draw_answer
from sim.store import MANIFEST
from sim.store.manifest import LOCK, REPORT
from tests.fuzz.making import SCALARS, TOKENS, TRAPS, paths_of
from tests.fuzz.target import IN_MEMORY, Target, Wrong, refused, without_values
from tests.store.jobs import reseal

SHORT = {"settings": ["end=2023-10-24"], "threads": 1}
DRAWS = "us.readiness,militia.tempo\n0.4,1.9\n-0.3,2.6\n"
KINDS: dict[str, dict[str, Any]] = {
    "run": {"runs": 50, "prevented": 0, "parameters": "prior"},
    "own": {"runs": 50, "prevented": 0, "draws": "draws.csv"},
    "sweep": {"vary": {"us.readiness": [-1, 1]}, "runs": 25, "outcome": "us killed"},
    "ask": {"questions": ("us killed", "us strike"), "runs": 50},
}
"""Results that are damaged, by the name of their folder: what is asked, which is the name but for `own`."""

READERS = {"open": 12, "results": 8, "verify": 6, "check": 2, "plot": 1, "report": 1, "again": 1, "trace": 1}
"""What reads a folder, and how often; `again` is the command that made it, `trace` and `check` read its scenario."""

DRAWING = ("plot", "report", "again", "trace")
"""Readers that draw or simulate where the folder is taken for whole: they take what they take on any."""


@cache
def home() -> Path:
    """Where results are that nothing is the matter with."""
    place = Path(tempfile.mkdtemp(prefix="spiral-fuzz-", dir=IN_MEMORY))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    waiting.TOLD_AFTER = math.inf
    (place / "draws.csv").write_text(DRAWS)
    return place


@cache
def made(name: str) -> Path:
    """One of these results."""
    place, asked = home() / name, KINDS[name]
    options = {key: str(home() / value) if key == "draws" else value for key, value in asked.items()}
    ask("run" if name == "own" else name, "october-2023", out=place, **options, **SHORT)
    if name in DRAWN:
        draw_answer(open_answer(place), place / "figures")
        with contextlib.redirect_stdout(io.StringIO()):
            assert cli.main(["report", str(place)]) == 0
    return place


@cache
def told_of(name: str) -> str:
    """What an undamaged result says, as a checksum."""
    return _said(made(name))


def _said(folder: Path) -> str:
    """Everything that anybody is shown of a result."""
    answer = open_answer(folder)
    tables = {name: table.to_csv(index=False) for name, table in answer.tables.items()}
    draws = None if answer.scenario.draws is None else answer.scenario.draws.as_parquet()
    said = (answer.kind, repr(answer.scenario), json.dumps(answer.estimates, sort_keys=True), tables, draws)
    return hashlib.sha256(repr((said, answer.manifest["runs"], answer.parameters)).encode()).hexdigest()


@cache
def files_of(name: str) -> list[str]:
    """Files of a result, the manifest first, more than once: most is read from it."""
    there = sorted(p.relative_to(made(name)).as_posix() for p in (made(name)).rglob("*") if p.is_file())
    first = [MANIFEST, "estimates.json", "october-2023.yaml", ".drawn.json"]
    return [*first * 2, *(file for file in there if file != LOCK)]


DRAWN = ("sweep", "ask")
"""Of which figures are drawn: enough to damage."""

FIRST = 8
"""So many first files of a result are JSON or YAML: entries of these are replaced."""

Damage = tuple[str, int | str, int, int, Any]
"""What is done, to which file by number or name, where, how long, and with what."""

DAMAGES = st.tuples(
    st.sampled_from(
        ["flip", "flip", "cut", "empty", "gone", "piece", "value", "value", "value", "key", "column", "row", "cell",
         "swap", "link", "loop", "folder", "pipe", "mode", "grow", "rename"]
    ),
    st.integers(0, 60),
    st.integers(0, 10**6),
    st.integers(0, 200),
    st.sampled_from([*SCALARS[:30], *TOKENS]),
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> tuple[str, list[Damage], bool, str]:
    """A result, what is done to it, whether its manifest is written anew to vouch for that, and who reads it."""
    name = draw(st.sampled_from([*KINDS]))
    damages = draw(st.lists(DAMAGES, min_size=1, max_size=3))
    reader = draw(st.sampled_from([name for name, often in READERS.items() for _ in range(often)]))
    return "run" if reader == "again" else name, damages, draw(st.integers(0, 3)) == 0, reader


def read(case: tuple[str, list[Damage], bool, str], folder: Path) -> str:
    """Damage a copy, and have it read; what is taken for whole says what it said before."""
    name, damages, vouched, reader = case
    told_of(name)  # before anything can be the matter
    place = folder / "results" / name
    shutil.copytree(made(name), place, copy_function=shutil.copy2 if reader in DRAWING else os.link)
    for damage in damages:
        with contextlib.suppress(OSError, ValueError, LookupError, ArithmeticError):  # nothing is done then
            _damage(place, files_of(name), damage)
    if vouched and (place / MANIFEST).is_file():
        _put(place / MANIFEST, (place / MANIFEST).read_bytes())  # of its own: it is written in place
        with contextlib.suppress(Exception):
            reseal(place)
    return f"{reader} {_by(reader, name, place, vouched)}"


def _by(reader: str, name: str, place: Path, vouched: bool) -> str:
    if reader == "open":
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                said = _said(place)
        except SpiralError as error:
            return refused(error, (f"{place}", f"{place.name}"))
        if not vouched and said != told_of(name):
            raise Wrong("a damaged result is taken for whole, and says something else")
        return "opened"
    commands = {
        "results": ["results", "--json", "--under", str(place.parent)],
        "verify": ["results", "verify", str(place)],
        "plot": ["plot", str(place)],
        "report": ["report", str(place), "--out", str(place.parent / REPORT)],
        "trace": ["trace", str(place / "october-2023.yaml"), "--run", "3", "--parameters", "prior"],
        "check": ["check", str(place / "october-2023.yaml")],
        "again": ["run", "october-2023", "--runs", "50", "--prevented", "0", "--set", SHORT["settings"][0],
                  "--no-figures", "--threads", "1", "--parameters", "prior", "--out", str(place)],
    }  # fmt: skip
    came, out = _command(commands[reader])
    if reader == "results" and came == "exit 0":
        return _listed(json.loads(out), name, vouched)
    if reader in ("again", "verify") and came == "exit 0" and not vouched and _said(place) != told_of(name):
        raise Wrong("a damaged result that is taken for whole says something else")
    return came


def _listed(found: list[dict[str, Any]], name: str, vouched: bool) -> str:
    """What a list says of the result, whose answer is the one that it had where it is said to be whole."""
    one = found[0] if found else {"state": "none"}
    if one["state"] == "whole" and not vouched and one["answer"] != brief(made(name), one["kind"]):
        raise Wrong("a damaged result is listed with another answer")
    return f"results {one['state']}"


def _command(words: list[str]) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        warnings.simplefilter("error")
        code = cli.main(words, prog_name="spiral")
    lines = [line for line in err.getvalue().splitlines() if line]
    if code not in (0, 1, 2) or (code and len(lines) != 1):
        raise Wrong(f"exit code {code}, {len(lines)} lines: {err.getvalue()[:300]!r}")
    if any("\x1b" in text or "\u202e" in text for text in (out.getvalue(), err.getvalue())):
        raise Wrong("steers the terminal")
    return (
        f"exit {code} {without_values(lines[0].rpartition('results/')[2]) if code else ''}".rstrip(),
        out.getvalue(),
    )


def _damage(place: Path, files: list[str], damage: Damage) -> None:
    what, _, where, length, new = damage
    file, other = place / _name(files, damage), place / files[where % len(files)]
    data, others = (one.read_bytes() if one.is_file() else b"" for one in (file, other))
    at = where % (len(data) + 1)
    changes: dict[str, Callable[[], Any]] = {
        "flip": lambda: _put(
            file, data[:at] + bytes([b ^ 1 << length % 8 for b in data[at : at + 1]]) + data[at + 1 :]
        ),
        "cut": lambda: _put(file, data[:at]),
        "empty": lambda: _put(file, b""),
        "gone": lambda: file.unlink(),
        "piece": lambda: _put(file, data[:at] + TRAPS[length % len(TRAPS)] + data[at + length :]),
        "value": lambda: _json(file, where, lambda _: new),
        "key": lambda: _json(file, where, None),
        "column": lambda: _table(
            file, lambda rows: [r[: (k := at % len(r))] + r[k + 1 :] for r in rows if r]
        ),
        "row": lambda: _table(file, lambda rows: rows[: (k := at % len(rows))] + rows[k + 1 :]),
        "cell": lambda: _table(file, lambda rows: _cell(rows, where, length, str(new))),
        "swap": lambda: (_put(file, others), _put(other, data)),
        "link": lambda: (file.unlink(), file.symlink_to(other)),
        "loop": lambda: (file.unlink(), file.symlink_to(file)),
        "folder": lambda: (file.unlink(), file.mkdir()),
        "pipe": lambda: (file.unlink(), os.mkfifo(file)),
        "mode": lambda: (_put(file, data), file.chmod(0)),
        "grow": lambda: _put(file, data + TRAPS[length % len(TRAPS)] * (1 + where % 2000)),
        "rename": lambda: file.rename(file.with_name(str(new)[:50].replace("/", "-") or "x")),
    }
    changes[what]()


def _name(files: list[str], damage: Damage) -> str:
    """The file that is damaged."""
    what, which, *_ = damage
    return (
        which
        if isinstance(which, str)
        else files[which % (FIRST if what in ("value", "key") else len(files))]
    )


def _put(file: Path, data: bytes) -> None:
    """Write a file anew: what it was linked to stays."""
    file.unlink(missing_ok=True)
    file.write_bytes(data)


def _json(file: Path, where: int, change: Callable[[Any], Any] | None) -> None:
    """Put another value for an entry of a JSON file, or leave it out."""
    tree = json.loads(file.read_bytes() if file.is_file() else b"")
    paths = paths_of(tree)[1:]
    path = paths[where % len(paths)]
    parent = tree
    for key in path[:-1]:
        parent = parent[key]
    if change is None:
        del parent[path[-1]]
    else:
        parent[path[-1]] = change(parent[path[-1]])
    _put(file, json.dumps(tree, default=str).encode(errors="surrogatepass"))


def _table(file: Path, change: Callable[[list[list[str]]], list[list[str]]]) -> None:
    """Change the rows of a table."""
    if not file.is_file():
        return
    if file.suffix == ".csv":
        rows = [line.split(",") for line in file.read_text().splitlines()]
        _put(file, "\n".join(",".join(row) for row in change(rows)).encode(errors="surrogatepass"))
    elif file.suffix == ".parquet":
        import pyarrow.parquet as pq

        table = pq.ParquetFile(file).read()
        names = change([table.column_names])
        if names and len(names[0]) < table.num_columns:
            file.unlink()
            pq.write_table(table.select(names[0]), file)


def _cell(rows: list[list[str]], where: int, length: int, new: str) -> list[list[str]]:
    row = rows[where % len(rows)]
    row[length % len(row)] = new
    return rows


def kept(case: Any) -> bytes:
    """A case as a file, in which files have their names."""
    name, damages, *rest = case
    named = [(damage[0], _name(files_of(name), damage), *damage[2:]) for damage in damages]
    return repr((name, named, *rest)).encode()


def again(data: bytes) -> Any:
    """A case from its file."""
    return eval(data, {"datetime": __import__("datetime"), "inf": float("inf"), "nan": float("nan")})


FOLDERS = Target(
    "folders",
    5_000,
    cases(),
    read,
    kept,
    again,
    chunk=100,
    dear=tuple(f"{reader} exit 0" for reader in DRAWING),
)
