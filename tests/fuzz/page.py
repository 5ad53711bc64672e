"""The page of the last whole run: docs/explanation/fuzz.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.fuzz.loop import Tally

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "fuzz.md"
WHAT = {
    "scenarios": "scenario files, damaged as text or as structure, and settings laid over",
    "records": "record files, damaged likewise, and lists of events in three layouts",
    "folders": "result folders with files damaged, swapped, linked or vouched for anew",
}
HEAD = """# Input at random

Whatever is read may be wrong: a scenario of somebody else's, a list of events, a result folder that a disk has
damaged. `make fuzz` makes such input at random, and has it read. It must end in an answer or in one line that says
where, and:

- nothing else is ever raised, and nothing that is printed steers a terminal;
- nothing takes more than 0.5 s of CPU or 100 MB of memory, beyond what the program takes anyway. Readers that draw or
  simulate, in result folders that they take for whole, take what that takes;
- a scenario that loads has no number that is none, and loads from its own text to the same; so does a record; each
  event of a list is counted or dropped, and none both;
- a damaged result that is shown all the same says what it said before. What was vouched for anew, as who writes a
  folder can do, may say something else, but raises nothing.

Input is made by [Hypothesis](https://hypothesis.readthedocs.io), which makes what fails as small as it can. What was
found is kept in `tests/fuzz/found/`, and tried again by `make test`. This page is written by that command.

"""


def write(tallies: Mapping[str, Tally]) -> None:
    """Write the page."""
    PAGE.write_text(page(tallies))


def page(tallies: Mapping[str, Tally]) -> str:
    """The page of what came of each target."""
    lines = [
        "| what | tried | taken | distinct outcomes | slowest | most memory | found | mended |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {WHAT[name]} | {t.tried:,} | {t.taken:,} | {len(t.outcomes):,} | {t.slowest:.2f} s | "
        f"{t.most_memory / 1e6:.0f} MB | {len(t.failures) + t.mended} | {t.mended} |"
        for name, t in tallies.items()
    ]
    return HEAD + "\n".join(lines) + "\n"
