"""A search for policies drawn: what each policy risks and suffers, what it regrets, and where two change places."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter

from sim.experiments.policy.findings import PolicyFinding
from sim.outcomes import OUTCOMES
from sim.pipeline.answers import Answer
from sim.report.figures.answer import answer_page
from sim.report.figures.page import add_legend, panel_title
from sim.report.figures.policy_regret import draw_regret
from sim.report.figures.policy_switches import draw_switches
from sim.report.figures.result import Drawing
from sim.report.figures.style import FAINT, INK, PAPER, QUANTITY
from sim.report.figures.words import capital, exchange, short
from sim.wording import change_with_chance, percent, percent_with_chance

PANELS = {name: f"{OUTCOMES[name].heading} a run" for name in ("killed", "attacks")}
WIDE, TALL = 0.022, 0.042
"""A letter of a name, as a share of the axes."""
Box = tuple[float, float, float, float]
"""Left, bottom, right and top, as shares of the axes."""


def drawings(answer: Answer[PolicyFinding]) -> list[Drawing]:
    """Draw the front, the regrets, and the switch points."""
    return [_front(answer), draw_regret(answer), draw_switches(answer)]


def _front(answer: Answer[PolicyFinding]) -> Drawing:
    data, event = answer.finding.policy_table, answer.finding.definition
    title, subtitle = _title(data, event), _subtitle(data)
    figure = answer_page(answer, title, subtitle, _reading(answer), height=5.4)
    for axes, (name, heading) in zip(figure.subplots(1, len(PANELS)), PANELS.items(), strict=True):
        _panel(axes, data, name)
        panel_title(axes, [heading])
        axes.set_xlabel(f"Runs with a {exchange(event)} (%)")
        axes.set_ylabel(heading)
    marks: list[tuple[Artist, str]] = [
        (_mark(INK, INK), "found, and beaten by none"),
        (_mark(PAPER, INK), "found, beaten or perhaps beaten"),
        (_mark(QUANTITY, QUANTITY), "named, beaten by none"),
        (_mark(PAPER, QUANTITY), "named, beaten or perhaps beaten"),
    ]
    add_legend(figure, marks, rows=2, size=10.0)
    return Drawing("policy-front", title, figure, data, subtitle)


def _mark(fill: str, edge: str) -> Line2D:
    return Line2D([], [], linestyle="", marker="o", markersize=8, markerfacecolor=fill, markeredgecolor=edge)


def _panel(axes: Axes, data: pd.DataFrame, name: str) -> None:
    for row in data.to_dict("records"):
        edge = INK if row["found"] else QUANTITY
        fill = edge if row["standing"] == "front" else PAPER
        bars = [_bar(row, column) for column in (name, "risk")]
        axes.errorbar(
            row["risk"], row[name], yerr=bars[0], xerr=bars[1], fmt="o", markersize=8, color=edge,
            markerfacecolor=fill, elinewidth=1.2, capsize=0,
        )  # fmt: skip
    axes.margins(0.16, 0.12)
    axes.set_ylim(bottom=max(0.0, axes.get_ylim()[0]))
    left, right = axes.get_xlim()
    axes.set_xlim(max(-0.02, left), min(1.02, right))  # a risk lies between none and all
    _label(axes, data, name)
    axes.grid(True, axis="both")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.6g}%"))


def _bar(row: dict[Any, Any], name: str) -> list[list[float]]:
    """How far the paired interval of the change from the record reaches to either side."""
    change = row[f"{name}_change"]
    return [[change - row[f"{name}_change_low"]], [row[f"{name}_change_high"] - change]]


def _label(axes: Axes, data: pd.DataFrame, name: str) -> None:
    """Name every policy beside its mark, where no other mark or name is."""
    bottom, top = axes.get_ylim()
    left, right = axes.get_xlim()
    spots = {
        row["policy"]: ((row["risk"] - left) / (right - left), (row[name] - bottom) / (top - bottom))
        for row in data.to_dict("records")
    }
    taken = [(x - 0.015, y - 0.02, x + 0.015, y + 0.02) for x, y in spots.values()]
    for row in data.to_dict("records"):
        x, y = spots[row["policy"]]
        box = _free_box(x, y, WIDE * len(row["policy"]), taken)
        taken.append(box)
        far = abs((box[1] + box[3]) / 2 - y) > 0.03
        axes.annotate(
            row["policy"], (row["risk"], row[name]), (box[0], (box[1] + box[3]) / 2),
            textcoords="axes fraction", ha="left", va="center", size=10,
            color=INK if row["found"] else FAINT, weight="bold" if row["found"] else "normal",
            path_effects=[withStroke(linewidth=2.5, foreground=PAPER)],
            arrowprops={"arrowstyle": "-", "color": FAINT, "lw": 0.6, "shrinkB": 4} if far else None, zorder=6,
        )  # fmt: skip


def _free_box(x: float, y: float, width: float, taken: list[Box]) -> Box:
    """Room for a name beside a mark: the nearest that is free, in shares of the axes."""
    shifts = sorted((n * TALL / 2 for n in range(-14, 15)), key=abs)
    boxes = [
        (at, y + shift - TALL / 2, at + width, y + shift + TALL / 2)
        for shift in shifts
        for at in (x + 0.025, x - 0.025 - width)
    ]
    inside = [box for box in boxes if box[0] > 0 and box[2] < 1 and box[1] > 0 and box[3] < 1]
    free = [box for box in inside if not any(_overlap(box, other) for other in taken)]
    return [*free, *inside, *boxes][0]


def _overlap(one: Box, two: Box) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _title(data: pd.DataFrame, event: str) -> str:
    record, found = data.iloc[0], data[data["found"]]
    best = found.iloc[0]  # the search's best in risk, chosen before it was judged
    risks = [_risk(row).partition(" [")[0] for row in (record, best)]
    return (
        f"{capital(exchange(event))} in {risks[1]} of runs with policy {short(best.policy, 16)}, {risks[0]} with that "
        "on record"
    )


def _subtitle(data: pd.DataFrame) -> str:
    record, best = data.iloc[0], data[data["found"]].iloc[0]
    change = change_with_chance(*(best[f"risk_change{end}"] for end in ("", "_low", "_high")))
    return (
        f"{_risk(best)} against {_risk(record)}, change {change} points, paired by run (95% by chance). "
        f"{best.policy}: {best['words']}."
    )


def _risk(row: pd.Series) -> str:
    return percent_with_chance(row["risk"], row["risk_low"], row["risk_high"])


def _spirals(data: pd.DataFrame) -> str:
    """Of the runs with an exchange those in which reactions brought it, by policy."""
    return ", ".join(f"{row['policy']} {percent(row['spiral'])}" for row in data.to_dict("records"))


def _reading(answer: Answer[PolicyFinding]) -> list[str]:
    of = answer.finding
    letters = [f"{p.policy}: {p.settings}" for p in of.policies if p.found]
    listed = [f"{'; '.join(letters[i : i + 3])}." for i in range(0, len(letters), 3)]
    return [
        f"Policies found among {of.policies_tried:,} on {of.rows_searched} rows, judged with the named ones on "
        f"{of.rows_judged:,} fresh rows. Down and left is better. Bars: 95% interval of the change from the policy "
        "on record, by chance, with the same runs and luck. Beaten: another policy is better in risk, killed and "
        "attacks at once.",
        *listed,
        f"Of it spiral, {_spirals(of.policy_table)}. The levers are the model's, and so is what they do; a strike on "
        "Iran is itself the exchange, so that a ceiling far off lowers the risk by construction.",
    ]
