"""The command line: what it prints where, exit codes, one-line errors, interrupts, what it loads."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim.parameters import REGISTRY
from sim.scenario import load_scenario
from sim.simulate.batches import Made, Task, carry_out
from sim.store import TABLES, Result, load_result

SPIRAL = str(Path(sys.executable).with_name("spiral"))
ROOT = Path(__file__).parents[2]
QUICK = ("--runs", "50", "--no-figures")
BLOCKS = ("--runs", "2000", "--set", "end=2023-10-31", "--no-figures", "--block-size", "500")
OWN, ALL, WHOLE = (
    4,
    32,
    16_000,
)  # of such a job: the scenario's own blocks, those of altered worlds too, all runs
PATIENCE = 120  # seconds, far more than needed, and far less than the long runs below would take

Run = Callable[..., tuple[int, str, str]]


def process(*args: str, cwd: Path, **kwargs: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [SPIRAL, *args], cwd=cwd, capture_output=True, text=True, timeout=PATIENCE, check=False, **kwargs
    )  # type: ignore[call-overload]


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def contents(folder: Path) -> dict[str, object]:
    """Every file of a result; of the manifest what hangs neither on the clock nor on how it was called for."""
    found: dict[str, object] = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", "manifest.json")
    }
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return found | {
        k: v for k, v in manifest.items() if k not in ("began", "finished", "seconds", "command", "sha256")
    }


def parts(folder: Path) -> dict[str, tuple[int, int]]:
    """Which files the parts of outcome tables are, and when they were written."""
    found = {str(part): part.stat() for part in folder.rglob("part-*.parquet")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def noted(folder: Path) -> dict[str, tuple[int, int]]:
    """Of the parts those that the journal vouches for: an interrupt may come between a file and its line."""
    lines = [line for journal in folder.rglob("journal.jsonl") for line in journal.read_text().splitlines()]
    names = {str(json.loads(line)["file"]) for line in lines}
    return {part: of for part, of in parts(folder).items() if part.endswith(tuple(names))}


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Numbers of the blocks that are simulated in this process."""
    numbers: list[int] = []

    def counted(task: Task, told: Callable[[int], None] | None = None) -> Made:
        numbers.append(task.number)
        return carry_out(task, told)

    monkeypatch.setattr("sim.experiments.keeping.carry_out", counted)
    return numbers


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
    names = {
        "manifest.json", "october-2023.yaml", "estimates.json", "estimates.csv", "counts.parquet",
        "trajectories.parquet", "runs.parquet", "runs.parquet/part-000000000000.parquet", ".lock",
        *(f"{table}.csv" for table in TABLES),
    }  # fmt: skip
    assert tree(here) - {"found/.lock"} == {"found", *(f"found/{name}" for name in names - {".lock"})}
    assert len(pq.read_table(here / "found" / "runs.parquet")) == 500


def test_json_is_one_object_and_nothing_else(here):
    done = process("run", "october-2023", *QUICK, "--json", "--out", "found", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    answer = json.loads(done.stdout)
    result = load_result(here / "found")
    assert answer == {"folder": "found", "manifest": result.manifest, **result.estimates}
    assert result.manifest["command"] == f"spiral run october-2023 {' '.join(QUICK)} --json --out found"


def test_a_result_goes_to_results_by_default(spiral, here):
    assert spiral("run", "october-2023", *QUICK, "--random-seed", "1")[0] == 0
    assert load_result(here / "results" / "october-2023").manifest["random_seed"] == 1
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
    ("precision", "cap", "said"),
    [
        ("0.5", "2500", "Precision of 50 percentage points reached."),
        ("0.0001", "50", "runs, and --runs held it to fewer."),
    ],
)
def test_precision_says_whether_it_was_reached(spiral, here, precision, cap, said):
    settings = ("--set", "end=2023-10-27", "--no-figures", "--out", "r")
    code, out, err = spiral("run", "october-2023", "--precision", precision, "--runs", cap, *settings)
    manifest = load_result(here / "r").manifest
    assert (code, err) == (0, "")
    assert said in " ".join(out.split())
    assert ("Precision of 0.01 percentage points not reached" in " ".join(out.split())) == (
        precision == "0.0001"
    )
    assert manifest["runs"] == min(manifest["runs_needed"], int(cap))
    assert (manifest["runs_needed"] > int(cap)) == (precision == "0.0001")
    assert manifest["precision"] == manifest["job"]["precision"] == float(precision)


def test_precision_keeps_to_runs_that_were_set(spiral, here):
    settings = ("--set", "end=2023-10-27", "--set", "runs=75", "--no-figures", "--out", "r")
    assert spiral("run", "october-2023", "--precision", "0.0001", *settings)[0] == 0
    assert load_result(here / "r").manifest["runs"] == 75


def test_precision_without_runs_is_not_bound_by_the_scenario(spiral, here):
    """It comes in about one run of nine; the least number of runs, 2,000, is not nearly enough."""
    (here / "small.yaml").write_text("extends: decisive-doctrine\nruns: 100\nend: 2023-11-10\n")
    code, out, _ = spiral("run", "small.yaml", "--precision", "0.01", "--no-figures", "--out", "r")
    result = load_result(here / "r")
    low, high = result.estimates["headline"]["chance"]
    assert code == 0
    assert 2_000 < result.manifest["runs"] == result.manifest["runs_needed"]
    assert (high - low) / 2 <= 0.01
    assert "Precision of 1 percentage point reached." in " ".join(out.split())
    assert len(pq.read_table(here / "r" / "runs.parquet")) == result.manifest["runs"]


def test_precision_decides_the_same_again_and_goes_on(spiral, here, simulated):
    command = (*OCTOBER, "--set", "end=2023-10-27", "--precision", "0.5", "--no-figures", "--out", "r")
    first = spiral(*command)
    assert first[0] == 0
    del simulated[:]
    assert spiral(*command) == first
    assert simulated == []


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
    **{
        f"block-{n}": (*OCTOBER, *QUICK, f"--block-size={n}")
        for n in ("0", "24", "26", "-25", "50025", "2.5", "abc")
    },
    "keep": (*OCTOBER, "--keep", "everything"),
    "parameters": (*OCTOBER, "--parameters", "posteriors"),
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
    code, _, err = spiral(*OCTOBER, *QUICK, "--out", "x" * 256)
    assert code == 1
    assert f"{'x' * 256}: cannot be read: File name too long" in one_error(err)
    assert tree(here) == {"file"}


def test_a_disk_that_fills_up_at_the_end_is_a_failure_and_loses_no_run(spiral, here, monkeypatch, simulated):
    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    command = (*OCTOBER, *BLOCKS, "--out", "new/place")
    with monkeypatch.context() as patch:
        patch.setattr("sim.experiments.run.write_result", full)
        code, out, err = spiral(*command)
    assert (code, out) == (1, "")
    assert one_error(err) == (
        "spiral: new/place: cannot be written: No space left on device; "
        "16,000 of 16,000 runs are kept, and the same command goes on from there"
    )
    assert sorted(simulated) == list(range(ALL))
    assert "finished" not in json.loads((here / "new" / "place" / "manifest.json").read_bytes())
    assert spiral(*command)[0] == 0
    assert len(simulated) == ALL
    assert spiral(*OCTOBER, *BLOCKS, "--out", "plain")[0] == 0
    assert contents(here / "new" / "place") == contents(here / "plain")


@pytest.mark.parametrize("error", [(28, "No space left on device"), (13, "Permission denied")])
def test_a_place_that_refuses_at_once_is_a_failure_and_nothing_is_left(spiral, here, monkeypatch, error):
    def refused(*args: object) -> None:
        raise OSError(*error)

    monkeypatch.setattr("sim.store.work.write_whole", refused)
    code, out, err = spiral(*OCTOBER, *QUICK, "--out", "new/place")
    assert (code, out) == (1, "")
    assert one_error(err) == f"spiral: new/place: cannot be written: {error[1]}"
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

KEPT = re.compile(
    r"spiral: interrupted; ([\d,]+) of ([\d,]+) runs are kept, and the same command goes on from there\n"
)


@pytest.fixture
def started(here: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start `spiral`, and wait until it has kept the outcomes of another two blocks."""
    children = []

    def start(*args: str) -> subprocess.Popen[str]:
        enough = len(parts(here)) + 2
        child = subprocess.Popen(
            [SPIRAL, *args], cwd=here, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        children.append(child)
        until = time.monotonic() + PATIENCE
        while len(parts(here)) < enough:
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until, "the run never wrote anything"
            time.sleep(0.02)
        return child

    yield start
    for child in children:
        child.kill()
        child.communicate(timeout=PATIENCE)


ENDLESS = (*OCTOBER, "--runs", "9000000", "--no-figures", "--threads", "2", "--block-size", "500")


def standing(place: str, here: Path) -> dict[str, object]:
    done = process("results", "--under", place, "--json", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    (one,) = json.loads(done.stdout)
    return dict(one)


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_what_is_kept_and_goes_on_from_there(here, started, which):
    before: dict[str, tuple[int, int]] = {}
    kept = 0
    for _ in range(2):
        child = started(*ENDLESS, "--out", "new/place")
        child.send_signal(which)
        out, err = child.communicate(timeout=PATIENCE)
        assert (child.returncode, out) == (130, "")
        told = KEPT.fullmatch(err)
        assert told, err
        runs, now = int(told[1].replace(",", "")), noted(here)
        assert (told[2], runs % 500) == ("9,070,000", 0)
        assert runs > kept
        assert before.items() <= now.items()
        kept, before = runs, now
        one = standing("new/place", here)
        assert (one["state"], one["faults"], one["blocks"]) == ("unfinished", [], 18_140)
        assert one["counted"] in (
            kept // 500,
            kept // 500 + 1,
        )  # the last may have been kept, and not yet told
        assert one["command"] == f"spiral {' '.join(ENDLESS)} --out new/place"
        assert not list(here.rglob("*.draft"))
        assert "finished" not in json.loads((here / "new" / "place" / "manifest.json").read_bytes())
    hidden = [path.name for path in (here / "new" / "place").glob(".job-*")]
    assert len(hidden) == 1
    assert (here / "new" / "place" / hidden[0] / "journal.jsonl").is_file()
    refused = process("plot", "new/place", cwd=here)
    assert refused.returncode == 2
    assert "is not finished" in one_error(refused.stderr)


def test_a_run_interrupted_before_its_first_block_says_so(here):
    child = subprocess.Popen(
        [SPIRAL, *OCTOBER, "--runs", "50000", "--engine", "mesa", "--block-size", "50000", "--no-figures"],
        cwd=here,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until = time.monotonic() + PATIENCE
        while not list(here.rglob(".job-*/journal.jsonl")):
            assert child.poll() is None, child.communicate()
            assert time.monotonic() < until, "the run never began"
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=PATIENCE)
    finally:
        child.kill()
    assert (child.returncode, out, err) == (130, "", "spiral: interrupted; the same command begins again\n")
    assert standing("results/october-2023", here)["counted"] == 0


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "the same command begins again"),
        (1, "500 of 16,000 runs are kept, and the same command goes on from there"),
        (OWN - 1, "1,500 of 16,000 runs are kept, and the same command goes on from there"),
        (ALL - 1, "15,500 of 16,000 runs are kept, and the same command goes on from there"),
    ],
)
def test_wherever_a_run_is_interrupted_it_ends_as_one_that_was_not(
    spiral, here, monkeypatch, simulated, number, said
):
    def interrupted(task: Task, told: Callable[[int], None] | None = None) -> Made:
        if task.number == number:
            raise KeyboardInterrupt
        return carry_out(task, told)

    command = (*OCTOBER, *BLOCKS, "--threads", "1", "--out", "r")
    with monkeypatch.context() as patch:
        patch.setattr("sim.experiments.keeping.carry_out", interrupted)
        assert spiral(*command) == (130, "", f"spiral: interrupted; {said}\n")
    before = parts(here)
    assert len(before) == min(number, OWN)
    code, _, err = spiral(*command)
    assert (code, err) == (0, "")
    assert simulated == list(range(number, ALL))
    assert before.items() <= parts(here).items()
    assert spiral(*OCTOBER, *BLOCKS, "--out", "plain")[0] == 0
    assert contents(here / "r") == contents(here / "plain")


def test_an_interrupted_fresh_run_names_a_command_that_does_not_begin_anew(
    spiral, here, monkeypatch, simulated
):
    def interrupted(task: Task, told: Callable[[int], None] | None = None) -> Made:
        if task.number == 2:
            raise KeyboardInterrupt
        return carry_out(task, told)

    command = (*OCTOBER, *BLOCKS, "--threads", "1", "--out", "r")
    assert spiral(*command, "--random-seed", "1")[0] == 0
    del simulated[:]
    with monkeypatch.context() as patch:
        patch.setattr("sim.experiments.keeping.carry_out", interrupted)
        patch.setattr("sys.argv", ["spiral", *command, "--fresh"])
        code, _, err = spiral(*command, "--fresh")
    kept = "1,000 of 16,000 runs are kept"
    assert (code, err) == (
        130,
        f"spiral: interrupted; {kept}, and the same command without --fresh goes on from there\n",
    )
    assert f"`spiral {' '.join(command)}` goes on with it" in spiral("results", "--under", "r")[1]
    assert spiral(*command)[0] == 0
    assert simulated == list(range(2, ALL))


def test_a_failing_block_fails_the_run_and_loses_no_other(spiral, here, monkeypatch, simulated):
    def failing(task: Task, told: Callable[[int], None] | None = None) -> Made:
        if task.number == 2:
            raise OSError(5, "Input/output error")
        return carry_out(task, told)

    command = (*OCTOBER, *BLOCKS, "--threads", "1", "--out", "r")
    with monkeypatch.context() as patch:
        patch.setattr("sim.experiments.keeping.carry_out", failing)
        code, out, err = spiral(*command)
    assert (code, out) == (1, "")
    assert "1,000 of 16,000 runs are kept, and the same command goes on from there" in one_error(err)
    assert spiral(*command)[0] == 0
    assert simulated == list(range(2, ALL))


def test_a_killed_run_is_listed_as_unfinished_and_the_same_command_completes_it(here, started):
    command = (*OCTOBER, "--runs", "6000", "--set", "end=2023-12-31", "--block-size", "200", "--no-figures")
    child = started(*command, "--out", "r")
    child.kill()
    assert child.communicate(timeout=PATIENCE) == ("", "")
    assert child.returncode == -signal.SIGKILL
    before, one = parts(here), standing("r", here)
    assert (one["state"], one["faults"], one["blocks"]) == ("unfinished", [], 240)
    assert 0 < one["counted"] < 30
    told = process("results", "--under", "r", cwd=here).stdout
    again = f"`spiral {' '.join(command)} --out r` goes on with it"
    assert f"r: {one['counted']:,} of 240 blocks are kept; {again}" in told.splitlines()
    done = process(*command, "--out", "r", cwd=here)
    assert (done.returncode, done.stderr) == (0, "")
    assert standing("r", here)["state"] == "whole"
    kept = sorted(before)[: one["counted"]]  # the one after them may have been left without its counts
    assert {name: before[name] for name in kept}.items() <= parts(here).items()
    assert process(*command, "--out", "plain", cwd=here).returncode == 0
    assert contents(here / "r") == contents(here / "plain")


def test_a_place_where_a_run_is_at_work_is_a_failure(here, started):
    child = started(*ENDLESS, "--out", "r")
    assert standing("r", here)["state"] == "at work"
    done = process(*ENDLESS, "--out", "r", cwd=here)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"r: process {child.pid} on " in one_error(done.stderr)
    assert "is at work there; wait for it" in done.stderr
    assert child.poll() is None


def test_an_interrupt_elsewhere_is_one_line(spiral, monkeypatch):
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.listing.scenarios_command", interrupted)
    code, out, err = spiral("scenarios")
    assert (code, out, err.strip()) == (130, "", "spiral: interrupted")


# What is there is not simulated again


def test_the_same_command_again_simulates_nothing_and_prints_the_same(spiral, here, simulated):
    command = (*OCTOBER, *BLOCKS, "--out", "r")
    first, before, held = spiral(*command), parts(here), contents(here / "r")
    assert (first[0], len(before), len(simulated)) == (0, OWN, ALL)
    whole = (here / "r" / "manifest.json").read_bytes()
    assert spiral(*command) == first
    answer = json.loads(spiral(*command, "--json")[1])
    assert answer == {"folder": "r", "manifest": json.loads(whole), **json.loads(held["estimates.json"])}
    assert len(simulated) == ALL
    assert parts(here) == before
    assert contents(here / "r") == held
    assert (here / "r" / "manifest.json").read_bytes() == whole


def test_figures_of_a_result_that_is_there_are_drawn_again(spiral, here, simulated, monkeypatch):
    def draw(result: Result, folder: Path) -> list[Path]:
        folder.mkdir(exist_ok=True)
        (folder / "ladder.png").write_text(str(result.manifest["runs"]))
        return [folder / "ladder.png"]

    monkeypatch.setattr("sim.report.figures.draw_all", draw)
    command = (*OCTOBER, "--runs", "50", "--out", "r")
    first = spiral(*command)
    assert "Figure: r/figures/ladder.png" in first[1]
    (here / "r" / "figures" / "ladder.png").unlink()
    del simulated[:]
    assert spiral(*command) == first
    assert simulated == []
    assert (here / "r" / "figures" / "ladder.png").read_text() == "50"


def test_fresh_simulates_anew(spiral, here, simulated):
    command = (*OCTOBER, *BLOCKS, "--out", "r")
    first = spiral(*command)
    before, held = parts(here), contents(here / "r")
    again = spiral(*command, "--fresh")
    assert (first[0], again[0], again[2]) == (0, 0, "")
    assert len(simulated) == 2 * ALL
    after = parts(here)
    assert before.keys() == after.keys()
    assert all(before[name] != after[name] for name in before)
    assert contents(here / "r") == held


OTHERS = {
    "seed": (("--random-seed", "2"), "random_seed is 1 there and 2 here"),
    "runs": (("--runs", "75"), "runs is 50 there and 75 here"),
    "setting": (("--set", "us.readiness=1"), "us.readiness is"),
    "parameters": (("--parameters", "default"), "parameters is posterior there and default here"),
    "engine": (("--engine", "mesa"), "engine is compiled there and mesa here"),
    "keep": (("--keep", "summary"), "keep is outcomes there and summary here"),
    "block-size": (("--block-size", "25"), "block size is 500 there and 25 here"),
    "precision": (("--precision", "0.5", "--runs", "50"), "precision is not set there and 0.5 here"),
    "scenario": (("decisive-doctrine",), "the scenario is october-2023 there and decisive-doctrine here"),
}


@pytest.mark.parametrize("which", OTHERS)
def test_another_job_in_the_place_is_refused_and_fresh_replaces_it(spiral, here, which):
    common = ("--set", "end=2023-10-27", "--no-figures", "--out", "r")
    assert spiral(*OCTOBER, "--random-seed", "1", "--runs", "50", *common)[0] == 0
    (here / "r" / "notes.txt").write_text("mine")
    held = contents(here / "r")
    options, said = OTHERS[which]
    name = options[0] if which == "scenario" else "october-2023"
    given = () if which == "scenario" else options
    command = ("run", name, "--random-seed", "1", "--runs", "50", *common, *given)
    code, out, err = spiral(*command)
    assert (code, out) == (2, "")
    line = one_error(err)
    assert line.startswith("spiral: r: holds another job: ")
    assert line.endswith("; --fresh replaces it, --out names another folder")
    assert said in line
    assert contents(here / "r") == held
    assert spiral(*command, "--fresh")[0] == 0
    after = contents(here / "r")
    assert after.pop("notes.txt") == b"mine"
    assert spiral(*command[: -len(given) or None], *given, "--out", "plain")[0] == 0
    assert after == contents(here / "plain")


@pytest.mark.parametrize("damage", ["gone", "flipped"])
@pytest.mark.parametrize(
    ("file", "missing"),
    [
        ("runs.parquet/part-000000000500.parquet", [1]),
        ("counts.parquet", list(range(ALL))),
        ("daily.csv", []),
        ("estimates.json", []),
    ],
)
def test_the_same_command_mends_what_was_damaged(spiral, here, simulated, file, missing, damage):
    command = (*OCTOBER, *BLOCKS, "--out", "r")
    first, before, held = spiral(*command), parts(here), contents(here / "r")
    harmed = here / "r" / file
    data = bytearray(harmed.read_bytes())
    data[len(data) // 2] ^= 1
    harmed.write_bytes(data) if damage == "flipped" else harmed.unlink()
    assert spiral("results", "verify", "r")[0] == 1
    del simulated[:]
    code, out, err = spiral(*command)
    assert (code, err) == (0, "")
    assert untimed(out) == untimed(first[1])
    assert sorted(simulated) == missing
    assert contents(here / "r") == held
    whole = {name: stat for name, stat in before.items() if name != str(harmed)}
    assert whole.items() <= parts(here).items()
    assert spiral("results", "verify", "r")[0] == 0


def untimed(out: str) -> str:
    """An answer without the seconds that it took."""
    rest, found = re.subn(r"\d+\.\d s\.", "", out)
    assert found == 1
    return rest


def test_threads_change_no_byte(spiral, here):
    for threads in ("1", "2"):
        assert spiral(*OCTOBER, *BLOCKS, "--threads", threads, "--out", threads)[0] == 0
    assert len(parts(here / "1")) == OWN
    assert contents(here / "1") == contents(here / "2")


def test_a_summary_keeps_no_run_and_says_the_same(spiral, here):
    outcomes = spiral(*OCTOBER, *BLOCKS, "--out", "outcomes")
    summary = spiral(*OCTOBER, *BLOCKS, "--keep", "summary", "--out", "summary")
    assert untimed(summary[1]).replace("summary", "") == untimed(outcomes[1]).replace("outcomes", "")
    one, other = (
        {n: c for n, c in contents(here / k).items() if isinstance(c, bytes)} for k in ("outcomes", "summary")
    )
    assert (
        {name for name in one if name not in other}
        == {n for n in one if n.startswith("runs.parquet")}
        != set()
    )
    assert other == {name: data for name, data in one.items() if name in other}
    assert {"counts.parquet", "daily.csv", "estimates.json", "trajectories.parquet"} <= other.keys()
    assert not (here / "summary" / "runs.parquet").exists()
    assert load_result(here / "summary").manifest["job"]["keep"] == "summary"


def test_the_size_of_blocks_changes_no_number(spiral, here):
    small = [word if word != "500" else "275" for word in BLOCKS]
    assert (
        spiral(*OCTOBER, *BLOCKS, "--out", "usual")[0] == spiral(*OCTOBER, *small, "--out", "small")[0] == 0
    )
    tables = [pq.read_table(here / place / "runs.parquet") for place in ("usual", "small")]
    assert [len(parts(here / place)) for place in ("usual", "small")] == [OWN, 8]
    assert tables[0].to_pandas().equals(tables[1].to_pandas())
    one, other = (contents(here / place) for place in ("usual", "small"))
    for name in ("counts.parquet", "estimates.json", *(f"{table}.csv" for table in TABLES)):
        assert one[name] == other[name], name


# Long jobs are asked for twice


@pytest.fixture
def asked_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.cli.running.ASKED_ABOVE", 100)


SOON = (*OCTOBER, "--runs", "125", "--set", "end=2023-10-27", "--no-figures", "--out", "new/place")


@pytest.mark.usefixtures("asked_soon")
def test_a_long_job_is_not_started_unasked(spiral, here):
    code, out, err = spiral(*SOON)
    *plan, last = err.splitlines()
    assert (code, out) == (2, "")
    assert last == "spiral: 125 runs are not started unasked; --yes starts them"
    assert "pilot of 10,000 runs" in plan[1]
    assert any("in new/place" in line and " free" in line for line in plan)
    assert "Traceback" not in err
    assert tree(here) == set()


@pytest.mark.usefixtures("asked_soon")
def test_yes_starts_a_long_job_and_what_is_begun_is_not_asked_about_again(spiral, here, simulated):
    code, out, err = spiral(*SOON, "--yes")
    assert (code, err) == (0, "")
    assert load_result(here / "new" / "place").manifest["runs"] == 125
    del simulated[:]
    assert spiral(*SOON) == (0, out, "")
    assert simulated == []
    code, _, err = spiral(*SOON, "--random-seed", "2")
    assert code == 2
    assert "not started unasked" in err
    code, _, err = spiral(*SOON, "--fresh")
    assert code == 2
    assert "not started unasked" in err
    assert spiral(*SOON) == (0, out, "")
    assert simulated == []


@pytest.mark.usefixtures("asked_soon")
def test_a_job_that_is_not_long_is_not_asked_about(spiral, here):
    words = ["100" if word == "125" else word for word in SOON]
    code, _, err = spiral(*words)
    assert (code, err) == (0, "")
    assert load_result(here / "new" / "place").manifest["runs"] == 100


def test_a_job_that_the_disk_does_not_hold_is_not_started_unasked(spiral, here, monkeypatch):
    monkeypatch.setattr("sim.experiments.planning.free_bytes", lambda place: 1_000)
    command = (*OCTOBER, "--precision", "0.5", "--set", "end=2023-10-27", "--no-figures", "--out", "r")
    code, out, err = spiral(*command)
    assert (code, out) == (2, "")
    assert "too little" in err
    assert err.splitlines()[-1].endswith("runs are not started unasked; --yes starts them")
    assert tree(here) == set()
    assert spiral(*command, "--yes")[0] == 0
    assert load_result(here / "r").manifest["runs"] == 2_000


def at_a_terminal(answer: bytes, *args: str, cwd: Path) -> tuple[int, str, str]:
    """Run `spiral` where the typist answers; few runs are asked about. Gives the exit code, stdout and stderr."""
    code = (
        "import sys; sys.argv[0] = 'spiral'\n"
        "import sim.cli.running as running; running.ASKED_ABOVE = 100\n"
        "from sim.cli.main import main; main()"
    )
    master, slave = pty.openpty()
    try:
        os.write(master, answer)
        done = subprocess.run(
            [sys.executable, "-c", code, *args],
            cwd=cwd, stdin=slave, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
    finally:
        os.close(slave)
        os.close(master)
    return done.returncode, done.stdout.strip(), done.stderr


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        (b"n\n", 0, "Nothing was started."),
        (b"\n", 0, "Nothing was started."),
        (b"\x04", 130, "spiral: interrupted"),
    ],
    ids=["no", "nothing", "end-of-input"],
)
def test_a_terminal_is_shown_the_plan_and_asked_and_may_decline(here, answer, code, said):
    returned, out, err = at_a_terminal(answer, *SOON, cwd=here)
    assert (returned, out) == (code, "")
    assert "pilot of 10,000 runs" in err
    assert "Start? [y/N]:" in err
    assert err.splitlines()[-1].endswith(said)
    assert tree(here) == set()


def test_a_terminal_that_agrees_starts_the_job(here):
    code, out, err = at_a_terminal(b"y\n", *SOON, "--json", cwd=here)
    assert code == 0
    assert "Start? [y/N]:" in err
    assert json.loads(out)["manifest"]["runs"] == 125
    assert load_result(here / "new" / "place").manifest["runs"] == 125


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
def test_plot_refuses_what_is_not_a_result(spiral, here, make):
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
    assert names == sorted(path.stem for path in (ROOT / "scenarios").glob("*.yaml"))
    assert {"october-2023", "tower-22", "deterrence-only"} <= set(names)


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

COMMANDS = (
    *("run", "plan", "results", "plot", "check", "evidence", "scenarios", "trace", "why", "play"),
    *("sweep", "compare", "dilemma", "sensitivity", "discover", "policy", "warnings"),
    *("calibrate", "validate", "forecast", "rivals"),
)


def test_help_names_every_command(spiral):
    listed = spiral("--help")[1].split("Commands:")[1]
    assert {line.split()[0] for line in listed.splitlines() if re.match("  [a-z]", line)} == set(COMMANDS)


@pytest.mark.parametrize(
    "args",
    [(), *((name,) for name in COMMANDS), ("results", "verify")],
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
    assert process(*command[1:], "--fresh", cwd=here).stderr == ""


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


def test_a_place_that_begins_with_a_tilde_is_taken_as_it_is(spiral, here, monkeypatch):
    monkeypatch.setenv("HOME", str(here / "home"))
    code, _, err = spiral("run", "october-2023", *QUICK, "--out", "~/x")
    assert (code, err) == (0, "")
    assert (here / "~" / "x" / "daily.csv").is_file()
    assert not (here / "home").exists()


def test_a_result_that_was_moved_is_gone_on_with_where_it_is(spiral, here):
    spiral("run", "october-2023", *QUICK, "--out", "old/place")
    (here / "old").rename(here / "new")
    (here / "new" / "place" / "daily.csv").unlink()
    _, out, _ = spiral("results", "--under", "new")
    assert "is missing" in out
    assert "--out new/place` mends it" in out
    assert "old/place" not in out


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-"])
def test_a_closed_stream_stops_no_run(here, closed):
    command = f'"{SPIRAL}" run october-2023 {" ".join(QUICK)} --out x {closed}'
    done = subprocess.run(
        ["sh", "-c", command], cwd=here, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (here / "x" / "manifest.json").is_file()
