"""Record what every question answers, or check that it still does; exit code 1 if not, 3 if that cannot be told."""

import argparse
import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.golden.arithmetic import arithmetic
from tests.golden.artefacts import answer, artefacts
from tests.golden.jobs import JOBS

HERE = Path(__file__).parent
COMMITTED, INPUTS = HERE / "hashes.json", HERE / "inputs"
SPIRAL = str(Path(sys.executable).with_name("spiral"))
FIRST = "run october-2023 --runs 25 --keep summary --no-figures --out first"
DIFFERENT, INCOMPARABLE = 1, 3

Contents = dict[str, bytes]
Hashes = dict[str, dict[str, str]]


def main() -> int:
    given = _arguments()
    chosen = [name for name in JOBS if fnmatchcase(name, given.only)]
    if not chosen:
        print(f"--only {given.only}: no job is called so; --list lists them", file=sys.stderr)
        return 2
    if given.list:
        print("\n".join(f"{name}: {'; '.join(JOBS[name])}" for name in chosen))
        return 0
    if given.what == "check" and not given.file.exists():
        print(f"{given.file}: there is no such file; record writes it", file=sys.stderr)
        return 2
    before = _recorded(given.file) if given.what == "check" or len(chosen) < len(JOBS) else None
    with tempfile.TemporaryDirectory() as scratch:
        here = {"machine": arithmetic(), "model": _models(Path(scratch))}
        if before is not None and before["arithmetic"]["machine"] != here["machine"]:
            print(f"cannot compare: {given.file} was recorded where arithmetic differs in some bit from here")
            return INCOMPARABLE
        found = _carry_out(chosen, Path(scratch), given.keep, given.at_once)
    jobs: Hashes = {} if before is None else before["jobs"]
    if given.what == "record":
        recorded = {"arithmetic": here, "jobs": jobs | found}
        given.file.write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")
        return 0
    differences = _differences({name: jobs[name] for name in jobs if fnmatchcase(name, given.only)}, found)
    if before is not None and before["arithmetic"] != here:
        differences.insert(0, "arithmetic: the model's own fingerprint differs")
    print("\n".join(differences) or f"the same: {len(found)} jobs, {sum(map(len, found.values()))} artefacts")
    return DIFFERENT if differences else 0


def _recorded(file: Path) -> dict[str, Any] | None:
    """What a file holds; None where there is none yet."""
    return json.loads(file.read_text()) if file.exists() else None


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.golden", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("record", "check"), default="check")
    parser.add_argument("file", nargs="?", type=Path, default=COMMITTED, help="of hashes; the committed one")
    parser.add_argument("--only", default="*", metavar="JOB", help="a job, or a pattern such as 'run-*'")
    parser.add_argument("--list", action="store_true", help="list the jobs, and do nothing")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="write there all that is hashed, for diff -r"
    )
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="jobs at a time")
    return parser.parse_args()


def _models(scratch: Path) -> str:
    """The model's own fingerprint of its arithmetic; on the way, what is compiled is compiled."""
    done = _spiral(FIRST, scratch)
    if done.returncode:
        raise SystemExit(f"{FIRST}: {done.stderr}")
    fingerprint: str = json.loads((scratch / "first" / "manifest.json").read_text())["job"]["made_by"][
        "arithmetic"
    ]
    return fingerprint


def _carry_out(names: list[str], scratch: Path, keep: Path | None, at_once: int) -> Hashes:
    """SHA-256 of every artefact of every job."""

    def one(name: str) -> dict[str, str]:
        began = time.monotonic()
        contents = _job(name, scratch / name)
        if keep is not None:
            _write(contents, keep / name)
        print(f"{name} {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
        return {file: hashlib.sha256(content).hexdigest() for file, content in contents.items()}

    with ThreadPoolExecutor(at_once) as pool:
        return dict(zip(names, pool.map(one, names), strict=True))


def _write(contents: Contents, place: Path) -> None:
    for file, content in contents.items():
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_bytes(content)


def _job(name: str, place: Path) -> Contents:
    """Carry out a job in a folder of its own, and give all that came out."""
    shutil.copytree(INPUTS, place)
    answers = {}
    for number, line in enumerate(JOBS[name], 1):
        done = _spiral(line, place)
        answers[f"answer-{number}"] = answer(done.stdout, place)
        if done.returncode:
            answers[f"failure-{number}"] = answer(f"{done.returncode}\n{done.stderr}", place)
            if name != "refused":
                print(f"{name}: {line}: {done.stderr}", file=sys.stderr)
    found = {file: content for file, content in artefacts(place).items() if not (INPUTS / file).exists()}
    shutil.rmtree(place)
    return found | answers


def _spiral(line: str, place: Path) -> subprocess.CompletedProcess[str]:
    """Carry out one line, as it is written in `jobs`."""
    line, _, typed = line.partition(" < ")
    if line.startswith("python "):
        _, function, arguments = line.split(" ", 2)
        command = [sys.executable, str(HERE / "from_python.py"), function, arguments]
    else:
        command = [SPIRAL, *shlex.split(line)]
    return subprocess.run(
        command,
        cwd=place,
        input="".join(f"{order}\n" for order in typed.split("|")),
        capture_output=True,
        text=True,
        check=False,
        env={key: value for key, value in os.environ.items() if key != "FORCE_COLOR"} | {"COLUMNS": "80"},
    )


def _differences(recorded: Hashes, found: Hashes) -> list[str]:
    told = []
    for job in sorted({*recorded, *found}):
        before, now = recorded.get(job), found.get(job)
        if before is None or now is None:
            told.append(f"{job}: {'is new' if before is None else 'is gone'}")
            continue
        for file in sorted({*before, *now}):
            if before.get(file) != now.get(file):
                how = "is new" if file not in before else "is gone" if file not in now else "differs"
                told.append(f"{job}: {file}: {how}")
    return told


if __name__ == "__main__":
    sys.exit(main())
