"""The outcome table: one row a run, in columns that read by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.core.chance import IRAN, US
from sim.core.state import CAUSES, LEVELS, RUNGS, SPIRALS, WITHDRAWAL
from sim.simulate.parameter_draws import rows_of_runs

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.scenario import Scenario
    from sim.simulate.blocks import Block

ENDINGS = ("quiet", "low conflict", "spiralled")
COUNTS = (
    "attacks_iraq", "attacks_syria", "attacks_jordan", "wounded", "killed", "alarm_deaths", "strikes_in_iraq",
    "avowed", "bargains", "longest_quiet", "campaign_days", "capacity_days",
)  # fmt: skip


def outcome_table(block: Block, scenario: Scenario, by_row: bool = True) -> pa.Table:
    """Outcomes of a block as an Arrow table.

    Days count from the scenario's start (0), and are null where it never came to that. `ending` is `spiralled` when the
    scenario's headline spiral came, else `quiet` when the ladder stood at rung 0 on the last day, else `low conflict`.

    `parameter_row` is 0 throughout unless rows are drawn (`by_row`).

    Returns
    -------
    pyarrow.Table
        One row a run, in order of run number.
    """
    import pyarrow as pa

    outcomes = block.outcomes
    runs = np.arange(block.first, block.first + len(outcomes), dtype=np.uint64)
    columns: dict[str, Any] = {"run": runs.astype(np.int64), "parameter_row": rows_of_runs(runs) * by_row}
    for spiral in SPIRALS:
        columns[f"{spiral}"] = outcomes[f"{spiral}_day"] >= 0
        columns[f"{spiral}_day"] = _day(outcomes[f"{spiral}_day"])
    columns["peak_rung"] = outcomes["peak_rung"]
    for rung in range(1, RUNGS):
        columns[f"rung_{rung}_day"] = _day(outcomes["rung_day"][:, rung])
    columns["severe_day"] = _day(outcomes["severe_day"])
    columns["severe_cause"] = _named(outcomes["severe_cause"], list(CAUSES))
    columns["first_mover"] = _movers(outcomes["severe_mover"], scenario)
    columns["first_killed_day"] = _day(outcomes["first_killed_day"])
    columns |= {name: outcomes[name] for name in COUNTS}
    columns |= {f"strikes_level_{level}": outcomes["strikes"][:, level] for level in range(1, LEVELS)}
    columns["withdrawal"] = _named(outcomes["status"], list(WITHDRAWAL))
    columns["withdrawal_ordered_day"] = _day(outcomes["order_day"])
    spiralled = outcomes[f"{scenario.headline}_day"] >= 0
    columns["ending"] = _named(np.where(spiralled, 2, outcomes["last_rung"] > 0), list(ENDINGS))
    return pa.table(columns)


def _day(days: np.ndarray) -> pa.Array:
    import pyarrow as pa

    return pa.array(days, mask=days < 0)


def _named(codes: np.ndarray, names: list[str]) -> pa.Array:
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8)), pa.array(names))


def mover_names(scenario: Scenario) -> dict[int, str]:
    """Names of those who can make the first severe move, by actor identifier; 0 is nobody."""
    from sim.scenario import militia_id

    return {0: "none", US: "us", IRAN: "iran"} | {militia_id(name): name for name in scenario.actors.militias}


def _movers(identifiers: np.ndarray, scenario: Scenario) -> pa.Array:

    known = mover_names(scenario)
    index = np.zeros(65536, np.int8)
    index[list(known)] = np.arange(len(known))
    return _named(index[identifiers], list(known.values()))
