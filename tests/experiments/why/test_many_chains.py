"""Chains and cascades of many runs: the finding, its words, its figure, its JSON, and the same from Python."""

import json

import numpy as np
import pandas as pd
import pytest

from sim import chains as chains_from_python
from sim.cli.opening import why
from sim.cli.why.chains import chains_dict, lines_of, print_chains
from sim.estimates.sampled import sampled
from sim.experiments.why.cascades import QUANTILES
from sim.experiments.why.chains import LEAST, SAMPLE, Chains, chains
from sim.report.figures.cascades import bins, draw, draw_cascades, table_of
from sim.scenario import load_scenario
from sim.simulate.job import Job, make_job, simulate

RUNS = 200


@pytest.fixture(scope="module")
def job() -> Job:
    return make_job(load_scenario("october-2023"))


@pytest.fixture(scope="module")
def found(job: Job) -> Chains:
    return chains(job, RUNS)


def test_every_run_has_its_row(job, found):
    outcomes = np.asarray(simulate(job, np.arange(RUNS, dtype=np.uint64)))["outcome"]
    table = found.by_run
    assert table["run"].tolist() == list(range(RUNS))
    assert table["row"].tolist() == [run // 25 for run in range(RUNS)]
    assert table["spiral_day"].tolist() == outcomes["direct_day"].tolist()
    assert table["first_day"].tolist() == outcomes["severe_day"].tolist()
    assert found.reached == (outcomes["direct_day"] >= 0).sum() > 20


def test_the_probability_is_that_of_the_chains_found(found):
    searched = found.by_run[found.by_run["length"] >= 0]
    assert len(searched) == found.searched == found.reached == sum(found.lengths)
    assert np.bincount(searched["length"]).tolist() == list(found.lengths)
    long = (searched["length"] >= LEAST).to_numpy()
    runs = searched["run"].to_numpy()
    assert found.chain == sampled(runs, runs, long, RUNS, 25)
    assert found.given.probability == pytest.approx(long.mean())
    assert (found.example is None) == (not long.any())
    if found.example is not None:
        assert found.example[0] == runs[long][0]
        assert len(found.example[1]) - 1 == searched["length"][long].iloc[0]


def test_a_sample_is_of_those_that_spiralled_and_gives_the_same_chains(job, found):
    some = chains(job, RUNS, sample=10)
    assert (some.searched, some.reached) == (10, found.reached)
    chosen = some.by_run[some.by_run["length"] >= 0]
    assert (chosen["spiral_day"] >= 0).all()
    assert chosen["length"].equals(found.by_run.loc[chosen.index, "length"])
    hits = (chosen["length"] >= LEAST).sum()
    assert some.chain.probability == pytest.approx(found.reached / 10 * hits / RUNS)
    assert some.cascades == found.cascades


def test_cascades_are_summed_up_over_both_groups(found):
    table = found.by_run[found.by_run["first_day"] >= 0]
    for name, rows in (("all", table), ("spiralled", table[table["spiral_day"] >= 0])):
        size = (rows["with"] - rows["without"]).to_numpy()
        of = found.cascades[name]
        assert of.runs == len(rows)
        assert of.mean == pytest.approx(size.mean())
        assert of.chance[0] <= of.mean <= of.chance[1]
        assert of.quantiles == pytest.approx(np.quantile(size, QUANTILES))
        assert of.fewer.probability == pytest.approx((size < 0).mean())
        assert of.more.probability == pytest.approx((size > 0).mean())
    assert found.cascades["all"].fewer.seen > 0  # a first act can prevent more than it brings on


def test_the_command_line_tells_the_usual_sample():
    (told,) = (option.help for option in why.params if option.name == "sample")
    assert told.endswith(f"[default: {SAMPLE}]")


def test_threads_change_nothing(job, found):
    one = chains(job, RUNS, threads=1)
    pd.testing.assert_frame_equal(one.by_run, found.by_run, check_exact=True)
    assert (one.chain, one.cascades, one.example) == (found.chain, found.cascades, found.example)


def test_it_is_told_in_a_dozen_lines(job, found, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "110")
    print_chains(found, job)
    out = capsys.readouterr().out
    assert len(out.strip().splitlines()) <= 12
    text = " ".join(out.split())
    assert text.startswith("Direct exchange at the end of a chain: ")
    assert f"all of {found.reached} searched" in text
    assert "Cascade" in text
    some = " ".join(lines_of(chains(job, RUNS, sample=5), job.scenario))
    assert f"5 drawn at random of {found.reached} searched" in some


def test_json_holds_it_all(job, found):
    answer = json.loads(json.dumps(chains_dict(found, job)))
    assert answer["probability"] == found.chain.as_dict()
    assert answer["share_of_spirals"]["probability"] == found.given.probability
    assert answer["runs_by_acts_after_the_root"] == list(found.lengths)
    assert set(answer["cascades"]) == {"all", "spiralled"}
    assert list(answer["cascades"]["all"]["quantiles"]) == ["0.05", "0.25", "0.50", "0.75", "0.95"]


def test_where_nothing_severe_happens_nothing_is_told(capsys):
    job = make_job(load_scenario("october-2023", ["end=2023-10-17"]), "default")
    found = chains(job, 5)
    assert (found.reached, found.searched, found.lengths, found.given) == (0, 0, (), None)
    assert found.cascades == {}
    assert (found.by_run["first_day"] == -1).all()
    assert lines_of(found, job.scenario) == []
    assert chains_dict(found, job)["cascades"] == {}


# The figure


def test_bins_are_mirrored_at_nothing_and_hold_every_size():
    low, high = bins(-7, 12)
    assert list(zip(low, high, strict=True)) == [
        (-9, -5), (-4, -3), (-2, -2), (-1, -1), (0, 0), (1, 1), (2, 2), (3, 4), (5, 9), (10, 19),
    ]  # fmt: skip
    low, high = bins(-400, 3)
    assert (low[0], high[0]) == (-400, -100)
    assert (low[1:] == high[:-1] + 1).all()


def test_the_figure_shows_the_runs_of_its_table(job, found, tmp_path):
    files = draw_cascades(found, job, tmp_path / "new")
    assert [f.name for f in files] == ["cascades.png", "cascades.svg", "cascades.csv"]
    data = pd.read_csv(files[2])
    for name, of in found.cascades.items():
        mine = data[data["runs_of"] == name]
        assert mine["runs"].sum() == of.runs
        assert mine["share"].sum() == pytest.approx(1.0)
        assert mine.loc[mine["to"] < 0, "runs"].sum() == of.fewer.seen
        assert mine.loc[mine["from"] > 0, "runs"].sum() == of.more.seen
    bars = draw(found, job).figure.axes[0].patches
    assert [bar.get_height() for bar in bars] == pytest.approx(table_of(found)["share"].tolist())


# From Python


def test_the_same_from_python(found):
    table = chains_from_python("october-2023", runs=RUNS, parameters="prior")
    pd.testing.assert_frame_equal(pd.DataFrame(table), found.by_run, check_exact=True)
    assert table.attrs["chain"] == found.chain.as_dict()
    assert table.attrs["cascades"]["all"]["mean"] == found.cascades["all"].mean
    with pytest.raises(ValueError, match="sample = 0: must be a whole number from 1 on"):
        chains_from_python("october-2023", runs=10, sample=0)
