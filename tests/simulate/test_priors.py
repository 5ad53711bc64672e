"""Ranges of one's own: read, refused, drawn from with the same luck, carried to the past, and told."""

import json

import numpy as np
import pytest

from sim.experiments.run import with_shipped_priors
from sim.parameters import REGISTRY, Prior, last_step, prior_within
from sim.reference import PARAMETERS
from sim.scenario import ScenarioError, dump_resolved, load_scenario
from sim.scenario.given import own_priors
from sim.simulate.job import make_job
from sim.simulate.parameter_draws import default_rows, prior_rows

MINE = """us:
  readiness: [-1, 1]
  level_4_base: {range: [-4, 0], family: uniform, note: a guess of mine}
  relief: [0.2, 0.5]
militia:
  tempo: [1, 4]
"""


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(MINE)
    return file


@pytest.mark.parametrize(
    ("name", "low", "high", "family"),
    [
        ("us.readiness", -1.5, 0.5, None),
        ("militia.tempo", 1.0, 4.0, None),
        ("us.relief", 0.2, 0.5, None),
        ("us.relief", 0.9, 0.99, None),
        ("us.relief", 0.01, 0.9, "beta"),
        ("us.readiness", -1.0, 2.0, "uniform"),
    ],
)
def test_a_range_is_the_central_90_percent(name, low, high, family):
    parameter = REGISTRY[name]
    prior = prior_within(parameter, low, high, family)
    assert prior.family == (family or parameter.prior.family)
    tail = 0.0 if family == "uniform" else 0.05
    ends = prior.quantile([tail, 1 - tail], parameter.low, parameter.high)
    assert np.allclose(
        ends, (low, high), atol=2e-3 * (high - low)
    )  # the rest: cut off by the parameter's own range


def test_rows_are_drawn_from_own_ranges_with_the_luck_of_the_shipped_ones(mine):
    scenario = load_scenario("october-2023", priors=mine)
    shipped = prior_rows(np.arange(400), 7, {})
    own = prior_rows(np.arange(400), 7, {}, own_priors(scenario))
    for name, parameter in REGISTRY.items():
        group, key = name.split(".")
        was, now = shipped[group][key], own[group][key]
        if name in own_priors(scenario):
            assert not np.array_equal(was, now)
            assert (np.argsort(was, kind="stable") == np.argsort(now, kind="stable")).all(), name
        else:
            assert was.tobytes() == now.tobytes(), parameter.name
    uniform = own["us"]["level_4_base"]
    assert -4 <= uniform.min() < -3.9
    assert -0.1 < uniform.max() <= 0


def test_what_a_scenario_fixes_goes_before_its_ranges(mine):
    scenario = load_scenario("october-2023", ["us.readiness=0.25"], mine)
    (segment,) = make_job(scenario).segments
    rows = prior_rows(np.arange(9), 1, segment.fixed, segment.priors)
    assert (rows["us"]["readiness"] == 0.25).all()


def test_defaults_are_the_middle_of_own_ranges(mine):
    row = default_rows({}, own_priors(load_scenario("october-2023", priors=mine)))[0]
    assert row["us"]["level_4_base"] == -2.0
    assert row["militia"]["tempo"] == pytest.approx(2.0)


def test_the_past_has_them_too(mine):
    job = make_job(load_scenario("tower-22", priors=mine))
    assert len(job.segments) == 2
    assert all(set(segment.priors) == set(job.segments[0].priors) != set() for segment in job.segments)


def test_they_survive_being_written_and_read(mine, tmp_path):
    for name in ("october-2023", "tower-22"):
        scenario = load_scenario(name, priors=mine)
        file = tmp_path / f"{name}.yaml"
        file.write_text(dump_resolved(scenario))
        assert load_scenario(file) == scenario
        assert with_shipped_priors(scenario) == load_scenario(name)


def test_the_last_step_is_ranged_over_ones_own():
    own = {"us.level_4_base": Prior("uniform", -4.0, 0.0)}
    assert last_step("likely", own)["us.level_4_base"] == pytest.approx(-0.2)
    assert last_step("unlikely", own)["iran.answer"] == last_step("unlikely")["iran.answer"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "us:\n  readines: [-1, 1]\n",
            "2:3: priors.us.readines = [-1, 1]: unknown key; did you mean 'readiness'?",
        ),
        ("us:\n  readiness: [1, -1]\n", "2:14: priors.us.readiness = [1, -1]: must be a range from a lower"),
        ("us:\n  readiness: [-9, 1]\n", "must be a number from -6 to 6 (logits), low and high each"),
        ("us:\n  readiness: 1\n", "must be a range [low, high]"),
        (
            "us:\n  readiness: {range: [0, 1], famly: beta}\n",
            "famly = 'beta': unknown key; did you mean 'family'?",
        ),
        (
            "us:\n  readiness: {range: [0, 1], family: gamma}\n",
            "must be one of lognormal, normal, beta, uniform",
        ),
        ("us:\n  readiness: {range: [-1, 1], family: lognormal}\n", "a lognormal range begins above 0"),
        ("us:\n  relief: [0, 1]\n", "a beta range lies between 0 and 1, without them"),
        ("uk:\n  readiness: [0, 1]\n", "1:1: priors.uk"),
        ("us: [1, 2]\n", "must be a mapping of the parameters of us to ranges"),
        ("- 1\n", "a file of ranges is a mapping"),
        ("", "is empty"),
    ],
)
def test_a_wrong_file_of_ranges_is_one_line(tmp_path, text, said):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(ScenarioError) as error:
        load_scenario("october-2023", priors=file)
    assert str(error.value).startswith(str(file))
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_run_says_what_they_moved(spiral, mine):
    code, out, err = spiral(
        "run",
        "october-2023",
        "--priors",
        str(mine),
        "--runs",
        "100",
        "--set",
        "end=2023-11-10",
        "--no-figures",
    )
    assert (code, err) == (0, "")
    assert "With the shipped priors the same 100 runs give" in out
    assert "us.readiness -1 to 1 (shipped -0.822 to 0.822)" in " ".join(out.split())
    from pathlib import Path

    found = json.loads(Path("results/october-2023/estimates.json").read_text())["own_priors"]
    assert set(found["ranges"]) == {"us.readiness", "us.level_4_base", "us.relief", "militia.tempo"}
    plain = spiral(
        "run",
        "october-2023",
        "--runs",
        "100",
        "--set",
        "end=2023-11-10",
        "--no-figures",
        "--out",
        "r",
        "--parameters",
        "prior",
        "--json",
    )
    assert found["with_shipped"] == json.loads(plain[1])["headline"]["probability"]
    assert "own_priors" not in json.loads(plain[1])


def test_a_reference_class_alone_is_not_called_ranges_of_ones_own(spiral, here):
    words = ("--set", "reference_class.class=all", "--set", "end=2023-11-10", "--runs", "100", "--no-figures")
    code, out, err = spiral("run", "october-2023", *words)
    assert (code, err) == (0, "")
    text = " ".join(out.split())
    assert "our own" not in text
    assert "Not what was fitted, by its reference class: " in text
    assert "with those of the reference class all " in text
    assert "us.level_4_base -3.43 to -0.469 (shipped -3.11 to 0.112)" in text
    found = json.loads((here / "results/october-2023/estimates.json").read_text())["own_priors"]
    assert (found["ranges"], found["reference_class"]) == ({}, "all")
    assert set(found["of_class"]) == set(PARAMETERS)
