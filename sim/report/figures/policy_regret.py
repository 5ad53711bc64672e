"""The regret of each policy in each rival world, as a table in shades."""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from sim.experiments.policy.findings import PolicyFinding
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.result import Drawing
from sim.report.figures.style import INK, PAPER
from sim.report.figures.sweep_map import shades
from sim.report.figures.words import exchange, short
from sim.wording import change_with_chance, percent

ROW = 0.66  # inches


def draw_regret(answer: Answer[PolicyFinding]) -> Drawing:
    """Draw how much more each policy risks than the best one, by world."""
    of = answer.finding
    table = of.regret
    data = table[table["quantity"] == "risk"].reset_index(drop=True)
    names, worlds = list(dict.fromkeys(data["policy"])), of.worlds
    title, subtitle = _title(of), _subtitle(of)
    figure = answer_page(answer, title, subtitle, _reading(of, names), height=0.7 + ROW * len(names))
    axes = figure.subplots()
    scale = Normalize(0.0, max(0.01, 1.5 * float(data["regret"].max())))
    for row in data.to_dict("records"):
        _cell(axes, row, names.index(row["policy"]), worlds.index(row["world"]), scale, of.definition)
    axes.set_xlim(0, len(worlds))
    axes.set_ylim(len(names), 0)
    axes.set_xticks([i + 0.5 for i in range(len(worlds))], worlds)
    axes.set_yticks([i + 0.5 for i in range(len(names))], names)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return Drawing("policy-regret", title, figure, data, subtitle)


def _cell(axes: Axes, row: dict[Any, Any], y: int, x: int, scale: Normalize, event: str) -> None:
    colour = shades(event)(scale(max(0.0, row["regret"])))
    axes.add_patch(Rectangle((x, y), 1, 1, facecolor=colour, edgecolor=PAPER, linewidth=2))
    value, _, ends = change_with_chance(row["regret"], row["regret_low"], row["regret_high"]).partition(" ")
    lines = (
        (0.26, value, 12.0, "bold"),
        (0.56, ends, 9.0, "normal"),
        (0.81, f"risk {percent(row['value'])}", 9.0, "normal"),
    )
    for down, text, size, weight in lines:
        axes.text(x + 0.5, y + down, text, ha="center", va="center", size=size, color=INK, weight=weight)


def _title(of: PolicyFinding) -> str:
    best = of.least_largest_regret["risk"]
    return f"Policy {short(best.policy)} has the smallest maximum regret over the rival explanations"


def _subtitle(of: PolicyFinding) -> str:
    best = of.least_largest_regret["risk"]
    return (
        f"So it is in {percent(best.often)} of resamples of the rows; in the cells 95% intervals by chance."
    )


def _reading(of: PolicyFinding, names: list[str]) -> list[str]:
    words = "; ".join(f"{p.policy}: {p.words}" for p in of.policies if p.found and p.policy in names)
    return [
        f"Large: regret in percentage points, the risk of a {exchange(of.definition)} less that of the policy that is "
        f"best in that world; below it its 95% interval by chance, and the risk itself. {of.rows_rival} rows of 25 "
        "runs a cell, the same in all. The best is picked on one half of the rows for the other, so that a regret can "
        f"be below zero. {', '.join(of.yardsticks)} is a yardstick, and never the best.",
        "Each column but the first keeps one group of mechanisms alone; a lever whose mechanism is off does nothing "
        "there (posture in all of them). In the first, all work together.",
        f"{words}.",
    ]
