"""Scenario files: text and structure of the shipped ones, damaged, and settings laid over."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from sim.errors import SpiralError
from sim.parameters import REGISTRY
from sim.paths import data_folder
from sim.scenario import Scenario, dump_resolved, load_scenario
from sim.scenario.reading import read_file
from sim.simulate.job import make_job
from tests.fuzz.making import TOKENS, dated, edited, file_of, mutated, paths_of, rows_of_traps
from tests.fuzz.target import Target, Wrong, names_of, refused

NAME = "mine"
SHIPPED = sorted(data_folder("scenarios").glob("*.yaml"))
TEXTS = [file.read_bytes().replace(b"\nname:", b"\n#").replace(b"name:", b"#", 1) for file in SHIPPED]
SMALL = [
    {"extends": "october-2023", "question": "Mine?", "actors": {"us": {"readiness": 1.0, "ceiling": 0.5}}},
    {"extends": "october-2023", "runs": 100, "end": "2023-12-01", "headline": "severe", "priors": {
        "militia": {"tempo": {"range": [1, 2]}, "will_ceiling": {"range": [2, 3]}}}},
    {"extends": "tower-22", "interventions": [
        {"date": "2024-02-03", "actor": "us", "action": "strike", "level": 3, "place": "syria", "note": "x"}]},
    {"extends": "october-2023", "timeline": {"gaza": {"knots": [
        {"date": "2023-11-01", "level": 0.5, "basis": "assumed", "note": "a guess"}]}}},
    {"extends": "october-2023", "questions": {"mine": {"title": "Will it?", "event": "us killed", "to": "2023-12-31"}}},
    {"extends": "october-2023", "sweep": {"runs": 100, "vary": {
        "us.readiness": {"from": -2, "to": 2, "points": 5}, "us.ceiling": [0, 1]}}},
]  # fmt: skip


def _trees() -> list[dict]:
    shipped = [read_file(file).plain() for file in SHIPPED]
    for tree in shipped:
        tree.pop("name", None)
    return [*shipped, *map(dated, SMALL * 6)]


TREES = _trees()
SHORT = [text for text in TEXTS if len(text) < 2_500] + [file_of(dated(tree)) for tree in SMALL]
NAMES = sorted(
    {str(path[-1]) for tree in TREES for path in paths_of(tree) if path} | set(list(REGISTRY)[:40])
)
PLACES = [
    *("runs", "start", "end", "us.readiness", "militia.tempo", "timeline.gaza.knots.0.level", "timeline.gaza"),
    *("actors.militias.badr", "history", "interventions", "past", "sites", "headline", "", ".", "a.b", "0"),
    *list(REGISTRY)[::5],
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A file, and settings laid over it."""

    content: bytes
    settings: tuple[str, ...] = ()


SETTINGS = st.lists(
    st.tuples(st.sampled_from(PLACES), st.sampled_from(TOKENS) | st.floats(-5, 5).map(str) | st.text(max_size=8))
    .map("=".join),
    min_size=1,
    max_size=3,
).map(tuple)  # fmt: skip
TREE = edited(TREES, NAMES).map(file_of)
CASES = st.one_of(
    *[TREE.map(Case)] * 5,
    mutated(TEXTS).map(Case),
    *[mutated(SHORT).map(Case)] * 2,
    (rows_of_traps("extends: october-2023\n") | rows_of_traps() | st.binary(max_size=300)).map(Case),
    st.builds(Case, st.sampled_from([b"extends: october-2023\n", b"extends: tower-22\n"]) | TREE, SETTINGS),
)


def read(case: Case, folder: Path) -> str:
    """Load it; what loads is made ready to run, and loads again from its own text to the same."""
    file = folder / f"{NAME}.yaml"
    file.write_bytes(case.content)
    try:
        scenario = load_scenario(file, case.settings)
    except SpiralError as error:
        return refused(
            error, names_of(str(file), *map(str, SHIPPED), *(f"scenarios/{f.name}" for f in SHIPPED))
        )
    check(scenario, folder)
    return "loaded"


def check(scenario: Scenario, folder: Path) -> None:
    """Every number of a scenario is one, and its text loads to the same."""
    for segment in make_job(scenario).segments:
        for name, (kind, *_) in (segment.timeline.dtype.fields or {}).items():
            if kind.kind == "f" and not np.isfinite(segment.timeline[name]).all():
                raise Wrong(f"the timeline's {name} is not finite")
    text = dump_resolved(scenario)
    again = folder / "again" / f"{scenario.name}.yaml"
    again.parent.mkdir(exist_ok=True)
    again.write_text(text, encoding="utf-8")
    other = load_scenario(again)
    if other != scenario or _hash(dump_resolved(other)) != _hash(text):
        raise Wrong("loads from its own text to another scenario")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(case: Case) -> bytes:
    """A case as a file: its content, and settings as a comment before it."""
    return f"#!{json.dumps(case.settings)}\n".encode() + case.content


def again(data: bytes) -> Case:
    """A case from its file."""
    head, _, content = data.partition(b"\n")
    return Case(content, tuple(json.loads(head[2:])))


SCENARIOS = Target("scenarios", 300_000, CASES, read, kept, again)
