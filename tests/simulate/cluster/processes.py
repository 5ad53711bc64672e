"""Schedulers and workers as processes of their own, over loopback."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

DEADLINE = 300

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


def fatal(folder, item):
    (Path(folder) / str(os.getpid())).touch()
    os.kill(os.getpid(), signal.SIGKILL)


def slow(folder, item):
    (Path(folder) / str(item)).touch()
    time.sleep(0.1)


def full(item):
    if item == 3:
        raise OSError(28, "No space left\\non device")
    return item


def full_once(folder, item):
    mark = Path(folder) / "full"
    if not mark.exists():
        mark.touch()
        raise OSError(28, "No space left on device")
    return item
'''
NO_SPIRAL = """
import sys

class Nowhere:
    def find_spec(self, name, path=None, target=None):
        if name == "sim" or name.startswith("sim."):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Nowhere())
"""


class Processes:
    """A scheduler and workers as they are started from a shell, all ended at last."""

    def __init__(self, folder: Path, found: Path):
        self.folder, self.found, self.started = folder, found, []
        self.scheduler, self.address = self.start_scheduler()

    def run(self, *words: str, preload: str = "") -> subprocess.Popen:
        if preload:
            script = self.folder / f"preload{len(self.started)}.py"
            script.write_text(preload)
            words = (*words, "--preload", str(script))
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
        """Start one that has no Spiral, which it does not need."""
        file = self.folder / "scheduler.json"
        words = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
        process = self.run("distributed.cli.dask_scheduler", *words, preload=NO_SPIRAL)
        until(lambda: file.exists() and file.read_text().rstrip().endswith("}"))
        return process, json.loads(file.read_text())["address"]

    def start_worker(self, *words: str, preload: str = "") -> subprocess.Popen:
        common = (
            "--host", "127.0.0.1", "--nthreads", "1", "--no-dashboard", "--memory-limit", "0",
            "--no-nanny",
        )  # fmt: skip
        place = ("--local-directory", str(self.folder))
        words = (self.address, *common, *place, *words)
        return self.run("distributed.cli.dask_worker", *words, preload=preload)

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
