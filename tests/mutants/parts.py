"""The parts of the model that are broken, and the tests that are to see it, the quickest first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.making import Mutant, mutants_of
from tests.mutated import ROOT

PLAINLY, COMPILED = "plainly", "compiled"
"""How tests run: as plain Python, or with compiled code, which no mutant above the core changes."""
PLAIN_DAY = "tests/closed/test_plain_day.py::test_a_plain_day_is_the_engines_day"
BELOW = ("sim.evidence", "sim.parameters", "sim.reference")
"""What lies below all parts."""
BELOW_CORE = (*BELOW, "sim.outcomes", "sim.scenario")


@dataclass(frozen=True)
class Stage:
    """Some tests, how they run, which are left out by their marks, and which files they are of (by default all)."""

    how: str
    tests: str
    marks: str = "not verification and not power"
    of: str = ""


@dataclass(frozen=True)
class Part:
    """A part of the model: a file or a folder, what it imports and is not of it, and its tests."""

    below: tuple[str, ...]
    stages: tuple[Stage, ...]

    def stages_of(self, file: str) -> list[Stage]:
        """Those for a file."""
        return [stage for stage in self.stages if not stage.of or Path(file).stem in stage.of.split()]


PARTS: dict[str, Part] = {
    "sim/core/rules": Part(
        BELOW_CORE,
        (Stage(PLAINLY, "tests/core/test_rules.py"), Stage(PLAINLY, f"tests/core/test_phases.py {PLAIN_DAY}")),
    ),
    "sim/core/day": Part(
        BELOW_CORE,
        (
            Stage(PLAINLY, "tests/core/test_phases.py"),
            Stage(PLAINLY, f"{PLAIN_DAY} tests/core/test_day_record.py"),
        ),
    ),
    "sim/core/chance.py": Part(
        BELOW_CORE,
        (
            Stage(PLAINLY, "tests/core/test_chance.py"),
            Stage(PLAINLY, PLAIN_DAY),
        ),
    ),
    "sim/estimates": Part(
        (*BELOW_CORE, "sim.core.advance", "sim.simulate", "sim.wording"),
        (
            Stage(COMPILED, "tests/estimates/test_by_row.py", of="by_row"),
            Stage(COMPILED, "tests/estimates/test_conditional.py", of="conditional"),
            Stage(COMPILED, "tests/estimates/test_intervals.py", of="intervals"),
            Stage(COMPILED, "tests/closed/test_intervals.py", "not power", of="intervals planning"),
            Stage(COMPILED, "tests/estimates/test_coverage.py", of="intervals"),
            Stage(COMPILED, "tests/experiments/test_planning.py", of="planning"),
            Stage(COMPILED, "tests/simulate/test_prevented.py", of="prevented"),
            Stage(COMPILED, "tests/estimates/test_reference_line.py", of="reference"),
            Stage(COMPILED, "tests/estimates/test_sampled.py", of="sampled"),
            Stage(COMPILED, "tests/estimates/test_summary.py", of="summary"),
            Stage(COMPILED, "tests/estimates/test_tables.py", of="tables"),
        ),
    ),
    "sim/outcomes": Part(
        BELOW,
        (
            Stage(COMPILED, "tests/test_docs.py::test_generated_pages_are_what_the_registry_says"),
            Stage(COMPILED, "tests/outcomes/test_registry.py tests/simulate/test_outcome_table.py"),
            Stage(COMPILED, "tests/outcomes/test_one_entry.py"),
        ),
    ),
}  # fmt: skip


WRITERS = ("steps.py", "loops.py")
"""Files of the day that hold no part of the model: they write loops, which tests/core/test_steps.py runs compiled."""


def part_of(file: str) -> str:
    """The part that a file belongs to."""
    return next(part for part in PARTS if file.startswith(part))


def all_of(part: str) -> list[Mutant]:
    """All mutants of a part."""
    path = ROOT / part
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    told = [file for file in files if file.name not in WRITERS]
    return [mutant for file in told for mutant in mutants_of(file.relative_to(ROOT).as_posix())]


def chosen(count: int, seed: int, parts: list[str]) -> dict[str, list[Mutant]]:
    """So many mutants, as many from each part; where one has fewer, the others give more.

    Each is drawn by a hash of its own, so that a change of one function draws no others anew.
    """

    def lot(mutant: Mutant) -> str:
        return hashlib.sha256(f"{seed} {mutant.key}".encode()).hexdigest()

    every = {part: sorted(all_of(part), key=lot) for part in parts}
    drawn: dict[str, list[Mutant]] = {}
    for left, part in enumerate(sorted(every, key=lambda part: len(every[part]))):
        share = (count - sum(map(len, drawn.values()))) // (len(every) - left)
        drawn[part] = every[part][:share]
    return {part: drawn[part] for part in parts}
