"""What signs are worth, said plainly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.wording import percent, percent_with_chance

if TYPE_CHECKING:
    from sim.experiments.warnings import WarningsFinding

WEAK = 0.7
"""Area under the curve below which a sign is called weak."""
NO_BORDER = 2
"""Highest rung on which neither was a border crossed nor anybody killed."""

TOO_FEW = "Too few exchanges were seen to tell what foretells them"
NOTHING = "Nothing that can be observed foretells an exchange better than chance"


def verdict(signs: Sequence[Mapping[str, Any]], of: Mapping[str, Any]) -> str:
    """Say in a sentence what foretells spirals, or that nothing does."""
    if not signs:
        return TOO_FEW
    best = best_of(signs, of)
    if best["auc_low"] <= 0.5:
        return NOTHING
    much = "Little warning" if best["precision"] < 0.5 or best["auc"] < WEAK else "Good warning"
    name = "the date alone" if best["sign"] == "date" else best["meaning"]
    same = best["sign"] != "date" and best["over_date_low"] <= 0
    return (
        f"{much} of a {of['definition']} exchange: its best single sign, {name} ({best['alarm']}), comes true within "
        f"{of['ahead']} days on {percent(best['precision'])} of evenings, against {percent(of['base']['value'])} of all"
        f"{', and ranks evenings no better than the date alone' if same else ''}"
    )


def best_of(signs: Sequence[Mapping[str, Any]], of: Mapping[str, Any]) -> Mapping[str, Any]:
    """The single sign that was best on the rows searched in."""
    return next(sign for sign in signs if sign["sign"] == of["best"])


def eve_sentence(of: WarningsFinding) -> str:
    """Say how many spirals came with no border crossed and nobody killed until the evening before."""
    sudden = of.sudden
    if sudden.share is None:
        return ""
    shown = percent_with_chance(sudden.share, sudden.low, sudden.high)
    return (
        f"On the evening before it, {shown} of {sudden.spirals:,} runs with an exchange stood on rung {NO_BORDER} or "
        "lower: no US strike in Iraq and nobody killed within the ladder's window"
    )


def area_text(sign: Mapping[str, Any]) -> str:
    """Write an area under the curve with its interval: `0.78 [0.73, 0.82]`."""
    return "{:.2f} [{:.2f}, {:.2f}]".format(*(sign[f"auc{end}"] for end in ("", "_low", "_high")))


def lead_text(sign: Mapping[str, Any], ahead: int) -> str:
    """Write the days of warning, median and quartiles: `28 [15, 30+]`."""
    if not sign["lead_median"] > 0:
        return "none"
    days = (sign[f"lead_{name}"] for name in ("median", "q25", "q75"))
    median, low, high = (f"{value:.0f}{'+' if value >= ahead else ''}" for value in days)
    return f"{median} [{low}, {high}]"
