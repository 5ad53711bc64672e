"""What a list of results says of each: its own answer in a few words, and nothing where the files make no sense."""

import json
from pathlib import Path

import pytest

from sim.experiments import kinds
from sim.report.brief import LONGEST, brief
from tests.store.jobs import whole_of

HEADLINE = {"definition": "direct", "probability": 0.109, "chance": [0.084, 0.141], "seen": 218, "runs": 2000}
PART = {"probability": 0.069, "chance": [0.052, 0.091], "seen": 137, "runs": 2000}
OF = {"definition": "direct"}
LEVERS = [{"path": "us.readiness"}, {"path": "us.ceiling"}, {"path": "iran.supply"}]
RESULTS: dict[str, tuple[dict[str, object], dict[str, str], str]] = {
    "run": ({"headline": HEADLINE, "spiral": PART}, {}, "direct exchange 10.9% [8.4, 14.1]; a spiral 6.9% [5.2, 9.1]"),
    "forecast": (
        {"headline": HEADLINE, "as_of": "2023-10-30"}, {}, "as of 30 Oct 2023: direct exchange 10.9% [8.4, 14.1]",
    ),
    "compare": (
        {**OF, "headline": HEADLINE, "first": "a"},
        {
            "outcomes": "scenario,outcome,difference,difference_low,difference_high\n"
            "b,direct,0.25,0.19,0.31\nb,severe,0.3,0.2,0.4\nc,direct,-0.02,-0.03,-0.01\nd,direct,0,0,0\n"
        },
        "direct exchange, against a: b +25.0 [+19.0, +31.0] points; c -2.0 [-3.0, -1.0] points and 1 more",
    ),
    "sweep": (
        {**OF, "levers": LEVERS},
        {"sweep": "point,direct\n0,0.25\n1,0.031\n2,0.1\n"},
        "direct exchange 3.1% to 25% over 3 points of us.readiness, us.ceiling and 1 more",
    ),
    "dilemma": (
        OF,
        {
            "curve": "pack,lever,value,direct\nall together,us.readiness,6,0.3\nall together,us.readiness,-6,0.02\n"
            "all together,us.ceiling,-9,0.9\nTehran decides,us.readiness,9,0.8\n"
        },
        "direct exchange 2.0% where Washington is least ready to answer, 30% where it is most",
    ),
    "sensitivity": (
        {**OF, "strongest": ["a.b", "c.d", "e.f", "g.h"]}, {}, "direct exchange rests most on a.b, c.d, e.f",
    ),
    "ask": (
        {"answers": [
            {"question": "US killed by 31 Dec 2023", "estimate": PART},
            {"question": "a pause", "estimate": None},
        ]},
        {},
        "US killed by 31 Dec 2023: 6.9% [5.2, 9.1]; a pause: too few runs met the condition",
    ),
    "discover": ({**OF, "finding": "68% gather"}, {}, "68% gather"),
    "policy": (
        {**OF, "least_largest_regret": {"risk": {"policy": "A"}}, "policies_tried": 1600},
        {},
        "direct exchange: least largest regret under A, of 1,600 policies tried",
    ),
    "warnings": ({"verdict": "Little warning"}, {}, "Little warning"),
    "calibrate": (
        {"until": "2023-11-17", "verdicts": {"informed": 25, "cannot act": 36}},
        {},
        "parameters by the record up to 17 Nov 2023: 25 informed, 36 cannot act",
    ),
    "validate": (
        {"log_scores": {"worse": -25.04, "this model": -23.2, "bad": -40}},
        {},
        "log scores: this model -23.2, worse -25.0",
    ),
    "rivals": (
        {**OF, "least": 0.11, "most": 0.24, "averaged": 0.19},
        {},
        "direct exchange 11% to 24% over rivals, 19% averaged",
    ),
}  # fmt: skip


def made(folder: Path, estimates: object, tables: dict[str, str]) -> Path:
    (folder / "estimates.json").write_text(json.dumps(estimates))
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_every_kind_of_result_has_words_of_its_own():
    assert set(RESULTS) == set(kinds()) - {"why"}


@pytest.mark.parametrize("kind", RESULTS)
def test_a_result_is_told_by_what_was_asked(tmp_path, kind):
    estimates, tables, said = RESULTS[kind]
    assert brief(made(tmp_path, estimates, tables), "" if kind == "run" else kind) == said


def test_a_comparison_is_never_told_by_the_risk_of_its_first_scenario(tmp_path):
    estimates, tables, _ = RESULTS["compare"]
    assert "10.9%" not in brief(made(tmp_path, estimates, tables), "compare")


@pytest.mark.parametrize("kind", RESULTS)
@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "null", '{"headline": 5, "definition": 7}', '{"levers": "x"}']
)
def test_what_makes_no_sense_is_not_told(tmp_path, kind, text):
    (tmp_path / "estimates.json").write_text(text)
    assert brief(tmp_path, kind) == ""
    assert brief(tmp_path / "nowhere", kind) == ""


def test_a_kind_that_is_unknown_is_not_told(tmp_path):
    assert brief(made(tmp_path, RESULTS["run"][0], {}), "fortune") == ""


def test_a_long_answer_is_cut(tmp_path):
    assert len(brief(made(tmp_path, {"verdict": "x" * 10_000}, {}), "warnings")) == LONGEST


def test_results_lists_the_answer_in_words_and_hostile_ones_are_text(spiral, here, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    for name, finding in (("good", "Two boxes hold most."), ("bad", "\x1b[31m[bold]red[/bold]")):
        estimates = {**OF, "headline": HEADLINE, "finding": finding}
        whole_of(here / "results" / name, estimates, name=name, kind="discover", runs=7)
    code, out, err = spiral("results")
    assert (code, err) == (0, "")
    assert "discover: Two boxes hold most." in " ".join(out.split())
    assert "\x1b" not in out
    assert "\\x1b[31m[bold]red[/bold]" in "".join(out.split())
    assert "10.9%" not in out
    told = {one["name"]: one for one in json.loads(spiral("results", "--json")[1])}
    assert told["good"]["answer"] == "Two boxes hold most."
    assert told["good"]["headline"] is None
