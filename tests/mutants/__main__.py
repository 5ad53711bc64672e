"""`make mutants`: draw mutants, see what becomes of each, and write docs/explanation/mutants.md."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.mutants.fates import Fate, bench, fate_of, keep, kept
from tests.mutants.making import Mutant
from tests.mutants.page import PAGE, Judged, cell, judged, page, why
from tests.mutants.parts import PARTS, all_of, chosen
from tests.mutated import ROOT

KEPT = ROOT / "build" / "mutants.jsonl"


def main(arguments: list[str] | None = None) -> int:
    """Run as asked on the command line; 1 if a mutant survived that is not equivalent, 2 if tests fail without one."""
    asked = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    asked.add_argument("--count", type=int, default=480, help="how many, 480 by default")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--parts", nargs="+", choices=list(PARTS), default=list(PARTS), help="of these parts only"
    )
    asked.add_argument(
        "--again", action="store_true", help="also those once more that survived, as after new tests"
    )
    asked.add_argument("--fresh", action="store_true", help="all once more, whatever is known of them")
    options = asked.parse_args(arguments)
    drawn = chosen(options.count, options.seed, list(PARTS))
    known, equivalent = {} if options.fresh else kept(KEPT), judged()
    for part in options.parts:
        left = [m for m in drawn[part] if m.key not in known]
        if options.again:
            left += [m for m in drawn[part] if m.key in known and _open(known[m.key], equivalent)]
        if left and (wrong := _tell(part, left, known)):
            sys.stderr.write(f"The tests of {part} fail without a mutant: {wrong}\n")
            return 2
    fates = [known[m.key] for mutants in drawn.values() for m in mutants if m.key in known]
    if missing := sum(map(len, drawn.values())) - len(fates):
        print(f"{missing} are still to be run")
        return 0
    PAGE.write_text(page(fates, options.seed, {part: len(all_of(part)) for part in PARTS}, equivalent))
    killed, alive = sum(f.fate != "survived" for f in fates), [f for f in fates if _open(f, equivalent)]
    print(f"{killed} of {len(fates)} killed, {len(alive)} neither that nor equivalent")
    return int(bool(alive))


def _open(fate: Fate, equivalent: list[Judged]) -> bool:
    """Whether it survived and nobody has said why it may."""
    return fate.fate == "survived" and not why(fate, equivalent)


def _tell(part: str, mutants: list[Mutant], known: dict[str, Fate]) -> str:
    """See what becomes of mutants of a part, and keep it; or what fails without one."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as made, bench(part, Path(made) / "bench") as here:
        if wrong := here.sound({mutant.file for mutant in mutants}):
            return wrong
        for number, mutant in enumerate(mutants, start=1):
            fate = known[mutant.key] = fate_of(here, mutant)
            keep(KEPT, fate)
            where = f"{fate.file}:{fate.line}"
            said = f"{number:4}/{len(mutants)} {fate.fate:9} {fate.seconds:5.0f} s  {where}"
            print(f"{said}  {cell(fate.before)} -> {cell(fate.after)}", flush=True)
    return ""


if __name__ == "__main__":
    sys.exit(main())
