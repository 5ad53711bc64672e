"""A scenario with numbers at other values: as `--set` has it, and refused as it is."""

import pytest

from sim.parameters import REGISTRY
from sim.scenario import ScenarioError, Variations, load_scenario

SCENARIOS = {name: load_scenario(name) for name in ("october-2023", "tower-22")}
PATHS = {
    "us.readiness": 1.25, "actors.iran.restraint": 2.0, "militia.tempo": 3.0, "ladder.window": 30,
    "spirals.reciprocal.rung": 5, "timeline.gaza.knots.4.level": 0.25, "sites.tower-22.defence": -1.0,
    "reference.gaza": 0.5,
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("path", PATHS)
def test_it_is_what_set_makes_of_it(name, path):
    value = PATHS[path]
    made = Variations(SCENARIOS[name]).at({path: value})
    assert made == load_scenario(name, [f"{path}={value}"])
    assert made != SCENARIOS[name]


def test_several_at_once_and_the_scenario_itself_is_left_alone():
    scenario = SCENARIOS["october-2023"]
    before = scenario.model_dump_json()
    made = Variations(scenario).at(PATHS)
    assert made == load_scenario("october-2023", [f"{path}={value}" for path, value in PATHS.items()])
    assert scenario.model_dump_json() == before


@pytest.mark.parametrize("name", REGISTRY)
def test_every_parameter_can_be_varied_within_its_range_and_not_beyond(name):
    parameter, variations = REGISTRY[name], Variations(SCENARIOS["october-2023"])
    for value in (parameter.low, parameter.high):
        variations.check(name, value)
    for value in (parameter.low - 1e-9 - 1e-9 * abs(parameter.low), parameter.high + 1e-6, float("nan")):
        with pytest.raises(ScenarioError, match=r"must be a number from"):
            variations.check(name, value)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("us.readines", 0, "--vary:3:1: actors.us.readines: unknown key; did you mean 'readiness'?"),
        ("readiness", 0, "--vary:3:1: readiness: unknown key; did you mean 'us.readiness'?"),
        ("ladder.windo", 3, "ladder.windo: unknown key; did you mean 'window'?"),
        ("ladder.window", 2.5, "ladder.window = 2.5: must be a whole number from 1 to 365 (days)"),
        ("ladder", 2, "is no number, and cannot be varied"),
        ("question", 2, "is no number, and cannot be varied"),
        (
            "timeline.gaza.knots.9.level",
            0,
            "timeline.gaza.knots.9: unknown key; the list there has 5, which count from 0",
        ),
        ("actors.militias.badr.share", 0.5, "has shares that sum to 1.45"),
        ("foo.bar", 1, "foo: unknown key"),
        ("us.readiness", "high", "us.readiness = 'high': must be a number from -6 to 6 (logits)"),
        ("headline", "dirct", "headline = 'dirct': must be one of"),
        ("headline", 1, "headline = 'direct': is no number, and cannot be varied"),
        ("end", "2024-13-01", "end = '2024-13-01': is no day of the calendar"),
        ("end", "2203-01-01", "end = 2203-01-01: must be"),
        ("sites", "x", "is neither a number, a date nor a word, and cannot be varied"),
        ("a..b", 1, "'a..b' is not a path of keys joined by dots"),
        *((name, 1, "is no setting that can be varied") for name in ("runs", "start", "name")),
    ],
)
def test_what_cannot_be_varied_is_one_line(path, value, said):
    with pytest.raises(ScenarioError) as error:
        Variations(SCENARIOS["october-2023"]).check(path, value, 3)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
