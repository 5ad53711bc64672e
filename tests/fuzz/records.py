"""Records: record files, damaged as text and as structure, and lists of events that become records."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from sim.errors import SpiralError
from sim.inference.observation.reading import load_record, record_of_text
from sim.paths import data_folder
from sim.records import record_from_csv
from sim.scenario.reading import read_bytes, read_file
from tests.fuzz.making import TOKENS, dated, edited, file_of, mutated, paths_of, rows_of_traps, written
from tests.fuzz.target import Target, Wrong, refused
from tests.records.lists import ACTORS, HEADERS, MAPS, _cells, events

FILES = [data_folder("seeds") / f"{name}.yaml" for name in ("record", "later")]
TEXTS = [file.read_bytes() for file in FILES]
OWN = {
    "name": "mine", "start": "2023-10-17",
    "sources": {"own": {"title": "A list", "where": "here", "date": "2023-12-01"}},
    "attacks": [{"date": "2023-10-24", "iraq": 3, "syria": 2, "bound": "about", "evidence": ["own"]}],
    "killed": [{"date": "2023-11-24", "count": 0, "evidence": ["own"]}],
    "strikes": {"complete_until": "2023-11-20", "listed": [
        {"date": "2023-10-26", "level": 1, "country": "syria", "evidence": ["own"]}]},
}  # fmt: skip
TREES = [*(read_file(file, kind="record").plain() for file in FILES), dated(OWN)]
NAMES = sorted({str(path[-1]) for tree in TREES for path in paths_of(tree) if path})
CELLS = [
    *TOKENS, "2023-10-17", "17 October 2023", "17/10/2023", "10/17/2023", "45216", "Iraq", "Syria", "Jordan",
    "Lebanon", "attack", "strike", "drone", "raid", "0", "2", "-1", "1.5", "1,5", "1e3", "nan", "2000000", "٣",
    "x" * 10_000, "@cmd", *ACTORS,
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A record file, or a list of events with what is said of it."""

    content: bytes
    suffix: str = "yaml"
    given: dict[str, Any] = field(default_factory=dict)
    maps: Any = ()


def _lists() -> dict[str, list[list[str]]]:
    chance = random.Random(3)
    some = sorted(chance.sample(events(), 9) + [e for e in events() if e[1] == "raid" or e[3]][:4])
    return {
        name: [header.split(","), *([str(cell) for cell in _cells(name, n, *e)] for n, e in enumerate(some))]
        for name, header in HEADERS.items()
    }


LISTS = _lists()
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        "every": st.sampled_from([1, 7, 366, 0, -1, True, 2**40]),
        "bound": st.sampled_from(["exact", "about", "at_least", "most"]),
        "dates": st.sampled_from(["day-first", "month-first", "both"]),
        "encoding": st.sampled_from(["cp1252", "utf-16", "utf-8", "nothing", "base64", "idna", "ascii"]),
        "separator": st.sampled_from([",", ";", "\t", "|", "ab", "", '"', "\n"]),
        "decimal_comma": st.booleans(),
        "drop_unreadable": st.just(True),
    },
)


@st.composite
def lists(draw: st.DrawFn) -> Case:
    """A list of events in a layout with some cells, lines or bytes replaced."""
    name = draw(st.sampled_from(sorted(LISTS)))
    rows = [row.copy() for row in LISTS[name]]
    for _ in range(draw(st.integers(0, 4))):
        row = draw(st.integers(0, len(rows) - 1))
        if not rows[row]:
            continue
        column, how = draw(st.integers(0, len(rows[row]) - 1)), draw(st.integers(0, 9))
        if how < 6:
            rows[row][column] = draw(st.sampled_from(CELLS))
        elif how == 6:
            del rows[row][column]
        elif how == 7:
            rows[row] = [cells for cells in rows[draw(st.integers(0, len(rows) - 1))]]
        elif how == 8:
            for line in rows:
                del line[column : column + 1]
        else:
            rows = rows[: row + 1]
    handle = io.StringIO()
    csv.writer(handle, delimiter=draw(st.sampled_from([",", ",", ",", ";", "\t"]))).writerows(rows)
    content = handle.getvalue().encode(errors="surrogatepass")
    if draw(st.integers(0, 3)) == 0:
        content = draw(mutated([content]))
    return Case(
        content, "csv", draw(GIVEN) if draw(st.booleans()) else {}, draw(st.sampled_from([MAPS[name], ()]))
    )


CASES = st.one_of(
    *[edited(TREES, NAMES).map(file_of).map(Case)] * 3,
    mutated(TEXTS).map(Case),
    (rows_of_traps("start: 2023-10-17\n") | st.binary(max_size=200)).map(Case),
    *[lists()] * 4,
)


def read(case: Case, folder: Path) -> str:
    """Read it; a record that is read is the same when it is written in another style, or from its own text."""
    file = folder / f"mine.{case.suffix}"
    file.write_bytes(case.content)
    try:
        if case.suffix == "csv":
            return _made(case, file)
        record = load_record(file)
    except SpiralError as error:
        options = tuple(f"{name} = " for name in ("every", "bound", "dates", "encoding", "separator"))
        return refused(
            error, (f"{file}:", "the record made of", "the last day", "kinds.", "actors.", "map", *options)
        )
    other = folder / "other" / "mine.yaml"
    other.parent.mkdir(exist_ok=True)
    other.write_bytes(written(read_bytes(case.content, "mine.yaml").plain()).encode())
    if load_record(other) != record:
        raise Wrong("is another record when it is written in flow style")
    return "read"


def _made(case: Case, file: Path) -> str:
    made = record_from_csv(file, case.maps, **case.given)
    if record_of_text(made.text, made.record.name) != made.record:
        raise Wrong("the text of a record that was made is another record")
    taken = {event.row for event in made.events}
    left = {drop.row for drop in made.drops}
    rows = len(next(iter(made.reading.table.columns.values())))
    if taken & left or taken | left != set(range(rows)):
        raise Wrong(f"of {rows} events {len(taken)} are taken and {len(left)} dropped")
    return "made"


def kept(case: Case) -> bytes:
    """A case as a file: what is said of it in a first line, then its content."""
    return f"#!{json.dumps([case.suffix, case.given, case.maps])}\n".encode() + case.content


def again(data: bytes) -> Case:
    """A case from its file."""
    head, _, content = data.partition(b"\n")
    suffix, given, maps = json.loads(head[2:])
    return Case(content, suffix, given, maps)


RECORDS = Target("records", 50_000, CASES, read, kept, again)
