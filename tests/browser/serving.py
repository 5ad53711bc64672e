"""A page served by a process of its own, for tests and benchmarks that look at it in a browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY = re.compile(r"Spiral is at (http://\S+)")


@contextmanager
def served(*words: str, folder: Path, port: int) -> Iterator[tuple[str, int]]:
    """Address of the dashboard, and the number of the process that serves it; it ends with the block."""
    code = "from sim.cli import main; main()"
    with started(code, "dashboard", *words, "--port", str(port), folder=folder, ready=READY) as found:
        yield found


@contextmanager
def started(code: str, *words: str, folder: Path, ready: re.Pattern[str]) -> Iterator[tuple[str, int]]:
    """The same of any code that says where it serves, given words as its arguments."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        (sys.executable, "-c", code, *words),
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    try:
        assert server.stdout is not None
        for line in server.stdout:
            said.append(line)
            if found := ready.search(line):
                yield found[1], server.pid
                break
        else:
            raise AssertionError("".join(said))
    finally:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
