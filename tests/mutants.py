"""Break the model one place at a time, and see whether a test fails: `make mutants`, or `python -m tests.mutants`.

A mutant is the source with one operator, comparison, sign, constant or statement changed, in a copy of the checkout.
The tests named for its file are run there until one fails: first those of plain Python, which need not be compiled.
Those that survive are listed in docs/explanation/mutants.md, which this writes.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.mutated import ROOT, Copy

PAGE = ROOT / "docs" / "explanation" / "mutants.md"
TIMEOUT = 180.0  # seconds for the tests of one mutant, on a busy machine
PLAIN = "tests/closed/test_plain_day.py"
PLAINLY, COMPILED, AFRESH = "plainly", "compiled", "afresh"
"""How tests run: as plain Python, with compiled code that is there, or compiled anew, since the mutant changes it."""
WHOLE_DAYS = " ".join(
    f"tests/core/test_{name}.py" for name in ("day", "day_strikes", "day_pause", "day_record", "state")
)
TESTS: dict[str, tuple[tuple[str, str], ...]] = {
    # files: the tests that are to kill their mutants, the quickest first
    "sim/core/rules": ((PLAINLY, f"tests/core/test_rules.py {PLAIN}"),),
    "sim/core/day": ((PLAINLY, f"{PLAIN} tests/core/test_day_record.py"), (AFRESH, WHOLE_DAYS)),
    "sim/core/chance.py": (
        (PLAINLY, f"tests/core/test_chance.py {PLAIN}"),
        (AFRESH, "tests/core/test_addresses.py"),
    ),
    "sim/estimates": (
        (COMPILED, "tests/closed/test_intervals.py tests/estimates"),
        (COMPILED, "tests/experiments/test_planning.py"),
    ),
    "sim/outcomes": ((COMPILED, "tests/outcomes tests/simulate/test_outcome_table.py"),),
}

SWAPS: dict[type, type] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Div,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: file, line, the statement before and after, the whole source after."""

    file: str
    line: int
    before: str
    after: str
    source: str


@dataclass(frozen=True)
class Fate:
    """What became of it: "killed", "timed out" or "survived"."""

    mutant: Mutant
    fate: str


def changes(node: ast.AST) -> Iterator[Callable[[ast.AST], ast.AST | None]]:
    """Ways to change a node, each as a function that changes a copy of it in place, or gives one to take its place."""
    for field in ("op", "ops"):
        here = getattr(node, field, None)
        if isinstance(here, ast.AST) and type(here) in SWAPS:
            yield lambda n: setattr(n, "op", SWAPS[type(n.op)]())
        if isinstance(here, list):
            for place, op in enumerate(here):
                if type(op) in SWAPS:
                    yield lambda n, place=place: n.ops.__setitem__(place, SWAPS[type(n.ops[place])]())
    if isinstance(node, ast.UnaryOp):
        yield lambda n: n.operand
    if isinstance(node, ast.Constant) and isinstance(node.value, bool | int | float):
        yield lambda n: ast.Constant(changed(n.value))
    if isinstance(node, ast.AugAssign) or (
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute)
    ):
        yield lambda n: ast.Pass()


def changed(value: float) -> float:
    """Another truth, the next whole number, or one per cent more."""
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, int) else value * 1.01 if value else 1.0


def mutable(tree: ast.Module) -> list[tuple[ast.AST, str, int | None]]:
    """Where a node may be changed: its parent, field and place, all but decorators, annotations and docstrings."""
    found: list[tuple[ast.AST, str, int | None]] = []

    def walk(node: ast.AST) -> None:
        for field, value in ast.iter_fields(node):
            if field in ("decorator_list", "annotation", "returns", "type_params", "bases"):
                continue
            for place, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
                if isinstance(child, ast.AST):
                    found.append((node, field, place))
                    walk(child)

    walk(tree)
    return found


def mutants_of(file: str) -> list[Mutant]:
    """All mutants of a file."""
    tree = ast.parse((ROOT / file).read_text())
    made = []
    for number, (parent, field, place) in enumerate(mutable(tree)):
        node = getattr(parent, field) if place is None else getattr(parent, field)[place]
        for change in changes(node):
            other = copy.deepcopy(tree)
            owner, _, _ = mutable(other)[number]
            holder = getattr(owner, field)
            old = holder if place is None else holder[place]
            line, before = getattr(old, "lineno", 0), ast.unparse(old)
            new = change(old) or old
            if place is None:
                setattr(owner, field, new)
            else:
                holder[place] = new
            made.append(
                Mutant(file, line, before, ast.unparse(new), ast.unparse(ast.fix_missing_locations(other)))
            )
    return made


def group_of(file: str) -> str:
    """The entry of `TESTS` that a file belongs to."""
    return next(group for group in TESTS if file.startswith(group))


def survives(place: Copy, group: str) -> str:
    """Run the tests of a group in the copy: "killed", "timed out" or "survived"."""
    options = ["-m", "pytest", "-q", "-x", "-p", "no:xdist", "-p", "no:cacheprovider", "-m"]
    for how, tests in TESTS[group]:
        marks = "not power" if "closed/test_intervals" in tests else "not verification and not power"
        cache = {"SPIRAL_CACHE_DIR": str(place.folder / "cache")} if how == AFRESH else {}
        cache["NUMBA_DISABLE_JIT"] = str(int(how == PLAINLY))
        try:
            done = place.run(*options, marks, *tests.split(), timeout=TIMEOUT, **cache)
        except subprocess.TimeoutExpired:
            return "timed out"
        if done.returncode:
            return "killed"
    return "survived"


def sound(place: Copy, group: str, files: set[str]) -> bool:
    """Whether the tests of a group pass on these files written out as mutants are, but with nothing changed."""
    for file in files:
        (place.folder / file).write_text(ast.unparse(ast.parse((ROOT / file).read_text())))
    found = survives(place, group)
    for file in files:
        place.restore(file)
    return found == "survived"


def chosen(count: int, seed: int) -> list[Mutant]:
    """So many mutants, drawn without order: from each group in proportion to what it has."""
    groups: dict[str, list[Mutant]] = {group: [] for group in TESTS}
    for group, found in groups.items():
        path = ROOT / group
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            found += mutants_of(file.relative_to(ROOT).as_posix())
    every = [mutant for found in groups.values() for mutant in found]
    return random.Random(seed).sample(every, min(count, len(every)))


def page(fates: list[Fate], seed: int) -> str:
    """The page of what became of them."""
    lines = [
        "# Mutants",
        "",
        "How well the tests see what is wrong is itself tested: `make mutants` changes one operator, comparison, sign,",
        "constant or statement of the model at a time, in a copy, and runs the tests of that part. One of which no",
        "test fails has *survived*; some of those mean the same as the original. This page is written by that command,",
        f"which draws {len(fates)} of the mutants that there are, with the seed {seed}.",
        "",
        "| part | mutants | killed | timed out | survived |",
        "|---|---|---|---|---|",
    ]
    for group in TESTS:
        mine = [f.fate for f in fates if group_of(f.mutant.file) == group]
        counts = " | ".join(str(mine.count(fate)) for fate in ("killed", "timed out", "survived"))
        lines.append(f"| `{group}` | {len(mine)} | {counts} |")
    left = sorted((f.mutant for f in fates if f.fate == "survived"), key=lambda m: (m.file, m.line))
    if left:
        lines += ["", "## Survivors", "", "| where | before | after |", "|---|---|---|"]
        lines += [f"| `{m.file}`, line {m.line} | {cell(m.before)} | {cell(m.after)} |" for m in left]
    return "\n".join(lines) + "\n"


def cell(code: str) -> str:
    """Code in a cell of a table."""
    return "`" + " ".join(code.split()).replace("|", "\\|")[:60] + "`"


def main(arguments: list[str] | None = None) -> int:
    """Run as asked on the command line; 1 if any mutant survived, 2 if the tests fail without one."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=300, help="how many, 300 by default")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--no-page", action="store_true", help="leave docs/explanation/mutants.md as it is")
    options = asked.parse_args(arguments)
    drawn, fates = chosen(options.count, options.seed), []
    with tempfile.TemporaryDirectory() as folder:
        place = Copy(Path(folder))
        for group in sorted({group_of(m.file) for m in drawn}):
            if not sound(place, group, {m.file for m in drawn if group_of(m.file) == group}):
                sys.stderr.write(f"The tests of {group} fail without a mutant.\n")
                return 2
        for number, mutant in enumerate(drawn, start=1):
            began = time.monotonic()
            (place.folder / mutant.file).write_text(mutant.source)
            fates.append(Fate(mutant, survives(place, group_of(mutant.file))))
            place.restore(mutant.file)
            where = f"{mutant.file}:{mutant.line}"
            said = f"{number:4}/{len(drawn)} {fates[-1].fate:9} {time.monotonic() - began:5.0f} s  {where}"
            print(f"{said}  {cell(mutant.before)} -> {cell(mutant.after)}", flush=True)
    if not options.no_page:
        PAGE.write_text(page(fates, options.seed))
    killed = sum(f.fate != "survived" for f in fates)
    print(f"{killed} of {len(fates)} killed")
    return int(killed < len(fates))


if __name__ == "__main__":
    sys.exit(main())
