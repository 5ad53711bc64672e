"""Workers on a Dask cluster: real schedulers and workers over loopback, which die, differ, come late, or never.

No test asserts how long something takes; a deadline only keeps a broken one from waiting for ever.
"""

import itertools
import json
import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from sim.scenario import load_scenario
from sim.simulate import cluster, dispatch, workers
from sim.simulate.cluster import BadAddress, ClusterError, open_cluster
from sim.simulate.job import make_job, simulate

DEADLINE = 120

WORK = '''
"""What the workers do in these tests."""
import os, signal, time
from pathlib import Path

import numpy as np
from sim.simulate.job import simulate


def outcomes(job, first):
    return np.asarray(simulate(job, np.arange(first, first + 50, dtype=np.uint64)))["outcome"].tobytes()


def square_by(item):
    time.sleep(0.02)
    return item * item, os.getpid()


def square_fatal_once(folder, item):
    """Kill its own process, once, at item 5."""
    mark = Path(folder) / "died"
    if item == 5 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return item * item


def fatal(item):
    os.kill(os.getpid(), signal.SIGKILL)


def full(item):
    if item == 3:
        raise OSError(28, "No space left\\non device")
    return item
'''
ONE_BIT = """
import numpy as np
from sim import parameter_rows

def _rows_of_columns(columns, count):
    name = "us.readiness"
    return table(dict(columns) | {name: np.nextafter(columns[name], np.inf)}, count)

if parameter_rows.rows_of_columns.__module__ == "sim.simulate.parameter_draws":  # Dask loads this twice
    table, parameter_rows.rows_of_columns = parameter_rows.rows_of_columns, _rows_of_columns
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


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[object]:
    """A module that workers find too."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "cluster_work.py").write_text(WORK, encoding="utf-8")
    sys.path.insert(0, str(folder))
    import cluster_work

    yield cluster_work
    sys.path.remove(str(folder))
    del sys.modules["cluster_work"]


class Processes:
    """A scheduler and workers as they are started from a shell, all ended at last."""

    def __init__(self, folder: Path, found: Path):
        self.folder, self.found, self.started = folder, found, []
        self.scheduler, self.address = self.start_scheduler()

    def run(self, *words: str) -> subprocess.Popen:
        place = {**os.environ, "PYTHONPATH": os.pathsep.join([str(self.found), *sys.path])}
        self.started.append(
            subprocess.Popen(
                [sys.executable, "-m", *words],
                cwd=self.folder,
                env=place,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        return self.started[-1]

    def start_scheduler(self) -> tuple[subprocess.Popen, str]:
        file = self.folder / "scheduler.json"
        words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        process = self.run("distributed.cli.dask_scheduler", *words)
        until(lambda: file.exists() and file.read_text().rstrip().endswith("}"))
        return process, json.loads(file.read_text())["address"]

    def start_worker(self, *words: str, preload: str = "", nanny: bool = False) -> subprocess.Popen:
        if preload:
            script = self.folder / f"preload{len(self.started)}.py"
            script.write_text(preload)
            words = (*words, "--preload", str(script))
        common = ("--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--memory-limit", "0")
        watched = "--nanny" if nanny else "--no-nanny"
        place = ("--local-directory", str(self.folder))
        return self.run("distributed.cli.dask_worker", self.address, *common, *place, watched, *words)

    def end(self, processes: list[subprocess.Popen] | None = None) -> None:
        for process in self.started if processes is None else processes:
            if process.poll() is None:  # its group, with the workers of a nanny
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def until(so: Callable[[], bool]) -> None:
    """Wait for something to become so."""
    end = time.monotonic() + DEADLINE
    while not so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.fixture(scope="module")
def shared(tmp_path_factory, work) -> Iterator[Processes]:
    """A scheduler with one worker, for tests that leave it as it is."""
    processes = Processes(tmp_path_factory.mktemp("shared"), Path(work.__file__).parent)
    processes.start_worker()
    yield processes
    processes.end()


@pytest.fixture
def own(tmp_path, work) -> Iterator[Processes]:
    """A scheduler without workers."""
    processes = Processes(tmp_path, Path(work.__file__).parent)
    yield processes
    processes.end()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture(autouse=True)
def quiet(capfd) -> Iterator[None]:
    """Nothing is written but by whoever is told, and nothing waits for ever."""

    def fail(*_: object) -> None:
        raise AssertionError("waited for ever")

    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(DEADLINE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    assert capfd.readouterr() == ("", "")


# Addresses


@pytest.mark.parametrize(
    "where",
    [
        "", "foo", "local", "local:", "local:0", "local:x", "local:-1", "local:1025", "local:99999", "tcp://",
        "tcp://host", "tcp://:8786", "tcp://host:0", "tcp://host:70000", "tcp://host:x", "tcp://a b:1", "host:8786",
        "carrier-pigeon://host:1", "pigeon://host:8786",
    ],
)  # fmt: skip
def test_what_is_no_address_is_told_in_one_line(where, said):
    with pytest.raises(BadAddress) as told, open_cluster(where, said.append):
        pass
    assert str(told.value).startswith(where)
    assert "\n" not in str(told.value)


def test_nobody_at_the_address_is_told_in_one_line(said, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECTING", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    nobody = f"^{address}: no Dask scheduler (answers|can be reached)"
    with pytest.raises(ClusterError, match=nobody) as told, open_cluster(address, said.append):
        pass
    assert not isinstance(told.value, BadAddress)
    assert "\n" not in str(told.value)


def test_another_service_at_the_address_is_told_in_one_line(said, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECTING", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        nobody = f"^{address}: no Dask scheduler (answers|can be reached)"
        with pytest.raises(ClusterError, match=nobody), open_cluster(address, said.append):
            pass


def test_encryption_without_certificates_is_told_in_one_line(said):
    with pytest.raises(ClusterError, match=r"certificate"), open_cluster("tls://127.0.0.1:8786", said.append):
        pass


def test_without_the_extra_that_is_told(said, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    extra = r"pip install 'spiral-sim\[cluster\]'"
    with pytest.raises(ClusterError, match=extra), open_cluster("local:1", said.append):
        pass


# Order and equality


def test_one_worker_gives_what_this_process_gives_in_order(shared, work, said):
    job = make_job(load_scenario("october-2023", ["end=2023-12-31"]))
    firsts = range(0, 1000, 50)
    alone = np.asarray(simulate(job, np.arange(1000, dtype=np.uint64)))["outcome"].tobytes()
    with open_cluster(shared.address, said.append) as pool:
        assert b"".join(pool(partial(work.outcomes, job), firsts)) == alone
        assert list(pool(work.outcomes, [])) == []
    assert said == []


def test_local_workers_share_the_work_and_keep_its_order(work, said):
    squares, pids = [], set()
    with open_cluster("local:2", said.append) as pool:
        for square, pid in pool(work.square_by, itertools.count()):
            squares.append(square)
            pids.add(pid)
            if len(pids) == 2 and len(squares) > 20:
                break
        assert list(pool(math.factorial, range(50))) == [math.factorial(n) for n in range(50)]
    assert squares == [n * n for n in range(len(squares))]
    assert os.getpid() not in pids
    assert said == []


def test_few_items_are_taken_ahead(shared, work, said):
    taken = []
    with open_cluster(shared.address, said.append) as pool:
        items = (taken.append(n) or n for n in range(60))
        for done, (square, _) in enumerate(pool(work.square_by, items)):
            assert square == done * done
            assert len(taken) <= done + 1 + dispatch.AHEAD
    assert taken == list(range(60))


def test_what_is_no_longer_wanted_is_taken_back_and_nothing_left_behind(shared, work, said):
    from distributed import Client

    with open_cluster(shared.address, said.append) as pool:
        results = pool(work.square_by, itertools.count())
        assert next(results)[0] == 0
        results.close()
    with Client(shared.address, set_as_default=False) as client:
        until(lambda: not client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))


def test_an_exception_names_its_worker_and_comes_after_the_results_before_it(shared, work, said):
    done = []
    with (
        open_cluster(shared.address, said.append) as pool,
        pytest.raises(ClusterError, match=r"^worker tcp://127.* failed: OSError: .*No space left on device$"),
    ):
        done.extend(pool(work.full, range(10)))
    with open_cluster(shared.address, said.append) as pool:
        assert list(pool(work.full, [5, 4])) == [5, 4]  # the worker is as good as before
    assert done == [0, 1, 2]


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
