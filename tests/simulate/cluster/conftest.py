"""A cluster of processes."""

import signal
import sys
from collections.abc import Iterator

import pytest

from tests.simulate.cluster.processes import DEADLINE, WORK


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
