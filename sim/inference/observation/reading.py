"""Records and timelines read from files, with the errors of scenario files: one line, and where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sim.inference.observation.checking import WholeRecord
from sim.inference.observation.record import SERIES, Record, Report, Series, Strike
from sim.inference.observation.written import ByFact, Dated, RecordFile, TimelineFile, value_of
from sim.paths import data_folder
from sim.scenario.complaints import first_complaint
from sim.scenario.composing import Node
from sim.scenario.drivers import Driver
from sim.scenario.errors import complaint
from sim.scenario.fields import OWN_SOURCES
from sim.scenario.reading import read_bytes, read_file

Model = TypeVar("Model", bound=BaseModel)

SERIES_OF: dict[str, Series] = {
    "iraq": "attacks_iraq",
    "syria": "attacks_syria",
    "jordan": "attacks_jordan",
    "total": "attacks",
    "wounded": "wounded",
    "killed": "killed",
    "bargains": "bargains",
}
"""Series by the key of a number of attacks, or else by the list that an entry stands in."""


def load_record(path: str | PathLike[str], shown: str | None = None) -> Record:
    """Read a record from a file.

    Parameters
    ----------
    path : the file, as docs/reference/record-format.md describes it
    shown : how errors call it, by default as given

    Raises
    ------
    ScenarioError
        At the first thing that is wrong, in one line that says where.
    """
    return _record(_checked(WholeRecord, read_file(path, shown, "record")), Path(path).stem)


def record_of_text(text: str, shown: str) -> Record:
    """Read a record from the text of a file; see `load_record`.

    Parameters
    ----------
    text : as a record file has it
    shown : how errors call it, and the record where it has no name
    """
    return _record(_checked(WholeRecord, read_bytes(text.encode(), shown, "record")), shown)


def _record(written: WholeRecord, name: str) -> Record:
    return Record(
        name=written.name or name,
        start=written.start,
        reports=tuple(sorted(_reports(written), key=lambda r: (r.last, SERIES.index(r.series)))),
        strikes=tuple(Strike(s.date, s.level, s.place, s.evidence, s.also) for s in written.strikes.listed),
        strikes_until=written.strikes.complete_until,
    )


def shipped_record() -> Record:
    """The record of the project's own articles up to 17 November 2023, seeds/record.yaml."""
    return load_record(data_folder("seeds") / "record.yaml", "seeds/record.yaml")


def later_record() -> Record:
    """What the project's articles report of the time after 17 November 2023, seeds/later.yaml."""
    return load_record(data_folder("seeds") / "later.yaml", "seeds/later.yaml")


def load_timeline(path: str | PathLike[str]) -> dict[str, Driver]:
    """Read outside pressures from a file: any of a scenario's drivers, in the form of its key `timeline`.

    Returns
    -------
    dict of str to Driver
        By name, in the order of `DRIVERS`; only those that the file names.

    Raises
    ------
    ScenarioError
        At the first thing that is wrong, in one line that says where.
    """
    return _checked(TimelineFile, read_file(path, kind="timeline")).drivers()


def _checked(model: type[Model], tree: Node) -> Model:
    """Check what was read against a model, whose first problem by position is told."""
    if tree.value == {}:
        raise complaint(tree.place, "is empty")
    content = tree.plain()
    sources = content.get("sources")
    own = tuple(sources) if isinstance(sources, dict) else ()
    try:
        return model.model_validate(content, context={OWN_SOURCES: own})
    except ValidationError as error:
        raise first_complaint(error, tree, model) from None


def _reports(record: RecordFile) -> Iterator[Report]:
    for name, _, entry in record.entries():
        for key, number in entry.numbers():
            yield _report(SERIES_OF.get(key) or SERIES_OF[name], number, entry, record)


def _report(series: Series, number: ByFact | int, entry: Dated, record: RecordFile) -> Report:
    return Report(
        series=series,
        first=entry.from_ or record.start,
        last=entry.date,
        value=value_of(number),
        bound=entry.bound_of(number),
        facts=(number.fact, *entry.evidence) if isinstance(number, ByFact) else entry.evidence,
        in_retrospect=entry.from_ is not None,
        told=entry.told,
    )
