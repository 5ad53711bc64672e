"""Acts of a reader's own: whatever a form offers a scenario takes, and what none can hold is told with its field."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.exports import scenario_file
from sim.dashboard.imposing import Refused, act_of, offers_of
from sim.dashboard.setting import MOST_ACTS, Setting, act_text, from_query, with_acts
from sim.pipeline.request import Request
from sim.scenario import Action, Scenario, load_scenario
from sim.scenario.actions import History

DAY = "2023-11-20"
STRIKE = {"actor": "us", "act": "strike", "level": "2", "place": "iraq", "first": DAY}
ATTACK = {
    "actor": "badr",
    "act": "attack",
    "attacks": "3",
    "site": "",
    "killed": "",
    "wounded": "",
    "first": DAY,
}


@pytest.fixture(scope="module")
def october() -> Scenario:
    return load_scenario("october-2023")


def test_the_form_offers_every_actor_its_acts_and_the_days_of_the_scenario(october: Scenario) -> None:
    offers = offers_of(october, dt.date(2023, 11, 17))
    assert [actor["key"] for actor in offers["actors"]] == ["us", "iraq", "iran", *october.actors.militias]
    assert (offers["first"], offers["day"], offers["last"]) == ("2023-10-17", "2023-11-18", "2024-07-31")


@pytest.mark.parametrize("name", ["october-2023", "tower-22"])
def test_a_scenario_takes_whatever_the_form_offers(name: str) -> None:
    """Every act of every actor, with each choice of each field and both ends of each number, each on its own day."""
    scenario = load_scenario(name)
    acts = list(all_offered(scenario))
    assert len(acts) > 40
    taken = with_acts(scenario, tuple(acts)).interventions
    assert set(acts) <= set(taken)


def all_offered(scenario: Scenario) -> Iterator[Action]:
    """Acts that the form can be filled in to."""
    offers = offers_of(scenario)
    day = dt.date.fromisoformat(offers["day"])
    for actor in offers["actors"]:
        for act in actor["acts"]:
            usual = {"actor": actor["key"], "act": act["key"], "last": ""}
            usual |= {field["name"]: field["value"] for field in act["fields"]}
            for name, value in [("last", ""), *values_of(act)]:
                day += dt.timedelta(days=1)
                given = usual | {"first": str(day), name: value}
                yield act_of(given | ({"level": "4"} if value == "iran" else {}), scenario, ())


def values_of(act: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for field in act["fields"]:
        for value in [one for one, _ in field.get("choices", ())] or [field["low"], field["high"]]:
            yield field["name"], str(value)


@pytest.mark.parametrize(
    ("given", "action"),
    [
        (STRIKE, Action(date=dt.date(2023, 11, 20), actor="us", action="strike", level=2, place="iraq")),
        (ATTACK, Action(date=dt.date(2023, 11, 20), actor="badr", action="attack", attacks=3)),
        (
            {"actor": "us", "act": "no-strike", "level": "3", "place": "", "first": DAY, "last": "2024-01-02"},
            Action(from_=dt.date(2023, 11, 20), to=dt.date(2024, 1, 2), actor="us", action="strike", level=3,
                   forbid=True),
        ),
        (
            {"actor": "iraq", "act": "press", "level": "9", "site": "nowhere", "first": DAY, "last": DAY},
            Action(date=dt.date(2023, 11, 20), actor="iraq", action="press"),  # what belongs to other acts is not read
        ),
    ],
)  # fmt: skip
def test_what_is_chosen_becomes_an_act(october: Scenario, given: dict[str, str], action: Action) -> None:
    assert act_of(given, october, ()) == action


@pytest.mark.parametrize(
    ("given", "field", "told"),
    [
        ({**STRIKE, "actor": "uss"}, "actor", "actor = uss: must be one of us, iraq, iran, "),
        ({**STRIKE, "act": "press"}, "act", "act = press: must be one of strike, hold, no-strike"),
        ({**STRIKE, "level": "9"}, "level", "level = 9: must be a whole number from 1 to 4"),
        ({**STRIKE, "level": ""}, "level", "level: is missing; a strike has a level from 1 to 4"),
        ({**STRIKE, "place": "jordan"}, "place", "place = jordan: must be one of iraq, syria, iran"),
        ({**STRIKE, "place": "iran"}, "place", "place = iran: is a place for strikes of level 4 only"),
        ({**STRIKE, "first": "2024-08-01"}, "first", "first day = 2024-08-01: must be a day of the scenario, from"),
        ({**STRIKE, "first": ""}, "first", "first day: must be a day of the scenario, from "),
        ({**STRIKE, "first": "<b>"}, "first", "first day = <b>: must be a day of the scenario"),
        ({**STRIKE, "last": "2023-11-19"}, "last", "last day = 2023-11-19: must be a day from the first on, from"),
        ({**ATTACK, "attacks": "31"}, "attacks", "attacks = 31: must be a whole number from 1 to 30"),
        ({**ATTACK, "killed": "1.5"}, "killed", "killed = 1.5: must be a whole number from 0 to 40 (persons)"),
        ({**ATTACK, "wounded": "9" * 5_000}, "wounded", "wounded = 99999"),
        ({**ATTACK, "site": "al-asd"}, "site", "did you mean 'al-asad'?"),
        ({**ATTACK, "site": {"a": [1]}}, "site", "site = {'a': [1]}: must be one of"),
        ({}, "actor", "actor: must be one of"),
    ],
)  # fmt: skip
def test_what_no_scenario_can_hold_is_refused_in_one_line_with_its_field(
    october: Scenario, given: dict[str, str], field: str, told: str
) -> None:
    with pytest.raises(Refused) as refused:
        act_of(given, october, ())
    assert told in str(refused.value)
    assert refused.value.field == field
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


def test_what_is_imposed_already_is_not_imposed_again_nor_contradicted(october: Scenario) -> None:
    first = act_of(STRIKE, october, ())
    with pytest.raises(Refused, match="is imposed already"):
        act_of(STRIKE, october, (first,))
    with pytest.raises(
        Refused, match="contradicts 2023-11-20: us strike level 2 iraq, imposed already; lift it first"
    ):
        act_of({**STRIKE, "act": "hold"}, october, (first,))
    with pytest.raises(Refused, match=f"{MOST_ACTS} acts are imposed already"):
        act_of(ATTACK, october, (first,) * MOST_ACTS)


def test_history_is_not_contradicted(october: Scenario) -> None:
    history = History(release=dt.date(2023, 12, 1), actions=(act_of(STRIKE, october, ()),))
    with pytest.raises(
        Refused, match="contradicts the scenario's history, 2023-11-20: us strike level 2 iraq"
    ):
        act_of({**STRIKE, "act": "hold"}, october.model_copy(update={"history": history}), ())


def test_an_address_and_a_file_hold_what_was_imposed(
    spiral: Callable[..., tuple[int, str, str]], here: Path, october: Scenario
) -> None:
    forbidden = {
        "actor": "us",
        "act": "no-strike",
        "level": "3",
        "place": "iraq",
        "first": DAY,
        "last": "2024-01-02",
    }
    killing = {**ATTACK, "killed": "2", "wounded": "5", "site": "al-asad"}
    acts = tuple(act_of(given, october, ()) for given in (killing, forbidden))
    setting = Setting("october-2023").with_acts(acts)
    assert from_query(setting.as_query(), "october-2023") == setting
    assert [act_text(act) for act in setting.acts] == [
        "2023-11-20: badr attack 3 times al-asad killed 2 wounded 5",
        "2023-11-20 to 2024-01-02: us may not strike level 3 or more iraq",
    ]
    made = scenario_file(Catalogue(Request(("october-2023",)), 3_000), setting)
    (here / made.name).write_bytes(made.content)
    assert load_scenario(here / made.name).interventions == setting.acts
    code, out, err = spiral("check", made.name)
    assert (code, err) == (0, "")
    assert "interventions" in out
