"""Under which heading the help lists each command, in the order in which they are met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Start": ("new", "scenarios", "check", "plan", "run", "dashboard"),
    "Look inside": ("trace", "why", "play", "evidence"),
    "Ask what if": ("ask", "sweep", "compare", "dilemma", "discover", "sensitivity", "policy", "warnings"),
    "Fit and score": ("calibrate", "forecast", "validate", "rivals"),
    "Files": ("record", "results", "report", "plot"),
}
OTHERS = "Others"
"""Where a command goes that no group names."""


def grouped(told: Mapping[str, str]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Headings with their commands and what each does, none of them empty.

    Parameters
    ----------
    told : what each command does, by its name
    """
    named = {name for names in GROUPS.values() for name in names}
    groups = {**GROUPS, OTHERS: tuple(sorted(told.keys() - named))}
    for heading, names in groups.items():
        if rows := [(name, told[name]) for name in names if name in told]:
            yield heading, rows
