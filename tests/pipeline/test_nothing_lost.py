"""One job, whatever ran it and whatever befell it: the same values, and the same bytes where blocks are the same."""

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from sim.cli.main import cli
from tests import forked
from tests.cli.commands import unwaited

SPIRAL = [str(Path(sys.executable).with_name("spiral"))]
LIVES = Path(__file__).with_name("killed_lives.py")
RUNS, BLOCK = 3_000, 300
SCENARIO = """
extends: october-2023
name: short
question: Does it spiral by 1 December 2023?
end: 2023-12-01
"""
WITHOUT_PRIVILEGE = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]
PATIENCE = 300  # seconds after which a command hangs
IMPATIENT = """
import sim.simulate.cluster
from sim.cli.main import main
sim.simulate.cluster.CONNECT_WITHIN_SECONDS = 1.0
main()
"""
KILLS = 50  # of each seed
full = pytest.mark.verification


def spiral(home: Path, *args: str, before: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    """A command of its own, as from a shell."""
    if before:
        command = [*before, *SPIRAL, *args]
        done = subprocess.run(
            command, cwd=home, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    else:
        done = forked.run(args, home, PATIENCE)
    done.stderr = unwaited(done.stderr)
    return done


def simulate(home: Path, out: str, *args: str) -> Path:
    """A whole run, in a process of its own where it has others work for it."""
    words = ["run", "short.yaml", f"--runs={RUNS}", "--no-figures", f"--out={out}", *args]
    if any(word.startswith("--cluster") for word in args):
        done = spiral(home, *words)
        assert done.returncode == 0, done.stderr
    else:
        with contextlib.chdir(home):
            assert cli.main(words, prog_name="spiral") == 0
    return home / out


def values_of(folder: Path) -> dict[str, str]:
    """SHA-256 over the sorted column values of the outcome table, of the daily tables and of the counts."""
    outcomes = pq.read_table(folder / "runs.parquet").sort_by("run").to_pandas()
    counts = pd.read_parquet(folder / "counts.parquet").replace({"world": {"further runs": "first runs"}})
    counts = counts.groupby(["world", "array", "place"], observed=True)["count"].sum().reset_index()
    tables = {name: pd.read_csv(folder / f"{name}.csv") for name in ("daily", "rungs", "incidence")}
    return {
        name: hashlib.sha256(table[sorted(table.columns)].to_csv(index=False).encode()).hexdigest()
        for name, table in ({"outcomes": outcomes, "counts": counts} | tables).items()
    }


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Every file of a result but the manifest, which tells the time."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    return {
        f.relative_to(folder).as_posix(): f.read_bytes()
        for f in files
        if f.name not in (".lock", "manifest.json")
    }


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jobs")
    (folder / "short.yaml").write_text(SCENARIO)
    return folder


@pytest.fixture(scope="module")
def plain(home: Path) -> Path:
    """The result of one thread, in blocks of 300."""
    return simulate(home, "plain", "--threads=1", f"--block-size={BLOCK}")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and two real workers over loopback: its address, and the workers."""
    dask, told = str(Path(sys.executable).with_name("dask")), tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": tmp_path}
    scheduler = [
        dask, "scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard", f"--scheduler-file={told}",
    ]  # fmt: skip
    processes = [subprocess.Popen(scheduler, **quiet)]
    try:
        end = time.monotonic() + PATIENCE
        while not (told.exists() and told.read_text()):
            assert time.monotonic() < end, "the scheduler does not start"
            time.sleep(0.05)
        address = json.loads(told.read_text())["address"]
        worker = [dask, "worker", address, "--nthreads=1", "--no-dashboard", "--no-nanny"]
        workers = [subprocess.Popen([*worker, f"--name=w{n}"], **quiet) for n in (1, 2)]
        processes += workers
        yield address, workers
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.parametrize("workers", ["--threads=2", pytest.param("--cluster=local:2", marks=full)])
def test_workers_change_no_byte(home: Path, plain: Path, workers: str) -> None:
    other = simulate(home, workers.strip("-").replace(":", "-"), workers, f"--block-size={BLOCK}")
    assert bytes_of(other) == bytes_of(plain)
    assert values_of(other) == values_of(plain)


@pytest.mark.parametrize("size", ["--block-size=200", None])
def test_block_sizes_change_no_value(home: Path, plain: Path, size: str | None) -> None:
    other = simulate(home, f"blocks{size}", *([size] if size else []))
    assert values_of(other) == values_of(plain)
    assert len(list((other / "runs.parquet").iterdir())) != len(list((plain / "runs.parquet").iterdir()))
    assert (other / "estimates.json").read_bytes() == (plain / "estimates.json").read_bytes()


def test_values_tell_results_apart(home: Path, plain: Path) -> None:
    other = simulate(home, "seed", "--random-seed=1", f"--block-size={BLOCK}")
    assert all(
        mine != theirs
        for mine, theirs in zip(values_of(other).values(), values_of(plain).values(), strict=True)
    )


@full
def test_real_scheduler_and_workers(home: Path, plain: Path, cluster: tuple[str, list]) -> None:
    address, _ = cluster
    other = simulate(home, "real", f"--cluster={address}", f"--block-size={BLOCK}")
    assert bytes_of(other) == bytes_of(plain)


@full
def test_worker_killed_half_way(home: Path, plain: Path, cluster: tuple[str, list]) -> None:
    address, workers = cluster
    args = ["run", "short.yaml", f"--runs={RUNS}", "--no-figures", "--out=bereft", f"--cluster={address}"]
    job = forked.Forked([*args, f"--block-size={BLOCK}"], home)
    parts = home / "bereft" / "runs.parquet"
    end = time.monotonic() + PATIENCE
    while job.poll() is None and len(list(parts.glob("part-*"))) < 6:
        assert time.monotonic() < end, "nothing comes of it"
        time.sleep(0.01)
    assert job.poll() is None, "it ended before a worker could be killed"
    workers[0].kill()
    _, err = job.communicate(timeout=PATIENCE)
    assert job.returncode == 0, err
    assert bytes_of(home / "bereft") == bytes_of(plain)


@pytest.mark.parametrize("workers", ["--threads=2", pytest.param("--cluster=local:1", marks=full)])
def test_interrupted_job_goes_on(home: Path, plain: Path, workers: str) -> None:
    """Ctrl-C, then SIGTERM, then on to the end, on other workers each time."""
    out = f"halting{workers}".replace(":", "")
    args = ["run", "short.yaml", f"--runs={RUNS}", "--no-figures", f"--out={out}", f"--block-size={BLOCK}"]
    parts = home / out / "runs.parquet"
    for number, ending in ((2, signal.SIGINT), (5, signal.SIGTERM)):
        job = forked.Forked([*args, f"--threads={number - 1}"], home)
        while job.poll() is None and len(list(parts.glob("part-*"))) < number:
            time.sleep(0.01)
        job.send_signal(ending)
        err = unwaited(job.communicate(timeout=PATIENCE)[1])
        assert job.returncode == 130
        assert err.startswith("spiral: interrupted; ")
        assert err.endswith("runs are kept, and the same command goes on from there\n")
        kept = len(list(parts.glob("part-*")))
        assert number <= kept < RUNS // BLOCK
    before = {part: part.stat().st_ino for part in parts.glob("part-*")}
    simulate(home, out, f"--block-size={BLOCK}", workers)
    assert bytes_of(home / out) == bytes_of(plain)
    assert all(part.stat().st_ino == inode for part, inode in before.items()), "kept parts were written again"


@full
@pytest.mark.parametrize("seed", [1, 2])
def test_a_hundred_kills(tmp_path: Path, seed: int) -> None:
    """100 SIGKILLs, 50 a seed, at random moments of a job of 200 blocks: no file is corrupt, every result the same.

    The moments are random, what must hold is not: it can raise no false alarm.
    """
    command = [sys.executable, str(LIVES), str(tmp_path), str(KILLS), str(seed)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["kills"] == KILLS
    assert told["blocks"] == 200
    assert told["results"] >= 1
    assert told["within"] >= 10, "hardly any kill fell between the first block and the last"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of less than the job takes."""
    place = tmp_path / "disk"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", "size=288k", "tmpfs", str(place)]
    if shutil.which("mount") is None or subprocess.run(mounting, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def test_full_disk(home: Path, plain: Path, small_disk: Path) -> None:
    args = (
        "run", "short.yaml", f"--runs={RUNS}", "--no-figures", f"--block-size={BLOCK}",
        f"--out={small_disk / 'full'}",
    )  # fmt: skip
    done = spiral(home, *args)
    assert done.returncode == 1
    assert done.stdout == ""
    line = f"spiral: {small_disk / 'full'}: cannot be written: No space left on device; "
    assert done.stderr.startswith(line)
    assert done.stderr.endswith("runs are kept, and the same command goes on from there\n")
    assert done.stderr.count("\n") == 1
    checked = spiral(home, "results", "verify", str(small_disk / "full"))
    assert checked.returncode == 0, checked.stdout
    assert "unfinished" in checked.stdout
    kept = {part.name: part.stat().st_ino for part in (small_disk / "full" / "runs.parquet").iterdir()}
    assert kept
    subprocess.run(["mount", "-o", "remount,size=64m", str(small_disk)], check=True)
    assert spiral(home, *args).returncode == 0
    assert bytes_of(small_disk / "full") == bytes_of(plain)
    now = {part.name: part.stat().st_ino for part in (small_disk / "full" / "runs.parquet").iterdir()}
    assert kept.items() <= now.items()


@pytest.mark.parametrize(("mode", "said"), [(0o000, "cannot be read"), (0o500, "cannot be written")])
def test_forbidden_folder(home: Path, tmp_path: Path, mode: int, said: str) -> None:
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("permissions do not bind who runs this, and nothing here can give up the privilege")
    folder = tmp_path / "results"
    folder.mkdir()
    (folder / "manifest.json").write_text("{}")
    folder.chmod(mode)
    before = tuple(WITHOUT_PRIVILEGE) if os.geteuid() == 0 else ()
    done = spiral(home, "run", "short.yaml", "--runs=100", f"--out={folder}", "--fresh", before=before)
    folder.chmod(0o700)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith(f"spiral: {folder}: {said}: Permission denied")
    assert done.stderr.count("\n") == 1
    assert [file.name for file in folder.iterdir()] == ["manifest.json"]


def test_unreachable_scheduler(home: Path) -> None:
    words = ["run", "short.yaml", "--runs=100", "--out=nowhere", "--cluster=tcp://127.0.0.1:9"]
    done = forked.run(words, home, PATIENCE, IMPATIENT)
    assert done.returncode == 1
    assert done.stderr.startswith("spiral: ")
    assert "127.0.0.1:9" in done.stderr
    assert unwaited(done.stderr).count("\n") == 1
    assert not (home / "nowhere").exists()
