"""Boxes said in words, with units, and how far they can be believed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.wording import meaning_text, number_text, percent, percent_with_chance

if TYPE_CHECKING:
    from sim.experiments.discover import Box


def limit_words(limit: Mapping[str, Any]) -> str:
    """Say one limit: `pressure added by log2(1 + killed) of a day above 3.4 logits (us.pressure_killed)`."""
    meaning = meaning_text(str(limit["meaning"]))
    unit = "" if not isinstance(limit["unit"], str) or not limit["unit"] else f" {limit['unit']}"
    return f"{meaning} {limit['side']} {number_text(limit['value'])}{unit} ({limit['factor']})"


def prior_words(limit: Mapping[str, Any]) -> str:
    """Say how much of its prior a limit leaves: `upper 73%`."""
    left = 1 - limit["quantile"] if limit["side"] == "above" else limit["quantile"]
    return f"{'upper' if limit['side'] == 'above' else 'lower'} {percent(left)}"


def box_words(limits: pd.DataFrame, number: int) -> str:
    """Say a box: its limits, joined."""
    records: list[dict[str, Any]] = limits[limits["box"] == number].to_dict("records")
    said = [limit_words(limit) for limit in records]
    return "; and ".join(said)


def finding(boxes: Sequence[Mapping[str, Any]], event: str) -> str:
    """Say in a sentence what was found, or that it is nothing."""
    standing = [box for box in boxes if box["holds_up"]]
    if not standing:
        return "WARNING: no conditions were found in which more runs come to the exchange than everywhere"
    box = standing[0]
    return (
        f"{percent(box['coverage'])} of the {event} exchanges gather in {percent(box['mass'])} of the prior, where "
        f"{risk_words(box, 'density')} of runs come to one; everywhere {percent(box['base'])} do"
    )


def risk_words(box: Mapping[str, Any] | Box, name: str) -> str:
    """Write a share of a box with its 95% interval."""
    of = box if isinstance(box, Mapping) else vars(box)
    value, low, high = (of[f"{name}{end}"] for end in ("", "_low", "_high"))
    return percent(value) if value is None or math.isnan(value) else percent_with_chance(value, low, high)


def warning(boxes: Sequence[Mapping[str, Any]], rows: int, seen: int) -> str:
    """Say why nothing was found, on so many rows that judge and with so many spirals; empty when something was."""
    if any(box["holds_up"] for box in boxes):
        return ""
    if not boxes and not seen:
        return "WARNING: none of the runs came to the exchange, so that there is nothing to gather."
    if not boxes:
        return (
            "WARNING: no limit on any parameter did better than the best by chance among all that were tried. Nothing "
            "is found that is better than everything."
        )
    box = boxes[0]
    return (
        f"WARNING: the box that was found does not hold up on the {rows:,} rows that had no part in the search: "
        f"{risk_words(box, 'density')} of runs come to the exchange in it, against "
        f"{percent(box['base'])} everywhere. Nothing is found that is better than everything."
    )
