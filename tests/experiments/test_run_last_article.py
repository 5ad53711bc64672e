"""A run shows beside its headline what it is with parameters as of the last article."""

import datetime
from dataclasses import replace

import numpy as np
import pytest

from sim.estimates.summary import LAST_ARTICLE
from sim.experiments.run import FIRST, Run
from sim.pipeline.answers import carry_out
from sim.pipeline.runner import Execution
from sim.scenario import load_scenario
from sim.simulate import posterior as posteriors
from sim.simulate.job import make_job, simulate
from sim.simulate.posterior import load_posterior, shipped, write_posterior

END = datetime.date(2024, 7, 28)
SHORT = load_scenario("october-2023", ["end=2024-01-15", "runs=500"])


@pytest.fixture
def later(tmp_path, monkeypatch):
    """A posterior that knows more, in which Washington is far readier: the rows of the first, made so."""
    first = load_posterior(shipped()["october-2023"])
    days = (END - first.start).days + 1
    more = replace(
        first,
        as_of=END,
        stem=first.as_of,
        history="of something",
        stages=(*first.stages, first.days),
        lineage=np.concatenate([first.lineage, first.lineage[:, :1]], axis=1),
        columns={**first.columns, "us.readiness": np.full(first.rows, 6.0)},
        drivers={name: [*x, *x[-1:] * (days - first.days)] for name, x in first.drivers.items()},
        steered={name: [*x, *[-1] * (days - first.days)] for name, x in first.steered.items()},
    )
    write_posterior(more, tmp_path / "later", {})
    monkeypatch.setattr(posteriors, "shipped_later", lambda: {"october-2023": tmp_path / "later"})
    return more


def test_the_same_runs_are_lived_with_parameters_that_know_more(later, tmp_path):
    asked = Run(SHORT, "posterior")
    spans = asked.spans
    assert spans[LAST_ARTICLE].runs == spans[FIRST].runs
    found = carry_out(asked, tmp_path / "found", Execution(threads=1)).finding
    runs = np.arange(500, dtype=np.uint64)
    days = {kind: np.asarray(simulate(make_job(SHORT, kind), runs))["outcome"]["direct_day"]
            for kind in ("posterior", "last-article")}  # fmt: skip
    assert found.headline.seen == (days["posterior"] >= 0).sum()
    assert found.last_article.seen == (days["last-article"] >= 0).sum() > found.headline.seen
    assert found.last_article.runs == 500
    assert found.last_article.ignorance is not None
    assert LAST_ARTICLE not in found.mechanisms


def test_it_is_one_line_of_the_answer(later, tmp_path, capsys):
    from sim.report.terminal import print_answer

    answer = carry_out(Run(SHORT, "posterior"), tmp_path / "found", Execution(threads=1))
    print_answer(answer, [], full=True)
    assert "As of the last article, a direct exchange: " in capsys.readouterr().out


@pytest.mark.parametrize("parameters", ["prior", "default", "last-article"])
def test_what_is_not_fitted_or_knows_as_much_has_no_such_line(later, parameters):
    assert LAST_ARTICLE not in Run(SHORT, parameters).spans


def test_without_such_a_posterior_there_is_no_such_line(monkeypatch):
    monkeypatch.setattr(posteriors, "shipped_later", dict)
    assert LAST_ARTICLE not in Run(SHORT, "posterior").spans
