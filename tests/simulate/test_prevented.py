"""What restraint averts: a sample of the runs, lived again without the reactions that damp."""

import numpy as np
import pytest

from sim.estimates.prevented import averted, estimate_prevented, prevented_table
from sim.parameters import DAMPING, REGISTRY, couplings
from sim.scenario import load_scenario
from sim.simulate import make_job
from sim.simulate.job import lived
from sim.simulate.parameter_draws import RUNS_PER_ROW, rows_of_runs
from sim.simulate.prevented import ALL, PREVENTED, pieces, prevent, prevented, sample_of

RUNS = np.arange(2_000, dtype=np.uint64)
SIGNED = {p.name: p for p in REGISTRY.values() if p.direction == "signed"}
SHORT = ("decisive-doctrine", ["end=2023-12-31"])


@pytest.mark.parametrize("name", ["october-2023", "decisive-doctrine"])
def test_with_the_couplings_off_nothing_is_averted(name):
    found = prevented(make_job(load_scenario(name), "prior", couplings()), RUNS)
    assert found["came"].sum() > 50
    assert all((found[name] == 0).all() for name in (ALL, *DAMPING))
    assert found["runs"].sum() == len(RUNS)


@pytest.mark.parametrize("name", [ALL, "deterrence", "host"])
def test_what_is_averted_comes_with_those_reactions_off_from_the_first_day(name):
    """Signed weights are held where they damp, so that they are among what is off."""
    sides = {n: p.off - (0.3 if p.amplifies == "above" else -0.3) for n, p in SIGNED.items()}
    chosen = [p for p in REGISTRY.values() if p.direction in ("damping", "signed")]
    off = {p.name: p.off for p in chosen if name in (ALL, p.mechanism)}
    scenario = load_scenario(*SHORT)
    came, again = (
        np.asarray(lived(make_job(scenario, "prior", fixed), RUNS))["outcome"]["direct_day"] >= 0
        for fixed in (sides, {**sides, **off})
    )
    found = prevented(make_job(scenario, "prior", sides), RUNS)
    rows = rows_of_runs(RUNS)
    assert np.array_equal(found["came"], np.bincount(rows[came], minlength=80))
    assert np.array_equal(found[name], np.bincount(rows[again & ~came], minlength=80))
    assert found[name].sum() > 10


@pytest.mark.parametrize(
    ("runs", "most"),
    [(560, 20_000), (1, 5), (10, 5), (100_000, 20_000), (100_010, 20_000), (2_000_030, 20_000)],
)
def test_a_sample_is_of_as_many_runs_of_every_row(runs, most):
    numbers = sample_of(runs, most)
    assert min(runs, most) / 2 < len(numbers) <= min(runs, most)
    assert numbers[-1] < runs
    rows, counts = np.unique(rows_of_runs(numbers), return_counts=True)
    assert len(set(counts[:-1])) <= 1
    assert counts[-1] <= counts[0]
    assert len(set(np.diff(rows))) <= 1  # evenly chosen
    assert rows[-1] >= rows_of_runs(np.array([runs - 1]))[0] - (rows[1] - rows[0] if len(rows) > 1 else 0)


def test_all_runs_are_asked_where_all_may_be():
    for runs in (1, 25, 310, 560):
        assert sample_of(runs, runs).tolist() == list(range(runs))


def test_no_sample_has_no_pieces():
    assert len(sample_of(100, 0)) == 0
    assert pieces(load_scenario(*SHORT), "prior", sample_of(100, 0)) == []


def test_pieces_make_the_same_whole_however_they_are_cut(monkeypatch):
    scenario, numbers = load_scenario(*SHORT), sample_of(2_010, 800)
    whole = prevented(make_job(scenario), numbers)
    for size in (1, 100, 333):
        monkeypatch.setattr("sim.simulate.prevented.PIECE", size)
        cut = pieces(scenario, "prior", numbers)
        assert len(cut) > 1
        assert np.concatenate([prevent(piece) for piece in cut]).tobytes() == whole.tobytes()


def rows_with(name: str, seen: list[int], runs: list[int]) -> np.ndarray:
    rows = np.zeros(len(seen), PREVENTED)
    rows["row"], rows["runs"], rows[name] = np.arange(len(seen)), runs, seen
    return rows


def test_estimates_count_a_row_as_one():
    rows = rows_with(ALL, [5, 0, 5, 0, 5, 0, 2], [5] * 6 + [2])
    clustered, single = averted(rows, ALL, True), averted(rows, ALL, False)
    assert (clustered.seen, clustered.runs) == (single.seen, single.runs) == (17, 32)
    assert clustered.probability == single.probability == 17 / 32
    assert clustered.half_width > 1.5 * single.half_width
    assert clustered.ignorance is not None
    assert single.ignorance is None
    few = averted(rows, ALL, True, most_rows=3)
    assert few.half_width > clustered.half_width


def test_one_run_of_each_row_tells_no_range_over_the_parameters():
    rows = rows_with("host", [1, 0, 0, 1, 0], [1] * 5)
    assert averted(rows, "host", True).ignorance is None


def test_a_table_tells_them_with_both_ranges():
    """Of two pieces; for a mechanism that averted nothing no range over the parameters is known."""
    parts = [rows_with(ALL, [25, 0, 3], [25] * 3), rows_with(ALL, [0, 5], [25] * 2)]
    scenario = load_scenario("october-2023")
    table = prevented_table(parts, scenario, "prior").set_index("mechanism")
    assert list(table.index) == [ALL, *DAMPING]
    found = averted(np.concatenate(parts), ALL, True)
    expected = [33 / 125, *found.chance, *(found.ignorance or ()), 33, 125]
    columns = ["probability", "low", "high", "unknown_low", "unknown_high", "seen", "runs"]
    assert table.loc[ALL, columns].tolist() == pytest.approx(expected)
    assert table.loc["host", ["unknown_low", "unknown_high"]].isna().all()
    assert set(table.attrs["units"]) == set(columns)
    alone = prevented_table(parts, scenario, "default").set_index("mechanism")
    assert alone.loc[ALL, "high"] < table.loc[ALL, "high"]


def test_all_that_is_told_is_told_in_all_and_by_mechanism():
    rows = rows_with("host", [1, 0] * 20, [RUNS_PER_ROW] * 40)
    found = estimate_prevented(rows, True)
    assert found["runs"] == 1_000
    assert list(found["by_mechanism"]) == list(DAMPING)
    assert found["by_mechanism"]["host"]["probability"] == 20 / 1_000
    assert found["in_all"]["seen"] == 0
