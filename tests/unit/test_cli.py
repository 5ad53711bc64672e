"""The command line: what it prints where, exit codes, one-line errors, interrupts, what it loads."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.store import load_result

SPIRAL = str(Path(sys.executable).with_name("spiral"))
ROOT = Path(__file__).parents[2]
QUICK = ("--runs", "50", "--no-figures")
PATIENCE = 120  # seconds, far more than needed, and far less than the long runs below would take

Run = Callable[..., tuple[int, str, str]]


def process(*args: str, cwd: Path, **kwargs: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SPIRAL, *args], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, check=False, **kwargs
    )  # type: ignore[call-overload]


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def one_error(err: str) -> str:
    """Give the one line of an error."""
    lines = [line for line in err.splitlines() if line]
    assert "Traceback" not in err
    assert len(lines) == 1, err
    assert lines[0].startswith("spiral: ")
    return lines[0]


# A run


def test_a_run_prints_the_answer_and_writes_a_result(spiral, here):
    code, out, err = spiral("run", "october-2023", "--runs", "500", "--no-figures", "--out", "found")
    assert (code, err) == (0, "")
    result = load_result(here / "found")
    text = " ".join(out.split())
    assert "Direct spiral by 31 Jul 2024: " in text
    assert "by chance, [" in text
    assert "with the parameters unknown" in text
    for heading in (
        "Spirals",
        "Escalation ladder: ever reached",
        "Outcomes of a run",
        "500 runs, 20 rows of",
    ):
        assert heading in text
    assert "Result: found" in out
    assert result.manifest["runs"] == 500
    assert tree(here) == {"found", *(f"found/{f.name}" for f in (here / "found").iterdir())}


def test_json_is_one_object_and_nothing_else(here):
    done = process("run", "october-2023", *QUICK, "--json", "--out", "found", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    answer = json.loads(done.stdout)
    result = load_result(here / "found")
    assert answer == {"folder": "found", "manifest": result.manifest, **result.estimates}
    assert result.manifest["command"] == f"spiral run october-2023 {' '.join(QUICK)} --json --out found"


def test_a_result_goes_to_results_by_default_and_is_replaced(spiral, here):
    for seed in ("1", "2"):
        assert spiral("run", "october-2023", *QUICK, "--random-seed", seed)[0] == 0
        assert load_result(here / "results" / "october-2023").manifest["random_seed"] == int(seed)
    assert [f.name for f in (here / "results").iterdir()] == ["october-2023"]


def test_options_reach_the_run(spiral, here):
    code, _, _ = spiral(
        "run", "october-2023", *QUICK, "--parameters", "default", "--threads", "1", "--set", "us.readiness=1",
        "--set", "end=2023-11-30", "--out", "r",
    )  # fmt: skip
    result = load_result(here / "r")
    assert code == 0
    assert result.scenario.actors.us["readiness"] == 1
    assert result.scenario.end.isoformat() == "2023-11-30"
    assert (result.manifest["parameters"], result.manifest["rows"]) == ("default", 1)


@pytest.mark.parametrize("runs", ["1", "24", "25", "26"])
def test_however_few_runs_are_answered(spiral, runs):
    code, out, err = spiral("run", "october-2023", "--runs", runs, "--no-figures", "--set", "end=2023-11-30")
    assert (code, err) == (0, "")
    assert "nan" not in out.lower().split()


@pytest.mark.parametrize(
    ("precision", "runs", "said"),
    [("0.5", "2500", "Precision of 50% reached."), ("0.0001", "50", "not reached: raise --runs")],
)
def test_precision_says_whether_it_was_reached(spiral, here, precision, runs, said):
    settings = ("--set", "end=2023-10-27", "--no-figures", "--out", "r")
    code, out, _ = spiral("run", "october-2023", "--precision", precision, "--runs", runs, *settings)
    assert code == 0
    assert said in " ".join(out.split())
    assert load_result(here / "r").manifest["runs"] <= int(runs)


def test_precision_keeps_to_runs_that_were_set(spiral, here):
    settings = ("--set", "end=2023-10-27", "--set", "runs=75", "--no-figures", "--out", "r")
    assert spiral("run", "october-2023", "--precision", "0.0001", *settings)[0] == 0
    assert load_result(here / "r").manifest["runs"] == 75


def test_precision_without_runs_is_not_bound_by_the_scenario(spiral, here):
    (here / "small.yaml").write_text("extends: october-2023\nruns: 100\nend: 2023-10-22\n")
    assert spiral("run", "small.yaml", "--precision", "0.5", "--no-figures", "--out", "r")[0] == 0
    assert load_result(here / "r").manifest["runs"] >= 2_000


def test_a_run_works_from_anywhere_by_bare_name(here):
    done = process("run", "tower-22", *QUICK, cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert (here / "results" / "tower-22" / "tower-22.yaml").is_file()


# Bad input: exit code 2, one line, nothing written

OCTOBER = ("run", "october-2023")
BAD = {
    "badr-7": (*OCTOBER, "--set", "actors.militias.badr.share=7"),
    "unknown-path": (*OCTOBER, "--set", "us.redyness=1"),
    "no-such-group": (*OCTOBER, "--set", "nothing.at.all=1"),
    "no-equals": (*OCTOBER, "--set", "us.readiness"),
    "unknown-scenario": ("run", "octobre-2023"),
    "no-scenario": ("run", ""),
    "missing-scenario": ("run",),
    "missing-file": ("run", "nowhere/at-all.yaml"),
    **{f"precision-{p}": (*OCTOBER, f"--precision={p}") for p in ("0", "abc", "7", "nan", "inf", "-0.1", "")},
    **{
        f"runs-{n}": (*OCTOBER, f"--runs={n}")
        for n in ("0", "-1", "abc", "1.5", "1e12", "nan", "", "true", "null")
    },
    **{f"seed-{s}": (*OCTOBER, f"--random-seed={s}") for s in ("-1", "abc", "0.5", "1e30", "")},
    **{f"threads-{t}": (*OCTOBER, f"--threads={t}") for t in ("0", "-1", "abc", "1.5")},
    "parameters": (*OCTOBER, "--parameters", "posterior"),
    "option": (*OCTOBER, "--rnus", "5"),
    "command": ("rn",),
    "check": ("check", "october-2023", "--set", "end=2203-01-01"),
    "plot-nowhere": ("plot", "nowhere"),
    "evidence": ("evidence", "milita.tempo"),
}


@pytest.mark.parametrize("args", BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_exit_code_2_and_writes_nothing(spiral, here, args):
    code, out, err = spiral(*args)
    assert (code, out) == (2, "")
    assert one_error(err)
    assert tree(here) == set()


FILES = {
    "misspelt": (b"extends: october-2023\nheadlien: direct\n", "headlien"),
    "misspelt-inside": (
        b"extends: october-2023\nactors:\n  us:\n    redyness: 1\n",
        "did you mean 'readiness'",
    ),
    "probability-of-7": (
        b"extends: october-2023\nactors:\n  militias:\n    badr: {share: 7}\n",
        "from 0 to 1",
    ),
    "far-date": (b"extends: october-2023\nend: 2203-07-31\n", "2203"),
    "many-runs": (b"extends: october-2023\nruns: 1e12\n", "runs = "),
    "empty": (b"", "is empty"),
    "binary": (bytes(range(256)), "is not text in UTF-8"),
    "not-yaml": (b"{{{{", "not-yaml.yaml:1:"),
    "list": (b"- 1\n- 2\n", "list.yaml:1:1: "),
}


@pytest.mark.parametrize("command", ["run", "check"])
@pytest.mark.parametrize("name", FILES)
def test_a_bad_file_is_told_with_its_place(spiral, here, name, command):
    written, said = FILES[name]
    (here / f"{name}.yaml").write_bytes(written)
    code, out, err = spiral(command, f"{name}.yaml")
    assert (code, out) == (2, "")
    line = one_error(err)
    assert f"{name}.yaml:" in line
    assert said in line
    assert tree(here) == {f"{name}.yaml"}


def test_a_folder_as_scenario_is_bad_input(spiral, here):
    (here / "folder.yaml").mkdir()
    for given in ("folder.yaml", "./folder.yaml", str(here)):
        code, _, err = spiral("run", given)
        assert code == 2
        assert "a folder, not a file" in one_error(err)
    assert tree(here) == {"folder.yaml"}


def test_a_place_that_holds_something_else_is_bad_input_before_any_run(spiral, here):
    (here / "file").write_text("mine")
    (here / "thesis").mkdir()
    (here / "thesis" / "chapter").write_text("mine")
    before = tree(here)
    for out in ("file", "thesis", ".", str(ROOT), "/"):
        code, _, err = spiral("run", "october-2023", "--runs", "1000000000", "--out", out)  # that never ends
        assert code == 2
        assert "holds something that is not a result" in one_error(err)
    assert tree(here) == before
    assert (here / "file").read_text() == "mine"


def test_hints_name_what_was_meant(spiral):
    assert "did you mean 'militia.tempo'?" in spiral("evidence", "milita.tempo")[2]
    assert "did you mean 'october-2023'?" in spiral("run", "octobre-2023")[2]
    assert "`spiral evidence` lists them" in spiral("evidence", "zzzzzzzzzz")[2]


# Failures: exit code 1, one line


def test_a_place_that_cannot_be_written_to_is_a_failure(spiral, here):
    (here / "file").write_text("mine")
    code, out, err = spiral(*OCTOBER, *QUICK, "--out", "file/below")
    assert (code, out) == (1, "")
    assert "file/below: cannot be written: Not a directory" in one_error(err)
    code, _, err = spiral(*OCTOBER, *QUICK, "--out", "x" * 250)
    assert code == 1
    assert "cannot be written: File name too long" in one_error(err)
    assert tree(here) == {"file"}


def test_a_disk_that_fills_up_midway_is_a_failure(spiral, here, monkeypatch):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sim.experiments.single.write_result", full)
    code, _, err = spiral(*OCTOBER, *QUICK, "--out", "new/place")
    assert code == 1
    assert "new/place: cannot be written: No space left on device" in one_error(err)
    assert tree(here) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_a_failure(here):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [SPIRAL, "evidence"],
            cwd=here,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == 1
    assert "No space left on device" in one_error(done.stderr)


# Interrupts


@pytest.fixture
def started(here: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start a run that takes far longer than a test may, and wait until it has written some runs."""
    children = []

    def start(*args: str) -> subprocess.Popen[str]:
        command = [
            SPIRAL,
            "run",
            "october-2023",
            "--runs",
            "50000000",
            "--no-figures",
            "--threads",
            "2",
            *args,
        ]
        child = subprocess.Popen(command, cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        children.append(child)
        until = time.monotonic() + PATIENCE
        while not any(f.stat().st_size > 1_000 for f in here.rglob(".*.draft/runs.parquet")):
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until, "the run never wrote anything"
            time.sleep(0.02)
        return child

    yield start
    for child in children:
        child.kill()


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing_and_says_so_in_one_line(here, started, which):
    child = started("--out", "new/place")
    child.send_signal(which)
    out, err = child.communicate(timeout=PATIENCE)
    assert (child.returncode, out) == (130, "")
    assert err.strip() == "spiral: interrupted; no result was written"
    assert tree(here) == set()


def test_an_interrupted_run_keeps_the_older_result(here, started):
    assert process(*OCTOBER, *QUICK, "--out", "r", cwd=here).returncode == 0
    before = {f.name: f.read_bytes() for f in (here / "r").iterdir()}
    child = started("--out", "r")
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=PATIENCE)
    assert child.returncode == 130
    assert {f.name: f.read_bytes() for f in (here / "r").iterdir()} == before
    assert [f.name for f in here.iterdir()] == ["r"]


def test_a_killed_run_leaves_no_result_in_place(here, started):
    child = started("--out", "r")
    child.kill()
    child.communicate(timeout=PATIENCE)
    assert not (here / "r").exists()
    assert all(f.name.startswith(".r.") for f in here.iterdir())


# Figures


def test_figures_are_drawn_by_run_and_again_by_plot(spiral, here):
    code, out, _ = spiral(*OCTOBER, "--runs", "50", "--out", "r")
    figures = here / "r" / "figures"
    drawn = {f.name: f.read_bytes() for f in figures.iterdir()}
    assert code == 0
    assert drawn
    printed = [line.removeprefix("Figure: ") for line in out.splitlines() if line.startswith("Figure: ")]
    assert {Path(line).name for line in printed} == {name for name in drawn if name.endswith(".png")}
    for file in figures.iterdir():
        file.unlink()
    code, out, err = spiral("plot", "r")
    assert (code, err) == (0, "")
    assert sorted(out.splitlines()) == sorted(printed)
    again = {f.name: f.read_bytes() for f in figures.iterdir()}
    assert again.keys() == drawn.keys()
    for name in drawn:
        if name.endswith(".csv"):
            assert again[name] == drawn[name], name


@pytest.mark.parametrize("make", ["file", "folder", "damaged"])
def test_plot_refuses_what_is_not_a_whole_result(spiral, here, make):
    place = here / "r"
    if make == "file":
        place.write_text("mine")
    else:
        place.mkdir()
        if make == "damaged":
            (place / "manifest.json").write_text('{"name": "october-2023"')
    before = tree(here)
    code, out, err = spiral("plot", "r")
    assert (code, out) == (2, "")
    assert ("is damaged" if make == "damaged" else "is not a result folder") in one_error(err)
    assert tree(here) == before


# Listing


@pytest.mark.parametrize("name", ["october-2023", "tower-22", "decisive-doctrine", "restraint-doctrine"])
def test_check_prints_what_a_scenario_is_about(spiral, here, name):
    code, out, err = spiral("check", name)
    scenario = load_scenario(name)
    assert (code, err) == (0, "")
    assert out.startswith(f"{name}: {scenario.question}")
    assert "headline: direct: rung 5 or more of the ladder" in out
    assert f"runs: {scenario.runs:,}; seed: {scenario.random_seed}" in out
    imposed = [*(scenario.history.actions if scenario.history else ()), *scenario.interventions]
    assert out.count("  imposed: ") == len(imposed)
    assert out.endswith("No errors found.\n")
    assert tree(here) == set()


@pytest.mark.parametrize("name", ["october-2023", "tower-22", "decisive-doctrine"])
def test_a_resolved_scenario_loads_back(spiral, here, name):
    code, out, err = spiral("check", name, "--resolved", "--set", "runs=77")
    assert (code, err) == (0, "")
    (here / f"{name}.yaml").write_text(out)
    assert load_scenario(here / f"{name}.yaml") == load_scenario(name, ["runs=77"])
    assert spiral("check", f"./{name}.yaml", "--resolved")[1] == out


def test_scenarios_lists_those_that_can_be_run(spiral):
    code, out, _ = spiral("scenarios")
    names = [line for line in out.splitlines() if not line.startswith(" ")]
    assert code == 0
    assert names == ["decisive-doctrine", "october-2023", "restraint-doctrine", "tower-22"]


def test_evidence_lists_every_parameter(spiral):
    code, out, err = spiral("evidence")
    assert (code, err) == (0, "")
    assert all(name in out for name in REGISTRY)
    code, out, _ = spiral("evidence", "--json")
    assert code == 0
    assert [entry["name"] for entry in json.loads(out)] == list(REGISTRY)


def test_evidence_of_a_parameter_goes_down_to_its_sources(spiral):
    code, out, _ = spiral("evidence", "militia.tempo")
    assert code == 0
    assert "name: militia.tempo" in out
    assert "source: " in out
    answer = json.loads(spiral("evidence", "militia.tempo", "--json")[1])
    assert answer["name"] == "militia.tempo"
    assert [fact["id"] for fact in answer["facts"]] == list(REGISTRY["militia.tempo"].facts)


def test_evidence_of_a_fact_is_shown(spiral):
    code, out, _ = spiral("evidence", "strike-27-oct")
    assert code == 0
    assert "id: strike-27-oct" in out
    assert "source: " in out
    assert json.loads(spiral("evidence", "strike-27-oct", "--json")[1])["id"] == "strike-27-oct"


@pytest.mark.parametrize(
    "args", [("evidence",), ("scenarios",), (*OCTOBER, *QUICK), (*OCTOBER, *QUICK, "--json")]
)
def test_a_closed_pipe_ends_quietly(here, args):
    child = subprocess.Popen(
        [SPIRAL, *args],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait(PATIENCE) == 0


# Help, and what is loaded


@pytest.mark.parametrize(
    "args",
    [(), ("run",), ("plot",), ("check",), ("evidence",), ("scenarios",)],
    ids=lambda args: " ".join(args) or "spiral",
)
def test_help_loads_no_heavy_library(here, args):
    code = (
        "import sys; sys.argv = ['spiral', *sys.argv[1:]]\n"
        "from sim.cli import main\n"
        "try: main()\n"
        "except SystemExit as leaving: assert not leaving.code\n"
        "heavy = {'numba', 'scipy', 'pandas', 'matplotlib', 'pyarrow', 'mesa'} & set(sys.modules)\n"
        "print(sorted(heavy), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, *args, "--help"]
    done = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=PATIENCE, check=True)
    assert done.stdout.startswith(f"Usage: {' '.join(['spiral', *args])}")
    assert done.stderr.strip() == "[]"


def test_the_version_is_told(spiral):
    from sim import __version__

    assert spiral("--version") == (0, f"spiral, version {__version__}\n", "")


# The progress bar


def on_a_terminal(command: list[str], cwd: Path) -> tuple[int, str]:
    """Run a command with a terminal as its stderr; gives the exit code, and what the terminal was sent."""
    master, slave = pty.openpty()
    child = subprocess.Popen(
        command,
        cwd=cwd,
        stdout=subprocess.DEVNULL,
        stderr=slave,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(slave)
    shown = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # as Linux tells that the other end is closed
            break
        if not part:
            break
        shown += part
    os.close(master)
    return child.wait(PATIENCE), shown.decode(errors="replace")


def test_a_terminal_is_shown_progress_and_a_pipe_is_not(here):
    command = [SPIRAL, "run", "october-2023", "--runs", "2000", "--no-figures", "--out", "r"]
    code, shown = on_a_terminal(command, here)
    assert code == 0
    assert "simulating" in shown
    assert "runs, " in shown
    assert " a second" in shown
    assert process(*command[1:], cwd=here).stderr == ""


def test_a_wrong_number_of_runs_is_told_by_its_own_option(spiral, here):
    code, out, err = spiral("run", "october-2023", "--runs", "1e12")
    assert (code, out) == (2, "")
    assert err.startswith("spiral: --runs: runs = 1e+12: must be a whole number")


def test_a_folder_named_like_a_scenario_is_not_listed(spiral, here):
    (here / "scenarios" / "sub.yaml").mkdir(parents=True)
    code, out, err = spiral("scenarios")
    assert (code, err) == (0, "")
    assert "october-2023" in out
    assert "sub" not in out.split()
