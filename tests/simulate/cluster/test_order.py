"""Workers on a Dask cluster: addresses, and the order and equality of what comes back."""

import itertools
import math
import os
import socket
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import dask
import numpy as np
import pytest

from sim.scenario import load_scenario
from sim.simulate import cluster, workers
from sim.simulate.cluster import BadAddress, ClusterError, open_cluster
from sim.simulate.job import make_job, simulate
from tests.simulate.cluster.processes import Processes, until


@pytest.fixture(scope="module")
def shared(tmp_path_factory, work) -> Iterator[Processes]:
    """A scheduler with one worker, for tests that leave it as it is."""
    processes = Processes(tmp_path_factory.mktemp("shared"), Path(work.__file__).parent)
    processes.start_worker()
    yield processes
    processes.end()


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
    monkeypatch.setattr(cluster, "CONNECT_WITHIN_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    nobody = f"^{address}: no Dask scheduler (answers|can be reached)"
    with pytest.raises(ClusterError, match=nobody) as told, open_cluster(address, said.append):
        pass
    assert not isinstance(told.value, BadAddress)
    assert "\n" not in str(told.value)


def test_another_service_at_the_address_is_told_in_one_line(said, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECT_WITHIN_SECONDS", 1.0)
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


def test_local_workers_share_the_work_and_keep_its_order_until_it_kills_one(work, said, tmp_path):
    squares, pids = [], set()
    none_may_die = dask.config.set({"distributed.scheduler.allowed-failures": 0})
    with none_may_die, open_cluster("local:2", said.append) as pool:
        for square, pid in pool(work.square_by, itertools.count()):
            squares.append(square)
            pids.add(pid)
            if len(pids) == 2 and len(squares) > 20:
                break
        assert list(pool(math.factorial, range(50))) == [math.factorial(n) for n in range(50)]
        with pytest.raises(ClusterError, match=r"^local:2: 1 workers died .* too little memory$"):
            list(pool(partial(work.fatal, str(tmp_path)), [0]))
    assert len(list(tmp_path.iterdir())) == 1
    assert squares == [n * n for n in range(len(squares))]
    assert os.getpid() not in pids
    assert said == []


def test_few_items_are_taken_ahead(shared, work, said):
    taken = []
    with open_cluster(shared.address, said.append) as pool:
        items = (taken.append(n) or n for n in range(60))
        for done, (square, _) in enumerate(pool(work.square_by, items)):
            assert square == done * done
            assert len(taken) <= done + 1 + workers.ITEMS_PER_THREAD
    assert taken == list(range(60))


def test_what_is_no_longer_wanted_is_taken_back_and_nothing_left_behind(
    shared, work, said, tmp_path, monkeypatch
):
    from distributed import Client

    monkeypatch.setattr(workers, "ITEMS_PER_THREAD", 20)
    with open_cluster(shared.address, said.append) as pool:
        results = pool(partial(work.slow, str(tmp_path)), itertools.count())
        next(results), next(results)  # the first may have been asked for alone
        results.close()
        with Client(shared.address, set_as_default=False) as client:
            until(lambda: not client.run_on_scheduler(lambda dask_scheduler: len(dask_scheduler.tasks)))
    assert len(list(tmp_path.iterdir())) < 20


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


def test_what_fails_once_is_tried_again(shared, work, said, tmp_path):
    with open_cluster(shared.address, said.append) as pool:
        assert list(pool(partial(work.full_once, str(tmp_path)), range(5))) == list(range(5))
    assert (tmp_path / "full").exists()
    assert said == []
