"""A process that has imported all that a mutant cannot change, and forks for the tests of each.

`python -m tests.mutants.warm PART`, in the copy, reads a line of JSON for each thing that is to be run, and writes one.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import resource
import select
import signal
import sys
import time
from typing import Any

import numba
import pytest

from tests.mutants.parts import PARTS, PLAINLY

LIBRARIES = (
    "click", "hypothesis", "hypothesis.strategies", "hypothesis.extra", "jinja2", "numba.core.registry", "numpy.random",
    "pandas", "pyarrow.parquet", "pydantic", "rich.console", "rich.table", "ruamel.yaml", "scipy.special",
    "scipy.stats", "unittest.mock",
)  # fmt: skip
OPTIONS = ("-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", "--hypothesis-seed=1")
WAIT = 10  # times the processor time that a mutant may take, on a busy machine
MEMORY = 8 << 30  # bytes


class First:
    """A plugin that keeps the name of the first test that fails."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep it."""
        if report.failed and not self.name:
            self.name = report.nodeid

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file that cannot be imported fails too."""
        if report.failed and not self.name:
            self.name = f"{report.nodeid} (import)"


def ready(part: str) -> None:
    """Import what mutants of this part leave as it is, and nothing of the part."""
    for name in (*LIBRARIES, *PARTS[part].below):
        importlib.import_module(name)
    broken = os.path.join(os.getcwd(), part)
    loaded = [n for n, m in sys.modules.items() if (getattr(m, "__file__", None) or "").startswith(broken)]
    assert not loaded, f"imported before it is broken: {loaded}"


def tested(asked: dict[str, Any]) -> dict[str, Any]:
    """Run tests in a fork: exit code (negative: the signal that ended it), the first that failed, seconds."""
    began, (read, write) = time.monotonic(), os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        _test(asked, write)
    os.close(write)
    with contextlib.suppress(OSError):  # it may have done so itself, and have ended
        os.setpgid(child, child)
    try:
        told = _heard(read, began + WAIT * asked["limit"])
    except BaseException:  # this process is to end, as by Ctrl-C
        os.killpg(child, signal.SIGKILL)
        raise
    if told is None:
        os.killpg(child, signal.SIGKILL)
    os.close(read)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {"code": code, "by": (told or b"").decode(errors="replace"), "seconds": time.monotonic() - began}


def _heard(read: int, until: float) -> bytes | None:
    """All that is written to a pipe before it is closed, or None if it is not closed in time."""
    told = b""
    while select.select([read], [], [], max(0.0, until - time.monotonic()))[0]:
        part = os.read(read, 4096)
        if not part:
            return told
        told += part
    return None


def _test(asked: dict[str, Any], write: int) -> None:
    """In the fork: run the tests and end."""
    code = 3
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CPU, (asked["limit"], asked["limit"] + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        quiet = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.dont_write_bytecode = not asked["sound"]
        os.environ["NUMBA_DISABLE_JIT"] = str(int(asked["how"] == PLAINLY))
        os.environ["SPIRAL_CACHE_DIR"] = asked["cache"]
        numba.core.config.reload_config()
        first = First()
        code = int(pytest.main([*OPTIONS, "-m", asked["marks"], *asked["tests"].split()], plugins=[first]))
        os.write(write, first.name.encode()[:2000])
        sys.stdout.flush()
    finally:
        os._exit(code)


def main() -> None:
    """Answer until there is no more to read."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    ready(sys.argv[1])
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(tested(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
