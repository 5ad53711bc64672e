"""The jobs: what they ask, what they were made from, and carrying them out."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from sim.experiments import kinds
from sim.scenario import load_scenario
from sim.simulate.fingerprint import fingerprint
from tests.golden.arithmetic import arithmetic as arithmetic_of_machine

ROOT = Path(__file__).resolve().parents[2]
DOCS, HERE = ROOT / "docs", Path(__file__).resolve().parent
RESULTS, DESK = HERE / "results", ROOT / "results" / "numbers"
SHOWN = re.compile(
    r"^```yaml\n(# (scenarios/[a-z0-9-]+\.yaml|mine\.yaml)\n.*?)^```$", re.MULTILINE | re.DOTALL
)
FITTED = ("calibrate", "validate", "forecast", "rivals")
WIDE = "1000"
IN_WORDS = {
    "command": "its command is another",
    "arithmetic": "the model is another",
    "reads": "what it reads is another: a scenario, a fit, ranges or the record",
}


@dataclass(frozen=True)
class Job:
    """A command line without `spiral`, or a program's arguments of Python, and what is kept of its result."""

    name: str
    run: str = ""
    program: str = ""
    writes: tuple[str, ...] = ()
    quick: str = ""
    keep: tuple[str, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()
    typed: str = ""
    columns: str = WIDE

    def line(self, quick: bool = False) -> str:
        """What is carried out."""
        kind = self.run.partition(" ")[0]
        plain = kind in kinds() and kind != "why" and not self.figures
        return " ".join(
            [
                self.run or self.program,
                *[self.quick] * (quick and bool(self.quick)),
                *["--no-figures"] * plain,
            ]
        )

    @property
    def full(self) -> list[str]:
        """What has an experiment print all its tables, of which pages take theirs."""
        asked = self.run.partition(" ")[0]
        return ["--full"] if asked in kinds() and asked != "why" else []  # that one has no short answer

    @property
    def written(self) -> list[str]:
        """Files outside of its folder that it makes."""
        return [*self.writes, *(f"docs/images/{image}.png" for image, _ in self.figures)]

    @property
    def folder(self) -> Path:
        """Where its results are kept."""
        return RESULTS / self.name


def _jobs() -> Iterator[Job]:
    for name, entry in YAML(typ="safe").load((HERE / "jobs.yaml").read_text(encoding="utf-8")).items():
        each = entry.pop("each", {"": ""})
        told: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
        }
        told["figures"] = tuple(entry.get("figures", {}).items())
        for label, text in each.items() if isinstance(each, dict) else ((one, one) for one in each):
            run = " ".join(entry.get("run", "").replace("{each}", str(text)).split())
            yield Job(f"{name}/{label}" if label else name, **{**told, "run": run})


JOBS = {job.name: job for job in _jobs()}


@cache
def desk_files() -> dict[str, str]:
    """Scenarios and ranges that pages show, by the name that a page gives them in its first line."""
    pages = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
    return {name: body for page in pages for body, name in SHOWN.findall(page.read_text(encoding="utf-8"))}


def sha(*parts: str | bytes) -> str:
    """SHA-256 of texts, one after another."""
    return hashlib.sha256(b"".join(p.encode() if isinstance(p, str) else p for p in parts)).hexdigest()


def inputs(job: Job, quick: bool = False) -> dict[str, str]:
    """What a job's numbers hang on."""
    words = shlex.split(job.run or "program")
    reads: list[str | bytes] = [_named(word) for word in words]
    if words[0] in FITTED:
        reads += [(ROOT / "seeds" / name).read_bytes() for name in ("record.yaml", "later.yaml")]
    elif not {"prior", "default"} & set(words):
        reads += [path.read_bytes() for path in sorted((ROOT / "scenarios" / "posteriors").rglob("*.json"))]
    return {
        "command": " ".join((job.line(quick), job.typed, *job.keep)).strip(),
        "arithmetic": fingerprint()["arithmetic"],
        "machine": arithmetic_of_machine(),
        "reads": sha(*reads),
    }


@cache
def _named(word: str) -> str:
    """The content of a scenario or a file that a word of a command names, if it does."""
    shown = desk_files().get(f"scenarios/{word}.yaml") or desk_files().get(word, "")
    inherits = re.search(r"^extends: *(\S+)", shown, re.MULTILINE)
    shipped = inherits[1] if inherits else word
    exists = (ROOT / "scenarios" / f"{shipped}.yaml").exists()
    if not exists:
        return shown
    scenario = load_scenario(ROOT / "scenarios" / f"{shipped}.yaml")
    asked = {"questions": True}  # no run hangs on them
    return shown + scenario.model_dump_json(exclude={**asked, "past": {**asked, "past": asked}})


def stale(job: Job, quick: bool = False) -> str | None:
    """Say why a job has to be carried out, or None where its results are up to date."""
    try:
        made: dict[str, Any] = json.loads((job.folder / "made.json").read_bytes())
    except FileNotFoundError:
        return "not made yet"
    now = inputs(job, quick)
    names = ["command", "reads", *(["arithmetic"] if made["machine"] == now["machine"] else [])]
    return next((IN_WORDS[name] for name in names if made[name] != now[name]), None)


def carry_out(job: Job, quick: bool = False) -> str | None:
    """Carry a job out and keep of it what is small; a job cut short goes on. Say what went wrong, if anything."""
    made = inputs(job, quick)
    desk = DESK / f"{job.name.replace('/', '-')}-{sha(json.dumps(made), fingerprint()['sources'])[:8]}"
    for name, body in desk_files().items():
        (desk / name).parent.mkdir(parents=True, exist_ok=True)
        (desk / name).write_text(body, encoding="utf-8")
    spiral = [] if job.program else ["-c", "from sim.cli import main; main()"]
    done = subprocess.run(
        [sys.executable, *spiral, *shlex.split(job.line(quick)), *job.full],
        cwd=ROOT if job.program else desk,
        input=job.typed.replace("|", "\n") + "\n",
        stdout=subprocess.PIPE,
        text=True,
        check=False,
        env=os.environ | {"COLUMNS": job.columns, "PYTHONPATH": str(ROOT)},
    )
    if done.returncode:
        return f"exit code {done.returncode}"
    shutil.rmtree(job.folder, ignore_errors=True)
    job.folder.mkdir(parents=True)
    (job.folder / "printed.txt").write_text(done.stdout, encoding="utf-8")
    _keep(job, next((desk / "results").glob("*/manifest.json"), desk / "none").parent)
    written = {name: sha((ROOT / name).read_bytes()) for name in job.written}
    (job.folder / "made.json").write_text(json.dumps({**made, "written": written}, indent=1) + "\n")
    with contextlib.suppress(OSError):
        shutil.rmtree(desk)
    return None


def _keep(job: Job, result: Path) -> None:
    """Copy what is kept of a result, and its figures."""
    for name in {"estimates.json", *job.keep}:
        if (result / name).exists() or name in job.keep:
            shutil.copy(result / name, job.folder / name)
    for image, figure in job.figures:
        for kind in ("png", "csv"):
            shutil.copy(result / "figures" / f"{figure}.{kind}", DOCS / "images" / f"{image}.{kind}")
