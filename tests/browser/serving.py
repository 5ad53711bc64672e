"""The dashboard served by a process of its own, for tests and benchmarks that look at it in a browser."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
READY = re.compile(r"Spiral is at (http://\S+)")


@contextmanager
def served(*words: str, folder: Path, port: int) -> Iterator[tuple[str, int]]:
    """Address of a page, and the number of the process that serves it; it ends with the block."""
    started: Sequence[str] = (
        sys.executable, "-c", "from sim.cli import main; main()", "dashboard", *words, "--port", str(port),
    )  # fmt: skip
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    server = subprocess.Popen(
        started, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    said = []
    try:
        assert server.stdout is not None
        for line in server.stdout:
            said.append(line)
            if found := READY.search(line):
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
