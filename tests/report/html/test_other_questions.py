"""Questions without a report of their own, and what stands in tables that are not made for reading."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from sim.experiments import kinds
from sim.experiments.sensitivity.finding import SensitivityFinding
from sim.pipeline.experiment import Finding
from sim.report.html import anything, report_of, run
from sim.report.html.basis import given_text, known_until
from sim.report.html.lives import lives
from sim.report.html.outcomes import outcome_tables
from sim.report.html.strongest import ranked
from sim.report.html.tables import part_tables, plain_table, value_rows
from sim.scenario import load_scenario
from sim.wording import percent
from tests.report.html.reading import read

UNITS = {"risk": "probability", "moved": "points", "share": "share of variance"}
TABLE = pd.DataFrame(
    {
        "sign": ["one", "two"], "risk": [0.123, 0.0], "risk_low": [0.1, 0.0], "risk_high": [0.15, 0.01],
        "unknown_low": [0.02, np.nan], "unknown_high": [0.4, np.nan], "moved": [-1.25, np.nan],
        "share": [-0.05, 1.3], "told": [True, False],
    }
)  # fmt: skip
TABLE.attrs["units"] = UNITS


def test_a_value_and_its_ends_stand_in_one_cell():
    table = plain_table("signs_found", TABLE)
    assert table.caption == "Signs found"
    assert table.head == (
        "sign", "risk (%) [interval]", "unknown range", "moved (points)", "share (%)", "told",
    )  # fmt: skip
    texts = [[cell.text.replace("\u00a0", " ") for cell in row] for row in table.rows]
    assert texts[0] == ["one", "12.3% [10.0, 15.0]", "[0.02, 0.4]", "-1.25", "-5%", "yes"]
    assert texts[1][2:5] == ["unknown", "unknown", "130%"]
    assert not table.note


def test_what_is_left_out_is_named():
    many = pd.DataFrame({f"c{n}": range(40) for n in range(12)})
    assert plain_table("many", many).note == (
        "In many.csv of the result are, besides, 10 more rows and columns c9, c10, c11."
    )


def test_plain_values_are_told_by_name_and_parts_in_tables():
    values = {
        "headline": {"probability": 0.5, "chance": [0.4, 0.6], "ignorance": None, "seen": 5, "runs": 10},
        "of_all": {"a": True, "b": None}, "parts": [{"x": 1, "y": {"z": 2}}], "tiny": 7.8e-10,
    }  # fmt: skip
    rows = [(name.text, value.text.replace("\u00a0", " ")) for name, value in value_rows(values)]
    assert rows == [
        ("headline", "50% [40, 60]"),
        ("of all, a", "yes"),
        ("of all, b", ""),
        ("tiny", "7.8e-10"),
    ]
    (table,) = part_tables(values)
    assert (table.head, table.rows[0][0].text) == (("x",), "1")


def test_any_finding_makes_a_report(made, monkeypatch):
    answer = made("compare")
    monkeypatch.setattr("sim.report.html.module_of", lambda package, kind: None)
    found = read(report_of(answer))
    assert 1 <= len(found.said) <= anything.SENTENCES
    assert found.said[0].startswith("With parameters fitted to what was reported up to 17 Nov 2023: ")
    assert len(found.table("Tips")) == len(answer.finding.tips)


def test_modules_of_reports_are_named_after_questions():
    own = {"compare", "forecast", "rivals", "run", "sensitivity", "sweep"}
    assert own <= set(kinds())


def found_by_sensitivity(fresh: bool) -> SensitivityFinding:
    ends = ("", "_low", "_high")
    row = {"factor": "us.ceiling", "basis": "assumed", "fresh": fresh, "at_low": 0.05, "at_high": 0.25}
    row |= {
        f"{name}{end}": value
        for name in ("alone", "total")
        for end, value in zip(ends, (0.2, 0.1, 0.3), strict=True)
    }
    row |= {f"change{end}": value for end, value in zip(ends, (0.2, 0.15, 0.25), strict=True)}
    return SensitivityFinding(
        definition="direct", method="sobol", samples=1, runs=1, factors=1, luck="luck", rows=1,
        indices=pd.DataFrame([row, {**row, "factor": "luck"}]), attacks=pd.DataFrame(), spiral=pd.DataFrame(),
    )  # fmt: skip


def test_the_strongest_parameters_are_ranked_without_luck():
    table = ranked(found_by_sensitivity(True))
    assert table is not None
    assert [row[0].text for row in table.rows] == ["us.ceiling"]
    assert table.rows[0][2].text.replace("\u00a0", " ") == "20% [10, 30]"
    assert ranked(found_by_sensitivity(False)) is None


def test_without_a_sensitivity_analysis_it_is_said_how_to_get_one(page):
    text = page("run").root.one("section", id="assumptions").text
    assert "is told by `spiral sensitivity october-2023`" in text


@pytest.mark.parametrize("change", [{"arithmetic": "other"}, None])
def test_runs_that_would_come_out_otherwise_are_not_opened(made, change):
    answer = made("run")
    job = dict(answer.manifest["job"])
    job = job | ({"made_by": {**job["made_by"], **change}} if change else {"posteriors": {}})
    other = dataclasses.replace(answer, manifest={**answer.manifest, "job": job})
    (told,) = lives(other)
    assert told.lines[0].startswith("No run is opened here: ")


def test_what_a_scenario_imposes_is_no_finding(made):
    answer = made("run")
    strike = "interventions=[{date: 2023-12-20, actor: us, action: strike, level: 4, place: iran}]"
    scenario = load_scenario("october-2023", ["end=2024-01-31", strike])
    other = dataclasses.replace(answer, scenario=scenario)
    (told,) = run.said(other, None)
    assert told.endswith(
        "the headline is imposed by an intervention on 20 Dec 2023: no probability of it was found."
    )
    assert run.risks(other, None) == []
    assert percent(answer.finding.headline.probability) not in " ".join(
        (*run.said(other, None), *run.never(other))
    )
    definitions = outcome_tables(other)[1]
    assert "direct" not in [row[0].text for row in definitions.rows]
    assert "Direct: imposed by an intervention on 2023-12-20. " in definitions.note


class Fitted(Finding):
    """A question that fits the parameters itself, up to one date or several."""

    fits = True

    as_of: str | list[str]


@pytest.mark.parametrize(
    ("dates", "told"),
    [
        ("2023-10-30", "to the record up to 30 Oct 2023"),
        (["2023-11-17"], "to the record up to 17 Nov 2023"),
        (["2023-10-30", "2023-11-17"], "to the record up to 30 Oct 2023 and 17 Nov 2023 in turn"),
    ],
)
def test_what_a_question_fits_by_itself_is_told(made, dates, told):
    answer = dataclasses.replace(made("run"), finding=Fitted(as_of=dates))
    assert given_text(answer) == f"With parameters fitted here {told}"
    assert known_until(answer) in ("30 Oct 2023", "17 Nov 2023")
