"""The page of what became of mutants, and the list of those that mean the same as the original."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from tests.mutants.fates import Fate
from tests.mutants.parts import PARTS, part_of
from tests.mutated import ROOT

PAGE = ROOT / "docs" / "explanation" / "mutants.md"
JUDGED = Path(__file__).with_name("equivalent.yaml")
HEAD = """# Mutants

How well the tests see what is wrong is itself tested: `make mutants` changes one operator, comparison, sign, constant
or statement of the model at a time, in a copy, and runs the tests of that part until one fails. One of which no test
fails has *survived*. A survivor that nothing the model gives can tell from the original is *equivalent*: each has been
read, and its reason stands below. This page is written by that command, which drew {count} mutants with the seed
{seed}: as many from each part, or all that it has.

Of those that are not equivalent, {killed} of {told} were killed: {share:.1f}%.
"""


@dataclass(frozen=True)
class Judged:
    """A mutant that means the same as the original, and why."""

    file: str
    name: str
    before: str
    after: str
    why: str

    def is_of(self, fate: Fate) -> bool:
        """Whether a fate is that of this mutant."""
        return (self.file, self.name, self.before, self.after) == (
            fate.file,
            fate.name,
            fate.before,
            fate.after,
        )


def judged(path: Path = JUDGED) -> list[Judged]:
    """All that were read and found to mean the same."""
    return [Judged(**entry) for entry in YAML(typ="safe").load(path.read_text()) or ()]


def why(fate: Fate, known: Iterable[Judged]) -> str:
    """Why a survivor means the same as the original; empty if nobody says so."""
    return next((one.why for one in known if one.is_of(fate)), "") if fate.fate == "survived" else ""


def page(fates: list[Fate], seed: int, there_are: dict[str, int], known: list[Judged]) -> str:
    """The page.

    Parameters
    ----------
    fates : list of Fate
    seed : int
        That they were drawn with.
    there_are : dict
        How many mutants each part has.
    known : list of Judged
    """
    same = [fate for fate in fates if why(fate, known)]
    killed = sum(fate.fate != "survived" for fate in fates)
    told = len(fates) - len(same)
    share = 100 * killed / max(1, told)
    lines = HEAD.format(count=len(fates), seed=seed, killed=killed, told=told, share=share).splitlines()
    lines += [
        "",
        "| part | there are | drawn | killed | timed out | equivalent | survived |",
        "|---|---|---|---|---|---|---|",
    ]
    for part in PARTS:
        mine = [fate for fate in fates if part_of(fate.file) == part]
        alike = sum(fate in same for fate in mine)
        counts = [sum(f.fate == kind for f in mine) for kind in ("killed", "timed out", "survived")]
        numbers = (there_are[part], len(mine), *counts[:2], alike, counts[2] - alike)
        lines.append(f"| `{part}` | {' | '.join(map(str, numbers))} |")
    lines += _table("Equivalent", same, known)
    lines += _table("Survivors", [f for f in fates if f.fate == "survived" and f not in same], known)
    return "\n".join(lines) + "\n"


def _table(title: str, fates: list[Fate], known: list[Judged]) -> list[str]:
    if not fates:
        return []
    reasons = any(why(fate, known) for fate in fates)
    lines = ["", f"## {title}", "", "| where | before | after |" + (" why |" if reasons else "")]
    lines.append("|---|---|---|" + ("---|" if reasons else ""))
    for fate in sorted(fates, key=lambda f: (f.file, f.line)):
        where = f"`{fate.file}`, `{fate.name}`"
        row = f"| {where} | {cell(fate.before)} | {cell(fate.after)} |"
        lines.append(row + (f" {why(fate, known)} |" if reasons else ""))
    return lines


def cell(code: str) -> str:
    """Code in a cell of a table."""
    return "`" + " ".join(code.split()).replace("|", "\\|") + "`"
