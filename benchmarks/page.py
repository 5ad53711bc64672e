"""The page of the documentation on speed: what a benchmark found, written into its place there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from benchmarks.measure import ROOT, Report, shortened

PAGE = ROOT / "docs" / "explanation" / "speed.md"
VERDICTS = {True: "holds", False: "does not hold", None: "was not tested"}


def write(report: Report, machine: Mapping[str, Any]) -> bool:
    """Write a report between the marks of its name; tell whether the page has a place for it."""
    text = PAGE.read_text(encoding="utf-8")
    place = re.compile(rf"(<!-- benchmark: {report.name} -->\n).*?(<!-- /benchmark -->)", re.DOTALL)
    if not place.search(text):
        return False
    PAGE.write_text(place.sub(lambda m: m[1] + section(report, machine) + m[2], text), encoding="utf-8")
    return True


def section(report: Report, machine: Mapping[str, Any]) -> str:
    """A report as Markdown: its claims, a table of what was measured, where and when."""
    found = report.as_json()
    claims = [f"- {c.claim}: {VERDICTS[c.holds]}, {c.found}" for c in report.claims]
    rows = [
        f"| {row['what']}, {row['unit']} | "
        + " | ".join(shortened(row[key]) for key in ("median", "min", "max"))
        + f" | {len(row['values'])} |"
        for row in found["rows"]
    ]
    load = found["load"]
    where = (
        f"{machine['date']}, {machine['processor']}, {machine['cores']} cores, Python {machine['python']}, numba "
        f"{machine['numba']}; load {load['before']:.1f} before and {load['after']:.1f} after."
    )
    notes = [f"{note[0].upper()}{note[1:]}." for note in report.notes]
    head = ["| | median | least | most | measures |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*claims, "", *head, *rows, "", *notes, where, ""])
