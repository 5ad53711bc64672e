"""A cluster of processes."""

import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.simulate import workers
from tests.simulate.cluster.processes import DEADLINE, WORK, Processes


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
def quiet(capfd, monkeypatch) -> Iterator[None]:
    """Nothing is written but by whoever is told, nothing waits for ever, and a slow machine is no reason to speak."""

    def fail(*_: object) -> None:
        raise AssertionError("waited for ever")

    monkeypatch.setattr(workers, "WAIT_BEFORE_SAYING_SECONDS", DEADLINE)
    monkeypatch.setattr(workers, "WAIT_BEFORE_GIVING_UP_SECONDS", DEADLINE)
    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(DEADLINE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    assert capfd.readouterr() == ("", "")
