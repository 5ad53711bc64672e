"""The outcome table: one row a run, in columns that say what they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.chance import IRAN, US
from sim.outcomes import ADDRESS, ENDINGS, OUTCOMES, Column, Outcome
from sim.simulate.parameter_draws import rows_of_runs

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario import Scenario
    from sim.simulate.blocks import Block


def outcome_table(block: Block, scenario: Scenario, by_row: bool = True) -> pa.Table:
    """Outcomes of a block as an Arrow table, with unit and description in the metadata of every column.

    Days count from the scenario's start (0), and are null where it never came to that. `ending` is `spiralled` when the
    scenario's headline spiral came, else `quiet` when the ladder stood at rung 0 on the last day, else `low conflict`.

    `parameter_row` is 0 throughout unless rows are drawn (`by_row`).

    Returns
    -------
    pyarrow.Table
        One row a run, in order of run number.
    """
    import pyarrow as pa

    runs = np.arange(block.first, block.first + len(block.outcomes), dtype=np.uint64)
    address = (runs.astype(np.int64), rows_of_runs(runs) * by_row)
    made = [(column, pa.array(values)) for column, values in zip(ADDRESS, address, strict=True)]
    for outcome in OUTCOMES.values():
        made += [(column, _values(outcome, column, block.outcomes, scenario)) for column in outcome.columns]
    fields = [pa.field(column.name, values.type, metadata=_told(column)) for column, values in made]
    return pa.Table.from_arrays([values for _, values in made], schema=pa.schema(fields))


def _told(column: Column) -> dict[str, str]:
    return {"unit": column.unit, "description": column.description}


def _values(outcome: Outcome, column: Column, outcomes: np.ndarray, scenario: Scenario) -> pa.Array:
    import pyarrow as pa

    if column.holds == "name":
        codes, names = _OF_SCENARIO.get(outcome.key, _coded)(outcome, outcomes, scenario)
        return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(names))
    values = outcome.of(outcomes)
    if column.holds == "flag":
        return pa.array(values >= 0)
    return pa.array(values, mask=values < 0) if column.holds == "day" else pa.array(values)


def _coded(outcome: Outcome, outcomes: np.ndarray, scenario: Scenario) -> tuple[np.ndarray, list[str]]:
    return outcome.of(outcomes), list(outcome.names)


def mover_names(scenario: Scenario) -> dict[int, str]:
    """Names of those who can make the first severe move, by actor identifier; 0 is nobody."""
    from sim.scenario import militia_id

    return {0: "none", US: "us", IRAN: "iran"} | {militia_id(name): name for name in scenario.actors.militias}


def _movers(outcome: Outcome, outcomes: np.ndarray, scenario: Scenario) -> tuple[np.ndarray, list[str]]:
    known = mover_names(scenario)
    index = np.zeros(65536, np.int8)
    index[list(known)] = np.arange(len(known))
    return index[outcome.of(outcomes)], list(known.values())


def _endings(outcome: Outcome, outcomes: np.ndarray, scenario: Scenario) -> tuple[np.ndarray, list[str]]:
    spiralled = OUTCOMES[scenario.headline].of(outcomes) >= 0
    return np.where(spiralled, 2, OUTCOMES["last_rung"].of(outcomes) > 0), list(ENDINGS)


_OF_SCENARIO: dict[str, Any] = {"first_mover": _movers, "ending": _endings}
"""Categories that hang on the scenario too."""
