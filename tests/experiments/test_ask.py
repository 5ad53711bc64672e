"""Answers to questions are shares of runs of the outcome table, and of a subset of it made by hand."""

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

import sim
from sim.errors import InputError
from sim.experiments.ask import Questions
from sim.experiments.ask.answering import needed_runs
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution
from sim.scenario import load_scenario
from sim.scenario.questions import LEAST_MET, read_text
from sim.simulate.asked import Asked
from sim.simulate.job import make_job

RUNS = 1_010  # the last row of parameters is cut short
SCENARIO = load_scenario("october-2023", [f"runs={RUNS}"])
NOV_21, DEC_31 = 35, 75  # days from the start


@cache
def table() -> pd.DataFrame:
    return sim.run(SCENARIO, runs=RUNS, parameters="prior")


@cache
def asked(*questions: str, **options: object):
    return in_memory(Questions(SCENARIO, "prior", questions, **options), Execution(threads=1))  # type: ignore[arg-type]


def test_probabilities_are_those_counted_from_the_outcome_table():
    hand = {
        "us killed by 2023-12-31": table()["first_killed_day"] <= DEC_31,
        "us strike in iraq from 2023-11-21": None,
        "us strike on iranian soil": table()["strikes_on_soil"] > 0,
        "at least 5 us killed": table()["killed"] >= 5,
        "pause of 60 days": table()["longest_pause"] >= 60,
        "direct exchange": table()["direct"],
        "spiral": table()["spiral"],
        "us killed or us strike of level 4": table()["first_killed_day"].notna()
        | (table()["strikes_level_4"] > 0),
    }
    hand = {text: came for text, came in hand.items() if came is not None}
    for text, part in zip(hand, asked(*hand).answers, strict=True):
        assert part.estimate is not None
        assert 0 < part.estimate.seen < RUNS
        assert (part.estimate.seen, part.estimate.runs) == (int(hand[text].sum()), RUNS), text


def test_an_exchange_is_told_as_a_run_tells_it():
    (part,) = asked("direct exchange").answers
    headline = table().attrs["headline"]
    assert part.estimate is not None
    assert part.estimate.model_dump() == {name: headline[name] for name in part.estimate.model_dump()}


def test_a_condition_takes_the_subset_that_is_made_by_hand():
    first = table()["first_killed_day"].fillna(-1)
    subset = (first < 0) | (first >= NOV_21)
    came = subset & (first >= NOV_21) & (first <= DEC_31)
    (part,) = asked("us killed from 2023-11-21 to 2023-12-31 given none before").answers
    assert part.estimate is not None
    assert 0 < came.sum() < subset.sum() < RUNS
    assert (part.met, part.estimate.seen, part.estimate.runs) == (subset.sum(), came.sum(), subset.sum())
    (other,) = asked("us killed from 2023-11-21 to 2023-12-31", given="none before").answers
    assert other.estimate == part.estimate
    struck = table()["strikes_in_iraq"] > 0
    (part,) = asked("withdrawal ordered given us strike in iraq").answers
    assert part.estimate is not None
    ordered = table()["withdrawal_ordered_day"].notna()
    assert (part.met, part.estimate.seen) == (struck.sum(), (struck & ordered).sum())


def test_the_curve_is_the_share_by_each_date():
    found = asked("us killed by 2023-12-31")
    first = table()["first_killed_day"]
    for row in found.forecast.to_dict("records"):
        day = (row["date"].date() - SCENARIO.start).days
        assert row["probability"] == pytest.approx((first <= day).mean(), abs=1e-12)
        assert row["low"] <= row["probability"] <= row["high"]
    assert found.forecast["date"].iloc[-1] == pd.Timestamp("2023-12-31")
    assert found.forecast["unknown_high"].is_monotonic_increasing
    assert len(asked("us killed").forecast) <= 61


def test_against_another_scenario_runs_are_paired():
    other = load_scenario("decisive-doctrine", [f"runs={RUNS}"])
    (part,) = asked.__wrapped__("us strike in iran", other=other).answers
    question = [read_text("us strike in iran")]
    shares = []
    for scenario in (SCENARIO, other):
        of = Asked.of(scenario, question)
        came = of.live(make_job(scenario, "prior"), np.arange(RUNS, dtype=np.uint64))
        shares.append((of.days(of.questions[0].event, came) >= 0).mean())
    assert part.against is not None
    assert part.against.probability == pytest.approx(shares[1])
    assert part.against.change == pytest.approx(shares[1] - shares[0])
    assert part.against.low is not None
    assert part.against.low < part.against.change


def test_too_few_runs_that_meet_a_condition_are_no_answer():
    found = asked("us strike in iran from 2024-06-01 given at least 20 us killed in a day by 2024-05-31")
    (part,) = found.answers
    assert part.met < LEAST_MET
    assert part.estimate is None
    assert part.needed is not None
    assert part.needed > RUNS
    assert found.forecast.empty
    assert found.questions["probability"].isna().all()
    assert needed_runs(50, 1_000, 40) == 5_000
    assert needed_runs(0, 10_000, 400) > 20_000


def test_what_it_rests_on_is_what_moves_it():
    (part,) = asked("at least 60 attacks by 2023-11-17").answers
    assert part.rests_on
    assert all(abs(one.correlation) > 0.3 for one in part.rests_on)
    assert part.of_parameters is not None
    assert 0 < part.of_parameters < 1


# As the outcome of other commands

GIVEN = "us killed from 2023-11-21 to 2023-12-31 given none before"


def test_a_sweep_takes_a_question_as_its_outcome():
    swept = sim.sweep("october-2023", {"us.readiness": "-2:2:2"}, runs=500, parameters="prior", outcome=GIVEN)
    plain = sim.sweep("october-2023", {"us.readiness": "-2:2:2"}, runs=500, parameters="prior")
    pd.testing.assert_frame_equal(swept[plain.columns], plain)
    alone = [
        sim.questions(
            load_scenario("october-2023", [f"us.readiness={x}"]), GIVEN, runs=500, parameters="prior"
        )
        for x in (-2, 2)
    ]
    assert list(swept["met"]) == [one["met"][0] for one in alone]
    for name in ("", "_low", "_high"):
        theirs = [one[name.strip("_") or "probability"][0] for one in alone]
        assert list(swept[f"outcome{name}"]) == pytest.approx(theirs)
    assert swept["outcome_change"][1] == pytest.approx(swept["outcome"][1] - swept["outcome"][0])
    assert swept["outcome_change_low"][1] < swept["outcome_change"][1] < swept["outcome_change_high"][1]


def test_a_comparison_takes_a_question_as_its_outcome():
    both = ("october-2023", "decisive-doctrine")
    compared = sim.compare(*both, runs=500, parameters="prior", outcome="us strike in iran")
    plain = sim.compare(*both, runs=500, parameters="prior")
    pd.testing.assert_frame_equal(compared, plain)
    (row,) = compared.attrs["asked"]
    asked = sim.questions(both[0], "us strike in iran", against=both[1], runs=500, parameters="prior")
    for name, theirs in (("first", "probability"), ("value", "there"), ("difference", "change")):
        assert row[name] == pytest.approx(asked[theirs][0])
    assert (row["difference_low"], row["difference_high"]) == pytest.approx(
        (asked["change_low"][0], asked["change_high"][0])
    )


def test_an_outcome_must_be_one_question_within_the_days():
    for text, told in (
        ("platform", "--outcome: platform holds"),
        ("us kiled", "--outcome: question 'us kiled'"),
        ("us killed by 2025-01-01", "is no day of october-2023"),
    ):
        with pytest.raises(InputError, match=told):
            sim.sweep("october-2023", {"us.readiness": "0,1"}, outcome=text)
        with pytest.raises(InputError, match=told):
            sim.compare("october-2023", "decisive-doctrine", outcome=text)


# What can be asked


def test_questions_are_found_by_name_and_by_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shipped = Questions(SCENARIO, "prior", ("platform",)).read
    assert len(shipped) >= 12
    assert all(q.title.endswith("?") and q.resolves.endswith(".") for q in shipped)
    assert [q.name for q in Questions(SCENARIO, "prior", ("strike-inside-iran",)).read] == [
        "strike-inside-iran"
    ]
    (tmp_path / "mine.yaml").write_text("questions: {dead: us killed by 2023-12-31}\n")
    assert [q.name for q in Questions(SCENARIO, "prior", ("mine.yaml",)).read] == ["dead"]
    (tmp_path / "mine.yaml").write_text("questions: {dead: us kiled by 2023-12-31}\n")
    with pytest.raises(
        InputError, match=r"^mine.yaml:1:19: questions.dead = 'us kiled .*did you mean 'us killed'"
    ):
        Questions(SCENARIO, "prior", ("mine.yaml",))
    (tmp_path / "mine.yaml").write_text("question: {dead: us killed by 2023-12-31}\n")
    with pytest.raises(InputError, match=r"mine.yaml:1:1: question.*unknown key; did you mean 'questions'"):
        Questions(SCENARIO, "prior", ("mine.yaml",))


WRONG = {
    ((), None): "has no questions of its own.*platform",
    (("us kiled",), None): "question 'us kiled': column 1: .*did you mean 'us killed'",
    (("platfrom",), None): "did you mean 'platform'",
    (("us killed", "us killed"), None): "is asked twice",
    (("us killed given us strike",), "us wounded"): "--given: .* has a condition of its own",
    (("us killed",), "us stirke"): "--given 'us stirke': column 1",
    (("us killed by 2025-01-01",), None): "2025-01-01 .* is no day of october-2023",
}


@pytest.mark.parametrize(("given", "told"), WRONG.items(), ids=[str(given[0]) for given in WRONG])
def test_what_cannot_be_asked_is_told(given, told):
    with pytest.raises(InputError, match=told):
        Questions(SCENARIO, "prior", given[0], given[1])


def test_the_export_holds_every_question_by_date(spiral, here):
    code, _, err = spiral(
        "ask", "october-2023", "us killed by 2023-12-31", "us strike in iran given us killed", "--runs", "1000",
        "--parameters", "prior", "--out", "out", "--no-figures",
    )  # fmt: skip
    assert code == 0, err
    told = json.loads((here / "out" / "forecast.json").read_text())
    rows = pd.read_csv(here / "out" / "forecast.csv")
    assert [one["question"] for one in told] == list(rows["question"].unique())
    for one in told:
        mine = rows[rows["question"] == one["question"]]
        assert [each["date"] for each in one["forecasts"]] == list(mine["date"])
        np.testing.assert_allclose([each["probability"] for each in one["forecasts"]], mine["probability"])
    assert told[0]["closes"] == "2023-12-31"
    assert spiral("results", "verify", "out")[0] == 0
