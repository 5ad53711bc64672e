"""Finding, inheriting and overriding scenarios."""

import os
from pathlib import Path

import pytest

from sim.paths import data_folder
from sim.scenario import available_scenarios, dump_resolved, load_scenario
from tests.scenario.files import BASELINE, DAY, complaint_about, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Finding


def test_bare_names_are_found_from_anywhere_and_first_in_the_working_folders_scenarios() -> None:
    assert load_scenario("tower-22").start == DAY(2024, 1, 28)
    write("scenarios/tower-22", BASELINE + "runs: 7")
    assert load_scenario("tower-22").runs == 7


def test_paths_are_taken_as_they_are() -> None:
    write("mine", BASELINE + "runs: 7")
    Path("mine.yml").write_text(BASELINE + "runs: 8")
    Path("plain").write_text(BASELINE + "runs: 9")
    found = [
        load_scenario(p).runs for p in ("mine.yaml", Path("mine.yaml"), "./mine.yaml", "mine.yml", "plain")
    ]
    assert found == [7, 7, 7, 8, 9]


def test_an_unknown_name_is_told_with_those_that_are_near() -> None:
    write("scenarios/my-own", BASELINE)
    known = ", ".join(scenario.name for scenario in available_scenarios())
    assert "my-own" in known
    told = complaint_about("october-2032")
    assert told == f"october-2032: no scenario has this name; there are {known}; did you mean 'october-2023'?"
    for name in ("", "..", "a\0b", "x" * 5000, "scenarios", "NUL"):
        assert "no scenario has this name" in complaint_about(name)


def test_folders_and_missing_files_are_told() -> None:
    Path("scenarios").mkdir()
    assert complaint_about("scenarios/") == "scenarios/:1:1: cannot be read: it is a folder, not a file"
    assert complaint_about("./no.yaml") == "./no.yaml:1:1: cannot be read: No such file or directory"


def test_a_files_name_is_the_scenarios() -> None:
    assert load_scenario(write("mine", BASELINE)).name == "mine"
    assert load_scenario(write("mine", BASELINE + "name: mine")).name == "mine"
    told = complaint_about(write("My_Own", BASELINE))
    assert told == (
        "My_Own.yaml:1:1: has a name that is not lower-case words joined by hyphens, such as tower-22.yaml"
    )


def test_available_scenarios_tell_their_question_and_which_cannot_be_read() -> None:
    write("scenarios/mine", BASELINE + "question: Is it mine?")
    write("scenarios/broken", BASELINE + "runs: 0")
    Path("mine").write_text("not a scenario")
    found = {name: (question, path) for name, question, path in available_scenarios()}
    assert found["mine"] == ("Is it mine?", Path("scenarios/mine.yaml"))
    assert found["broken"][0].startswith(
        "(cannot be read) scenarios/broken.yaml:2:7: runs = 0: must be a whole number"
    )
    assert found["october-2023"][1] == data_folder("scenarios") / "october-2023.yaml"
    assert found["october-2023"][0].endswith("?")
    assert list(found) == sorted(found)


# Extending


def test_mappings_merge_scalars_and_lists_replace_null_removes() -> None:
    parent = load_scenario("october-2023")
    child = load_scenario(
        write(
            "mine",
            BASELINE
            + """
runs: 5
actors:
  militias:
    badr: null
    asaib-ahl-al-haq: {share: 0.3}
timeline:
  lebanon: {knots: [{date: 2023-12-01, level: 0.9, basis: assumed}]}
  gaza: {shocks: null}
""",
        )
    )
    assert child.runs == 5
    assert list(child.actors.militias) == ["kataib-hizbollah", "harakat-al-nujaba", "asaib-ahl-al-haq"]
    before = parent.actors.militias["asaib-ahl-al-haq"]
    assert child.actors.militias["asaib-ahl-al-haq"] == before.model_copy(update={"share": 0.3})
    assert [knot.level for knot in child.timeline["lebanon"].knots] == [0.9]
    assert child.timeline["gaza"].knots == parent.timeline["gaza"].knots
    assert child.timeline["gaza"].shocks == ()
    assert child.sites == parent.sites
    assert child.past is None


def test_removing_what_is_not_inherited_is_refused() -> None:
    what = "removes an inherited key, but nothing of this name is inherited; are the lines under it commented out (#)?"
    cases = {
        "foo: null": f"2:6: foo = null: {what}",
        "actors: {us: {readiness: null}}": f"2:26: actors.us.readiness = null: {what}",
        "actors: {us: }": f"2:13: actors.us = null: {what}",
        "history: {release: null}": f"2:20: history.release = null: {what}",
    }
    for text, told in cases.items():
        assert complaint_about(write("mine", BASELINE + text)) == f"mine.yaml:{told}"
    assert complaint_about(write("mine", "runs: null")) == f"mine.yaml:1:7: runs = null: {what}"


def test_a_problem_is_told_where_it_was_written_even_in_the_parent() -> None:
    write("parent", BASELINE + "interventions:\n  - {date: 2023-12-01, actor: badr, action: hold}")
    write("child", "extends: parent\nend: 2023-11-30")
    told = complaint_about("child.yaml")
    assert told.startswith(
        "parent.yaml:3:12: interventions.0.date = 2023-12-01: must be a day of the scenario"
    )
    write("parent", BASELINE + "runs: 0")
    assert complaint_about("child.yaml").startswith("parent.yaml:2:7: runs = 0: ")


def test_extends_takes_a_bare_name_of_the_same_folder_or_a_shipped_one() -> None:
    write("sub/base", BASELINE + "runs: 5")
    write("sub/mine", "extends: base")
    write("base", BASELINE + "runs: 6")
    assert load_scenario("sub/mine.yaml").runs == 5
    write("sub/tower-22", BASELINE + "runs: 4")
    write("sub/mine", "extends: tower-22")
    assert load_scenario("sub/mine.yaml").runs == 4
    bare = "must be the bare name of a scenario, such as october-2023"
    for value, shown in {
        "../base": "'../base'", "sub/base": "'sub/base'", "base.yaml": "'base.yaml'", "..": "'..'", "7": "7",
        "null": "null", "[base]": "['base']", '"a\\0"': "'a\\x00'", "/etc/passwd": "'/etc/passwd'",
    }.items():  # fmt: skip
        told = complaint_about(write("mine", f"runs: 1\nextends: {value}"))
        assert told == f"mine.yaml:2:10: extends = {shown}: {bare}"
    told = complaint_about(write("mine", "extends: october-2032"))
    assert (
        told
        == "mine.yaml:1:10: extends = 'october-2032': no scenario has this name; did you mean 'october-2023'?"
    )


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs symbolic links")
def test_links_that_leave_the_folder_are_refused() -> None:
    write("elsewhere/base", BASELINE)
    write("sub/real", BASELINE + "runs: 5")
    Path("sub/outside.yaml").symlink_to(Path("elsewhere/base.yaml").resolve())
    Path("sub/inside.yaml").symlink_to("real.yaml")
    write("sub/mine", "extends: outside")
    told = complaint_about("sub/mine.yaml")
    assert told == "sub/mine.yaml:1:10: extends = 'outside': is a link that leads out of its folder"
    write("sub/mine", "extends: inside")
    assert load_scenario("sub/mine.yaml").runs == 5
    Path("sub/loop.yaml").symlink_to("loop.yaml")
    write("sub/mine", "extends: loop")
    assert "no scenario has this name" in complaint_about("sub/mine.yaml")


def test_loops_and_long_chains_are_refused() -> None:
    told = complaint_about(write("mine", "extends: mine"))
    assert told == "mine.yaml:1:10: extends = 'mine': extends itself: mine -> mine"
    write("a", "extends: b")
    write("b", "extends: c")
    write("c", "extends: a")
    assert complaint_about("a.yaml") == "c.yaml:1:10: extends = 'a': extends itself: a -> b -> c -> a"
    write("s0", BASELINE)
    for number in range(1, 11):
        write(f"s{number}", f"extends: s{number - 1}")
    assert load_scenario("s9.yaml").name == "s9"
    told = complaint_about("s10.yaml")
    assert told == "s0.yaml:1:10: extends = 'october-2023': is the end of a chain of more than 10 scenarios"


# Overrides


def test_overrides_apply_last_by_path_index_or_parameter_name() -> None:
    write("mine", BASELINE + "runs: 5\nactors: {us: {readiness: 1}}")
    scenario = load_scenario(
        "mine.yaml",
        [
            "runs=1e3",
            "end=2024-01-01",
            "question=Is it = so?",
            "us.readiness=0.5",
            "actors.us.ceiling=-1",
            "militia.tempo=3",
            "engagement.wounded_cap=50",
            "timeline.gaza.knots.1.level=0.2",
            "timeline.gaza.shocks=[]",
            "spirals.direct={rung: 6}",
            "interventions=[{date: 2023-12-01, actor: us, action: hold}]",
        ],
    )
    assert (scenario.runs, scenario.end) == (1000, DAY(2024, 1, 1))
    assert scenario.actors.us == {"readiness": 0.5, "ceiling": -1.0}
    assert scenario.parameters.militia == {"tempo": 3.0}
    assert scenario.parameters.engagement == {"wounded_cap": 50.0}
    levels = [knot.level for knot in scenario.timeline["gaza"].knots]
    assert levels[:3] == [0.75, 0.2, 0.95]
    assert scenario.timeline["gaza"].shocks == ()
    assert scenario.spirals.direct.rung == 6
    assert scenario.interventions[0].actor == "us"
    assert scenario.question == "Is it = so?"
    assert load_scenario("mine.yaml", ["us.readiness=null"]).actors.us == {}
    assert load_scenario("mine.yaml", ["us.readiness=1", "us.readiness=2"]).actors.us == {"readiness": 2.0}


def test_overrides_may_be_a_mapping_of_python_values() -> None:
    values = {
        "us.readiness": 0.5,
        "end": DAY(2024, 1, 1),
        "runs": 7,
        "question": "no?",
        "timeline.gaza.shocks": [],
    }
    scenario = load_scenario("october-2023", values)
    assert (scenario.actors.us, scenario.runs, scenario.question) == ({"readiness": 0.5}, 7, "no?")
    knots = [{"date": DAY(2023, 10, 17), "level": 0.5, "basis": "assumed"}]
    scenario = load_scenario("october-2023", {"timeline.gaza.knots": knots})
    assert scenario.timeline["gaza"].knots[0].level == 0.5
    numpy = pytest.importorskip("numpy")
    scenario = load_scenario("october-2023", {"us.readiness": numpy.float32(0.5), "runs": numpy.int64(7)})
    assert (scenario.runs, scenario.actors.us) == (7, {"readiness": 0.5})
    told = complaint_about("october-2023", {"runs": 7, "us.readiness": object()})
    assert told == "--set:2:1: actors.us.readiness = object: is not a value that a scenario can hold"
    for value, shown in (("0.5", "'0.5'"), (float("nan"), "nan"), (True, "true")):
        told = complaint_about("october-2023", {"us.readiness": value})
        assert told.startswith(f"--set:1:1: actors.us.readiness = {shown}: must be a number from -6 to 6")


BAD_OVERRIDES = {
    "us.readines=0.4": "--set:1:1: actors.us.readines = 0.4: unknown key; did you mean 'readiness'?",
    "actors.us.readiness=7": "--set:1:21: actors.us.readiness = 7: must be a number from -6 to 6 (logits)",
    "militia.tempo=0": "--set:1:15: parameters.militia.tempo = 0: must be a number from 0.05 to 20 (attacks",
    "us.readiness=no": "--set:1:14: actors.us.readiness = 'no': must be a number",
    "us.readiness=.nan": "--set:1:14: actors.us.readiness = .nan: is not a finite number",
    "us.readiness": "--set:1:1: 'us.readiness' must be path=value, such as us.readiness=0.5",
    "=1": "--set:1:1: '' is not a path of keys joined by dots",
    "a..b=1": "--set:1:1: 'a..b' is not a path of keys joined by dots",
    "runs=": "--set:1:6: runs = '': must be a whole number",
    "runs=[1": "--set:1:8: is not readable as YAML: ",
    "runs=&x 1": "--set:1:6: runs: uses an anchor or alias",
    "end=2024-02-30": "--set:1:5: end = 2024-02-30: is no day of the calendar",
    "foo.bar=1": "--set:1:1: foo = {bar: 1}: unknown key",
    "foo=null": "--set:1:5: foo = null: removes an inherited key",
    "runs=null": "runs: is missing",
    "name=x": "--set:1:1: name: cannot be set: it belongs to the file",
    "extends=tower-22": "--set:1:1: extends: cannot be set: it belongs to the file",
    "timeline.gaza.knots.9.level=1": "timeline.gaza.knots.9.level = 1: '9' is no index of a list of 5",
    "timeline.gaza.knots.-1.level=1": "timeline.gaza.knots.-1.level = 1: '-1' is no index of a list of 5",
    "timeline.gaza.knots.0.level=1.5": "--set:1:29: timeline.gaza.knots.0.level = 1.5: must be a number from",
    "timeline.gaza.knots.١.level=1": "'١' is no index of a list of 5",
    "runs.deep=1": "--set:1:11: runs = {deep: 1}: must be a whole number",
}


@pytest.mark.parametrize("override", BAD_OVERRIDES)
def test_bad_overrides_are_told_with_path_and_value(override: str) -> None:
    assert BAD_OVERRIDES[override] in complaint_about("october-2023", [override])


def test_a_past_that_follows_from_the_start_cannot_be_set() -> None:
    told = complaint_about("tower-22", ["past.runs=5"])
    assert told.startswith("--set:1:1: past: must be left out of a scenario that extends another")
    past = load_scenario("tower-22").past
    assert past is not None
    written = write("tower-22", dump_resolved(load_scenario("tower-22")))
    changed = load_scenario(written, ["past.actors.us.readiness=1"]).past
    assert changed == past.model_copy(
        update={"actors": past.actors.model_copy(update={"us": {"readiness": 1.0}})}
    )


def test_overrides_are_told_apart_by_their_number() -> None:
    told = complaint_about("october-2023", ["runs=5", "us.readiness=7"])
    assert told.startswith("--set:2:14: actors.us.readiness = 7: ")
