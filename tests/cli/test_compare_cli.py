"""The command `spiral compare`, and its figure."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.experiments import open_answer
from sim.experiments.compare.signs import tip_lines
from sim.report.figures import drawings
from sim.report.figures.compare import title_of
from sim.report.figures.style import style
from sim.report.figures.words import MOST_TITLE
from sim.report.terminal.compare import signed_with_chance
from tests.report.heads import check_heads

Run = Callable[..., tuple[int, str, str]]
SHORT = ("--set", "end=2023-11-10")
FEW = ("--runs", "200", *SHORT, "--threads", "1", "--full")


def words(text: str) -> str:
    return " ".join(re.sub("[│┃]", " ", text).split())


def test_scenarios_are_held_against_the_first(spiral: Run, here: Path):
    code, out, err = spiral(
        "compare", "restraint-doctrine", "decisive-doctrine", "october-2023", *FEW, "--no-figures"
    )
    assert (code, err) == (0, "")
    text = words(out)
    assert "200 runs of each scenario, with the same parameters and luck, to 10 Nov 2023." in text
    for label in ("decisive-doctrine", "october-2023"):
        assert f"{label} (here) against restraint-doctrine (there)" in text
    assert "us.ceiling logits -1 1 set" in text
    assert re.search(r"Of 200 runs \d+ are tipped into a direct exchange and \d+ out of one", text)
    assert "With end=2023-11-10:" in text
    folder = here / "results" / "restraint-doctrine-compare-decisive-doctrine-october-2023"
    answer = open_answer(folder)
    with style():
        assert [drawing.stem for drawing in drawings(answer)] == ["compare-1", "compare-2"]
    assert set(answer.finding.outcomes["scenario"]) == {"decisive-doctrine", "october-2023"}
    assert answer.finding.headline.definition == "direct"
    assert "compare" in spiral("results")[1]


def test_one_scenario_is_held_against_what_is_made_of_it(spiral: Run, here: Path):
    (here / "mine.yaml").write_text("us:\n  readiness: [1, 2]\n", encoding="utf-8")
    code, out, err = spiral(
        "compare", "october-2023", "--priors", "mine.yaml", "--set", "us.ceiling=1", *FEW, "--no-figures", "--json"
    )  # fmt: skip
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["first"] == "october-2023"
    assert found["others"] == ["october-2023 with us.ceiling=1, mine.yaml"]
    assert found["manifest"]["changes"] == ["end=2023-11-10"]
    paths = {row["path"]: row["value"] for row in found["tables"]["assumptions"]}
    assert paths == {"us.readiness": "prior N(1.5, 0.304), 90% from 1 to 2", "us.ceiling": "1"}
    assert (here / "results" / "october-2023-compare" / "manifest.json").is_file()
    code, out, _ = spiral("compare", "october-2023", "--set", "us.ceiling=1", *FEW, "--no-figures", "--fresh")
    assert code == 0
    assert "october-2023 with us.ceiling=1 (here) against october-2023 (there)" in words(out)


def test_settings_apply_to_all_of_several(spiral: Run):
    code, out, _ = spiral(
        "compare", "october-2023", "decisive-doctrine", "--set", "us.readiness=1", *FEW, "--no-figures", "--json"
    )  # fmt: skip
    assert code == 0
    found = json.loads(out)
    assert [row["path"] for row in found["tables"]["assumptions"]] == ["us.ceiling"]
    assert found["manifest"]["changes"] == ["us.readiness=1", "end=2023-11-10"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ("october-2023",),
            "october-2023 alone has nothing to be held against: name another scenario, or give --set",
        ),
        (("october-2023", *SHORT), "october-2023 alone has nothing to be held against"),
        (("october-2023", "--random-seed", "5"), "october-2023 alone has nothing to be held against"),
        (("october-2023", "october-2023"), "october-2023: is named twice"),
        (("decisive-doctrine", "--set", "us.readiness=2"), "differ in nothing that is simulated"),
        (("october-2023", "decisve-doctrine"), "did you mean 'decisive-doctrine'?"),
        (("october-2023", "decisive-doctrine", "--runs", "0"), "--runs: 0 must be a whole number from 2"),
        (("october-2023", "--set", "us.readines=1"), "did you mean 'readiness'?"),
        (("october-2023", "--priors", "none.yaml"), "none.yaml:1:1: cannot be read"),
        (("october-2023", "decisive-doctrine", "--cluster", "local:1", "--threads", "1"), "give one of them"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(spiral: Run, here: Path, args, said):
    code, out, err = spiral("compare", *args)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("spiral: ")
    assert said in err
    assert not [*here.iterdir()]


def test_a_long_comparison_is_planned_and_not_started_unasked(spiral: Run, here: Path):
    code, out, err = spiral("compare", "october-2023", "decisive-doctrine", "--runs", "1e7")
    assert (code, out) == (2, "")
    assert "2 scenarios: 20,100,000 runs in" in err
    assert err.splitlines()[-1] == "spiral: 20,100,000 runs are not started unasked; --yes starts them"
    assert not [*here.iterdir()]


def test_two_files_of_one_name_are_told_apart_by_their_paths(spiral: Run, here: Path):
    for folder, value in (("a", 1), ("b", 2)):
        (here / folder).mkdir()
        text = f"extends: october-2023\nquestion: Which?\nactors: {{us: {{readiness: {value}}}}}\n"
        (here / folder / "mine.yaml").write_text(text, encoding="utf-8")
    code, out, _ = spiral("compare", "a/mine.yaml", "b/mine.yaml", *FEW, "--no-figures")
    assert code == 0
    assert "b/mine.yaml (here) against a/mine.yaml (there)" in words(out)


def test_with_the_parameters_at_their_defaults_nothing_is_said_of_the_prior(spiral: Run):
    code, out, _ = spiral(
        "compare", "october-2023", "decisive-doctrine", *FEW, "--parameters", "default", "--no-figures"
    )
    assert code == 0
    assert "are tipped into a direct exchange" in words(out)
    assert "draws of the parameters" not in out
    assert "Beyond chance" not in out


def test_one_row_of_parameters_leaves_every_difference_open(spiral: Run, here: Path):
    code, out, err = spiral("compare", "october-2023", "decisive-doctrine", "--runs", "20", *SHORT, "--full")
    assert (code, err) == (0, "")
    assert "[unknown, unknown]" in out
    assert (here / "results" / "october-2023-compare-decisive-doctrine" / "figures" / "compare.png").is_file()


def test_words_for_changes():
    assert signed_with_chance(-64.93, -71.62, -58.25) == "-65 [-72, -58]"
    assert signed_with_chance(0.028, -0.366, 0.422) == "+0.03 [-0.37, +0.42]"
    assert signed_with_chance(1234.5, 1000.0, 1469.0) == "+1,234 [+1,000, +1,469]"
    assert signed_with_chance(0.0, 0.0, 0.0) == "0 [0, 0]"


def test_words_for_tips():
    tips = {"definition": "direct", "against": "a", "runs": 200, "into": 5, "out": 1, "rows": 8, "rows_more": 2,
            "rows_fewer": 0, "sign_rows": 50, "sign_runs": 250, "rises": 0.2, "rises_low": 0.11, "rises_high": 0.33,
            "falls": 0.0, "falls_low": 0.0, "falls_high": 0.071}  # fmt: skip
    assert tip_lines(tips) == [
        "Of 200 runs 5 are tipped into a direct exchange and 1 out of one; the others come to one, or do not, as in a.",
        "Exchanges are more frequent in 25% of the 8 draws of the parameters and rarer in 0%, chance included.",
        "Beyond chance the direct risk rises in at least 20% [11, 33] of the draws of the parameters and falls in none "
        "(below 7.1%): seen with 250 more runs in each of 50 draws; chance alone says so in at most 1.0% of them.",
    ]
    assert tip_lines(tips | {"rows": 0, "sign_rows": 0}) == tip_lines(tips)[:1]


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (
            (0.02, 0.01, 0.03),
            "b raises direct exchanges by 2.0 points against a",
        ),
        (
            (-0.02, -0.03, -0.01),
            "b lowers direct exchanges by 2.0 points against a",
        ),
        (
            (0.01, -0.01, 0.03),
            "b: no sure change of direct exchanges against a",
        ),
    ],
)
def test_the_title_says_only_what_is_beyond_chance(ends, said):
    names = ("difference", "difference_low", "difference_high", "first", "first_low", "first_high")
    row = {"outcome": "direct", **dict(zip(names, (*ends, 0.2, 0.19, 0.21), strict=True))}
    tips = {"definition": "direct", "against": "a", "runs": 200, "into": 5, "out": 1}
    assert title_of(pd.DataFrame([row]), tips, "b") == said
    long = title_of(pd.DataFrame([row]), tips | {"against": "a" * 10_000}, "b" * 10_000)
    assert len(long) <= MOST_TITLE


def test_the_figure_shows_what_the_tables_hold(spiral: Run, here: Path):
    assert spiral("compare", "restraint-doctrine", "decisive-doctrine", *FEW)[0] == 0
    folder = here / "results" / "restraint-doctrine-compare-decisive-doctrine"
    assert sorted(f.name for f in (folder / "figures").iterdir()) == [
        "compare.csv",
        "compare.png",
        "compare.svg",
    ]
    answer = open_answer(folder)
    with style():
        (drawing,) = drawings(answer)
        outcomes = answer.finding.outcomes.set_index("outcome")
        risks, tips, means = drawing.figure.axes
        drawn = {
            line.get_gid(): line.get_xdata()[0] for line in [*risks.lines, *means.lines] if line.get_gid()
        }
        assert drawn["direct"] == pytest.approx(100 * outcomes["difference"]["direct"])
        assert drawn["attacks"] == pytest.approx(1 + outcomes["change"]["attacks"])
        bars = [bar.get_width() for bar in tips.patches]
        table = answer.finding.tips
        assert bars == [
            sign * row[way] for row in table.to_dict("records") for way, sign in (("into", 1), ("out", -1))
        ]
    change = outcomes.loc["direct"]
    if change["difference_low"] <= 0 <= change["difference_high"]:
        assert "no sure change of direct exchanges" in drawing.title
    else:
        assert ("raises" if change["difference"] > 0 else "lowers") in drawing.title
    check_heads([drawing])
    assert isinstance(drawing.data, pd.DataFrame)
    assert drawing.data["into"].notna().sum() == 2
