"""Bad input is one line and exit code 2, a failure is one line and exit code 1; neither leaves anything behind."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.cli.commands import ALL, BLOCKS, OCTOBER, PATIENCE, QUICK, ROOT, SPIRAL, contents, one_error, tree

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
        patch.setattr("sim.pipeline.answers.write_answer", full)
        code, out, err = spiral(*command)
    assert (code, out) == (1, "")
    assert one_error(err) == (
        "spiral: new/place: cannot be written: No space left on device; "
        "18,000 of 18,000 runs are kept, and the same command goes on from there"
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


def test_a_wrong_number_of_runs_is_told_by_its_own_option(spiral, here):
    code, out, err = spiral("run", "october-2023", "--runs", "1e12")
    assert (code, out) == (2, "")
    assert err.startswith("spiral: --runs: runs = 1e+12: must be a whole number")
