"""Forecasts from a record, and the command lines that fit: what they give, and one line for what is wrong."""

import datetime
import json

import numpy as np
import pytest
from matplotlib.dates import date2num

from sim.errors import QuestionError
from sim.experiments import forecast, open_answer
from sim.experiments.forecast import Forecast, _on_record, check_collapse
from sim.inference.fitting import CollapseError, fit_of
from sim.inference.islands import carry_out_island, islands_of
from sim.inference.observation import Record, Report, Strike
from sim.inference.observation.reading import load_timeline
from sim.inference.problem import Problem
from sim.pipeline import fitting
from sim.pipeline.answers import carry_out
from sim.pipeline.runner import Execution
from sim.report.figures import drawings
from sim.report.figures.style import style
from sim.scenario import load_scenario
from sim.simulate.posterior import load_posterior
from tests.report.heads import check_heads

AS_OF = datetime.date(2023, 10, 30)
BASE = load_scenario("october-2023", ["end=2023-12-31"])
START = BASE.start
DAY_FOUR = datetime.date(2023, 10, 24)


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    asked = Forecast(BASE, "prior", as_of=AS_OF, islands=2, particles=150, runs=1_000)
    return asked, carry_out(asked, tmp_path_factory.mktemp("forecast") / "small", Execution(threads=2))


def test_the_past_is_that_on_record_and_the_future_is_open(done):
    found = done[1].finding
    daily = found.daily.set_index(["series", "date"])
    at = daily.loc[("attacks", str(AS_OF))]
    assert at["q05"] < 23 < at["q95"]  # on record
    assert at["q95"] - at["q05"] < 20
    assert daily.loc[("strikes", str(AS_OF))]["mean"] == 1.0
    assert daily.loc[("killed", str(AS_OF))]["mean"] == 0.0
    last = daily.loc[("attacks", str(BASE.end))]
    assert last["q95"] - last["q05"] > 60
    risk = found.incidence.set_index(["event", "date"])["probability"]
    assert risk.loc[("direct", str(AS_OF))] == 0.0
    assert risk.loc[("direct", str(BASE.end))] == found.spirals["direct"].probability > 0


def test_what_is_expected_next_adds_up(done):
    ahead = done[1].finding.ahead.set_index(["days", "count"])["mean"]
    for days in (7, 14, 30):
        assert ahead[days, "attacks"] == pytest.approx(
            ahead[days, "attacks_iraq"] + ahead[days, "attacks_syria_jordan"]
        )
    daily = done[1].finding.daily.set_index(["series", "date"])["mean"]
    later = str(AS_OF + datetime.timedelta(days=14))
    grown = daily["attacks", later] - daily["attacks", str(AS_OF)]
    assert ahead[14, "attacks"] == pytest.approx(grown, rel=1e-9)


def test_every_stage_is_told_with_what_ended_it(done):
    stages = done[1].finding.stages
    assert [str(d)[:10] for d in stages["last"]] == ["2023-10-24", "2023-10-30"]
    assert stages["on_record"].iloc[0] == "10 attacks in Iraq, 3 attacks in Syria"
    assert stages["on_record"].iloc[1].endswith("a strike of level 1")
    assert (stages["effective"] > 1).all()


def test_its_posterior_can_be_loaded_and_used(done):
    plan, found = done
    posterior = load_posterior(found.folder)
    assert posterior.as_of == AS_OF
    assert plan.job_of(posterior).past_is_led


def test_pressures_can_be_given(done, tmp_path):
    found = done[1]
    file = tmp_path / "truce.yaml"
    file.write_text("gaza: {knots: [{date: 2023-11-01, level: 0.1, basis: assumed}]}\n")
    given = Forecast(BASE, "prior", timeline=load_timeline(file), as_of=AS_OF)
    timeline = given.job_of(load_posterior(found.folder)).segments[-1].timeline
    assert np.all(timeline["gaza"][14:] == 0.1)
    assert timeline["gaza"][13] > 0.8
    assert timeline["level"][10] == 1  # and the record stands


@pytest.mark.parametrize(
    ("complete", "said"),
    [
        (AS_OF, "no strike"),
        (AS_OF - datetime.timedelta(days=3), "nothing on record"),
        (None, "nothing on record"),
    ],
)
def test_no_strike_is_only_said_of_days_that_are_complete(complete, said):
    record = Record(
        "short", START, (Report("attacks", START, AS_OF - datetime.timedelta(days=8), 10),), (), complete
    )
    problem = Problem(BASE, record, AS_OF)
    assert _on_record(problem, AS_OF - datetime.timedelta(days=7), AS_OF) == said


def test_a_forecast_beyond_the_end_of_the_record_says_so(spiral, here, monkeypatch):
    monkeypatch.setattr(forecast, "LEAST_EFFECTIVE", 1.0)
    (here / "mine.yaml").write_text("start: 2023-10-17\nattacks: [{date: 2023-10-20, iraq: 4, syria: 2}]\n")
    args = (
        "forecast", "october-2023", "--record", "mine.yaml", "--set", "end=2023-11-30", "--as-of",
        "2023-10-26",
    )  # fmt: skip
    code, out, _ = spiral(
        *args, "--islands", "2", "--particles", "100", "--runs", "100", "--no-figures", "--full"
    )
    said = " ".join(out.split())
    assert code == 0
    assert (
        "Warning: the record mine ends on 20 Oct 2023: from then to 26 Oct 2023 nothing is on record" in said
    )
    assert "nothing on record" in out.split("How the particles fared")[1]
    assert "no strike" not in out


def test_another_timeline_takes_the_fit_that_is_there(here, monkeypatch):
    """The islands are carried out once, whatever comes after the date; another date is another fit."""
    monkeypatch.setattr(forecast, "LEAST_EFFECTIVE", 1.0)
    (here / "truce.yaml").write_text("gaza: {knots: [{date: 2023-11-01, level: 0.1, basis: assumed}]}\n")
    done = []
    monkeypatch.setattr(fitting, "carry_out_island", lambda i: done.append(i.number) or carry_out_island(i))

    def asked(name, **more):
        plan = Forecast(BASE, "prior", islands=2, particles=100, runs=100, **({"as_of": DAY_FOUR} | more))
        return carry_out(plan, here / "results" / name, Execution(threads=1)).finding

    plain, given = asked("plain"), asked("given", timeline=load_timeline(here / "truce.yaml"))
    assert done == [0, 1]
    assert (plain.log_evidence, plain.effective) == (given.log_evidence, given.effective)
    assert not plain.daily.equals(given.daily)

    def begun(island):
        raise KeyboardInterrupt

    monkeypatch.setattr(fitting, "carry_out_island", begun)
    with pytest.raises(KeyboardInterrupt):
        asked("later", as_of=DAY_FOUR + datetime.timedelta(days=1))


LATE = Record("late", START, (Report("killed", START, datetime.date(2023, 12, 1), 0),))
FIRST = datetime.date(2023, 10, 1)
EARLY = Record("early", FIRST, (Report("killed", FIRST, AS_OF, 0),))


@pytest.mark.parametrize(
    ("record", "as_of", "said"),
    [
        (LATE, AS_OF, "reports nothing up to 2023-10-30"),
        (EARLY, AS_OF, "counts from 2023-10-01, before october-2023 starts on 2023-10-17"),
        (None, BASE.end, "there is nothing after it to foresee"),
        (None, datetime.date(2024, 1, 1), "is not from 2023-10-17 to 2023-12-31"),
    ],
)  # fmt: skip
def test_what_cannot_be_foreseen_is_one_line(record, as_of, said):
    with pytest.raises(QuestionError) as caught:
        Forecast(BASE, "prior", record, as_of=as_of)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_filter_that_collapses_says_where_and_what_to_do():
    """A thousand attacks in a week, and a strike on Iran: no world of the prior follows."""
    dates = [datetime.date(2023, 10, d) for d in (20, 24, 27)]
    reports = (Report("attacks", START, dates[0], 5), Report("attacks", START, dates[1], 1_000))
    record = Record("wild", START, reports, (Strike(dates[2], 4, "iran"),), dates[2])
    plan = Forecast(BASE, "prior", record, as_of=dates[2], islands=2, particles=100)
    fit = fit_of(plan.problem, np.concatenate([carry_out_island(i) for i in islands_of(plan.problem, 2, 30)]))
    with pytest.raises(CollapseError) as caught:
        check_collapse(fit, 1e6)  # more than 60 particles can ever be worth
    said = str(caught.value)
    assert said.startswith("the filter has collapsed: ")
    assert "more --particles, for an earlier --as-of" in said
    assert "2023-10-2" in said
    assert "\n" not in said


BAD = "start: 2023-10-17\nattacks:\n  - {date: 2023-10-24, iraq: 5}\n  - {date: 2023-10-30, iraq: 3}\n"


@pytest.mark.parametrize("command", ["calibrate", "validate", "forecast"])
def test_a_broken_record_is_one_line_and_nothing_is_written(spiral, here, command):
    (here / "mine.yaml").write_text(BAD)
    code, out, err = spiral(command, "october-2023", "--record", "mine.yaml")
    assert (code, out) == (2, "")
    said = "attacks.1.iraq = 3: must be at least 5, the count of 2023-10-24: counts are cumulative"
    assert err == f"spiral: mine.yaml:4:30: {said}\n"
    assert [path.name for path in here.iterdir()] == ["mine.yaml"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("forecast", "october-2023", "--as-of", "30-10"), "--as-of: 30-10 is no date; write it as 2023-11-20"),
        (("forecast", "tower-22"), "fit the one that it continues"),
        (("forecast", "october-2023", "--record", "none.yaml"), "none.yaml:1:1: cannot be read: No such"),
        (("forecast", "october-2023", "--timeline", "none.yaml"), "none.yaml:1:1: cannot be read"),
        (("forecast", "october-2023", "--islands", "1"), "--islands: 1 must be a whole number from 2 to 10,000"),
        (("validate", "october-2023", "--as-of", "2024-07-31"), "reports nothing that begins after 2024-07-31"),
        (("validate", "october-2023", "--runs", "5"), "--runs: 5 must be a whole number from 2,000 to 1,000,000"),
        (("rivals", "revenge-only"), "it is a rival explanation itself; weigh the baseline"),
        (("rivals", "tower-22"), "fit the one that it continues"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(spiral, here, args, said):
    code, out, err = spiral(*args)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert list(here.iterdir()) == []


def test_the_command_prints_and_draws(spiral, here, monkeypatch):
    monkeypatch.setattr(forecast, "LEAST_EFFECTIVE", 2.0)
    args = ("forecast", "october-2023", "--set", "end=2023-12-31", "--as-of", "2023-10-30", "--islands", "2")
    size = ("--particles", "100", "--runs", "500", "--threads", "2")
    code, out, _ = spiral(*args, *size, "--full")
    assert code == 0
    assert "As of 30 Oct 2023, by what is on record: a direct exchange by 31 Dec 2023 " in " ".join(
        out.split()
    )
    assert "10 attacks in Iraq, 3 attacks in Syria" in out
    folder = here / "results" / "october-2023-forecast"
    assert {"forecast.png", "forecast.svg", "forecast.csv"} <= {
        p.name for p in (folder / "figures").iterdir()
    }
    with style():
        made = drawings(open_answer(folder))
    check_heads(made)
    (drawing,) = made
    assert "by 31 Dec 2023" in drawing.title
    for axes in drawing.figure.axes:  # what the title speaks of is drawn
        assert axes.get_xlim()[1] == date2num(datetime.date(2023, 12, 31)) + 0.5
    parts = drawing.data[drawing.data["date"] == "2023-12-31"].set_index("series")["probability"]
    assert parts["spiral"] + parts["anyway"] == pytest.approx(parts["direct"])
    code, out, _ = spiral(*args, *size, "--json", "--no-figures")
    assert json.loads(out)["as_of"] == "2023-10-30"  # the same job, gone on with
    listed = spiral("results")[1]
    assert "forecast" in listed
    assert spiral("results", "verify")[0] == 0
