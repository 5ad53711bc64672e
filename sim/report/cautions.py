"""What must be known before a number is read: few draws of the parameters, and a pace that limits set."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from typing import Any

from sim.simulate.parameter_draws import RUNS_PER_ROW
from sim.wording import percent

FEWEST_DRAWS = {"run": 1_000, "ask": 100, "sweep": 40, "compare": 40}
"""Draws below which an answer is rough, by its kind: a run tells the middle 90% over the parameters, whose ends so many
give to about a tenth of its width; a question tells it too, of fewer runs as a rule, and so more roughly; a point of a
sweep or a scenario of a comparison tells its mean over them."""

MUCH_CAPACITY = 0.25
"""Share of militia-days in campaign at launch capacity above which limits set the pace of attacks."""


def cautions(kind: str, manifest: Mapping[str, Any], finding: Any) -> list[str]:
    """Say what makes an answer rough, or more the limits' doing than the actors'; nothing where nothing does.

    Parameters
    ----------
    kind : which question it answers: `run`, `sweep`, `compare`, ...
    manifest : of the result: where the parameters come from; of a run, how many draws of them
    finding : of the question: of a run its outcomes, of others the runs of one point or scenario
    """
    if kind not in FEWEST_DRAWS:
        return []
    draws = manifest["rows"] if kind == "run" else ceil(finding.runs / RUNS_PER_ROW)
    enough, own = FEWEST_DRAWS[kind], manifest.get("draws")
    held = f"{own['file']} holds {own['rows']:,}" if own and own["rows"] < enough else ""
    told = [] if manifest["parameters"] == "default" else [few_draws(draws, enough, held)]
    if kind == "run":
        told.append(at_capacity(finding.outcomes["days_at_capacity"]))
    return [line for line in told if line]


def few_draws(draws: int, enough: int, held: str = "") -> str:
    """Say that so many draws of the parameters are few, and how many runs take enough; nothing where they do.

    `held` says instead that no number of runs does, since there are no more.
    """
    if draws >= enough:
        return ""
    told = "1 draw of the parameters is" if draws == 1 else f"{draws:,} draws of the parameters are"
    more = held or f"{enough * RUNS_PER_ROW:,} runs take {enough:,}"
    return f"{told} few, so that ranges are rough; {more}"


def at_capacity(share: float) -> str:
    """Say that limits set the pace on so large a share of militia-days in campaign; nothing where it is small."""
    if share <= MUCH_CAPACITY:
        return ""
    return f"launch capacity or stocks, not the militias' will, set the pace on {percent(share)} of days in campaign"
