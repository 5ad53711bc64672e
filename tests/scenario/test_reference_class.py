"""The reference class as a scenario's setting: read, refused, inherited, varied, and turned into priors."""

import numpy as np
import pytest

from sim.experiments.run import with_shipped_priors
from sim.parameters import REGISTRY, Prior
from sim.reference import CLASSES, DEFAULT_CLASS, DEFAULT_WEIGHT, PARAMETERS
from sim.reference.priors import BASE
from sim.scenario import ReferenceClass, ScenarioError, Variations, dump_resolved, load_scenario
from sim.scenario.given import own_priors
from sim.scenario.reference import class_priors
from sim.simulate.job import make_job


def scenario(*settings):
    return load_scenario("october-2023", settings)


def refused(*settings):
    with pytest.raises(ScenarioError) as raised:
        scenario(*settings)
    said = str(raised.value)
    assert "\n" not in said
    return said


def test_the_default_is_the_one_recommended():
    assert scenario().reference_class == ReferenceClass()
    assert (ReferenceClass().class_, ReferenceClass().weight) == (DEFAULT_CLASS, DEFAULT_WEIGHT)


def test_what_is_left_out_keeps_its_default(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for text, expected in (
        ("reference_class: {class: all}", ("all", DEFAULT_WEIGHT)),
        ("reference_class: {weight: 1}", (DEFAULT_CLASS, 1.0)),
        ("reference_class: {class: none, weight: 0.25}", ("none", 0.25)),
    ):
        (tmp_path / "mine.yaml").write_text(f"extends: october-2023\n{text}\n")
        found = load_scenario("mine.yaml").reference_class
        assert (found.class_, found.weight) == expected


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("reference_class.class=1979-2023", "must be one of all, 2007-2023, 2019-2023, none"),
        ("reference_class.class=2019-2024", "did you mean '2019-2023'?"),
        ("reference_class.class=2007", "reference_class.class = 2007: must be one of all"),
        ("reference_class.weight=1.5", "reference_class.weight = 1.5: must be a number from 0 to 1"),
        ("reference_class.weight=-0.1", "must be a number from 0 to 1"),
        ("reference_class.weight=half", "reference_class.weight = 'half': must be a number from 0 to 1"),
        ("reference_class.wait=0.5", "unknown key; did you mean 'weight'?"),
        ("reference_class=all", "must be a mapping of keys to values"),
    ],
)
def test_a_wrong_class_or_weight_is_refused_in_one_line(setting, message):
    said = refused(setting)
    assert said.startswith("--set:1:")
    assert message in said


def test_it_survives_being_written_and_reaches_the_past(tmp_path):
    made = load_scenario("tower-22", ["reference_class.class=all", "reference_class.weight=0.25"])
    file = tmp_path / "tower-22.yaml"
    file.write_text(dump_resolved(made))
    assert load_scenario(file) == made
    assert made.past.reference_class == made.reference_class == ReferenceClass(class_="all", weight=0.25)
    assert with_shipped_priors(made) == load_scenario("tower-22")


def test_the_weight_can_be_varied():
    varied = Variations(scenario())
    varied.check("reference_class.weight", 0.3)
    assert varied.at({"reference_class.weight": 0.3}).reference_class.weight == 0.3
    with pytest.raises(ScenarioError, match="from 0 to 1"):
        varied.check("reference_class.weight", 1.3)


def test_the_default_leaves_the_registry_as_it_is():
    assert own_priors(scenario()) == {}


@pytest.mark.parametrize("name", CLASSES)
def test_another_class_gives_priors_to_all_four(name):
    found = own_priors(scenario(f"reference_class.class={name}", "reference_class.weight=1"))
    assert tuple(found) == PARAMETERS
    assert [prior.family for prior in found.values()] == ["normal", "lognormal"] * 2
    if name == "none":
        expected = [(step.mean, step.sd, step.median, step.log_sd) for step in BASE]
        given = [(p.first, p.second) for p in found.values()]
        assert np.ravel(given) == pytest.approx(np.ravel(expected), abs=1e-9)


def test_no_class_and_no_weight_are_the_same():
    none, weightless = (scenario(f"reference_class.{s}") for s in ("class=none", "weight=0"))
    for one, other in zip(own_priors(none).values(), own_priors(weightless).values(), strict=True):
        assert (one.first, one.second) == pytest.approx((other.first, other.second), abs=1e-9)


def test_classes_differ_in_the_way_their_episodes_do():
    def base_of_4(name):
        return own_priors(scenario(f"reference_class.class={name}", "reference_class.weight=1"))[
            PARAMETERS[2]
        ].first

    assert base_of_4("all") < base_of_4("2007-2023") < base_of_4("2019-2023")


def test_a_segment_carries_them():
    job = make_job(scenario("reference_class.class=all"), "prior")
    assert set(PARAMETERS) <= set(job.segments[0].priors)


def test_a_range_of_ones_own_goes_before_the_class():
    """On a parameter that the registry has: what `priors` says of it stays, and the class's is dropped."""
    mine = scenario().model_copy(
        update={
            "priors": load_scenario("october-2023", {"priors": {"us": {"readiness": [-1, 1]}}}).priors,
            "reference_class": _Fixed(),
        }
    )
    found = own_priors(mine)
    assert set(found) == {"us.readiness", "us.ceiling"}
    assert (found["us.readiness"].first, found["us.ceiling"].first) == (0.0, 9.0)


class _Fixed(ReferenceClass):
    @property
    def priors(self):
        return {"us.readiness": Prior("normal", 9.0, 1.0), "us.ceiling": Prior("normal", 9.0, 1.0)}


def test_the_shipped_priors_are_those_of_the_default_class():
    """To the digits that the registry writes: within 2% of the spread, or half of the last of three digits."""
    for name, prior in class_priors(DEFAULT_CLASS, DEFAULT_WEIGHT).items():
        shipped = REGISTRY[name].prior
        assert shipped.family == prior.family
        assert shipped.first == pytest.approx(prior.first, abs=0.02 * prior.second)
        assert shipped.second == pytest.approx(prior.second, rel=0.02)
