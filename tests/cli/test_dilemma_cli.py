"""The command `spiral dilemma`, its folder, its figures and what it refuses."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sim import dilemma, load_scenario
from sim.experiments import open_answer
from sim.report.figures import drawings
from sim.report.figures.dilemma_shapes import draw_shapes
from sim.report.figures.style import style
from tests.report.heads import check_heads

Run = Callable[..., tuple[int, str, str]]
SHORT = ("--set", "end=2023-11-10")
FEW = ("october-2023", "--runs", "50", "--points", "3", *SHORT)


def words(text: str) -> str:
    return " ".join(re.sub("[│┃─]", " ", text).split())


def test_the_dilemma_is_drawn_told_and_kept(spiral: Run, here: Path):
    code, out, err = spiral("dilemma", *FEW, "--threads", "1", "--no-figures", "--full")
    assert (code, err) == (0, "")
    text = words(out)
    assert "Readiness from end to end, 50 runs at each value" in text
    assert "At readiness -6 Washington strikes at level 1 or 2" in text
    assert "240 draws of the parameters, 25 runs each" in text
    assert "A strike forced on" in text
    assert "A strike of level 4 is itself a direct exchange" in text
    folder = here / "results" / "october-2023-dilemma"
    answer = open_answer(folder)
    assert set(answer.finding.tables) == {"curve", "shapes", "draws", "where", "response", "response_summary"}
    with style():
        drawn = drawings(answer)
    assert [drawing.stem for drawing in drawn] == ["dilemma", "ceiling", "shapes", "response"]
    assert "hardly answering" in drawn[0].title
    check_heads(drawn)
    assert set(drawn[0].data["lever"]) == {"us.readiness"}
    assert "runs in all" in text
    assert "dilemma" in spiral("results")[1]
    # The same command reads what is there, and another question is refused.
    code, out, _ = spiral("dilemma", *FEW, "--json", "--no-figures")
    found = json.loads(out)
    assert code == 0
    assert found["manifest"]["seconds"] == answer.manifest["seconds"]
    assert found["tables"]["curve"][0]["pack"] == "all together"
    code, out, err = spiral("dilemma", *FEW, "--day", "2023-11-02", "--no-figures")
    assert (code, out, err.count("\n")) == (2, "", 1)
    memory = dilemma(load_scenario("october-2023", ["end=2023-11-10"]), runs=50, points=3, threads=2)
    assert set(memory) == set(answer.finding.tables)
    for name, table in memory.items():
        assert table.to_csv(index=False) == (folder / f"{name}.csv").read_text(), name
        assert table.attrs["units"] == answer.finding.tables[name].attrs["units"]


def test_with_parameters_at_their_defaults_there_is_one_draw(spiral: Run, here: Path):
    code, out, err = spiral("dilemma", *FEW, "--parameters", "default", "--json", "--no-figures")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["draws"] == 1
    assert found["tables"]["where"] == []
    with style():
        title = draw_shapes(open_answer(Path(found["folder"]))).title
    assert "With parameters at their defaults" in title
    assert "The one draw" in spiral("dilemma", *FEW, "--parameters", "default", "--no-figures", "--full")[1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("october-2023", "--points", "4"), "--points: 4 must be odd"),
        (("october-2023", "--points", "two"), "--points: two must be a whole number"),
        (("october-2023", "--runs", "10"), "--runs: 10 must be a whole number from 50"),
        (("october-2023", "--day", "soon"), "--day: soon is no date; write it as 2023-11-20"),
        (("october-2023", "--day", "2025-01-01"), "--day: 2025-01-01 must be from 2023-10-17 to 2024-07-24"),
        (("october-2024",), "october-2023"),
    ],
)
def test_what_cannot_be_asked_is_one_line_and_writes_nothing(spiral: Run, here: Path, args, said):
    code, out, err = spiral("dilemma", *args)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not (here / "results").exists()
