"""What is taken along is the answer at rest, as `spiral run` keeps it."""

import io
import json
import zipfile

import pandas as pd
import pytest

from sim.dashboard.desk import Desk
from sim.dashboard.exports import answer_of, command_of, figure_file, report_file, tables_file
from sim.dashboard.setting import Setting
from sim.experiments.run.finding import RunFinding
from sim.pipeline.answers import Answer
from tests.dashboard.conftest import RUNS
from tests.dashboard.waiting import told_until

SET = Setting("october-2023").with_values({"us.ceiling": 0.15})


def test_tables_and_figures_are_those_of_the_answer(desk: Desk) -> None:
    course = desk.course(SET)
    told = told_until(course)[-1]
    made = tables_file(course, SET)
    with zipfile.ZipFile(io.BytesIO(made.content)) as folder:
        tables = {
            name: pd.read_csv(folder.open(f"{name}.csv"), parse_dates=["date"] if "date" in table else None)
            for name, table in told.finding.tables.items()
        }
        again = RunFinding.read(json.loads(folder.read("estimates.json")), tables)
        manifest = json.loads(folder.read("manifest.json"))
    assert again.estimates == json.loads(json.dumps(told.finding.estimates))
    assert (manifest["runs"], manifest["changes"]) == (RUNS, ["us.ceiling=0.15"])
    assert manifest["command"] == command_of(course, SET)
    assert figure_file(course, SET, "png").content.startswith(b"\x89PNG")
    assert b"with us.ceiling=0.15" in figure_file(course, SET, "svg").content


def test_a_report_is_made_of_the_same_answer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    course = desk.course(SET)
    told = told_until(course)[-1]

    def maker(answer: Answer) -> str:
        assert {"finished", "version", "python", "seconds", "job", "basis"} <= set(answer.manifest)
        return f"<p>{answer.finding.headline.seen} of {answer.manifest['runs']}</p>"

    monkeypatch.setattr("sim.dashboard.exports.report_maker", lambda: maker)
    made = report_file(course, SET, {})
    assert made.content.decode() == f"<p>{told.finding.headline.seen} of {RUNS}</p>"


def test_nothing_is_taken_along_of_a_first_answer(desk: Desk) -> None:
    course = desk.course(Setting("october-2023").with_values({"us.ceiling": 0.16}))
    with pytest.raises(LookupError, match="still being counted"):
        answer_of(course, SET)
