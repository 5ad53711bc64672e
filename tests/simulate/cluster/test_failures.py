"""Workers on a Dask cluster that die, differ, come late, or lose their scheduler."""

import itertools
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from sim.simulate import dispatch, workers
from sim.simulate.cluster import ClusterError, open_cluster
from tests.simulate.cluster.processes import DEADLINE, Processes

ONE_BIT = """
import numpy as np
from sim.simulate import parameter_draws

def _rows_of_columns(columns, count):
    name = "us.readiness"
    return table(dict(columns) | {name: np.nextafter(columns[name], np.inf)}, count)

if parameter_draws.rows_of_columns.__module__ == "sim.simulate.parameter_draws":  # Dask loads this twice
    table, parameter_draws.rows_of_columns = parameter_draws.rows_of_columns, _rows_of_columns
"""
BROKEN = """
import sim.simulate.fingerprint

def fails():
    raise OSError(28, "No space left on device")

sim.simulate.fingerprint._arithmetic = fails
"""
NO_SPIRAL = """
import sys

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name == "sim" or name.startswith("sim."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Nowhere())
"""


@pytest.fixture
def own(tmp_path, work) -> Iterator[Processes]:
    """A scheduler without workers."""
    processes = Processes(tmp_path, Path(work.__file__).parent)
    yield processes
    processes.end()


# Workers that die


def test_the_runs_of_a_killed_worker_are_done_by_another(own, work, said):
    first, _ = own.start_worker(), own.start_worker()
    squares, pids = [], set()
    with open_cluster(own.address, said.append) as pool:
        for square, pid in pool(work.square_by, itertools.count()):
            squares.append(square)
            pids.add(pid)
            if len(pids) == 2:
                break_after = len(squares) + 40
                os.kill(first.pid, signal.SIGKILL)
                pids.add(0)
            if len(pids) > 2 and len(squares) >= break_after:
                break
    assert squares == [n * n for n in range(len(squares))]


def test_a_worker_that_its_nanny_restarts_goes_on(own, work, said, tmp_path):
    own.start_worker(nanny=True)
    with open_cluster(own.address, said.append) as pool:
        done = list(pool(partial(work.square_fatal_once, str(tmp_path)), range(12)))
    assert (tmp_path / "died").exists()
    assert done == [n * n for n in range(12)]


def test_runs_wait_for_a_new_worker_when_the_only_one_is_killed(own, work, said, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.0)
    only, squares = own.start_worker(), []

    def say(line: str) -> None:
        said.append(line)
        if only.poll() is not None and len(own.started) == 2:
            own.start_worker()

    with open_cluster(own.address, say) as pool:
        for square, _ in pool(work.square_by, range(30)):
            squares.append(square)
            if len(squares) == 5:
                own.end([only])
    assert squares == [n * n for n in range(30)]
    assert f"{own.address}: waiting for workers; there are none now" in said
    assert len(own.started) == 3


def test_what_kills_every_worker_is_given_up(work, said, monkeypatch):
    monkeypatch.setattr(dispatch, "MOST_DEATHS", 2)
    with (
        open_cluster("local:1", said.append) as pool,
        pytest.raises(ClusterError, match=r"^local:1: 2 workers died .* too little memory$"),
    ):
        list(pool(work.fatal, range(3)))


# Workers that differ, and workers that come late


def test_no_worker_that_differs_gets_any_work(own, work, said, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.0)
    own.start_worker("--name", "wrong", preload=ONE_BIT)
    with (
        open_cluster(own.address, lambda line: None) as pool,
        pytest.raises(
            ClusterError,
            match=r"no worker there can be used: wrong \(tcp://.*\) is refused: its arithmetic differs",
        ),
    ):
        list(pool(math.factorial, range(3)))
    bare, _ = own.start_worker(preload=NO_SPIRAL), own.start_worker(preload=BROKEN)
    good = own.start_worker()
    monkeypatch.setattr(workers, "PATIENCE", DEADLINE)
    said.clear()
    squares, pids = [], set()
    with open_cluster(own.address, said.append) as pool:
        for square, pid in pool(work.square_by, itertools.count()):
            squares.append(square)
            pids.add(pid)
            if len(squares) >= 60 and len(said) >= 3:
                break
    assert squares == [n * n for n in range(len(squares))]
    assert pids == {good.pid}
    assert bare.poll() is None  # refused, and left alone
    assert sorted(line.split(" is refused: ")[1] for line in said) == [
        "OSError: [Errno 28] No space left on device",
        "its arithmetic differs in some bit",
        "this version of Spiral is not installed there",
    ]


def test_a_worker_that_comes_late_is_waited_for_and_another_gets_work_too(own, work, said, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.0)
    squares, pids = [], set()

    def say(line: str) -> None:
        if not said:
            own.start_worker()
        said.append(line)

    with open_cluster(own.address, say) as pool:
        for square, pid in pool(work.square_by, itertools.count()):
            if not squares:
                own.start_worker()
            squares.append(square)
            pids.add(pid)
            if len(pids) == 2:
                break
    assert squares == [n * n for n in range(len(squares))]
    assert said[0] == f"{own.address}: waiting for workers; there are none now"


# A scheduler that dies, a person who stops


def test_a_scheduler_that_is_lost_is_told_in_one_line(own, work, said):
    own.start_worker()
    squares = []

    def take(pool) -> None:
        for square, _ in pool(work.square_by, itertools.count()):
            squares.append(square)
            if len(squares) == 10:
                os.kill(own.scheduler.pid, signal.SIGKILL)

    lost = r"^tcp://127.*: the scheduler is lost"
    with open_cluster(own.address, said.append) as pool, pytest.raises(ClusterError, match=lost) as told:
        take(pool)
    assert len(squares) >= 10
    assert squares == [n * n for n in range(len(squares))]
    assert "\n" not in str(told.value)


INTERRUPTED = """
import time
from sim.simulate.cluster import open_cluster

if __name__ == "__main__":
    try:
        with open_cluster("local:2", print) as pool:
            for _ in pool(time.sleep, [0.05] * 10_000):
                print("done", flush=True)
    except KeyboardInterrupt:
        print("stopped", flush=True)
"""


def test_whoever_stops_it_sees_no_traceback(tmp_path):
    script = tmp_path / "interrupted.py"
    script.write_text(INTERRUPTED, encoding="utf-8")
    place = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen(
        [sys.executable, str(script)],
        env=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
        out, err = process.communicate(timeout=DEADLINE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert out.endswith("stopped\n")
    assert err == ""
    assert process.returncode == 0
