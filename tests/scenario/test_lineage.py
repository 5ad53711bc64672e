"""What a scenario inherits: lists of its own that replace inherited ones, and starts that settings give."""

import pickle

import pytest

from sim.scenario import dump_resolved, load_scenario
from sim.scenario.loading import load_parent
from sim.simulate.basis import basis_of
from tests.scenario.files import DAY, write

PRESS = "interventions:\n  - {date: 2024-02-01, actor: iraq, action: press}\n"
ATTACK = "  - {date: 2024-01-28, actor: kataib-hizbollah, action: attack, site: tower-22, killed: 3}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def lineage(text, overrides=()):
    found = load_scenario(write("mine", text), overrides).lineage
    return [(one.path, one.inherited, one.own, one.kept) for one in found.replaced], found.dropped


def test_a_list_of_interventions_that_drops_the_parents_is_noted():
    replaced, dropped = lineage(f"extends: tower-22\n{PRESS}")
    assert replaced == [("interventions", 1, 1, 0)]
    ((name, action),) = dropped
    assert (name, action.actor, action.killed) == ("tower-22", "kataib-hizbollah", 3)


def test_an_action_that_is_repeated_is_not_dropped_whatever_it_is_said_to_rest_on():
    replaced, dropped = lineage(f"extends: tower-22\n{PRESS}{ATTACK}")
    assert replaced == [("interventions", 1, 2, 0)]  # without its basis and evidence it is another entry
    assert dropped == ()


def test_an_action_of_the_past_is_not_dropped_by_a_later_start():
    _, dropped = lineage(f"extends: tower-22\nstart: 2024-01-30\n{PRESS}")
    assert dropped == ()


def test_settings_that_replace_a_list_are_noted_too_and_other_settings_are_not():
    for text in ("extends: tower-22\n", f"extends: tower-22\n{PRESS}"):
        _, dropped = lineage(text, ["interventions=[]"])
        assert [name for name, _ in dropped] == (["tower-22", "mine"] if PRESS in text else ["mine"])
    assert lineage("extends: tower-22\n", ["interventions.0.killed=4", "us.readiness=1"]) == ([], ())


@pytest.mark.parametrize(
    "name", ["october-2023", "tower-22", "july-2024", "hizbollah-war", "informal-agreement"]
)
def test_no_shipped_scenario_drops_what_its_parent_imposes(name):
    assert load_scenario(name).lineage.dropped == ()


def test_a_lineage_is_no_part_of_what_a_scenario_says():
    mine = load_scenario(write("mine", f"extends: tower-22\n{PRESS}"))
    write("mine", dump_resolved(mine))
    again = load_scenario("mine.yaml")
    assert again == mine
    assert (len(mine.lineage.dropped), again.lineage.dropped) == (1, ())
    assert len(pickle.loads(pickle.dumps(mine)).lineage.dropped) == 1
    assert len(mine.model_copy(update={"runs": 7}).lineage.dropped) == 1


def test_what_is_dropped_is_told_first_of_all():
    mine = load_scenario(
        write("mine", f"extends: tower-22\n{PRESS}"), ["ladder.window=13", "actors.iraq.pressing=0"]
    )
    first, *_ = basis_of(mine, "prior")["told"]
    assert first.startswith("Not imposed, unlike in tower-22, since a list of actions takes the place")
    assert "kataib-hizbollah attack (site tower-22, killed 3), 28 Jan 2024" in first
    assert basis_of(load_scenario("tower-22"), "prior")["told"] == []


# A start that is set


@pytest.mark.parametrize("parent", ["october-2023", "tower-22"])
def test_a_start_that_is_set_is_the_start_of_a_file_that_extends_it(parent):
    settings = ["start=2024-02-10", "us.readiness=1", "runs=50"]
    by_setting = load_scenario(parent, settings)
    text = "start: 2024-02-10\nactors: {us: {readiness: 1}}\nruns: 50"
    in_file = load_scenario(write("mine", f"extends: {parent}\n{text}"))
    assert by_setting == in_file.model_copy(update={"name": parent})
    assert by_setting.past is not None
    assert (by_setting.past.name, by_setting.past.end) == (parent, DAY(2024, 2, 9))
    assert by_setting.origin == DAY(2023, 10, 17)


def test_an_earlier_start_that_is_set_begins_afresh_as_in_a_file():
    by_setting = load_scenario("october-2023", ["start=2023-10-10"])
    in_file = load_scenario(write("mine", "extends: october-2023\nstart: 2023-10-10"))
    assert (by_setting.past, in_file.past) == (None, None)
    assert by_setting == in_file.model_copy(update={"name": "october-2023"})


def test_a_start_that_is_set_too_late_is_refused_as_in_a_file():
    late = write("mine", "extends: october-2023\nstart: 2024-09-01")
    said = []
    for name, settings in (("october-2023", ["start=2024-09-01"]), (late, [])):
        with pytest.raises(ValueError, match="which it continues, ends on 2024-07-31") as caught:
            load_scenario(name, settings)
        said.append(str(caught.value).split(": ", 1)[1])
    assert said[0] == said[1]


def test_the_parent_of_a_scenario_is_the_one_that_it_extends():
    assert load_parent("october-2023") is None
    parent = load_parent("withdrawal")
    assert parent is not None
    assert parent == load_scenario("july-2024")
