"""The same bytes from another processor: what this one is told to leave unused changes no bit of rows or worlds.

Compiled code is made for a generic processor, numpy takes none of its faster functions, and the C library's libm those
without fused multiplication. What then still differs would differ between machines.
"""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

import sim

pytestmark = pytest.mark.verification  # compiles the model a second time, a minute or two

OWN = "us:\n  relief: [0.2, 0.5]\n  readiness: [-1, 1]\n  level_4_base: {range: [-4, 0], family: uniform}\n"
OWN += "militia:\n  tempo: [1, 4]\n"
JOBS = (
    ("october-2023", "prior", (), False),
    ("october-2023", "default", (), True),
    ("october-2023", "prior", ("reference_class.class=all", "reference_class.weight=0.37"), True),
    ("october-2023", "posterior", (), False),
    ("tower-22", "prior", (), True),
)
SCRIPT = """
import hashlib, json, sys
import numpy as np
from sim.scenario import load_scenario
from sim.simulate.job import make_job, prepare, simulate

def fields(records):
    for name in (n for n in records.dtype.names if n != "filled"):
        yield from fields(records[name]) if records[name].dtype.names else [records[name]]

def digest(records):
    return hashlib.sha256(b"".join(np.ascontiguousarray(f).tobytes() for f in fields(np.asarray(records)))).hexdigest()

told, (jobs, own) = [], json.loads(sys.argv[1])
for name, parameters, settings, ranged in jobs:
    job = make_job(load_scenario(name, settings, own if ranged else None), parameters)
    runs = np.arange(0, 25 * 200, 25, dtype=np.uint64)
    told.append([digest(prepare(job, runs)[1]), digest(job.segments[-1].timeline), digest(simulate(job, runs))])
print(json.dumps(told))
"""


def told(ranges: Path, **environment: str) -> list[list[str]]:
    """SHA-256 of rows, days and worlds of each job."""
    place = {**os.environ, "PYTHONPATH": str(Path(sim.__file__).parents[1]), **environment}
    command = [sys.executable, "-c", SCRIPT, json.dumps([JOBS, str(ranges)])]
    done = subprocess.run(command, env=place, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[list[str]] = json.loads(done.stdout)
    return found


def plain_numpy() -> str:
    """What this numpy may leave unused on this processor."""
    from numpy._core import _multiarray_umath as core

    return " ".join(name for name in core.__cpu_dispatch__ if core.__cpu_features__[name])


@pytest.fixture(scope="module")
def native(tmp_path_factory):
    ranges = tmp_path_factory.mktemp("ranges") / "own.yaml"
    ranges.write_text(OWN)
    return ranges, told(ranges)


def test_generic_code_and_plain_numpy_give_the_same_bytes(native):
    ranges, here = native
    assert len({part for job in here for part in job}) == 3 * len(JOBS) - 2  # three have the same days
    assert told(ranges, NUMBA_CPU_NAME="generic", NPY_DISABLE_CPU_FEATURES=plain_numpy()) == here


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told to leave parts unused")
def test_another_libm_gives_the_same_bytes(native):
    ranges, here = native
    off = "glibc.cpu.hwcaps=-AVX2,-AVX512F,-FMA,-FMA4,-AVX2_Usable,-FMA_Usable"
    assert told(ranges, GLIBC_TUNABLES=off) == here
