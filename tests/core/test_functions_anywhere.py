"""The functions of our own give the same bits whatever compiles them, for whatever processor, and in C."""

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.toolchains import BUILDS, FUSED, sums_in_c

pytestmark = pytest.mark.verification

COUNT = 1_000_000  # points of each function
ROOT = Path(__file__).parents[2]
FEATURES = Path("/proc/cpuinfo")
PROCESSORS = {
    "any of its kind": {"NUMBA_CPU_NAME": "generic"},
    "with AVX2 and no more": {"NUMBA_CPU_NAME": "haswell", "NUMBA_CPU_FEATURES": "+avx2,+fma"},
    "this one": {},
}


def has(*features: str) -> bool:
    """Whether this is an x86 processor with these features."""
    return FEATURES.exists() and set(features) <= set(FEATURES.read_text().split())


@pytest.fixture(scope="module")
def sums() -> list[str]:
    return sums_by_numba({})


def sums_by_numba(processor: dict[str, str]) -> list[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NUMBA_CPU")} | processor
    command = [sys.executable, "-m", "tests.core.sums", str(COUNT)]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.split()


def test_there_is_a_sum_for_each_function(sums: list[str]):
    assert len(set(sums)) == 3


@pytest.mark.parametrize("name", PROCESSORS)
def test_numba_gives_the_same_bits_for_any_processor(name: str, sums: list[str]):
    if "AVX2" in name and not has("avx2", "fma"):
        pytest.skip("this processor has no AVX2")
    assert sums_by_numba(PROCESSORS[name]) == sums


@pytest.mark.parametrize("name", BUILDS)
def test_c_gives_the_same_bits(name: str, sums: list[str], tmp_path: Path):
    assert sums_in_c(BUILDS[name], COUNT, tmp_path) == sums


def test_a_fused_operation_would_be_seen(sums: list[str], tmp_path: Path):
    if platform.machine() != "x86_64" or not has("fma"):
        pytest.skip("this processor fuses nothing, or is another")
    fused = sums_in_c(["gcc", FUSED, "-march=native"], COUNT, tmp_path)
    assert all(ours != theirs for ours, theirs in zip(sums, fused, strict=True))
