"""What came of the dilemma, put into sentences: for whoever reads the screen or a figure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.experiments.dilemma.where import AVERTED, DILEMMA, FED, RISING
from sim.experiments.dilemma.worlds import CEILING, READINESS, TOGETHER
from sim.wording import change_with_chance, number_text, percent, percent_interval

GROUPS = {
    RISING: "draws in which the risk rises with readiness, against those in which it falls",
    FED: "draws in which it rises through feedback, against the others",
    AVERTED: "draws in which it falls through feedback, against the others",
    DILEMMA: "draws in which the dilemma holds, against the others",
}


def on(curve: pd.DataFrame, lever: str = READINESS, pack: str = TOGETHER) -> pd.DataFrame:
    """Points of one lever in one world, by value."""
    mine = curve[(curve["pack"] == pack) & (curve["lever"] == lever)]
    return mine.sort_values("value", ignore_index=True)


def ends_sentence(curve: pd.DataFrame, days: int) -> str:
    """Say what never answering and answering everything are, in strikes a run."""
    mine = on(curve)
    low, high = mine.iloc[0], mine.iloc[-1]
    return (
        f"At readiness {low['value']:g} Washington strikes at level 1 or 2 "
        f"{number_text(low['low_strikes'], 2)} times a run of {days} days, and never in "
        f"{percent(low['no_low_strike'])} of runs; at readiness {high['value']:g}, "
        f"{number_text(high['low_strikes'])} times. Its red lines stay: strikes of level 3 or 4 come to "
        f"{number_text(low['high_strikes'], 2)} and {number_text(high['high_strikes'], 2)} a run, wars included."
    )


def feedback_sentence(curve: pd.DataFrame, event: str) -> str:
    """Say how much of the change at the ends is there without any feedback."""
    mine, aside = on(curve), on(curve, pack="no feedback")
    texts = []
    for place in (0, -1):
        one, other = mine.iloc[place], aside.iloc[place]
        texts.append(
            f"at {one['value']:g} the risk differs from that at 0 by {change_at(one, f'{event}_change')} "
            f"points, and without feedback by {change_at(other, f'{event}_change')}"
        )
    return f"{_capital(texts[0])}; {texts[1]}."


def ceiling_sentence(curve: pd.DataFrame, event: str) -> str:
    """Say what the ceiling does to the risk, and that it does so by definition too."""
    low, high = (on(curve, CEILING).iloc[end] for end in (0, -1))
    return (
        f"Ceiling {low['value']:g} moves the risk by {change_at(low, f'{event}_change')} points, {high['value']:g} by "
        f"{change_at(high, f'{event}_change')}; by definition too, for a strike of level 4 is the exchange."
    )


def change_at(row: Any, name: str) -> str:
    """A change of probability with its ends, in percentage points."""
    return change_with_chance(*(row[f"{name}{end}"] for end in ("", "_low", "_high")))


def signed(row: Any, name: str) -> str:
    """Write a change of a mean with its ends: `-2.5 [-3.6, -1.5]`."""
    value, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    return f"{value:+.1f} [{low:+.1f}, {high:+.1f}]"


def share_at(row: Any) -> str:
    """A share of the draws with its ends."""
    return f"{percent(row['share'])} {percent_interval(row['share_low'], row['share_high'])}"


def where_lines(where: pd.DataFrame, most: int = 4) -> list[str]:
    """Name the parameters that tell groups of draws apart beyond chance, or say that there are none."""
    lines = []
    for comparison, said in GROUPS.items():
        rows = where[where["comparison"] == comparison]
        named = rows[rows["beyond_luck"].astype(bool)].head(most)
        if rows.empty:
            lines.append(f"{_capital(said)}: too few draws to compare.")
        elif named.empty:
            lines.append(f"{_capital(said)}: no parameter tells them apart beyond chance.")
        else:
            texts = [_parameter(row) for row in named.to_dict("records")]
            lines.append(f"{_capital(said)}, differ beyond chance in {'; '.join(texts)}.")
    return lines


def _parameter(row: dict[str, Any]) -> str:
    unit = "" if row["unit"] == "1" else f" {row['unit']}"
    medians = (
        f"median {number_text(row['first_median'], 2)} against {number_text(row['second_median'], 2)}{unit}"
    )
    return f"{row['parameter']} ({row['meaning']}; {medians})"


def response_line(row: Any) -> str:
    """Say what a forced strike of a level does to the attacks that follow, and from when until when."""
    if row["way"] == "no change":
        return f"Level {row['level']}: no week's change in attacks is beyond chance"
    until = "to the last day followed" if row["to_day"] == row["days"] else f"to day {row['to_day']}"
    later = "" if row["later_way"] in ("no change", row["way"]) else f", later {row['later_way']}"
    return f"Level {row['level']}: {row['way']} attacks from day {row['from_day']} {until}{later}"


def own_spiral_note(definition: str) -> str:
    """Say why a strike of level 4 has no effect on the risk that could be counted."""
    what = {
        "severe": "after deaths itself a severe exchange",
        "direct": "itself a direct exchange",
        "reciprocal": "itself half of a reciprocal exchange",
    }[definition]
    return f"A strike of level 4 is {what}: its change of risk is no effect, and is left out."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
