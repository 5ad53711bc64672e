"""Workers on a Dask cluster that die, differ, come late, or lose their scheduler."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from functools import partial

import dask
import pytest

from sim.simulate import workers
from sim.simulate.cluster import ClusterError, open_cluster
from tests.simulate.cluster.processes import DEADLINE, NO_SPIRAL

ONE_BIT = """
import numpy as np
from sim.simulate import fingerprint, parameter_draws

fingerprint.remembered = lambda what, work_out: work_out()  # as on a machine of its own

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


class Taken:
    """Squares taken from a pool, and the processes that they come from."""

    def __init__(self, results: Generator):
        self.results, self.squares, self.pids = results, [], []

    def until(self, so: Callable[[], bool]) -> None:
        while not so():
            square, pid = next(self.results)
            self.squares.append(square)
            self.pids.append(pid)

    def more(self, number: int) -> None:
        goal = len(self.squares) + number
        self.until(lambda: len(self.squares) == goal)

    def in_order(self) -> bool:
        return self.squares == [n * n for n in range(len(self.squares))]


# Workers that come and go


@pytest.mark.verification
def test_workers_come_late_and_are_killed_and_nothing_is_lost(own, work, said, monkeypatch):
    monkeypatch.setattr(workers, "WAIT_BEFORE_SAYING_SECONDS", 0.0)
    begun = []

    def say(line: str) -> None:
        said.append(line)
        begun.append(own.start_worker())

    with open_cluster(own.address, say) as pool:
        taken = Taken(pool(work.square_by, itertools.count()))
        taken.more(5)
        second = own.start_worker()
        taken.until(lambda: second.pid in taken.pids)
        os.kill(begun[0].pid, signal.SIGKILL)
        taken.more(40)
        own.end([second])
        taken.until(lambda: len(begun) == 2 and begun[1].pid in taken.pids)
    assert taken.in_order()
    assert set(taken.pids) == {begun[0].pid, second.pid, begun[1].pid}
    assert said == [f"{own.address}: waiting for workers; there are none now"] * 2


@pytest.mark.verification
def test_a_worker_that_its_nanny_restarts_goes_on_until_too_many_die(work, said, tmp_path):
    with open_cluster("local:1", said.append) as pool:
        assert list(pool(partial(work.square_fatal_once, str(tmp_path)), range(12))) == [
            n * n for n in range(12)
        ]
        assert (tmp_path / "died").exists()
        given_up = pytest.raises(ClusterError, match=r"^local:1: 2 workers died .* too little memory$")
        with dask.config.set({"distributed.scheduler.allowed-failures": 1}), given_up:
            list(pool(partial(work.fatal, str(tmp_path)), [0]))
    assert len(list(tmp_path.iterdir())) == 3  # once above, and two that died of it
    assert said == []


def test_no_worker_that_differs_gets_any_work(own, work, said, monkeypatch):
    others = [
        own.start_worker("--name", "wrong", preload=ONE_BIT),
        own.start_worker(preload=NO_SPIRAL),
        own.start_worker(preload=BROKEN),
    ]
    good = own.start_worker()
    with open_cluster(own.address, said.append) as pool:
        taken = Taken(pool(work.square_by, itertools.count()))
        taken.until(lambda: len(said) == 3)
        taken.more(20)
        own.end([good])
        monkeypatch.setattr(workers, "WAIT_BEFORE_GIVING_UP_SECONDS", 0.0)
        with pytest.raises(ClusterError, match=r": no worker there can be used: .*tcp://.* is refused: "):
            taken.until(lambda: False)
    assert taken.in_order()
    assert set(taken.pids) == {good.pid}
    assert all(worker.poll() is None for worker in others)  # refused, and left alone
    assert sorted(line.split(" is refused: ")[1] for line in said) == [
        "OSError: [Errno 28] No space left on device",
        "its arithmetic is not IEEE's, or its october-2023 is another: the same runs differ in some bit",
        "this version of Spiral is not installed there",
    ]
    assert sum(line.startswith("worker wrong (tcp://127") for line in said) == 1


# A scheduler that dies, a person who stops


def test_a_scheduler_that_is_lost_is_told_in_one_line(own, work, said):
    own.start_worker()
    with open_cluster(own.address, said.append) as pool:
        taken = Taken(pool(work.square_by, itertools.count()))
        taken.more(10)
        os.kill(own.scheduler.pid, signal.SIGKILL)
        with pytest.raises(ClusterError, match=r"^tcp://127.*: the scheduler is lost[^\n]*$"):
            taken.until(lambda: False)
    assert taken.in_order()


INTERRUPTED = """
import time
from sim.simulate.cluster import open_cluster

if __name__ == "__main__":
    try:
        with open_cluster("local:1", print) as pool:
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
        assert "done\n" in process.stdout  # after any word that it waits
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: the workers get it too
        out, err = process.communicate(timeout=DEADLINE)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert out.endswith("stopped\n")
    assert err == ""
    assert process.returncode == 0
