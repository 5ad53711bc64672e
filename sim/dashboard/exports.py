"""What a reader takes along: the setting as a scenario, tables, the figure, and the report where one can be made."""

from __future__ import annotations

import io
import json
import tempfile
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sim.dashboard.catalogue import Catalogue
from sim.dashboard.course import Course
from sim.dashboard.setting import Setting
from sim.experiments.run import MOST_ALTERED
from sim.paths import data_folder
from sim.pipeline.answers import Answer
from sim.pipeline.provenance import made_now, posteriors_of
from sim.play.differing import differing
from sim.play.writing import block_of
from sim.scenario import Scenario, ScenarioError, dump_resolved, load_scenario
from sim.simulate import Tallies
from sim.simulate.basis import basis_of
from sim.simulate.fingerprint import fingerprint
from sim.simulate.parameter_draws import RUNS_PER_ROW

LONGEST_QUESTION = 500
DRAWING = threading.Lock()
"""Held while matplotlib draws: its settings are those of the whole process."""


@dataclass(frozen=True)
class File:
    """A file to be taken along."""

    name: str
    kind: str
    content: bytes


def export_name(setting: Setting) -> str:
    """Name of the scenario that a setting becomes: that of its base, and a word that nothing else is called by."""
    return f"{setting.scenario[:52].rstrip('-')}-setting"


def scenario_file(catalogue: Catalogue, setting: Setting) -> File:
    """A setting as a scenario of its own, which `spiral run` takes: it loads to what the page shows.

    It extends the scenario that it was made from where that is a shipped one, and loads to what was set; else all is
    written out.
    """
    scenario, base = catalogue.scenario(setting), catalogue.base(setting.scenario).scenario
    name = export_name(setting)
    asked = _question(base.question, setting.changes)
    named = scenario.model_copy(update={"name": name, "question": asked})
    resolved = dump_resolved(named)
    text = _extending(catalogue.file_of(setting.scenario), named, resolved)
    head = (
        f"# Set on the dashboard, on top of {setting.scenario}: {'; '.join(setting.changes) or 'nothing'}\n"
    )
    return File(f"{name}.yaml", "application/yaml", (head + (text or resolved)).encode())


def _question(question: str, changes: list[str]) -> str:
    """The question with what is set, where there is room; it ends in a question mark as all do."""
    asked = f"{question.strip().removesuffix('?')}, with {', '.join(changes)}?"
    return asked if changes and len(asked) <= LONGEST_QUESTION else question


def _extending(file: Path, named: Scenario, resolved: str) -> str | None:
    """The lines that make of a shipped scenario what was set; None where they do not load to it."""
    if file.resolve().parent != data_folder("scenarios").resolve():
        return None
    base = load_scenario(file)
    overrides, _ = differing(base, named)
    name, question = (block_of(resolved, key) for key in ("name", "question"))
    acts = block_of(resolved, "interventions") if named.interventions != base.interventions else ""
    text = f"{name}extends: {file.stem}\n{question}{overrides}{acts}"
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, f"{named.name}.yaml")
        made.write_text(text, encoding="utf-8")
        try:
            return text if load_scenario(made) == named else None
        except ScenarioError:
            return None


def answer_of(course: Course, setting: Setting, altered: Mapping[str, Tallies] | None = None) -> Answer[Any]:
    """The answer of a course as `spiral run` keeps it, for whatever draws or reports it; it stands in no folder.

    `altered` are counts of altered worlds by name, without which the answer says nothing of them.

    Raises
    ------
    LookupError
        When only a first answer is there.
    """
    told = course.told
    if told is None or not told.whole:
        raise LookupError("the answer is still being counted; try again in a moment")
    finding = course.concluded(altered) if altered else told.finding
    rows = -(-told.runs // RUNS_PER_ROW)
    posterior = course.job.posterior
    manifest = {
        "name": course.scenario.name,
        "runs": told.runs,
        "rows": 1 if course.parameters == "default" else min(rows, posterior.rows) if posterior else rows,
        "runs_per_row": RUNS_PER_ROW,
        "random_seed": course.job.random_seed,
        "parameters": course.parameters,
        "changes": setting.changes,
        "basis": [basis_of(course.scenario, course.parameters)],
        "altered_worlds_runs": min(told.runs, MOST_ALTERED),
        "precision": None,
        "job": {"made_by": fingerprint(), **posteriors_of(course.parameters)},
        "command": command_of(course, setting),
        **made_now(course.seconds),
    }
    return Answer(Path(export_name(setting)), "run", course.scenario, manifest, finding)


def command_of(course: Course, setting: Setting) -> str:
    """The command that gives the same numbers."""
    if setting.acts:
        return f"spiral run {export_name(setting)}.yaml --runs {course.most}"
    held = "".join(f" --set {name}={value!r}" for name, value in setting.values)
    return f"spiral run {setting.scenario}{held} --runs {course.most} --random-seed {course.job.random_seed}"


def tables_file(course: Course, setting: Setting) -> File:
    """All tables of the answer as CSV, its estimates as JSON, and what they were made from."""
    answer = answer_of(course, setting)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, found in answer.tables.items():
            folder.writestr(f"{name}.csv", found.to_csv(index=False, date_format="%Y-%m-%d"))
        folder.writestr("estimates.json", json.dumps(answer.estimates, indent=1))
        folder.writestr("manifest.json", json.dumps(dict(answer.manifest), indent=1, default=str))
        folder.writestr("scenario.yaml", dump_resolved(course.scenario))
    return File(f"{export_name(setting)}-tables.zip", "application/zip", buffer.getvalue())


def figure_file(course: Course, setting: Setting, kind: str) -> File:
    """The risk by day in the house style, as PNG or SVG."""
    from sim.report.figures import drawings
    from sim.report.figures.page import save
    from sim.report.figures.style import style

    answer = answer_of(course, setting)
    with DRAWING, style(), tempfile.TemporaryDirectory() as folder:
        files = save(drawings(answer)[0], Path(folder))
        content = next(file for file in files if file.suffix == f".{kind}").read_bytes()
    return File(
        f"{export_name(setting)}-risk.{kind}", {"png": "image/png", "svg": "image/svg+xml"}[kind], content
    )


def report_maker() -> Callable[[Answer[Any]], str] | None:
    """What makes a report of one HTML file from an answer; None where this version has nothing that does."""
    if find_spec("sim.report.html") is None:
        return None
    made: Callable[[Answer[Any]], str] | None = getattr(import_module("sim.report.html"), "report_of", None)
    return made


def report_file(course: Course, setting: Setting, altered: Mapping[str, Tallies]) -> File:
    """The report of the answer and of the altered worlds that it is compared with, one self-contained file."""
    make = report_maker()
    if make is None:
        raise LookupError("this version makes no reports")
    with DRAWING:
        content = make(answer_of(course, setting, altered)).encode()
    return File(f"{export_name(setting)}-report.html", "text/html", content)
