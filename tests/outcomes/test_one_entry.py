"""A new outcome is one entry: declared, and it stands in every table, in the report and in the reference."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

ROOT = Path(__file__).resolve().parents[2]
SHORT = "--set end=2023-11-10 --runs 50 --parameters prior"
COMMANDS = (
    f"run october-2023 {SHORT} --no-figures --out run",
    f"compare october-2023 decisive-doctrine {SHORT} --full --out compare",
    f"sweep october-2023 --vary us.readiness=0,1 {SHORT} --no-figures --out sweep",
)
SCRIPT = """
import importlib.util, json, shlex, sys
from importlib.machinery import PathFinder, SourceFileLoader

ENTRIES = '''
ENTRIES += (
    count(
        "all_deaths", "US deaths in all", "persons", "US deaths by fire and in false alarms",
        ("column", "total", "row", "compared"), read=lambda o: o["killed"] + o["alarm_deaths"],
    ),
    event("first_blood", "any death at all", "US deaths of any kind", read=lambda o: o["first_killed_day"]),
)
'''


class WithEntries(SourceFileLoader):
    def get_code(self, fullname):
        return compile(self.get_data(self.path).decode() + ENTRIES, self.path, "exec")


class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        found = super().find_spec(name, path, target)
        if name == "sim.outcomes.entries":
            found.loader = WithEntries(name, found.origin)
        return found


sys.meta_path.insert(0, Finder)
root, *commands = sys.argv[1:]
from click.testing import CliRunner
from sim.cli.main import cli

for command in commands:
    done = CliRunner().invoke(cli, shlex.split(command), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    print(done.output)

import sim

table = sim.run(sim.load_scenario("october-2023", ["end=2023-11-10"]), runs=50, parameters="prior")
print("UNITS", json.dumps({name: table.attrs["units"][name] for name in ("all_deaths", "first_blood_day")}))
spec = importlib.util.spec_from_file_location("generate", root + "/docs/generate.py")
generate = importlib.util.module_from_spec(spec)
spec.loader.exec_module(generate)
print(generate.outcomes_page())
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, str]:
    """A folder with results, and what was printed, of a process in which two outcomes more are declared."""
    here = tmp_path_factory.mktemp("here")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ROOT), *COMMANDS],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return here, done.stdout


def test_it_is_a_column_of_the_outcome_table_with_its_unit_in_the_file(made):
    here, _ = made
    (part,) = (here / "run" / "runs.parquet").glob("*.parquet")
    table = pq.read_table(part)
    frame = table.to_pandas()
    assert (frame["all_deaths"] == frame["killed"] + frame["alarm_deaths"]).all()
    assert frame["first_blood_day"].equals(frame["first_killed_day"])
    told = table.schema.field("all_deaths").metadata
    assert (told[b"unit"], told[b"description"]) == (b"persons", b"US deaths by fire and in false alarms")
    assert table.schema.field("first_blood_day").metadata[b"unit"] == b"days from the start"


def test_it_is_counted_and_estimated(made):
    here, _ = made
    estimates = json.loads((here / "run" / "estimates.json").read_text())
    assert estimates["first_blood"] == estimates["killed"]
    frame = pd.read_parquet(here / "run" / "runs.parquet")
    assert estimates["outcomes"]["all_deaths"] == pytest.approx(frame["all_deaths"].mean(), abs=1e-12)
    incidence = pd.read_csv(here / "run" / "incidence.csv").set_index("event")
    assert (
        incidence.loc["first_blood", "probability"].tolist()
        == incidence.loc["killed", "probability"].tolist()
    )


def test_questions_over_many_worlds_tell_it(made):
    here, printed = made
    outcomes = pd.read_csv(here / "compare" / "outcomes.csv").set_index("outcome")
    assert outcomes.loc["all_deaths", "unit"] == "persons a run"
    assert outcomes.loc["first_blood", "unit"] == "probability"
    assert outcomes.loc["first_blood", "value"] == outcomes.loc["any_killed", "value"]
    assert (here / "compare" / "figures" / "compare.png").exists()
    sweep = pd.read_csv(here / "sweep" / "sweep.csv")
    assert {"all_deaths", "all_deaths_low", "first_blood", "first_blood_high"} <= set(sweep.columns)
    units = json.loads((here / "sweep" / "manifest.json").read_text())["tables"]["sweep"]
    assert units["all_deaths_low"] == "persons a run"
    assert "US deaths in all" in printed
    assert "any death at all" in printed


def test_python_and_the_reference_tell_it(made):
    _, printed = made
    (units,) = (line.removeprefix("UNITS ") for line in printed.splitlines() if line.startswith("UNITS"))
    assert json.loads(units) == {"all_deaths": "persons", "first_blood_day": "days from the start"}
    assert "| `all_deaths` | US deaths by fire and in false alarms | persons |" in printed
    assert "| `first_blood_day` | first day with US deaths of any kind; null: never |" in printed
