"""Boxes of conditions: a known one is found, luck is told from it, and the library that searches leaves no trace."""

import json
import logging
import random
import sys
import warnings

import matplotlib
import numpy as np
import pytest

from sim.experiments import open_answer
from sim.experiments.discover import Discover, findings_of
from sim.experiments.discover.boxes import MOST_LIMITS, Found, inside, limits_in, slab, without_chance
from sim.experiments.discover.factors import Factor, factors_of, quantiles_of_rows
from sim.experiments.discover.judging import box_table, limit_table, split
from sim.experiments.discover.prim import peeled, quietly
from sim.experiments.discover.words import limit_words
from sim.parameters import REGISTRY
from sim.pipeline.answers import in_memory
from sim.pipeline.runner import Execution
from sim.report.figures import drawings
from sim.report.figures.style import style
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import prior_rows
from sim.simulate.responses import RESPONSE
from tests.report.heads import check_heads

SHORT = ("--set", "end=2023-11-10")
NAMES = ("militia.tempo", "us.pressure_killed", "us.readiness", "iran.answer", "us.relief", "iraq.lobby")
FACTORS = [Factor(name, REGISTRY[name].prior) for name in NAMES]


def rows_with(risk: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    rows = np.zeros(len(risk), RESPONSE)
    rows["row"], rows["runs"] = np.arange(len(risk)), 25
    rows["direct"] = rng.binomial(25, risk)
    return rows


def places(count: int, rng: np.random.Generator) -> np.ndarray:
    return rng.random((count, len(FACTORS)))


def test_a_known_box_is_recovered_and_nothing_else():
    """Within 0.05 of its limits: a peel takes 5% of 300 rows, and luck moves a limit by no more than a few of them."""
    rng = np.random.default_rng(5)
    where = places(600, rng)
    box = (where[:, 0] > 0.4) & (where[:, 1] < 0.5)
    found = findings_of(rows_with(np.where(box, 0.7, 0.1), rng), where, FACTORS, "direct")
    limits = found.tables["limits"]
    assert limits[["factor", "side"]].to_numpy().tolist() == [[NAMES[0], "above"], [NAMES[1], "below"]]
    assert limits["quantile"].tolist() == pytest.approx([0.4, 0.5], abs=0.05)
    assert limits["more_than_chance"].all()
    (row,) = found.estimates["boxes"]
    assert row["holds_up"]
    assert row["density_low"] < 0.7 < row["density_high"] + 0.03
    assert row["coverage"] > 0.6
    assert found.estimates["warning"] == ""
    assert limits["value"].iloc[0] == pytest.approx(float(FACTORS[0].values_at(limits["quantile"].iloc[0])))


@pytest.mark.parametrize("seed", range(4))
def test_pure_luck_is_told_as_such(seed):
    """Rows differ in risk, but by nothing that is a factor. One seed in 40 at most would be told otherwise."""
    rng = np.random.default_rng(seed)
    where = places(400, rng)
    found = findings_of(rows_with(rng.beta(1, 3, 400), rng), where, FACTORS, "direct")
    assert found.estimates["warning"].startswith("WARNING")
    assert found.estimates["finding"].startswith("WARNING")
    assert not any(box["holds_up"] for box in found.estimates["boxes"])


def test_a_box_that_luck_made_does_not_hold_up():
    """Found on the rows searched in, where the risk is high on purpose; on the others it is not."""
    rng = np.random.default_rng(1)
    where = places(400, rng)
    searched = np.arange(400) % 2 == 0
    risk = np.where(searched & (where[:, 2] > 0.5), 0.8, 0.3)
    found = findings_of(rows_with(risk, rng), where, FACTORS, "direct")
    (box,) = found.estimates["boxes"]
    assert box["searched_density"] > 0.7
    assert not box["holds_up"]
    assert "does not hold up on the 200 rows" in found.estimates["warning"]
    assert not found.tables["limits"]["more_than_chance"].any()


def test_where_nothing_spirals_there_is_nothing_to_gather():
    rng = np.random.default_rng(1)
    found = findings_of(rows_with(np.zeros(100), rng), places(100, rng), FACTORS, "direct")
    assert "none of the runs came to the exchange" in found.estimates["warning"]
    assert list(found.tables["boxes"].columns)[:2] == ["box", "limits"]


def test_what_a_box_holds_is_counted_on_the_rows_not_searched():
    rng = np.random.default_rng(2)
    where, risk = places(200, rng), rng.random(200)
    rows = rows_with(risk, rng)
    limits = np.tile([0.0, 1.0], (len(FACTORS), 1))
    limits[3] = (0.2, 0.7)
    searched, judged = split(rows, where, "direct")
    assert set(searched.rows["row"]) & set(judged.rows["row"]) == set()
    (row,) = box_table([Found(limits, ())], searched, judged).to_dict("records")
    mine = rows[1::2]
    held = (where[1::2, 3] >= 0.2) & (where[1::2, 3] <= 0.7)
    assert row["mass"] == held.mean()
    assert row["density"] == pytest.approx(mine["direct"][held].sum() / (25 * held.sum()))
    assert row["coverage"] == pytest.approx(mine["direct"][held].sum() / mine["direct"].sum())
    assert 0.03 < row["coverage"] - row["coverage_low"] < 0.2
    assert 0.03 < row["coverage_high"] - row["coverage"] < 0.2
    assert row["outside"] == pytest.approx(mine["direct"][~held].sum() / (25 * (~held).sum()))
    assert row["base"] == pytest.approx(mine["direct"].sum() / (25 * 100))
    below, above = limit_table([Found(limits, ())], FACTORS, judged).to_dict("records")
    out = mine["direct"][where[1::2, 3] < 0.2]
    assert (below["side"], above["side"]) == ("above", "below")
    assert below["kept_out"] == pytest.approx(out.mean() / 25)
    assert below["difference"] == pytest.approx(row["density"] - out.mean() / 25)


def test_a_slab_is_what_one_limit_alone_keeps_out():
    where = np.array([[0.1, 0.5], [0.1, 0.9], [0.5, 0.5], [0.5, 0.9]])
    limits = np.array([[0.3, 1.0], [0.0, 0.6]])
    assert inside(where, limits).tolist() == [False, False, True, False]
    assert slab(where, limits, (0, 0)).tolist() == [True, False, False, False]
    assert slab(where, limits, (1, 1)).tolist() == [False, False, False, True]


def test_factors_are_what_is_drawn_and_lie_where_their_prior_puts_them():
    own = {"us": {"relief": {"range": [0.2, 0.4], "family": "uniform"}}}
    settings = {"actors": {"us": {"readiness": 1.0}}, "priors": own}
    scenario = load_scenario("october-2023", settings)
    factors = factors_of(scenario)
    names = [factor.name for factor in factors]
    assert "us.readiness" not in names
    assert all(REGISTRY[name].prior is not None for name in names)
    assert len(names) == sum(p.prior is not None for p in REGISTRY.values()) - 1
    rows = np.arange(400)
    where = quantiles_of_rows(scenario, factors, rows)
    assert ((where > 0) & (where < 1)).all()
    # The mean of 400 uniforms strays by 0.0144; six times that in none of 111 but once in 5 million.
    assert np.abs(where.mean(axis=0) - 0.5).max() < 6 * 0.0144
    table = prior_rows(rows, scenario.random_seed, {}, {})
    relief = factors[names.index("us.relief")]
    assert relief.values_at([0.0, 1.0])[0] < relief.values_at([0.0, 1.0])[1] <= 1.0
    tempo = factors[names.index("militia.tempo")]
    column = names.index("militia.tempo")
    assert tempo.values_at(where[:, column]) == pytest.approx(table["militia"]["tempo"], rel=1e-3)


def traces() -> list[object]:
    drawn = np.random.get_state()[1].tobytes()
    return [
        random.getstate(),
        drawn,
        dict(matplotlib.rcParams),
        list(warnings.filters),
        logging.getLogger("EMA").level,
    ]


def test_what_the_library_does_to_others_is_undone(caplog):
    """It does each of these when it is imported or used."""
    random.seed(99)
    logging.getLogger("EMA").setLevel(logging.INFO)
    before = traces()
    with quietly():
        logging.getLogger("EMA.x").error("said to its users")
        warnings.simplefilter("error")
        random.seed(3)
        np.random.seed(3)
        matplotlib.rcParams["lines.linewidth"] = 17
    assert traces() == before
    assert caplog.records == []


def test_a_search_says_nothing_and_leaves_no_trace(capfd):
    where, before = places(60, np.random.default_rng(1)), traces()
    peeled(where, where[:, 0], 0.5)
    assert traces() == before
    assert capfd.readouterr() == ("", "")


def test_limits_of_luck_are_taken_off_and_few_are_left():
    rng = np.random.default_rng(3)
    where = places(400, rng)
    limits = np.tile([0.1, 1.0], (len(FACTORS), 1))
    one = without_chance(where, np.where(where[:, 1] > 0.1, 0.6, 0.2) + 0.1 * rng.random(400), limits, 12)
    assert limits_in(one) == [(1, 0)]
    all_matter = np.where((where > 0.1).all(axis=1), 0.9, 0.1) + 0.1 * rng.random(400)
    assert len(limits_in(without_chance(where, all_matter, limits, 12))) == MOST_LIMITS


def test_a_limit_is_said_with_meaning_value_and_unit():
    limit = {"factor": "us.pressure_killed", "side": "above", "value": 6.1234, "unit": "logits"}
    said = limit_words(limit | {"meaning": REGISTRY["us.pressure_killed"].meaning})
    assert said == "pressure added by log2(1 + killed) of a day above 6.12 logits (us.pressure_killed)"
    plain = limit_words(limit | {"unit": "", "meaning": "policy: log odds of x; no more", "value": 2})
    assert plain == "log odds of x above 2 (us.pressure_killed)"


# The command


def test_what_is_printed_drawn_and_kept(spiral, here, monkeypatch):
    """Over a few parameters, for speed."""
    few = [f for f in factors_of(load_scenario("october-2023")) if f.name in NAMES]
    monkeypatch.setattr("sim.experiments.discover.factors_of", lambda scenario: few)
    code, out, err = spiral("discover", "october-2023", *SHORT, "--rows", "120", "--full")
    assert (code, err) == (0, "")
    folder = here / "results" / "october-2023-discover"
    with style():
        check_heads(drawings(open_answer(folder)))
    assert {f.name for f in (folder / "figures").iterdir()} == {
        f"discover.{kind}" for kind in ("png", "svg", "csv")
    }
    assert {"boxes.csv", "limits.csv", "trajectory.csv"} <= {f.name for f in folder.iterdir()}
    assert "60 other rows, which had no part in it" in " ".join(out.split())
    code, out, err = spiral("discover", "october-2023", *SHORT, "--rows", "120", "--json", "--no-figures")
    found = json.loads(out)
    assert (code, err) == (0, "")
    assert found["rows"] == {"searched": 60, "judged": 60}
    assert found["manifest"]["runs"] == 3_000
    asked = Discover(load_scenario("october-2023", [SHORT[1]]), "prior", 120)
    again = in_memory(asked, Execution(2))
    assert again.finding == found["finding"]
    assert len(again.box_table) == len(found["boxes"])
    assert again.box_table.attrs["units"]["density"] == "share of runs that spiral"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--rows", "99"), "--rows: 99 must be a whole number from 100 to 40,000"),
        (("--rows", "1e6"), "--rows: 1e6 must be a whole number"),
        (("--parameters", "default"), "--parameters default: boxes are made of parameters that are drawn"),
    ],
)
def test_bad_input_is_one_line_and_leaves_nothing(spiral, here, options, said):
    code, out, err = spiral("discover", "october-2023", *options)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert not (here / "results").exists()


def test_without_the_extra_one_line_says_so(spiral, here, monkeypatch):
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis", None)
    code, out, err = spiral("discover", "october-2023", *SHORT, "--rows", "100")
    assert (code, out) == (1, "")
    assert err == "spiral: spiral discover needs the extra 'discovery': pip install 'spiral-sim[discovery]'\n"
    assert not (here / "results").exists()
