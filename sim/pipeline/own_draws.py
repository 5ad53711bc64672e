"""A file of draws of an analyst's own, CSV or Parquet: read strictly, and laid beside a scenario."""

from __future__ import annotations

import hashlib
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.records.table import bytes_of, read_table
from sim.scenario.actors import allowed
from sim.scenario.draws import MOST_DRAWS, OwnDraws
from sim.scenario.errors import did_you_mean, printable
from sim.scenario.given import fixed_by

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.pipeline.request import Request
    from sim.scenario import Scenario
    from sim.simulate.job import Parameters

FEWEST_DRAWS = 2
"""One draw tells nothing of others: it is a setting, and no sample."""

NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
INDEX = re.compile(r"__index_level_[0-9]+__")
"""Columns in which pandas keeps the index of a frame; in a CSV these have no name."""


def with_draws(scenario: Scenario, path: Path, parameters: Parameters | None) -> tuple[Scenario, Parameters]:
    """A scenario with the draws of a file, and what `sim.simulate.job.make_job` is then to be asked for.

    Parameters
    ----------
    scenario : Scenario
    path : of a file as `read_draws` reads it
    parameters : where others are to come from: 'prior', as by default, or 'default'

    Raises
    ------
    InputError
        For a file that cannot be used, a column that the scenario fixes, and fitted parameters beside it.
    """
    if parameters not in (None, "prior", "default"):
        raise InputError(
            f"--draws: does not go with --parameters {parameters}: a fitted row holds all parameters together, and "
            "none can be changed by itself; give --parameters prior or default, for those without a column"
        )
    draws = read_draws(path, _fixed(scenario), scenario.name)
    return scenario.with_draws(draws), "draws-default" if parameters == "default" else "draws"


def drawn_from(request: Request, path: Path | None) -> tuple[Scenario, Parameters]:
    """The scenario of a request, with the draws of a file if one is given, and where its parameters come from."""
    if path is None:
        return request.scenario, request.parameters_for([request.scenario])
    return with_draws(request.scenario, path, request.parameters)


def read_draws(path: Path, fixed: Mapping[str, float], scenario: str = "the scenario") -> OwnDraws:
    """Read draws of parameters: columns are registry names such as us.readiness, rows are draws.

    Parameters
    ----------
    path : a file named .parquet, or else one of CSV, of at most 100 MB
    fixed : parameters that a scenario of this name gives a value, by registry name, which have no draws
    scenario : its name

    Raises
    ------
    InputError
        At the first thing that is wrong, in one line with file, row and column.
    """
    name = printable(str(path), 300)
    if path.suffix.lower() in (".parquet", ".pq"):
        raw = bytes_of(path, name)
        columns = _of_parquet(raw, name, fixed, scenario)
        digest = hashlib.sha256(raw).hexdigest()
    else:
        table = read_table(path, "utf-8", kind="draw")
        _check_names(list(table.columns), f"{table.name}:1", fixed, scenario)
        columns = {
            key: np.array([_number(key, cell, table.wrong, row) for row, cell in enumerate(cells)])
            for key, cells in table.columns.items()
        }
        digest = table.sha256
    rows = len(next(iter(columns.values())))
    if not FEWEST_DRAWS <= rows <= MOST_DRAWS:
        one = "one draw, which is no sample: hold the parameters by --set, or give more draws"
        raise InputError(
            f"{name}: holds {one if rows == 1 else f'{rows:,} draws; at most {MOST_DRAWS:,} are taken'}"
        )
    return OwnDraws(printable(path.name), digest, rows, columns)


def _fixed(scenario: Scenario) -> dict[str, float]:
    """What a scenario, or one that it continues, gives a value."""
    return {**({} if scenario.past is None else _fixed(scenario.past)), **fixed_by(scenario)}


def _check_names(given: Sequence[str], place: str, fixed: Mapping[str, float], scenario: str) -> None:
    """Refuse columns that are no parameters, that are there twice, or whose parameter is fixed."""
    if not given:
        raise InputError(f"{place}: names no parameter; a column is called as one is, such as us.readiness")
    for column, count in Counter(given).items():
        if count > 1:
            raise InputError(
                f"{place}: has {count} columns called '{printable(column)}'; leave all but one out"
            )
        if column not in REGISTRY:
            raise InputError(
                f"{place}: column '{printable(column)}' is no parameter; columns are called as `spiral evidence` lists "
                f"them, such as us.readiness{_meant(column)}"
            )
        if column in fixed:
            raise InputError(
                f"{place}: column '{column}' is of a parameter that {scenario} holds at {fixed[column]:.12g}; leave "
                "out the column, or the setting"
            )


def _meant(column: str) -> str:
    """The nearest name; of a key without its group, the names that end in it."""
    ending = [name for name in REGISTRY if name.partition(".")[2] == column.strip().lower()]
    return f"; did you mean '{ending[0]}'?" if ending else did_you_mean(column, REGISTRY)


def _number(column: str, cell: str, wrong: Any, row: int) -> float:
    """Read one cell, or raise what `wrong` makes of its row, its column and what is the matter with it."""
    within = allowed(REGISTRY[column])
    value = float(cell) if NUMBER.fullmatch(cell) else np.nan
    if not within.low <= value <= within.high:
        raise InputError(wrong(row, column, f"must be {within}{_hint(cell)}"))
    return value


def _hint(cell: str) -> str:
    if not cell:
        return "; leave a parameter out as a whole column, not in single draws"
    if cell.startswith("="):
        return "; a formula is not a number: have its value written"
    return "; write a point, not a comma" if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", cell) else ""


def _of_parquet(
    raw: bytes, name: str, fixed: Mapping[str, float], scenario: str
) -> dict[str, npt.NDArray[np.float64]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(raw))
        names, rows = file.schema_arrow.names, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    wanted = [column for column in names if column and not INDEX.fullmatch(column)]
    _check_names(wanted, name, fixed, scenario)
    if not 0 < rows <= MOST_DRAWS:
        raise InputError(f"{name}: holds {rows:,} draws; from {FEWEST_DRAWS} to {MOST_DRAWS:,} are taken")
    try:
        table = file.read(columns=wanted)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _unreadable(name, error) from None
    return {column: _values(table[column], column, name) for column in wanted}


def _unreadable(name: str, error: Exception) -> InputError:
    return InputError(f"{name}: is not readable as Parquet: {printable(' '.join(str(error).split()), 200)}")


def _values(cells: pa.ChunkedArray, column: str, name: str) -> npt.NDArray[np.float64]:
    """One column of Parquet as numbers; rows count from 1."""
    import pyarrow as pa

    if not (pa.types.is_floating(cells.type) or pa.types.is_integer(cells.type)):
        first = printable(str(cells[0].as_py()))
        raise InputError(
            f"{name}: row 1: {column} = '{first}': is {cells.type}; the column must hold numbers"
        )
    values = np.array(cells.cast(pa.float64(), safe=False).to_numpy(), np.float64)
    within = allowed(REGISTRY[column])
    bad = np.flatnonzero(~((values >= within.low) & (values <= within.high)))
    if len(bad):
        row = int(bad[0])
        shown = cells[row].as_py()
        told = "null" if shown is None else shown
        raise InputError(f"{name}: row {row + 1}: {column} = '{told}': must be {within}")
    return values
