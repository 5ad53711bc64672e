"""The caution of a scenario is said first, and once, by commands whose answers are no results."""

import json

import pytest

from sim.cli.play.seat import opening
from sim.play import new_game
from sim.scenario import load_scenario

CAUTION = "All of it is made up."
WEEK = f"extends: october-2023\nquestion: Is a week told with its caution?\nend: 2023-10-23\ncaution: {CAUTION}\n"
PRIOR = ("--parameters", "prior")
ASKED = {
    "trace": ("trace", "week.yaml", "--run", "3", *PRIOR),
    "why": ("why", "week.yaml", "--run", "3", "--tip", *PRIOR),
    "why of many": ("why", "week.yaml", "--runs", "4", *PRIOR),
    "feeding": ("why", "week.yaml", "--feeding", "--runs", "4", *PRIOR),
    "plan": ("plan", "ask", "week.yaml", "us killed", "--runs", "100", *PRIOR),
}


@pytest.fixture(autouse=True)
def week(here):
    (here / "week.yaml").write_text(WEEK)


@pytest.mark.parametrize("asked", ASKED)
def test_a_caution_is_said_first_and_once(spiral, asked):
    code, out, _ = spiral(*ASKED[asked])
    assert code == 0
    assert out.split("\n")[0] == CAUTION
    assert out.count(CAUTION) == 1
    code, out, _ = spiral(*ASKED[asked], "--json")
    assert code == 0
    assert next(iter(json.loads(out).items())) == ("caution", CAUTION)


def test_a_game_begins_with_its_caution():
    lines = opening(new_game(load_scenario("week.yaml"), "us", 0), resumed=False, place=None)
    assert lines[0] == CAUTION
    assert sum(CAUTION in line for line in lines) == 1
