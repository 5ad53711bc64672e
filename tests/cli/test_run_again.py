"""What is there is not simulated again; another job in its place is refused; what was damaged is mended."""

import json
from pathlib import Path

import pytest

from sim.pipeline.answers import Answer
from tests.cli.commands import ALL, BLOCKS, OCTOBER, OWN, contents, one_error, parts

# What is there is not simulated again


def test_the_same_command_again_simulates_nothing_and_prints_the_same(spiral, here, simulated):
    command = (*OCTOBER, *BLOCKS, "--out", "r")
    first, before, held = spiral(*command), parts(here), contents(here / "r")
    assert (first[0], len(before), len(simulated)) == (0, OWN, ALL)
    whole = (here / "r" / "manifest.json").read_bytes()
    assert spiral(*command) == first
    answer = json.loads(spiral(*command, "--json")[1])
    assert answer.pop("basis") == json.loads(whole)["basis"]
    assert answer == {"folder": "r", "manifest": json.loads(whole), **json.loads(held["estimates.json"])}
    assert len(simulated) == ALL
    assert parts(here) == before
    assert contents(here / "r") == held
    assert (here / "r" / "manifest.json").read_bytes() == whole


def test_figures_of_a_result_that_is_there_are_drawn_again(spiral, here, simulated, monkeypatch):
    def draw(answer: Answer, folder: Path) -> list[Path]:
        folder.mkdir(exist_ok=True)
        (folder / "ladder.png").write_text(str(answer.manifest["runs"]))
        return [folder / "ladder.png"]

    monkeypatch.setattr("sim.report.figures.draw_answer", draw)
    command = (*OCTOBER, "--runs", "50", "--out", "r", "--full")
    first = spiral(*command)
    assert "Figure: r/figures/ladder.png" in first[1]
    (here / "r" / "figures" / "ladder.png").unlink()
    del simulated[:]
    assert spiral(*command) == first
    assert simulated == []
    assert (here / "r" / "figures" / "ladder.png").read_text() == "50"


def test_fresh_simulates_anew(spiral, here, simulated):
    command = (*OCTOBER, *BLOCKS, "--out", "r")
    first = spiral(*command)
    before, held = parts(here), contents(here / "r")
    again = spiral(*command, "--fresh")
    assert (first[0], again[0], again[2]) == (0, 0, "")
    assert len(simulated) == 2 * ALL
    after = parts(here)
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)
    assert contents(here / "r") == held


OTHERS = {
    "seed": (("--random-seed", "2"), "random_seed is 1 there and 2 here"),
    "runs": (("--runs", "75"), "runs is 50 there and 75 here"),
    "setting": (("--set", "us.readiness=1"), "us.readiness is"),
    "parameters": (("--parameters", "default"), "parameters is posterior there and default here"),
    "engine": (("--engine", "mesa"), "engine is compiled there and mesa here"),
    "keep": (("--keep", "summary"), "keep is outcomes there and summary here"),
    "block-size": (("--block-size", "25"), "block size is 500 there and 25 here"),
    "precision": (("--precision", "0.5", "--runs", "50"), "precision is not set there and 0.5 here"),
    "scenario": (("decisive-doctrine",), "the scenario is october-2023 there and decisive-doctrine here"),
}


@pytest.mark.parametrize("which", OTHERS)
def test_another_job_in_the_place_is_refused_and_fresh_replaces_it(spiral, here, which):
    common = ("--set", "end=2023-10-27", "--no-figures", "--out", "r")
    assert spiral(*OCTOBER, "--random-seed", "1", "--runs", "50", *common)[0] == 0
    (here / "r" / "notes.txt").write_text("mine")
    held = contents(here / "r")
    options, said = OTHERS[which]
    name = options[0] if which == "scenario" else "october-2023"
    given = () if which == "scenario" else options
    command = ("run", name, "--random-seed", "1", "--runs", "50", *common, *given)
    code, out, err = spiral(*command)
    assert (code, out) == (2, "")
    line = one_error(err)
    assert line.startswith("spiral: r: holds another job: ")
    assert line.endswith("; --fresh replaces it, --out names another folder")
    assert said in line
    assert contents(here / "r") == held
    assert spiral(*command, "--fresh")[0] == 0
    after = contents(here / "r")
    assert after.pop("notes.txt") == b"mine"
    assert spiral(*command[: -len(given) or None], *given, "--out", "plain")[0] == 0
    assert after == contents(here / "plain")


@pytest.mark.parametrize("damage", ["gone", "flipped"])
@pytest.mark.parametrize(
    ("file", "missing"),
    [
        ("runs.parquet/part-000000000500.parquet", [1]),
        ("counts.parquet", list(range(ALL))),
        ("daily.csv", []),
        ("estimates.json", []),
    ],
)
def test_the_same_command_mends_what_was_damaged(spiral, here, simulated, file, missing, damage):
    command = (*OCTOBER, *BLOCKS, "--out", "r")
    first, before, held = spiral(*command), parts(here), contents(here / "r")
    harmed = here / "r" / file
    data = bytearray(harmed.read_bytes())
    data[len(data) // 2] ^= 1
    harmed.write_bytes(data) if damage == "flipped" else harmed.unlink()
    assert spiral("results", "verify", "r")[0] == 1
    del simulated[:]
    code, out, err = spiral(*command)
    assert (code, err) == (0, "")
    assert out == first[1]
    assert sorted(simulated) == missing
    assert contents(here / "r") == held
    whole = {name: stat for name, stat in before.items() if name != str(harmed)}
    assert whole.items() <= parts(here).items()
    assert spiral("results", "verify", "r")[0] == 0


def test_verify_looks_where_it_is_told(spiral, here):
    common = ("--set", "end=2023-10-27", "--no-figures", "--runs", "50")
    assert spiral(*OCTOBER, *common, "--out", "elsewhere/r")[0] == 0
    code, out, _ = spiral("results", "--under", "elsewhere", "verify")
    assert (code, "are as written" in out) == (0, True)
    (here / "elsewhere" / "r" / "daily.csv").write_text("")
    assert spiral("results", "--under", "elsewhere", "verify")[0] == 1
