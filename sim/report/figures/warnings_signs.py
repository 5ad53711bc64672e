"""Signs one below the other: how well each ranks evenings, and how many days of warning it gives."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from sim.experiments.warnings import WarningsFinding
from sim.report.figures.page import panel_title
from sim.report.figures.style import COUNTRIES, FAINT, INK
from sim.report.figures.words import exchange
from sim.wording import percent

MOST = 12
SIZE = 9.5  # points


def shown(signs: pd.DataFrame) -> pd.DataFrame:
    """The best signs, as they came out where they were chosen, with the date and the first that counts the killed."""
    always = signs["sign"].isin(["date", *signs.loc[signs["sign"].str.startswith("killed"), "sign"].head(1)])
    others = signs[~always].head(MOST - int(always.sum())).index
    return signs.loc[signs.index.isin(others) | always].reset_index(drop=True)


def draw_areas(axes: Axes, signs: pd.DataFrame) -> None:
    """Draw areas under the curve with their intervals."""
    places = range(len(signs))
    for place, sign in enumerate(signs.to_dict("records")):
        colour = INK if sign["sign"] == "together" else FAINT if sign["sign"] == "date" else COUNTRIES["iraq"]
        axes.plot([sign["auc_low"], sign["auc_high"]], [place, place], color=colour, linewidth=2)
        axes.plot(sign["auc"], place, color=colour, marker="o", markersize=5, gid=sign["sign"])
    axes.axvline(0.5, color=FAINT, linestyle=":", linewidth=1)
    axes.set_yticks([*places], list(signs["meaning"]), fontsize=SIZE)
    axes.set_ylim(len(signs) - 0.4, -0.6)
    axes.set_xlim(
        min(0.48, float(signs["auc_low"].min()) - 0.02), min(1.0, float(signs["auc_high"].max()) + 0.02)
    )
    axes.set_xlabel("Area under the curve")
    axes.grid(True, axis="x")
    panel_title(axes, ["How well each sign ranks evenings"])


def draw_leads(axes: Axes, signs: pd.DataFrame, of: WarningsFinding) -> None:
    """Draw days of warning, median and quartiles, and beside them how often the alarm sounded at all."""
    for place, sign in enumerate(signs.to_dict("records")):
        axes.plot([sign["lead_q25"], sign["lead_q75"]], [place, place], color=COUNTRIES["syria"], linewidth=2)
        axes.plot(sign["lead_median"], place, color=COUNTRIES["syria"], marker="o", markersize=5)
        text = f"{percent(sign['hit_rate'])} / {percent(sign['quiet_rate'])}"
        axes.text(1.04, place, text, size=SIZE, va="center", transform=axes.get_yaxis_transform())
    axes.text(
        1.04, -1.1, "before one\n/ in quiet", size=SIZE, va="center", transform=axes.get_yaxis_transform()
    )
    axes.set_yticks([*range(len(signs))], [""] * len(signs))
    axes.set_ylim(len(signs) - 0.4, -0.6)
    axes.set_xlim(of.ahead * 1.04, 0)
    axes.set_xlabel(f"Days before the {exchange(of.definition)}")
    axes.grid(True, axis="x")
    panel_title(axes, ["Days of warning"])
