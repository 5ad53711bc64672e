"""A scenario file to begin with: it says what its parent says, and all that it lists can be switched on."""

import re

import pytest
import ruamel.yaml

from sim.cli.levers import MATTER_MOST
from sim.experiments import kinds
from sim.parameters import GROUPS, REGISTRY, in_group
from sim.scenario import Scenario, load_scenario
from tests.cli.commands import one_error, tree


def blocks(text: str) -> list[str]:
    """The parts of a template that are switched off, each as it reads when it is switched on."""
    lines = [line[2:] if re.match("# ", line) else "" for line in text.splitlines()]
    parts = re.split(r"\n(?=[a-z_]+:)", "\n".join(lines))
    return [part.strip("\n") for part in parts if part.strip()]


def but_for_the_question(scenario: Scenario) -> Scenario:
    return scenario.model_copy(update={"name": "one", "question": "Which?"})


@pytest.mark.parametrize("parent", ["october-2023", "tower-22", "withdrawal", "deterrence-only"])
def test_a_template_says_what_its_parent_says_and_passes_check(spiral, here, parent):
    code, out, err = spiral("new", "mine", "--from", parent)
    assert (code, err) == (0, "")
    assert out.startswith(f"mine.yaml is written: {parent} under another name")
    assert tree(here) == {"mine.yaml"}
    assert but_for_the_question(load_scenario("mine.yaml")) == but_for_the_question(load_scenario(parent))
    code, out, err = spiral("check", "mine.yaml")
    assert (code, err) == (0, "")
    assert f"no difference from {parent}\n" in out
    assert "REPLACED" not in out


@pytest.mark.parametrize("parent", ["october-2023", "tower-22", "withdrawal", "deterrence-only"])
def test_all_that_a_template_lists_can_be_switched_on(spiral, here, parent):
    spiral("new", "mine", "--from", parent)
    text = (here / "mine.yaml").read_text()
    found = blocks(text)
    heads = [part.split(":")[0] for part in found]
    assert heads == [
        "start", "end", "runs", "random_seed", "headline", "actors", "parameters", "sites", "timeline", "history",
        "interventions", "priors", "reference_class", "ladder", "sweep", "questions",
    ]  # fmt: skip
    base = f"extends: {parent}\nquestion: Which?\n"
    for part in (*found, "\n".join(found)):
        (here / "one.yaml").write_text(base + part)
        load_scenario("one.yaml")
    was = load_scenario(parent)
    for part in found:  # what is there already is listed as it is
        own = ("actors", "parameters", "history", "interventions", "priors", "sweep", "questions")
        if part.split(":")[0] not in own:
            (here / "one.yaml").write_text(base + part)
            now = load_scenario("one.yaml")
            assert now.model_dump(exclude={"past", "timeline"}) | {
                "name": "",
                "question": "",
            } == was.model_dump(exclude={"past", "timeline"}) | {"name": "", "question": ""}, part
    assert [
        action for action in was.interventions if action not in load_scenario("one.yaml").interventions
    ] == []


def test_every_lever_is_listed_with_value_unit_range_basis_meaning_and_facts(spiral, here):
    spiral("new", "mine")
    text = (here / "mine.yaml").read_text()
    written = ruamel.yaml.YAML(typ="safe").load("\n".join(blocks(text)))
    listed = {**written["actors"], **written["parameters"]}
    plain = " ".join(re.sub(r"^#\s+#", "", text, flags=re.M).split())
    for name, parameter in REGISTRY.items():
        value = listed[parameter.group][parameter.key]
        assert value == pytest.approx(parameter.default, rel=1e-3, abs=1e-9), name
        head = f"#     {parameter.key}: {value:.4g} #"
        line = next(line for line in text.splitlines() if line.startswith(head))
        unit = "no unit" if parameter.unit == "1" else parameter.unit
        assert f"# {unit}; {parameter.low:g} to {parameter.high:g}; " in line
        assert line.endswith(parameter.basis)
        facts = f" [{', '.join(parameter.facts)}]" if parameter.facts else ""
        assert f"{parameter.meaning}{facts}" in plain, name


def test_those_come_first_that_matter_most(spiral, here):
    assert set(MATTER_MOST) == set(GROUPS)
    spiral("new", "mine")
    written = ruamel.yaml.YAML(typ="safe").load("\n".join(blocks((here / "mine.yaml").read_text())))
    for group, first in MATTER_MOST.items():
        keys = list((written["actors"] if group in written["actors"] else written["parameters"])[group])
        assert keys[: len(first)] == list(first)
        assert sorted(keys) == sorted(in_group(group))


def test_what_the_parent_sets_and_its_own_priors_are_the_values_now(spiral, here):
    (here / "base.yaml").write_text(
        "extends: october-2023\nactors: {us: {ceiling: 0.75}}\npriors: {us: {readiness: [-2, 0]}}\n"
    )
    code, _, err = spiral("new", "mine", "--from", "base")
    assert (code, err) == (0, "")
    text = (here / "mine.yaml").read_text()
    assert "#     ceiling: 0.75 # logits; -6 to 6; set by the parent; assumed" in text
    assert "#     readiness: -1 # logits; -6 to 6; prior 90%: -2 to 0; prior of the parent's own" in text


def test_a_file_that_is_there_is_kept_unless_it_is_forced(spiral, here):
    (here / "mine.yaml").write_text("mine")
    code, out, err = spiral("new", "mine")
    assert (code, out) == (2, "")
    assert "mine.yaml: is there already; choose another name, or give --force" in one_error(err)
    assert (here / "mine.yaml").read_text() == "mine"
    assert spiral("new", "mine", "--force")[0] == 0
    assert load_scenario("mine.yaml").question.startswith("What if something")
    (here / "dangling.yaml").symlink_to("nowhere")
    assert spiral("new", "dangling")[0] == 2
    (here / "folder.yaml").mkdir()
    assert "is a folder" in one_error(spiral("new", "folder", "--force")[2])


def test_what_cannot_be_written_leaves_nothing(spiral, here, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    code, out, err = spiral("new", "mine")
    assert (code, out) == (1, "")
    assert one_error(err) == "spiral: mine.yaml: cannot be written: No space left on device"
    assert tree(here) == set()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Mine", "such as mine"),
        ("my crisis", "such as my-crisis"),
        ("mine.yaml", "without .yaml; such as mine"),
        ("../mine", "such as mine"),
        ("", "(empty): must be a name"),
        ("2024", "such as november-strike"),
        ("=cmd|' /C calc'!A0", "such as cmd-c-calc-a0"),
        ("<script>alert(1)</script>", "such as script-alert-1-script"),
        ("\x1b[31mred", "\\x1b[31mred: must be a name"),
        ("a\nb", "a\\nb: must be a name"),
        ("\udcff", "\\udcff: must be a name"),
        ("a" * 10_000, "aaa…: must be a name"),
        (
            "october-2023",
            "a scenario of this name ships with Spiral; choose another, such as my-october-2023",
        ),
        ("sweep", "is the name of a command; choose another, such as my-sweep"),
        ("results", "is the name of a command"),
    ],
)
def test_a_name_that_is_none_or_taken_is_refused_in_one_line(spiral, here, name, said):
    code, out, err = spiral("new", "--", name)
    assert (code, out) == (2, "")
    assert said in one_error(err)
    assert len(err) < 400
    assert tree(here) == set()


def test_every_command_of_a_question_is_a_reserved_name(spiral, here):
    for kind in kinds():
        assert spiral("new", kind)[0] == 2
    assert tree(here) == set()


@pytest.mark.parametrize(
    ("parent", "said"),
    [
        ("october-2032", "--from: october-2032: no scenario has this name; did you mean 'october-2023'?"),
        ("scenarios/october-2023.yaml", "must be the bare name of a scenario"),
        ("mine", "--from: mine: a scenario cannot extend itself"),
        ("elsewhere", "--from: elsewhere: lies in another folder"),
        ("broken", "--from: broken.yaml:2:7: runs = 'many'"),
        ("\x1b[2J", "--from: \\x1b[2J: must be the bare name"),
    ],
)
def test_a_parent_that_cannot_be_extended_is_refused_in_one_line(spiral, here, parent, said):
    (here / "scenarios").mkdir()
    (here / "scenarios" / "elsewhere.yaml").write_text("extends: october-2023\n")
    (here / "broken.yaml").write_text("extends: october-2023\nruns: many\n")
    before = tree(here)
    code, out, err = spiral("new", "mine", "--from", parent)
    assert (code, out) == (2, "")
    assert said in one_error(err)
    assert tree(here) == before


def test_a_scenario_in_the_folder_of_scenarios_is_not_doubled(spiral, here):
    (here / "scenarios").mkdir()
    (here / "scenarios" / "mine.yaml").write_text("extends: october-2023\n")
    assert "a scenario of this name is in scenarios already" in one_error(spiral("new", "mine")[2])
