"""What a run tells of reactions: the headline's two parts, and what restraint averted in a sample of its runs."""

from collections.abc import Callable, Generator, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.experiments.run import Run, altered
from sim.parameters import DAMPING, couplings
from sim.pipeline.answers import Answer
from sim.report.terminal.reactions import headline_lines
from sim.scenario import Scenario, load_scenario, with_parameters
from sim.simulate import make_job
from sim.simulate.prevented import LIVES, prevented, sample_of
from tests.jobs import run_in

SAMPLE = 200


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("decisive-doctrine", ["end=2023-12-31", "runs=1010"])


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(altered, "ALTERED", {})
    monkeypatch.setattr("sim.simulate.prevented.PIECE", 60)  # several pieces


@pytest.fixture
def result(scenario: Scenario, tmp_path: Path) -> Answer[Any]:
    return run_in(tmp_path / "one", scenario, prevented=SAMPLE, threads=1)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", "manifest.json")
    }


def test_the_parts_add_up_to_the_headline_and_are_those_of_the_runs(result):
    of, runs = result.finding, pq.read_table(result.folder / "runs.parquet").to_pandas()
    assert of.spiral.seen + of.anyway.seen == of.headline.seen == runs["direct"].sum()
    assert of.spiral.seen == runs["spiral"].sum() > 0
    assert of.anyway.seen == runs["anyway"].sum() > 0
    assert (runs["spiral"] ^ runs["anyway"]).equals(runs["direct"])
    for part in (of.spiral, of.anyway):
        assert part.chance[0] < part.probability < part.chance[1]
        assert part.ignorance is not None
    by_day = of.incidence.pivot(index="date", columns="event", values="probability")
    assert np.allclose(by_day["spiral"] + by_day["anyway"], by_day["direct"], rtol=0, atol=1e-12)


def test_what_was_averted_is_counted_over_the_sample(result, scenario):
    found, counts = result.finding.prevented, prevented(make_job(scenario), sample_of(1_010, SAMPLE))
    assert found.runs == counts["runs"].sum() == len(sample_of(1_010, SAMPLE))
    assert found.in_all.seen == counts["all"].sum() > 0
    assert {name: one.seen for name, one in found.by_mechanism.items()} == {
        n: counts[n].sum() for n in DAMPING
    }
    assert result.estimates["prevented"]["in_all"] == found.in_all.model_dump()


def test_it_is_said_in_its_parts_with_both_intervals(result, scenario):
    spiral, anyway, averted = headline_lines(result.finding, scenario, "fitted to something")
    assert spiral.startswith("Spiral into a direct exchange by 31 Dec 2023: ")
    assert spiral.endswith(" with the parameters unknown, fitted to something.")
    assert anyway.startswith("Another ")
    assert " would have come without any amplifying reaction; in all, a direct exchange: " in anyway
    assert averted.startswith("In another ")
    assert averted.endswith(" restraint averted one.")
    assert [line.count("[") for line in (spiral, anyway, averted)] == [2, 4, 2]  # two intervals each
    without = result.finding.model_copy(update={"prevented": None})
    assert "averted" not in " ".join(headline_lines(without, scenario))


@pytest.mark.parametrize("cut", [0, 2, 3, 5])  # of three blocks and three pieces
def test_a_job_cut_short_anywhere_and_on_any_threads_ends_with_the_same_bytes(
    result, scenario, tmp_path, cut
):
    def cut_short(work: Callable[[Any], Any], items: Iterable[Any]) -> Generator[Any, None, None]:
        for item in items:
            if len(done) == cut:
                raise KeyboardInterrupt
            done.append(item)
            yield work(item)

    done: list[Any] = []
    told: list[tuple[int, ...]] = []
    with pytest.raises(KeyboardInterrupt):
        run_in(tmp_path / "two", scenario, prevented=SAMPLE, pool=cut_short)
    again = run_in(
        tmp_path / "two", scenario, prevented=SAMPLE, threads=3, progress=lambda *news: told.append(news)
    )
    assert bytes_of(again.folder) == bytes_of(result.folder)
    finished = [news[0] for news in told]
    assert finished == sorted(finished)
    assert finished[-1] == told[-1][1] == 1_010 + LIVES * result.finding.prevented.runs


def test_what_was_averted_is_kept_until_the_job_ends(result, scenario, tmp_path, monkeypatch):
    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr(Run, "conclude", interrupt)
        with pytest.raises(KeyboardInterrupt):
            run_in(tmp_path / "two", scenario, prevented=SAMPLE)
    told: list[tuple[int, ...]] = []
    monkeypatch.setattr("sim.experiments.run.restraint.prevent", interrupt)  # nothing is lived anew
    again = run_in(tmp_path / "two", scenario, prevented=SAMPLE, progress=lambda *news: told.append(news))
    assert bytes_of(again.folder) == bytes_of(result.folder)
    total = 1_010 + LIVES * result.finding.prevented.runs
    assert told[-1] == (total, total, total, 0)  # all of it was there before


def test_without_reactions_there_is_nothing_to_avert_and_no_spiral(scenario, tmp_path):
    off = with_parameters(scenario, couplings())
    of = run_in(tmp_path, off, prevented=SAMPLE).finding
    assert of.spiral.seen == of.prevented.in_all.seen == 0
    assert all(one.seen == 0 for one in of.prevented.by_mechanism.values())
    assert of.anyway.seen == of.headline.seen > 0


def test_nothing_is_asked_where_no_run_may_be(scenario, tmp_path):
    result = run_in(tmp_path, scenario.model_copy(update={"runs": 60}), prevented=0)
    assert result.finding.prevented is None
    assert "prevented" not in result.estimates
