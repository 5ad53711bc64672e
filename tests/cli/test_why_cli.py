"""The command `spiral why`: what it prints, what it refuses, and that its snippets can be pasted."""

import json
import re
import sys
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from sim.experiments.why.changes import smallest_stops
from sim.experiments.why.deeds import removals_of
from sim.experiments.why.ranking import ranking
from sim.experiments.why.snippet import snippet
from sim.experiments.why.tipping import smallest_tip, tippings
from sim.replay.replay import Replay, replay
from sim.replay.words import date_of, on_day
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate

Run = Callable[..., tuple[int, str, str]]
NEVER = tuple(
    word
    for value in (
        "us.level_4_base=-10",
        "us.ceiling=-6",
        "us.pressure_killed=0",
        "iran.answer=-30",
        "end=2023-12-01",
    )
    for word in ("--set", value)
)
SHORT = ("--set", "end=2023-12-01")


@cache
def run_with(*, spiral: bool) -> int:
    """The first run that comes to the headline spiral, or the first that does not."""
    outcomes = np.asarray(
        simulate(make_job(load_scenario("october-2023")), np.arange(1_000, dtype=np.uint64))
    )
    return int(np.flatnonzero((outcomes["outcome"]["direct_day"] >= 0) == spiral)[0])


def shown_day(played: Replay) -> str:
    """The day on which a run comes to the headline spiral, as it is written."""
    return on_day(int(played.outcome["direct_day"]), played.job.scenario)


def replayed(number: int) -> Replay:
    return replay(make_job(load_scenario("october-2023")), number)


@pytest.fixture
def spiral(spiral):
    """The same, with parameters from their priors: the runs that are named here are of them."""

    def run(*args: str) -> tuple[int, str, str]:
        return spiral(*args, *(() if "--parameters" in args else ("--parameters", "prior")))

    return run


@pytest.fixture
def why(spiral: Run) -> Run:
    """Run `spiral why`: exit code, stdout, stderr."""
    return lambda *args: spiral("why", *args)


def words(text: str) -> str:
    return " ".join(re.sub("[│┃]", " ", text).split())


# One run


def test_a_spiral_is_explained_with_dates_and_a_snippet_that_stops_it(why, here):
    number = run_with(spiral=True)
    code, out, err = why("october-2023", "--run", str(number))
    assert (code, err) == (0, "")
    played = replayed(number)
    text = words(out)
    assert text.startswith(f"Run {number} came to a direct exchange on {shown_day(played)}: rung 5 or more")
    assert "Hung on an act: without it, and with the same luck in all else" in text
    needed = [removal for removal in removals_of(played) if removal.necessary]
    assert text.count("never") == len(needed) > 0
    assert all(
        on_day(removal.deed.day, played.job.scenario) in out for removal in needed if not removal.last_step
    )
    yaml = out[out.index("interventions:") :].split("\n\n")[0]
    assert yaml == snippet(smallest_stops(played)[0].action, played.job.scenario)
    (here / "after.yaml").write_text(f"extends: october-2023\nquestion: And now?\n{yaml}\n", encoding="utf-8")
    assert replay(make_job(load_scenario(here / "after.yaml")), number).outcome["direct_day"] == -1


def test_without_options_the_first_spiral_is_explained(why):
    assert why("october-2023") == why("october-2023", "--pick", "first-spiral")
    assert words(why("october-2023")[1]).startswith(f"Run {run_with(spiral=True)} came to a direct exchange")


def test_a_run_without_a_spiral_is_told_in_its_first_line(why):
    number = run_with(spiral=False)
    code, out, err = why("october-2023", "--run", str(number), "--tip")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == f"Run {number} did not come to a direct exchange by 31 Jul 2024."
    assert "is left out" in words(out)
    smallest = smallest_tip(tippings(replayed(number)))
    assert ("What would have tipped it" in out) == (smallest is not None)
    assert smallest is None or on_day(smallest.day, load_scenario("october-2023")) in out


def test_what_does_not_apply_to_a_run_is_one_line(why):
    """A run that did not spiral hung on nothing; one that did needs no tipping; tipping is asked of one run."""
    calm, spiralled = run_with(spiral=False), run_with(spiral=True)
    when = shown_day(replayed(spiralled))
    for args, said in (
        (
            ("--run", str(calm)),
            f"run {calm} of october-2023 did not come to a direct exchange by 31 Jul 2024",
        ),
        (("--pick", "quietest"), "with --tip it is asked what would have tipped it"),
        (
            ("--run", str(spiralled), "--tip"),
            f"run {spiralled} of october-2023 came to a direct exchange on {when}",
        ),
        (("--tip",), "--tip: is asked of one run"),
        (("--runs", "50", "--tip"), "--tip: is asked of one run"),
        (("--feeding", "--tip"), "--tip: is asked of one run"),
    ):
        code, out, err = why("october-2023", *args)
        assert (code, out) == (2, "")
        assert err.startswith("spiral: ")
        assert err.count("\n") == 1
        assert said in err


def test_a_run_that_nothing_tips_is_told_so(why):
    code, out, err = why("october-2023", "--run", "0", "--tip", *NEVER)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "Run 0 did not come to a direct exchange by 1 Dec 2023."
    assert "Nothing tried would have tipped it" in words(out)
    assert "interventions:" not in out


def test_json_of_a_spiral(why):
    number = run_with(spiral=True)
    code, out, err = why("october-2023", "--run", str(number), "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    played = replayed(number)
    date = date_of(int(played.outcome["direct_day"]), played.job.scenario).isoformat()
    assert (found["run"], found["spiralled"], found["spiral_date"]) == (number, True, date)
    assert [(d["day"], d["hung_on"], d["last_step"]) for d in found["deeds"]] == [
        (h.deed.day, h.necessary, h.last_step) for h in removals_of(played)
    ]
    assert found["changes_that_stop_it"][0]["steps"] == smallest_stops(played)[0].size
    assert found["changes_that_stop_it"][0]["interventions"].startswith("interventions:\n")


def test_json_of_a_run_without_a_spiral(why):
    code, out, _ = why("october-2023", "--run", str(run_with(spiral=False)), "--tip", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["spiralled"], found["spiral_day"], found["spiral_date"]) == (False, None, None)
    for kind in found["would_have_tipped_it"]:
        assert kind["days_that_tip"] == len(kind["tips"]) <= kind["days_tried"]
    assert found["smallest"]["interventions"].startswith("interventions:\n")
    assert json.loads(why("october-2023", "--run", "0", "--tip", "--json", *NEVER)[1])["smallest"] is None


def test_parameters_and_seed_reach_the_run(why):
    answers = [
        json.loads(why("october-2023", "--pick", "quietest", "--tip", "--json", *SHORT, *more)[1])
        for more in ((), ("--parameters", "default"), ("--random-seed", "5"))
    ]
    assert [a["parameters"] for a in answers] == ["prior", "default", "prior"]
    assert [a["random_seed"] for a in answers] == [20231017, 20231017, 5]


# Many runs


def test_the_ranking_is_a_table_with_intervals_and_its_caveat(why):
    code, out, err = why("october-2023", "--runs", "200")
    assert (code, err) == (0, "")
    found = ranking(make_job(load_scenario("october-2023")), 200)
    text = words(out)
    assert text.startswith(f"{found.spirals} of 200 runs of october-2023 came to a direct exchange.")
    assert "shares do not add up to 100%" in text
    assert "overdetermined" in text
    assert re.search(r"\d+% \[\d+(\.\d+)?, \d+(\.\d+)?\]", text)
    assert not re.search(r"\d\.\d{4,}", text)
    assert out.index("(the last") > out.index("lethal attack by")
    assert "Direct exchange at the end of a chain: " in text
    assert "Cascade, later escalatory acts" in text


def test_json_of_the_ranking(why):
    code, out, err = why("october-2023", "--runs", "100", "--json")
    assert (code, err, out.count("\n")) == (0, "", 1)
    found = json.loads(out)
    mine = ranking(make_job(load_scenario("october-2023")), 100)
    assert (found["runs"], found["spirals"]) == (100, mine.spirals)
    assert [k["kind"] for k in found["kinds"]] == [rank.kind for rank in mine.ranks]
    assert found["kinds"][0]["share"]["probability"] == mine.ranks[0].share.probability
    assert found["chains"]["spiralled"] == found["chains"]["searched"] == mine.spirals


def test_figures_of_many_runs_are_drawn_into_a_folder_of_their_own(why, here):
    code, out, _ = why("october-2023", "--runs", "25", "--sample", "2", "--figure", "--parameters", "default")
    assert code == 0
    folder = here / "results" / "october-2023-cascades"
    assert {file.suffix for file in folder.iterdir()} == {".png", ".svg", ".csv"}
    assert f"Figure: {folder.relative_to(here)}" in out
    code, out, _ = why("october-2023", "--feeding", "--runs", "25", "--figure", "--out", "fed")
    assert code == 0
    assert (here / "fed" / "feeding.csv").exists()
    (here / "fed" / "other").touch()
    code, _, err = why("october-2023", "--feeding", "--runs", "25", "--figure", "--out", "fed")
    assert (code, err.count("\n")) == (2, 1)
    assert "holds something else than the figure 'feeding'" in err


def test_runs_without_a_spiral_are_told_in_one_line(why):
    code, out, err = why("october-2023", "--runs", "25", *NEVER)
    assert (code, err) == (0, "")
    text = words(out)
    assert text.startswith("None of the 25 runs came to a direct exchange, so that there is nothing to rank.")
    assert "end of a chain" not in text


def test_one_run_is_enough_to_ask(why):
    assert why("october-2023", "--runs", "1", *SHORT)[0] == 0
    assert why("tower-22", "--runs", "1e1")[0] == 0


def test_progress_is_shown_on_a_terminal_only(why, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    code, out, err = why("october-2023", "--runs", "50", *SHORT)
    assert code == 0
    assert "50 of 50 runs" in err
    assert "of 50 runs of october-2023" in out or "None of the 50 runs" in words(out)


# What is refused


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--run", "10**12"), "--run: 10**12 is no run number"),
        (("--run", str(10**12)), f"--run: {10**12} is no run number"),
        (("--run", "x"), "--run: x is no run number"),
        (("--run", "-1"), "--run: -1 is no run number"),
        (("--run", "1", "--runs", "5"), "--run and --runs do not go together"),
        (("--run", "1", "--pick", "worst"), "--run and --pick do not go together"),
        (("--pick", "worst", "--runs", "5"), "--pick and --runs do not go together"),
        (("--run", "1", "--feeding"), "--feeding counts over many runs"),
        (("--reproduction",), "No such option"),
        (("--run", "1", "--figure"), "--figure goes with --runs or --feeding"),
        (("--runs", "5", "--out", "x"), "--out is for the figure"),
        (("--sample", "5"), "--sample goes with --runs"),
        (("--feeding", "--runs", "5", "--sample", "5"), "--sample goes with --runs"),
        (("--runs", "5", "--sample", "0"), "--sample: 0 is no such number; it must be a whole number from 1"),
        (("--runs", "0"), "--runs: 0 is no such number; it must be a whole number from 1 to 1,000,000"),
        (("--runs", "1e9"), "--runs: 1e9 is no such number"),
        (("--runs", "1000001"), "--runs: 1000001 is no such number"),
        (("--runs", "2.5"), "--runs: 2.5 is no such number"),
        (("--runs", "nan"), "--runs: nan is no such number"),
        (("--runs", "inf"), "--runs: inf is no such number"),
        (("--runs", "many"), "--runs: many is no such number"),
        (("--set", "us.nope=1"), "unknown key"),
        (NEVER, "none of the first 1,000 runs came to a direct exchange"),
        (("--pick", "first-spiral", *NEVER), "none of the first 1,000 runs came to a direct exchange"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(why, options, said):
    code, out, err = why("october-2023", *options)
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("spiral: ")
    assert said in err


def test_an_unknown_scenario_is_one_line(why):
    code, out, err = why("no-such-scenario", "--runs", "5")
    assert (code, out, err.count("\n")) == (2, "", 1)
