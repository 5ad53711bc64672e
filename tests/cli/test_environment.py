"""The environment is input: what libraries read from it ends no command in a traceback."""

import os
import resource
import subprocess
import sys
import warnings

import pytest

from sim.cli import environment
from sim.cli.environment import check_environment, prepare, room_text
from sim.errors import InputError, SpiralError
from tests.cli.commands import PATIENCE, SPIRAL, one_error
from tests.store.jobs import whole_of

# Threads


@pytest.mark.parametrize("given", ["0", "-1", "abc", "1.5", "1e3", "٣", "1025", "9" * 5_000, " ", "0x10"])
def test_a_number_of_threads_that_is_none_is_refused(spiral, monkeypatch, given):
    monkeypatch.setenv("NUMBA_NUM_THREADS", given)
    code, out, err = spiral("scenarios")
    assert (code, out) == (2, "")
    assert "NUMBA_NUM_THREADS = " in one_error(err)
    assert "must be a whole number from 1 to 1,024" in err
    assert len(err) < 2_100


@pytest.mark.parametrize("given", ["1", "4", "1000", ""])
def test_a_number_of_threads_is_taken(monkeypatch, given):
    monkeypatch.setenv("NUMBA_NUM_THREADS", given)
    check_environment()


# Room


@pytest.mark.parametrize("name", ["RLIMIT_AS", "RLIMIT_DATA"])
def test_too_little_address_space_is_told_before_a_library_ends_the_process(spiral, monkeypatch, name):
    usual = resource.getrlimit

    def limited(which: int) -> tuple[int, int]:
        return (700_000_000, -1) if which == getattr(resource, name) else usual(which)

    monkeypatch.setattr(resource, "getrlimit", limited)
    code, out, err = spiral("results")
    assert (code, out) == (1, "")
    assert "700 MB of memory may be asked for (ulimit -" in one_error(err)
    assert err.endswith("the libraries take 1,400 MB\n")


ERRORS = [
    MemoryError(), MemoryError("Unable to allocate 8. GiB"), RuntimeError("can't start new thread"),
    ImportError("lib.so: failed to map segment from shared object"),
    ImportError("libgomp.so: cannot allocate memory in static TLS block"),
    OSError("Could not find/load shared object file 'libllvmlite.so'"),
]  # fmt: skip


@pytest.mark.parametrize("error", ERRORS, ids=str)
def test_what_libraries_say_of_too_little_memory_is_one_line(spiral, monkeypatch, error):
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("sim.cli.listing.scenarios_command", failing)
    code, out, err = spiral("scenarios")
    assert (code, out) == (1, "")
    assert one_error(err)


def test_other_errors_are_not_taken_for_it(spiral, monkeypatch):
    monkeypatch.setattr("sim.cli.listing.scenarios_command", lambda: [][1])
    with pytest.raises(IndexError):
        spiral("scenarios")
    assert room_text(KeyError("memory")) == ""


# What else libraries read


def test_a_warning_is_one_line(capfd, monkeypatch):
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    for name in ("MPLBACKEND", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "nonsense")
    prepare()
    assert os.environ["MPLBACKEND"] == "agg"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "nonsense"  # as the user has it
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = environment._in_one_line
        warnings.warn("'NUMBA_OPT' could not be parsed.\nTraceback:\n  File x", RuntimeWarning, stacklevel=1)
    assert capfd.readouterr().err == "spiral: warning: 'NUMBA_OPT' could not be parsed.\n"


ODD = {
    "MPLBACKEND": "nonsense", "OMP_NUM_THREADS": "abc", "OPENBLAS_NUM_THREADS": "-1", "NUMBA_OPT": "abc",
    "NUMBA_DISABLE_JIT": "", "TZ": "nonsense", "COLUMNS": "0", "TERM": "nonsense",
    "LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii",
    "NO_COLOR": "", "TMPDIR": "/nowhere", "PYTHONOPTIMIZE": "2",
}  # fmt: skip


def test_all_at_once_a_figure_is_drawn_and_a_list_printed(here):
    code = "from matplotlib.figure import Figure; from sim.report.figures.style import style\n"
    code += "import sys; from sim.cli.main import main; import numba\n"
    code += "with style():\n    Figure()\nsys.argv = ['spiral', 'results']\nmain()"
    prepared = "from sim.cli.environment import prepare; prepare()\n" + code
    whole_of(here / "results" / "戦", {}, runs=7)
    done = subprocess.run(
        [sys.executable, "-c", prepared],
        cwd=here,
        env=os.environ | ODD,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    assert b"|whole |" in done.stdout


def test_a_limit_of_the_shell_is_told_by_the_command_itself(here):
    limited = f"ulimit -v 300000; exec {SPIRAL} check october-2023"
    done = subprocess.run(
        ["sh", "-c", limited], cwd=here, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "307 MB of memory may be asked for (ulimit -v)" in one_error(done.stderr)


def test_errors_of_the_environment_are_errors_of_spiral():
    assert issubclass(InputError, SpiralError)
