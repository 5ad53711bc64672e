"""What a reader sets: in an address and back, checked like a scenario, and as a scenario file of its own."""

import datetime as dt
import json
from pathlib import Path

import pytest

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.exports import export_name, scenario_file
from sim.dashboard.setting import Setting, from_query
from sim.errors import InputError
from sim.pipeline.request import Request
from sim.scenario import Action, load_scenario

STRIKE = Action(date=dt.date(2023, 11, 20), actor="us", action="strike", level=2, place="iraq")
QUIET = Action(date=dt.date(2023, 11, 19), actor="iraq", action="keep-quiet")
FULL = (
    Setting("october-2023")
    .with_values({"us.readiness": 0.1, "iran.supply": 1e-05, "us.ceiling": -0.30000000000000004})
    .with_acts((STRIKE, QUIET))
)


@pytest.mark.parametrize("setting", [Setting("tower-22"), FULL, FULL.with_values({}), FULL.with_acts(())])
def test_an_address_gives_back_what_was_set(setting: Setting) -> None:
    query = setting.as_query("pin_")
    assert from_query(query, "october-2023", "pin_") == setting
    assert from_query({}, "october-2023") == Setting("october-2023")


@pytest.mark.parametrize(
    "query",
    [
        {"set": "us.readiness:nan"},
        {"set": "us.readiness"},
        {"set": "us.readiness:<script>"},
        {"acts": "[["},
        {"acts": '{"date": "2023-11-20"}'},
        {"acts": '[{"date": "soon", "actor": "us", "action": "hold"}]'},
        {"acts": '["\\ud800"]'},
        {"acts": json.dumps([{"date": "2023-11-20", "actor": "us", "action": "hold"}] * 21)},
        {"set": "us.readiness:1," * 1_000},
        {"acts": "[" * 5_000},
    ],
)
def test_what_no_address_can_say_is_refused_in_one_line(query: dict[str, str]) -> None:
    with pytest.raises(InputError) as refused:
        from_query(query, "october-2023")
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (Setting("octobr-2023"), "did you mean 'october-2023'?"),
        (Setting("../../etc/passwd"), "no scenario of this page has this name"),
        (Setting("scenarios/tower-22.yaml"), "no scenario of this page has this name"),
        (Setting("october-2023").with_values({"us.readines": 1}), "did you mean 'readiness'?"),
        (Setting("october-2023").with_values({"us.readiness": 99}), "must be a number from -6 to 6"),
        (Setting("october-2023").with_values({"runs": 9e9}), "is no setting that can be varied"),
        (
            Setting("october-2023").with_acts((STRIKE.model_copy(update={"actor": "<b>"}),)),
            "must be one of us, iraq",
        ),
    ],
)
def test_what_no_scenario_can_hold_is_refused_in_one_line(
    catalogue: Catalogue, setting: Setting, words: str
) -> None:
    with pytest.raises(InputError) as refused:
        catalogue.scenario(setting)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)
    assert "/tmp" not in str(refused.value)


@pytest.mark.parametrize(
    "setting", [FULL, FULL.with_acts(()), Setting("tower-22").with_values({"us.ceiling": 1})]
)
def test_an_exported_setting_runs_as_the_page_does(here: Path, setting: Setting) -> None:
    shipped = Catalogue(Request(("october-2023",)), 3_000)
    made = scenario_file(shipped, setting)
    assert f"\nextends: {setting.scenario}\n" in made.content.decode()
    file = here / made.name
    file.write_bytes(made.content)
    named = {"name": export_name(setting), "question": load_scenario(file).question}
    assert load_scenario(file) == shipped.scenario(setting).model_copy(update=named)


def test_an_exported_setting_of_a_scenario_of_ones_own_is_written_out(here: Path) -> None:
    own = "extends: october-2023\nquestion: What if <b>nothing</b> happens?\nend: 2024-01-31\n"
    (here / "own.yaml").write_text(own)
    setting = Setting("own").with_values({"us.ceiling": 0.5})
    made = scenario_file(Catalogue(Request(("own.yaml",)), 500), setting)
    assert "\nextends:" not in made.content.decode()
    (here / made.name).write_bytes(made.content)
    loaded = load_scenario(here / made.name)
    assert (loaded.end, loaded.runs, loaded.actors.us) == (dt.date(2024, 1, 31), 500, {"ceiling": 0.5})
    assert loaded.question == "What if <b>nothing</b> happens, with us.ceiling=0.5?"


def test_a_seed_that_was_asked_for_is_that_of_all_scenarios() -> None:
    seeded = Catalogue(Request(("october-2023",), ("random_seed=7",)), 100)
    assert {seeded.scenario(Setting(name)).random_seed for name in ("october-2023", "tower-22")} == {7}
