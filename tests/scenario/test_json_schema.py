"""The schema for editors: it is the one that the code makes, and it sees what the loader sees."""
# ruff: noqa: E501 (tables of cases, one a line)

import datetime
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from sim.parameters import REGISTRY
from sim.paths import data_folder
from sim.scenario import Scenario, load_scenario
from sim.scenario.json_schema import FILE_NAME, scenario_schema, schema_text
from sim.scenario.reading import read_file

SHIPPED = sorted(path.stem for path in data_folder("scenarios").glob("*.yaml"))
ACTION = "interventions: [{date: 2023-10-18, actor:"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load_changed(change: str) -> Scenario:
    """Load the baseline with what is written from line 2 on."""
    Path("mine.yaml").write_text(f"extends: october-2023\n{change}\n", encoding="utf-8")
    return load_scenario("mine.yaml")


# The schema for editors


def as_json(value: object) -> object:
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    return value.isoformat() if isinstance(value, datetime.date) else value


def schema_errors(text: str) -> list[str]:
    Path("checked.yaml").write_text(text, encoding="utf-8")
    validator = jsonschema.Draft202012Validator(scenario_schema())
    return [error.json_path for error in validator.iter_errors(as_json(read_file("checked.yaml").plain()))]


def test_the_committed_schema_is_the_one_the_code_makes() -> None:
    committed = (data_folder("scenarios") / FILE_NAME).read_text(encoding="utf-8")
    assert committed == schema_text(), "run python -m sim.scenario.json_schema"


def test_a_question_is_words_or_an_entry(folder: Path) -> None:
    head = "extends: october-2023\nquestion: What of it?\nquestions: "
    assert schema_errors(head + "{dead: us killed, later: {event: us killed, from: 2023-12-01}}") == []
    assert schema_errors(head + "{dead: {evnt: us killed}}")
    assert schema_errors(head + "{dead: 3}")


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(scenario_schema())


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_fit_the_schema(name: str, folder: Path) -> None:
    assert not schema_errors((data_folder("scenarios") / f"{name}.yaml").read_text(encoding="utf-8"))


def test_the_schema_allows_partial_files_and_removal_only_when_extending(folder: Path) -> None:
    removal = "actors: {militias: {badr: null, asaib-ahl-al-haq: {share: 0.3}}, us: {readiness: null}}\nhistory: null\n"
    assert not schema_errors(f"extends: october-2023\n{removal}")
    assert schema_errors(removal)


MISTAKES = ["runs: 1e12", "actors: {us: {readines: 1}}", "actors: {us: {readiness: 7}}", "start: 17", "zzz: 1",
            "parameters: {militia: {tempo: 0}}", "sites: {a: {weight: 0}}", f"{ACTION} us, action: strik}}]",
            "interventions: [{date: 2023-10-18, action: hold}]", f"{ACTION} us, action: hold, note: null}}]"]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_schema_sees_mistakes(mistake: str, folder: Path) -> None:
    assert schema_errors(f"extends: october-2023\n{mistake}\n")


def test_the_schema_describes_every_parameter_with_unit_and_range() -> None:
    text = schema_text()
    for parameter in REGISTRY.values():
        unit = "" if parameter.unit == "1" else f" ({parameter.unit})"
        allowed = f"a number from {parameter.low:.12g} to {parameter.high:.12g}{unit}"
        assert json.dumps(f"{parameter.meaning}: {allowed}", ensure_ascii=False) in text


def test_importing_scenarios_stays_light() -> None:
    code = "import sys, sim.scenario; print(*{'numba', 'pandas', 'scipy', 'matplotlib', 'numpy', 'mesa'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
