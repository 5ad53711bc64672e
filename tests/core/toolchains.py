"""Compilers of C that build `functions.c`, and what they build it for."""

import os
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from sim.core import functions, normal

SOURCE = Path(__file__).with_name("functions.c")
MISSING = "is not here: `make compilers` installs the distribution's"
STRICT, FUSED = "-ffp-contract=off", "-ffp-contract=fast"
BUILDS = {
    "gcc": ["gcc", STRICT],
    "gcc for this processor": ["gcc", STRICT, "-march=native"],
    "clang": ["clang", STRICT],
    "clang for this processor": ["clang", STRICT, "-march=native"],
    "gcc for aarch64": ["aarch64-linux-gnu-gcc", STRICT, "-static"],
}
"""The compiler and its options, after -O3, by name."""


def there(program: str) -> str:
    """Where a program is; without it the test is skipped, or fails where compilers are required."""
    if not (found := shutil.which(program)):
        if os.environ.get("SPIRAL_COMPILERS") == "required":
            pytest.fail(f"{program} {MISSING}")
        pytest.skip(f"{program} {MISSING}")
    return found


def header() -> str:
    """All constants of the Python sources in C: floats by every bit, the rest as words of 64 bits."""
    lines = []
    for name, value in vars(functions).items():
        if name.isupper() and name not in ("INFINITY", "NOT_A_NUMBER"):
            exact = value.hex() if isinstance(value, float) else f"{int(value)}u"
            lines.append(f"#define {name} {exact}")
    rows = ",\n".join("{" + ", ".join(x.hex() for x in row) + "}" for row in normal.COEFFICIENTS)
    lines.append(f"static const double NODES[5] = {{{', '.join(x.hex() for x in normal.NODES)}}};")
    lines.append(f"static const double COEFFICIENTS[19][5] = {{{rows}}};")
    return "\n".join(lines) + "\n"


def sums_in_c(words: list[str], count: int, folder: Path) -> list[str]:
    """The sums of the twin in C, built by a compiler with options, and run: by qemu where it is for aarch64."""
    compiler, *options = words
    (folder / "constants.h").write_text(header())
    built = folder / "functions"
    command = [
        there(compiler),
        "-O3",
        "-std=c11",
        *options,
        f"-I{folder}",
        "-o",
        str(built),
        str(SOURCE),
        "-lm",
    ]
    run = [str(built), str(count)]
    if compiler.startswith("aarch64") and platform.machine() != "aarch64":
        run.insert(0, there("qemu-aarch64"))
    subprocess.run(command, check=True, capture_output=True, text=True)
    return subprocess.run(run, check=True, capture_output=True, text=True).stdout.split()
