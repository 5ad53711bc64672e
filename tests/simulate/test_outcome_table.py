"""The outcome table against the raw outcomes: columns, nulls, order, names."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sim.outcomes import CAUSES, COLUMNS, ENDINGS, EVENTS, LEVELS, OUTCOMES, RUNGS, WITHDRAWAL
from sim.scenario import load_scenario, militia_id
from sim.simulate import Job, make_job, new_tallies, run_blocks, simulate
from sim.simulate.blocks import Block
from sim.simulate.outcome_table import outcome_table
from sim.simulate.parameter_draws import RUNS_PER_ROW

FIRST, RUNS = 50, 485
COUNTS = (
    "attacks_iraq", "attacks_syria", "attacks_jordan", "wounded", "killed", "alarm_deaths", "strikes_in_iraq",
    "avowed", "bargains", "longest_quiet", "campaign_days", "capacity_days",
)  # fmt: skip
ORDER = (
    "run", "parameter_row", "direct", "direct_day", "reciprocal", "reciprocal_day", "peak_rung",
    *(f"rung_{r}_day" for r in range(1, RUNGS)), "escalatory_day", "escalatory_cause", "first_mover",
    "first_killed_day",
    *COUNTS, *(f"strikes_level_{level}" for level in range(1, LEVELS)), "withdrawal",
    "withdrawal_ordered_day", "ending",
)  # fmt: skip
NULLABLE = [
    "direct_day", "reciprocal_day", "spiral_day", "anyway_day",
    *(f"rung_{r}_day" for r in range(1, RUNGS)), "escalatory_day", "first_killed_day", "level_4_strike_day",
    "strike_in_iraq_day", "avowed_attack_day", "withdrawal_ordered_day", "censored_day",
]  # fmt: skip


@pytest.fixture(scope="module")
def job() -> Job:
    return make_job(load_scenario("decisive-doctrine"))


@pytest.fixture(scope="module")
def raw(job: Job) -> np.ndarray:
    worlds = simulate(job, np.arange(FIRST, FIRST + RUNS, dtype=np.uint64))
    return np.asarray(worlds)["outcome"].copy()


@pytest.fixture(scope="module")
def table(job: Job, raw: np.ndarray) -> pa.Table:
    return outcome_table(Block(FIRST, raw, new_tallies(job.days)), job.scenario)


def test_one_row_a_run_in_order_with_its_row_of_parameters(table):
    run = table["run"].to_numpy()
    assert run.tolist() == list(range(FIRST, FIRST + RUNS))
    assert np.array_equal(table["parameter_row"].to_numpy(), run // RUNS_PER_ROW)


def test_columns_have_the_order_that_readers_know(table):
    assert table.column_names == [column.name for column in COLUMNS]
    assert [name for name in table.column_names if name in ORDER] == list(ORDER)


def test_every_column_says_in_the_file_what_it_holds(table, tmp_path):
    pq.write_table(table, tmp_path / "part.parquet")
    schema = pq.read_schema(tmp_path / "part.parquet")
    for field, column in zip(schema, COLUMNS, strict=True):
        told = {key.decode(): text.decode() for key, text in field.metadata.items()}
        assert told["unit"] == column.unit
        assert told["description"] == column.description
        assert column.unit, field.name
        assert len(column.description) > 10, field.name


RAW = {
    **{name: name for name in NULLABLE if not name.startswith(("rung", "withdrawal"))},
    "withdrawal_ordered_day": "order_day",
    "peak_rung": "peak_rung",
    "escalatory_day": "severe_day",
    **{name: name for name in COUNTS},
}


@pytest.mark.parametrize("column", RAW)
def test_a_column_is_its_raw_outcome_and_null_for_never(table, raw, column):
    expected = [int(v) if v >= 0 or column not in NULLABLE else None for v in raw[RAW[column]]]
    assert table[column].to_pylist() == expected
    assert len(set(expected)) > 1  # the column varies, so that the comparison says something


def test_days_of_rungs_and_strikes_by_level_are_the_raw_ones(table, raw):
    for rung in range(1, RUNGS):
        days = table[f"rung_{rung}_day"].to_pylist()
        assert days == [int(d) if d >= 0 else None for d in raw["rung_day"][:, rung]]
    for level in range(1, LEVELS):
        assert np.array_equal(table[f"strikes_level_{level}"].to_numpy(), raw["strikes"][:, level])
        assert raw["strikes"][:, level].any()


def test_only_days_of_what_may_never_come_are_null(table, job):
    for name in table.column_names:
        if name not in NULLABLE:
            assert table[name].null_count == 0
        else:
            known = [v for v in table[name].to_pylist() if v is not None]
            assert all(0 <= day < job.days for day in known)
    nulls = {name: table[name].null_count for name in ("direct_day", "rung_6_day", "withdrawal_ordered_day")}
    assert all(0 < count < RUNS for count in nulls.values()), nulls


def test_a_spiral_has_come_when_it_has_a_day(table):
    for spiral in ("direct", "reciprocal"):
        days = table[f"{spiral}_day"].to_pylist()
        assert table[spiral].to_pylist() == [day is not None for day in days]
        assert any(table[spiral].to_pylist())


def test_causes_and_movers_are_named(table, raw, job):
    assert table["escalatory_cause"].to_pylist() == [CAUSES[c] for c in raw["severe_cause"]]
    known = {0: "none", 1: "us", 3: "iran"} | {militia_id(m): m for m in job.scenario.actors.militias}
    assert table["first_mover"].to_pylist() == [known[int(i)] for i in raw["severe_mover"]]
    assert len(set(table["first_mover"].to_pylist())) > 3
    assert table["withdrawal"].to_pylist() == [WITHDRAWAL[s] for s in raw["status"]]
    none = np.array(table["escalatory_cause"].to_pylist()) == "none"
    assert np.array_equal(none, raw["severe_day"] < 0)


@pytest.mark.parametrize("headline", ["direct", "reciprocal"])
def test_an_ending_follows_the_headline_and_the_last_rung(job, raw, headline):
    scenario = job.scenario.model_copy(update={"headline": headline})
    endings = outcome_table(Block(FIRST, raw, new_tallies(job.days)), scenario)["ending"].to_pylist()
    expected = [
        "spiralled" if day >= 0 else "quiet" if rung == 0 else "low conflict"
        for day, rung in zip(raw[f"{headline}_day"], raw["last_rung"], strict=True)
    ]
    assert endings == expected
    assert set(endings) == set(ENDINGS)


def test_blocks_written_one_after_another_are_one_table(job, tmp_path):
    scenario = job.scenario.model_copy(update={"end": job.scenario.start.replace(day=30)})
    short = make_job(scenario)
    tables = [outcome_table(block, scenario) for block in run_blocks(short, 510, threads=2)]
    assert len(tables) > 1
    with pq.ParquetWriter(tmp_path / "runs.parquet", tables[0].schema) as writer:
        for part in tables:
            writer.write_table(part)
    frame = pq.read_table(tmp_path / "runs.parquet").to_pandas()
    assert frame["run"].tolist() == list(range(510))
    assert frame["ending"].isin(ENDINGS).all()
    whole = np.asarray(simulate(short, np.arange(510, dtype=np.uint64)))["outcome"]
    assert np.array_equal(frame["attacks_iraq"], whole["attacks_iraq"])


def test_every_event_of_the_estimates_has_a_column(table):
    names = pd.Index(table.column_names)
    assert names.is_unique
    for event in EVENTS:
        assert OUTCOMES[event].column in names
