"""What tests of the commands share: how they are run, and what they left."""

import json
import re
import sys
from pathlib import Path

from sim.simulate.posterior import shipped_later

SPIRAL = str(Path(sys.executable).with_name("spiral"))
ROOT = Path(__file__).parents[2]
QUICK = ("--runs", "50", "--no-figures")
BLOCKS = (
    "--runs", "2000", "--set", "end=2023-10-31", "--no-figures", "--block-size", "500", "--prevented", "0",
)  # fmt: skip
OWN = 4  # of such a job: the scenario's own blocks
ALL = OWN * (9 if shipped_later() else 8)  # and those of altered worlds too
PATIENCE = 120  # seconds, far more than needed, and far less than the long runs below would take


def unwaited(err: str) -> str:
    """What was written to stderr but for lines that name a wait, such as `spiral: loading ..`: a slow machine's."""
    return re.sub(r"^spiral: .+ \.*(\n|\Z)", "", err, flags=re.MULTILINE)


def tree(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def contents(folder: Path) -> dict[str, object]:
    """Every file of a result; of the manifest what hangs neither on the clock nor on how it was called for."""
    found: dict[str, object] = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (".lock", "manifest.json")
    }
    manifest = json.loads((folder / "manifest.json").read_bytes())
    return found | {
        k: v for k, v in manifest.items() if k not in ("began", "finished", "seconds", "command", "sha256")
    }


def parts(folder: Path) -> dict[str, tuple[int, int]]:
    """Which files the parts of outcome tables are, and when they were written."""
    found = {str(part): part.stat() for part in folder.rglob("part-*.parquet")}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def one_error(err: str) -> str:
    """Give the one line of an error."""
    lines = [line for line in unwaited(err).splitlines() if line]
    assert "Traceback" not in err
    assert len(lines) == 1, err
    assert lines[0].startswith("spiral: ")
    return lines[0]


# Bad input: exit code 2, one line, nothing written

OCTOBER = ("run", "october-2023")
