"""The day from which runs are free of the record: what jumps or falls there does so because the record ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from sim.report.figures.style import CAPTION, FAINT, INK, day_number
from sim.scenario import Scenario
from sim.simulate.job import NoPosterior, make_job
from sim.wording import day_text

ONE_DAY = dt.timedelta(days=1)
STROKE = (0, (1.5, 1.5))


def released_on(scenario: Scenario, manifest: Mapping[str, Any]) -> dt.date | None:
    """First day of a scenario on which its runs are free; None where they are from the first day on.

    Before it they live through a past that was fitted, or through what the scenario's history imposes.
    """
    days = [scenario.history.release] if scenario.history is not None else []
    if any(part["past"] for part in manifest.get("basis", ())):
        try:
            posterior = make_job(scenario, manifest["parameters"]).posterior
        except NoPosterior:  # fitted elsewhere, and not to be had here
            posterior = None
        days += [] if posterior is None else [posterior.as_of + ONE_DAY]
    latest = max(days, default=scenario.start)
    return latest if scenario.start < latest <= scenario.end else None


def mark_release(axes: Axes, day: dt.date | None, label: bool = True, above: bool = False) -> None:
    """Draw the day as a dotted line, named beside its upper end; `above` what else is drawn, where that is an area."""
    if day is None:
        return
    place = day_number(day) - 0.5
    colour = INK if above else FAINT
    axes.axvline(
        place, color=colour, linewidth=1.4, linestyle=STROKE, zorder=6 if above else 0.9, gid="release"
    )
    if label:
        axes.annotate(
            "record ends", (place, 1.0), xycoords=("data", "axes fraction"), xytext=(-4, -3),
            textcoords="offset points", ha="right", va="top", size=CAPTION, color=colour, rotation=90,
        )  # fmt: skip


def release_note(day: dt.date | None, what: str) -> list[str]:
    """Say what of a figure is made by the end of the record, if there is one."""
    if day is None:
        return []
    return [f"Dotted: {day_text(day)}, the first day without the record. {what}"]
