"""A new question is one module: its command, plan, result, figures and JSON follow from what it declares."""

import json
from pathlib import Path

import pytest

import sim.experiments

QUESTION = '''
"""Count who strikes first.

In how many runs Washington strikes inside Iraq.
"""

from dataclasses import dataclass

import pandas as pd

from sim.estimates.by_row import probability
from sim.pipeline.experiment import Experiment, Finding
from sim.pipeline.options import Whole, option
from sim.pipeline.parts import Headline
from sim.simulate.reducers import respond
from sim.simulate.spans import Point, point_tasks


class StruckFinding(Finding):
    headline: Headline
    struck: pd.DataFrame


@dataclass(frozen=True)
class Struck(Experiment):
    kind = "struck"
    finding = StruckFinding

    runs: int = option(100, Whole(25, 1_000), help="Histories to simulate.")

    @property
    def identity(self):
        return {"runs": self.runs}

    @property
    def total(self):
        return self.runs

    @property
    def task_count(self):
        return len(self._tasks)

    @property
    def _tasks(self):
        return point_tasks([Point(0, self.scenario)], self.runs, self.parameters)

    def answer(self, runner):
        rows = runner.rows(self._tasks, respond)
        found = probability(rows, "strike_in_iraq", self.drawn, self.drawn)
        table = pd.DataFrame({"row": rows["row"], "struck": rows["strike_in_iraq"]})
        return StruckFinding(headline=Headline.of("strike_in_iraq", found), struck=table)
'''
SHORT = ("october-2023", "--set", "end=2023-12-31", "--runs", "50", "--parameters", "prior")


@pytest.fixture
def question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The module laid beside the others, for as long as the test takes."""
    home = tmp_path / "questions"
    home.mkdir()
    (home / "struck.py").write_text(QUESTION)
    monkeypatch.setattr(sim.experiments, "__path__", [*sim.experiments.__path__, str(home)])
    sim.experiments.kinds.cache_clear()
    yield
    sim.experiments.kinds.cache_clear()


@pytest.mark.usefixtures("question")
def test_a_module_is_a_command_with_a_plan_a_result_and_json(spiral, here):
    code, out, err = spiral("--help")
    assert (code, err) == (0, "")
    assert "struck" in out
    assert "Count who strikes first." in out
    code, out, err = spiral("struck", "--help")
    assert "--runs N" in out
    assert "[default: 100]" in out
    code, out, err = spiral("plan", "struck", *SHORT)
    assert (code, err) == (0, "")
    assert "50 runs in 1 task" in out
    assert f"spiral struck {' '.join(SHORT)} starts it" in out
    code, out, err = spiral("struck", *SHORT)
    assert (code, err) == (0, "")
    assert '"definition": "strike_in_iraq"' in " ".join(out.split())
    folder = here / "results" / "october-2023-struck"
    assert spiral("results", "verify", str(folder))[0] == 0
    found = json.loads(spiral("struck", *SHORT, "--json")[1])
    shares = [row["struck"] for row in found["tables"]["struck"]]
    assert found["headline"]["probability"] == pytest.approx(sum(shares) / 50)
    assert spiral("plot", str(folder)) == (0, "", "")
    assert spiral("struck", *SHORT[:-2], "--runs", "3")[0] == 2
