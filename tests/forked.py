"""Commands in processes of their own, forked from one that has loaded what they need.

A process that is started afresh takes seconds to load numpy, numba, pandas and the model; one that is forked takes none
of them. It has its own working folder, environment, standard streams and session, gets signals and is killed like any
other. What hangs on the interpreter's start or end (encodings, closed streams, imports) is tested with a fresh one.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[1]
MOST = 1 << 20  # bytes of a request
PIPE = subprocess.PIPE


class Forked:
    """A command under way, as `subprocess.Popen` has it; stdout and stderr are read once it has ended.

    Parameters
    ----------
    args : of `spiral`, without the program's name
    cwd : its working folder
    code : Python to run in place of `spiral`, with `args` as `sys.argv[1:]`
    env : its whole environment; that of this process where left out
    stdin, stdout, stderr : file descriptors, which stay the caller's to close; where left out /dev/null, and files
        that `communicate` reads
    """

    def __init__(
        self,
        args: Sequence[str],
        cwd: Path,
        code: str | None = None,
        env: Mapping[str, str] | None = None,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
    ) -> None:
        self.args, self.returncode = list(args), None
        self.streams = tuple(tempfile.TemporaryFile() for _ in range(2))  # noqa: SIM115
        request = {"args": self.args, "cwd": str(cwd), "code": code, "env": dict(env or os.environ)}
        self.line = socket.socket(socket.AF_UNIX)
        self.line.connect(_parent())
        nothing = os.open(os.devnull, os.O_RDONLY)
        files = (nothing, *(stream.fileno() for stream in self.streams))
        fds = [file if fd is None else fd for fd, file in zip((stdin, stdout, stderr), files, strict=True)]
        socket.send_fds(self.line, [json.dumps(request).encode() + b"\n"], fds)
        os.close(nothing)
        self.told = self.line.makefile("r")
        self.pid = int(self.told.readline())

    def wait(self, timeout: float | None = None) -> int:
        """Exit code once it has ended, the signal's number below zero if one has ended it."""
        if self.returncode is None:
            self.line.settimeout(timeout)
            try:
                self.returncode = int(self.told.readline())
            except TimeoutError:
                raise subprocess.TimeoutExpired(self.args, timeout or 0.0) from None
        return self.returncode

    def poll(self) -> int | None:
        """Exit code, or None while it lives."""
        if self.returncode is None:
            self.line.setblocking(False)
            try:
                there = self.line.recv(1, socket.MSG_PEEK)
            except BlockingIOError:
                return None
            assert there
            self.line.setblocking(True)
            return self.wait()
        return self.returncode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it has written to stdout and stderr, once it has ended."""
        self.wait(timeout)
        return self._read(self.streams[0]), self._read(self.streams[1])

    def send_signal(self, which: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, which)

    def kill(self) -> None:
        """End it at once, unless it has ended."""
        self.send_signal(signal.SIGKILL)

    @staticmethod
    def _read(stream: IO[bytes]) -> str:
        stream.seek(0)
        return stream.read().decode()


def run(
    args: Sequence[str], cwd: Path, timeout: float, code: str | None = None, **more: object
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, as `subprocess.run` does with its output captured as text."""
    child = Forked(args, cwd, code, **more)  # type: ignore[arg-type]
    try:
        out, err = child.communicate(timeout)
    finally:
        child.kill()
    return subprocess.CompletedProcess(child.args, child.wait(), out, err)


@cache
def _parent() -> str:
    """Address of the process that all are forked from; it ends with this one."""
    place = tempfile.TemporaryDirectory(prefix="forked-")
    atexit.register(place.cleanup)
    address = str(Path(place.name) / "line")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", address], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip
    atexit.register(process.kill)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return address


def _load() -> None:
    import pandas
    import pyarrow.parquet

    import sim.cli.main
    import sim.experiments.run
    import sim.simulate.blocks
    from sim.scenario import load_scenario
    from sim.simulate.fingerprint import fingerprint
    from sim.simulate.job import make_job

    fingerprint()
    sim.simulate.blocks.simulate_block(make_job(load_scenario("october-2023", ["end=2023-10-20"])), 0, 1)
    assert threading.active_count() == 1, "whoever forks must have no threads"
    del pandas, pyarrow, sim


def _serve(address: str) -> None:
    """Fork a keeper for each request, who forks the command and tells its number and, at last, how it ended."""
    _load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        print("ready", flush=True)
        while (
            sys.stdin not in select.select([listening, sys.stdin], [], [])[0]
        ):  # which ends with who started us
            line, _ = listening.accept()
            if os.fork() == 0:
                _keep(line)
            line.close()


def _keep(line: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request, fds, _, _ = socket.recv_fds(line, MOST, 3)
    while not request.endswith(b"\n"):
        request += line.recv(MOST)
    child = os.fork()
    if child == 0:
        line.close()
        os.setsid()
        _live(json.loads(request), fds)
    for fd in fds:
        os.close(fd)
    line.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    line.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _live(request: Mapping[str, object], fds: Sequence[int]) -> None:
    """Be the command, to its end."""
    for place, fd in enumerate(fds):
        os.dup2(fd, place)
    os.closerange(3, 4096)
    sys.stdin, sys.stdout, sys.stderr = (
        open(place, mode, encoding="utf-8", closefd=False)  # noqa: SIM115
        for place, mode in enumerate("rww")
    )
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(str(request["cwd"]))
    os.environ.clear()
    os.environ.update(request["env"])  # type: ignore[call-overload]
    sys.argv = ["spiral", *request["args"]]  # type: ignore[misc]
    code = request["code"]
    try:
        if code is None:
            from sim.cli.main import main

            main()
        else:
            exec(compile(str(code), "given", "exec"), {"__name__": "__main__"})
        ended: object = 0
    except SystemExit as leaving:
        ended = leaving.code
    except BaseException:
        sys.excepthook(*sys.exc_info())
        ended = 1
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ended if isinstance(ended, int) else int(ended is not None))


if __name__ == "__main__":
    _serve(sys.argv[1])
