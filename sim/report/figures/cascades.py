"""How many escalatory acts the first one of a run brings about, less those that it prevents: a histogram."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import FixedFormatter, FixedLocator

from sim.experiments.why.cascades import Cascades
from sim.experiments.why.chains import Chains
from sim.report.figures.page import add_legend, blank_page, job_note, question_note, save_alone, trust_note
from sim.report.figures.result import Drawing
from sim.report.figures.style import INK, QUANTITY, SPIRALS, percent_axis
from sim.report.figures.words import exchange
from sim.simulate.job import Job
from sim.wording import number_text, percent

STEM = "cascades"
EDGES = (1, 2, 3, 5, 10, 20, 50, 100)
"""Where bins begin, of sizes above 0; below 0 they mirror these."""


def draw_cascades(found: Chains, job: Job, place: Path) -> list[Path]:
    """Draw the sizes into a folder, made if it is not there; there must be a run with an escalatory act."""
    return save_alone(lambda: draw(found, job), place)


def draw(found: Chains, job: Job) -> Drawing:
    """Draw shares of runs by size of the cascade, of all runs with an escalatory act and of those with the headline."""
    data = table_of(found)
    title, subtitle = _title(found.cascades["all"]), _subtitle(found.cascades["all"])
    figure = blank_page(title, subtitle, _notes(found, job), 4.0)
    axes = figure.subplots()
    colours = {"all": QUANTITY, "spiralled": SPIRALS[job.scenario.headline]}
    for number, name in enumerate(found.cascades):
        rows = data[data["runs_of"] == name]
        place = np.arange(len(rows)) + 0.4 * (number - 0.5)
        axes.bar(place, rows["share"], width=0.38, color=colours[name], gid=name)
    _set_scale(axes, data[data["runs_of"] == "all"])
    labels = {
        "all": "runs with an escalatory act",
        "spiralled": f"those that come to a {exchange(job.scenario.headline)}",
    }
    add_legend(figure, [(Patch(color=colours[name]), labels[name]) for name in found.cascades])
    return Drawing(STEM, title, figure, data, subtitle)


def table_of(found: Chains) -> pd.DataFrame:
    """Runs by bin: runs_of ('all' or 'spiralled'), from, to, runs, share."""
    size = (found.by_run["with"] - found.by_run["without"])[found.by_run["first_day"] >= 0]
    spiralled = found.by_run.loc[size.index, "spiral_day"] >= 0
    low, high = bins(int(size.min()), int(size.max()))
    parts = []
    for name in found.cascades:
        values = size.to_numpy() if name == "all" else size[spiralled].to_numpy()
        runs = np.bincount(np.searchsorted(low, values, side="right") - 1, minlength=len(low))
        shares = runs / runs.sum()
        parts.append(pd.DataFrame({"runs_of": name, "from": low, "to": high, "runs": runs, "share": shares}))
    return pd.concat(parts, ignore_index=True)


def bins(least: int, most: int) -> tuple[np.ndarray, np.ndarray]:
    """First and last size of each bin, mirrored at 0, from that of the least size to that of the most."""
    above = np.array(EDGES)
    ends = np.append(above[1:] - 1, max(most, -least, EDGES[-1]))
    low, high = np.concatenate([-ends[::-1], [0], above]), np.concatenate([-above[::-1], [0], ends])
    keep = (high >= least) & (low <= most)
    return low[keep], high[keep]


def _set_scale(axes: Axes, rows: pd.DataFrame) -> None:
    labels = [_span(int(low), int(high)) for low, high in zip(rows["from"], rows["to"], strict=True)]
    axes.xaxis.set_major_locator(FixedLocator(list(range(len(rows)))))
    axes.xaxis.set_major_formatter(FixedFormatter(labels))
    nothing = np.flatnonzero(rows["from"].to_numpy() == 0)
    for at in nothing:
        axes.axvline(float(at), color=INK, linewidth=0.8, zorder=0.5)
    axes.set_xlabel("Later escalatory acts with the first one, less those without it (bins widen)")
    axes.set_ylabel("Share of runs (%)")
    percent_axis(axes)


def _span(low: int, high: int) -> str:
    if low == high:
        return f"{low:+d}" if low else "0"
    first, last = (low, high) if low > 0 else (high, low)
    return f"{first:+d} to\n{last:+d}"


def _title(of: Cascades) -> str:
    assert of.fewer is not None
    assert of.more is not None
    more, fewer = percent(of.more.probability), percent(of.fewer.probability)
    return f"The first escalatory act brings more of them in {more} of runs, and fewer in {fewer}"


def _subtitle(of: Cascades) -> str:
    mean, low, high = (f"{'-' if n < 0 else '+'}{number_text(abs(n), 2)}" for n in (of.mean, *of.chance))
    return f"On average {mean} [{low}, {high}] later escalatory acts (95% by chance), of {of.runs:,} runs with one."


def _notes(found: Chains, job: Job) -> tuple[str, ...]:
    return (
        "Severe acts: a US death by a militia's attack, a US strike in Iraq or of level 3 or more, an open answer by "
        "Iran. Each run is lived again from the morning of its first one, with the same luck and without that act.",
        question_note(job.scenario),
        job_note(job, found.runs),
        trust_note(),
    )
