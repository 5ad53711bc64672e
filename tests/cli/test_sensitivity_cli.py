"""The command `spiral sensitivity`: what it prints, refuses, draws and keeps."""

import json
import re

import numpy as np
import pandas as pd
import pytest

from sim.errors import QuestionError
from sim.experiments import open_answer
from sim.experiments.sensitivity import Sensitivity
from sim.experiments.sensitivity.design import Sobol
from sim.experiments.sensitivity.factors import columns_of, runs_of_luck
from sim.experiments.sensitivity.plan import STRONGEST
from sim.experiments.sensitivity.responding import carry_out
from sim.experiments.sensitivity.words import resting_sentence, share_text, told_among, told_from_zero
from sim.parameters import REGISTRY
from sim.pipeline.answers import carry_out as carry_out_in
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution
from sim.report.figures import drawings
from sim.report.figures.style import style
from sim.scenario import load_scenario
from sim.scenario.varying import with_parameters
from sim.simulate.asked import Asked
from sim.simulate.job import make_job
from sim.store.standing import look_at
from tests.report.heads import check_heads

SHORT = ("--set", "end=2023-11-10")
SMALL = (*SHORT, "--samples", "16", "--runs", "3")
NEVER = [
    word
    for value in (
        "us.level_4_base=-12",
        "us.ceiling=-6",
        "us.pressure_killed=0",
        "us.pressure_wounded=0",
        "iran.answer=-30",
    )
    for word in ("--set", value)
]
UNCERTAIN = sum(p.prior is not None for p in REGISTRY.values())
ASSUMED = sum(p.prior is not None and p.basis == "assumed" for p in REGISTRY.values())
SCENARIO = load_scenario("october-2023", ["end=2023-11-10"])


def words(text: str) -> str:
    return " ".join(re.sub("[│┃]", " ", text).split())


# Plans


def test_the_plan_says_beforehand_what_is_simulated():
    plan = Sensitivity(SCENARIO, "prior", "sobol", 32, 4).plan
    assert set(plan.opening) == {"each", "basis", "actor"}
    each, basis, actor = (plan.opening[name] for name in ("each", "basis", "actor"))
    assert isinstance(basis, Sobol)
    assert each.points == 32 * (UNCERTAIN + 1 + 2)
    assert set(basis.members) == {"derived", "assumed", "luck"}
    assert basis.points == 4 * 32 * 5
    assert actor.points == 2 * 32 * 8
    last = plan.closing(["us.level_4_base", "militia.tempo"])
    assert set(last.members) == {"us.level_4_base", "militia.tempo", "all others", "luck"}
    assert plan.points == each.points + basis.points + actor.points + 32 * (2 * (STRONGEST + 2) + 2)
    seeds = {design.seed for design in (each, basis, actor, last)}
    assert len(seeds) == 4
    assert min(seeds) > 0
    usual = Sensitivity(SCENARIO, "prior")
    assert 500_000 < usual.total < 900_000


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--samples", "100"], "--samples: 100 is not a power of two, as Sobol's method needs; take 128"),
        (["--samples", "8"], "--samples: 8 must be from 16 to 65,536"),
        (["--samples", "x"], "--samples: x must be a whole number"),
        (["--method", "morris", "--samples", "1"], "--samples: 1 must be from 4 to 65,536"),
        (["--runs", "1"], "--runs: 1 must be from 2 to 1,000: luck shows between runs of a row"),
        (["--runs", "2.5"], "--runs: 2.5 must be a whole number"),
        (["--parameters", "default"], "--parameters: default leaves nothing to vary"),
        (["--samples", "65536"], "runs are not started unasked; --yes starts them"),
        (["--method", "fast"], "fast"),
        (["--set", "us.readines=1"], "did you mean 'readiness'?"),
        (["--outcome", "us kiled"], "--outcome: question 'us kiled'"),
        (["--outcome", "us killed by 2025-01-01"], "2025-01-01 in 'US killed by 1 Jan 2025' is no day of"),
        (
            ["--outcome", "us killed from 2023-11-01 given none before"],
            "has a condition, which the few runs of a draw need not meet",
        ),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_written(spiral, here, args, said):
    code, out, err = spiral("sensitivity", "october-2023", *args)
    assert (code, out) == (2, "")
    *plan, error = err.splitlines()
    assert said in error
    assert bool(plan) == ("not started unasked" in said)  # what it would take comes before that
    assert not list(here.iterdir())


def test_from_python_bad_input_is_a_value_error():
    for parameters, options in (("default", {}), ("prior", {"samples": 3}), ("prior", {"runs": 1})):
        with pytest.raises(QuestionError):
            Sensitivity(SCENARIO, parameters, **options)


# In a folder


def test_it_goes_on_where_it_was_cut_short(tmp_path, monkeypatch):
    """Cut in the first pass, and again among the fresh samples of the strongest."""
    monkeypatch.setattr("sim.experiments.sensitivity.responding.TASK_RUNS", 1_000)
    asked = Sensitivity(SCENARIO, "prior", "sobol", 16, 3)
    seen: list[tuple[int, ...]] = []

    def shown(*told: int) -> None:
        seen.append(told)

    whole = carry_out_in(asked, tmp_path / "undisturbed", Execution(2, progress=shown))
    assert seen[-1][:2] == (asked.total, asked.total)
    assert all(told[1] == asked.total for told in seen)
    assert [told[0] for told in seen] == sorted(told[0] for told in seen)
    parts = len(list((tmp_path / "undisturbed" / "rows.parquet").iterdir()))
    assert parts == asked.task_count
    done: list[int] = []
    for last in (2, asked.task_count - 1):

        def dying(task, last=last):
            if task.number == last:
                raise KeyboardInterrupt
            done.append(task.number)
            return carry_out(task)

        monkeypatch.setattr("sim.experiments.sensitivity.carry_out", dying)
        with pytest.raises(KeyboardInterrupt):
            carry_out_in(asked, tmp_path / "cut", Execution(1))
        assert look_at(tmp_path / "cut").state == "unfinished"
    monkeypatch.setattr("sim.experiments.sensitivity.carry_out", carry_out)
    again = carry_out_in(asked, tmp_path / "cut", Execution(1))
    assert whole.estimates == again.estimates
    for name in ("indices", "attacks", "spiral", "pairs", "by_basis", "by_actor"):
        mine = (tmp_path / "cut" / f"{name}.csv").read_bytes()
        assert mine == (tmp_path / "undisturbed" / f"{name}.csv").read_bytes()
    assert look_at(tmp_path / "cut", every_bit=True).state == "whole"


def test_from_python_it_is_the_same_table(tmp_path):
    asked = Sensitivity(SCENARIO, "prior", "sobol", 16, 2)
    kept = carry_out_in(asked, tmp_path / "kept", Execution(1)).tables["indices"]
    table = in_memory(asked, Execution(2)).indices
    pd.testing.assert_frame_equal(table.fillna({"unit": ""}), kept.fillna({"unit": ""}), rtol=1e-12)
    assert table.attrs["units"]["total_high"] == "share of variance"
    assert table.attrs["units"]["at_low"] == "probability"
    assert len(table) == UNCERTAIN + 1
    assert table["fresh"].sum() == STRONGEST
    assert np.isnan(table.set_index("factor").loc["luck", "total"])


# What is printed and drawn


def test_what_is_printed_drawn_and_kept(spiral, here):
    code, out, err = spiral("sensitivity", "october-2023", *SMALL, "--full")
    assert (code, err) == (0, "")
    text = words(out)
    share = r"(unknown|-?\d+% \[-?\d+, \d+\])"
    assert re.search(
        rf"Assumed parameters \({ASSUMED} of {UNCERTAIN}\) carry {share} of the variance of the risk", text
    )
    assert "Of whether one run comes to it, the parameters explain" in text
    assert "chance averaged out" in text
    assert "neither share is told from 0" in text
    folder = here / "results" / "october-2023-sensitivity"
    analysis = open_answer(folder)
    names = {file.name for file in (folder / "figures").iterdir()}
    assert names == {
        f"{stem}.{kind}" for stem in ("sensitivity", "sensitivity-groups") for kind in ("png", "svg", "csv")
    }
    with style():
        check_heads(drawings(analysis))
    drawn = pd.read_csv(folder / "figures" / "sensitivity.csv")
    assert len(drawn) == UNCERTAIN + 1
    assert set(analysis.estimates["strongest"]) == set(drawn["factor"][drawn["fresh"]])
    found = analysis.tables["indices"]
    for name in ("alone", "first", "total", "at_low", "change"):
        known = found[found[f"{name}_low"].notna()]
        assert (known[f"{name}_low"] <= known[name]).all()
    basis = analysis.tables["by_basis"].set_index(["output", "basis"])
    assert basis.loc[("risk", "assumed"), "parameters"] == ASSUMED
    pairs = analysis.tables["pairs"]
    assert (pairs.groupby("output").size() == 14 * 13 // 2).all()
    listed = spiral("results")[1]
    assert "sensitivity" in listed


def test_morris_is_printed_drawn_and_kept(spiral, here):
    args = ("sensitivity", "october-2023", *SHORT, "--method", "morris", "--samples", "5", "--runs", "3")
    code, out, _ = spiral(*args, "--json", "--no-figures")
    assert code == 0
    found = json.loads(out)
    assert (found["method"], found["manifest"]["runs"]) == ("morris", 5 * (UNCERTAIN + 2) * 3)
    assert [row["rank"] for row in found["tables"]["effects"]] == [*range(1, UNCERTAIN + 2)]
    code, out, err = spiral(*args)
    assert (code, err) == (0, "")
    assert "5 trajectories" in out
    assert "luck" in out
    assert {file.suffix for file in (here / "results/october-2023-sensitivity/figures").iterdir()} == {
        ".png",
        ".svg",
        ".csv",
    }


def test_a_risk_that_never_varies_is_told_so(spiral, here):
    code, out, err = spiral("sensitivity", "october-2023", *SMALL, *NEVER, "--no-figures")
    assert (code, err) == (0, "")
    assert re.search(r"none seen in 768 runs: below 1\.4%", words(out))
    assert "These runs do not tell how the risk varies between draws of the parameters" in words(out)
    args = ("--method", "morris", "--samples", "4", "--runs", "2", "--out", "other", "--no-figures")
    code, out, err = spiral("sensitivity", "october-2023", *SHORT, *args, *NEVER)
    assert (code, err) == (0, "")
    assert "The risk is the same at every point that was tried" in words(out)
    with style():
        folders = (here / "results/october-2023-sensitivity", here / "other")
        made = [drawing for folder in folders for drawing in drawings(open_answer(folder))]
    check_heads(made)
    titles = [drawing.title for drawing in made]
    assert [("do not tell" in title, "the same at every" in title) for title in titles] == [
        (True, False),
        (True, False),
        (False, True),
    ]


# Words


def told(value: float, low: float, high: float) -> dict[str, float]:
    return {"x": value, "x_low": low, "x_high": high}


def test_shares_in_words():
    assert share_text(told(0.274, 0.19, 0.36), "x") == "27% [19, 36]"
    assert share_text(told(0.013, 0.009, 0.018), "x") == "1.3% [0.9, 1.8]"
    assert share_text(told(0.001, -0.004, 0.06), "x") == "0% [0, 6]"
    assert share_text(told(float("nan"), 0, 1), "x") == "unknown"
    assert told_from_zero(told(0.2, 0.1, 0.3), "x")
    assert not told_from_zero(told(0.2, -0.1, 0.5), "x")
    assert told_among(told(0.2, 0.01, 0.39), "x", 1)
    assert not told_among(told(0.2, 0.01, 0.39), "x", 66)  # 2.06 standard errors are nothing among so many


def groups(*rows: tuple[str, int]) -> pd.DataFrame:
    base = {"output": "risk", "first": 0.4, "first_low": 0.3, "first_high": 0.5}
    base |= {"total": 0.6, "total_low": 0.5, "total_high": 0.7}
    return pd.DataFrame([base | {"basis": basis, "parameters": number} for basis, number in rows])


def test_what_rests_on_assumptions_in_words():
    usual = resting_sentence(groups(("derived", 2), ("assumed", 3), ("luck", 0)))
    assert usual.startswith(
        "Assumed parameters (3 of 5) carry 40% [30, 50] of the variance of the risk by themselves"
    )
    assert "60% [50, 70] with what they share" in usual
    assert resting_sentence(groups(("assumed", 3), ("luck", 0))).startswith(
        "All 3 parameters that vary are assumed"
    )
    assert (
        resting_sentence(groups(("derived", 3), ("luck", 0)))
        == "None of the 3 parameters that vary is assumed."
    )


QUESTION = "at least 5 attacks by 2023-11-05"


def test_a_question_takes_the_place_of_the_headline(spiral, here):
    """Its probability is that of the same runs asked by hand; what else is told of them does not hang on it."""
    usual = in_memory(Sensitivity(SCENARIO, "prior", "morris", 4, 2), Execution(1))
    asked = Sensitivity(SCENARIO, "prior", "morris", 4, 2, QUESTION)
    found = in_memory(asked, Execution(1))
    pd.testing.assert_frame_equal(found.attacks, usual.attacks)
    pd.testing.assert_frame_equal(found.spiral, usual.spiral)
    assert not found.effects.equals(usual.effects)
    assert found.outcome == "at least 5 attacks by 5 Nov 2023"
    (first, *_) = asked._slices(list(asked.plan.opening.values()), 0)
    for row in (0, len(first.points.cube()) - 1):
        values = {name: float(v[row]) for name, v in columns_of(first.factors, first.points.cube()).items()}
        job = make_job(with_parameters(SCENARIO, values), "default")
        runs = runs_of_luck(first.points.cube()[row : row + 1, -1], 2).ravel()
        by_hand = Asked.of(SCENARIO, (asked.asked,))
        came = by_hand.told(by_hand.questions[0], by_hand.live(job, runs))[1]
        assert carry_out(first)["risk"][row] == came.mean()


def test_a_question_is_named_wherever_the_risk_is(spiral, here):
    for method, words_ in (
        ("sobol", ("--samples", "16", "--runs", "2")),
        ("morris", ("--samples", "4", "--runs", "2")),
    ):
        args = ("sensitivity", "october-2023", *SHORT, "--method", method, *words_, "--outcome", QUESTION)
        code, out, err = spiral(*args, "--out", method)
        assert (code, err) == (0, "")
        assert "at least 5 attacks" in out[:200].lower()
        assert "direct exchange" not in out[:400].lower()
        answer = open_answer(here / method)
        assert answer.finding.outcome is not None
        with style():
            drawn = drawings(answer)
            check_heads(drawn)
            assert "yes to the question" in drawn[0].title.lower()
        assert spiral("report", method)[0] == 0
        asked = "a yes to the question (at least 5 attacks by 5 Nov 2023)"
        assert asked in (here / method / "report.html").read_text()
    listed = json.loads(spiral("results", "--under", ".", "--json")[1])
    assert listed[1]["answer"].startswith("at least 5 attacks by 5 Nov 2023 rests most on ")
