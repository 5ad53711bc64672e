"""`spiral report`: where it writes, what it refuses, and that a result stays whole beside it."""

import json

import pytest

from tests.cli.commands import one_error

SWEEP = (
    "sweep", "october-2023", "--vary", "us.readiness=0,1", "--runs", "25", "--no-figures", "--set", "end=2023-10-25",
)  # fmt: skip
NAME = "october-2023-sweep"


@pytest.fixture
def result(spiral, here):
    assert spiral(*SWEEP)[0] == 0
    return here / "results" / NAME


def test_a_report_is_written_beside_the_result_and_is_no_stranger(spiral, here, result):
    code, out, err = spiral("report", NAME)
    assert (code, out.strip(), err) == (0, "results/october-2023-sweep/report.html", "")
    assert (result / "report.html").read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")
    assert "report.html" not in json.loads((result / "manifest.json").read_text())["files"]
    code, out, _ = spiral("results", "verify")
    assert code == 0
    assert "whole" in out
    assert spiral(*SWEEP)[0] == 0  # reads the answer that is there
    assert (result / "report.html").exists()
    assert spiral("report", str(result), "--out", "desk.html")[0] == 0
    assert (here / "desk.html").read_bytes() == (result / "report.html").read_bytes()


def test_it_goes_with_the_answer_that_it_was_made_of(spiral, result):
    assert spiral("report", NAME)[0] == 0
    assert spiral(*SWEEP, "--random-seed", "5", "--fresh")[0] == 0
    assert not (result / "report.html").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("octobr-2023-sweep",),
            "no such folder; results are under results/ unless --out named another place; did you mean",
        ),
        (("results/october-2023-sweep/manifest.json",), "no such folder"),
        ((NAME, "--out", "results"), "is a folder; --out names a file"),
        ((NAME, "--out", "nowhere/report.html"), "there is no folder nowhere"),
        (
            (NAME, "--out", "results/october-2023-sweep/manifest.json"),
            "holds something that is not a report",
        ),
        (("results",), "is not a result folder"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(spiral, here, result, words, told):
    before = {path: path.stat().st_mtime_ns for path in here.rglob("*")}
    code, out, err = spiral("report", *words)
    assert (code, out) == (2, "")
    assert told in one_error(err)
    assert {path: path.stat().st_mtime_ns for path in here.rglob("*")} == before


def test_a_damaged_result_has_no_report(spiral, result):
    (result / "sweep.csv").write_text("point\n")
    code, _, err = spiral("report", NAME)
    assert code == 2
    assert "is damaged: sweep.csv does not hold what was written" in one_error(err)
    assert not (result / "report.html").exists()
