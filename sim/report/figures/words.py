"""How figures put findings: titles that can be read at a glance, intervals apart from them, rungs as words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.outcomes import OUTCOMES, SPIRALS
from sim.report.figures.style import literal
from sim.scenario import Scenario
from sim.scenario.imposed import imposed_spirals
from sim.simulate.responses import OUTCOME
from sim.wording import day_text, percent, percent_interval, percent_with_chance

MOST_TITLE = 89
"""Letters of a title, at most."""
MOST_NAME = 24
"""Letters of a name within a title, at most."""

RUNG_WORDS = (
    "quiet", "harassment", "tit-for-tat", "border crossed", "severe exchange", "direct exchange", "reciprocal exchange",
)  # fmt: skip
BY_CHANCE, UNKNOWN = "by chance (95%)", "with the parameters unknown (90%)"


def short(text: object, most: int = MOST_NAME) -> str:
    """Cut a text to so many letters; an ellipsis ends what is cut."""
    whole = literal(str(text))
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}…"


def exchange(definition: str) -> str:
    """What a run comes to, by the name of its definition: a `direct exchange`, whether or not reactions brought it.

    Where a question takes its place, a yes to it.
    """
    return "yes to the question" if definition == OUTCOME else f"{definition} exchange"


def outcome_words(key: str, headline: str) -> str:
    """Name an outcome of a comparison: an exchange, or what of the headline's is a spiral or would come anyway."""
    if key in SPIRALS:
        return capital(exchange(key))
    parts = {"spiral": "of it spiral", "anyway": "of it anyway", "averted": "Averted by restraint"}
    return parts.get(key) or OUTCOMES[key].heading


def capital(text: str) -> str:
    """Begin a text with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def level_text(estimate: Mapping[str, Any]) -> str:
    """Write a probability as fine as its interval by chance asks, without it: `10.9%`."""
    return percent_with_chance(estimate["probability"], *estimate["chance"]).partition(" [")[0]


def share_of_runs(estimate: Mapping[str, Any]) -> str:
    """Write a probability as a share of runs: `10.9% of runs`, or `none of 2,000`."""
    if estimate["seen"] in (0, estimate["runs"]):
        return f"{'all' if estimate['seen'] else 'none'} of {int(estimate['runs']):,} runs"
    return f"{level_text(estimate)} of runs"


def ends_text(estimate: Mapping[str, Any], named: bool = True) -> str:
    """Write both intervals of a probability: `[8, 14] by chance (95%), [0.2, 41] with the parameters unknown (90%)`.

    Where no run or every run comes to it, the bound that so many runs allow. Without names, `[8, 14] and [0.2, 41]`.
    """
    (low, high), ignorance = estimate["chance"], estimate.get("ignorance")
    if estimate["seen"] == 0:
        return f"below {percent(high)} {BY_CHANCE}" if named else f"below {percent(high)}"
    chance = f"above {percent(low)}" if estimate["seen"] == estimate["runs"] else percent_interval(low, high)
    unknown = percent_interval(*ignorance) if ignorance and any(ignorance) else ""
    if not named:
        return f"{chance} and {unknown}" if unknown else chance
    return f"{chance} {BY_CHANCE}" + (f", {unknown} {UNKNOWN}" if unknown else "")


def comes(estimate: Mapping[str, Any], scenario: Scenario, definition: str) -> str:
    """Say in how many runs an exchange comes by the last day; of one that is imposed, what imposes it."""
    name, end = exchange(definition), day_text(scenario.end)
    if (found := imposed_spirals(scenario).get(definition)) is not None:
        return f"The {name} is imposed by {found.source} on {day_text(found.date)}, and no finding"
    runs = int(estimate["runs"])
    if estimate["seen"] == 0:
        return f"No run of {runs:,} comes to a {name} by {end}"
    if estimate["seen"] == runs:
        return f"All of {runs:,} runs come to a {name} by {end}"
    return f"A {name} comes by {end} in {level_text(estimate)} of runs"


def lever_name(path: str, most: int = MOST_NAME) -> str:
    """Name a number that is varied by its path, or, where that is too long for a title, by its last part."""
    return path if len(path) <= most else short(path.rpartition(".")[2], most)
