"""What an answer was made from, in words: its parameters, and what must be known before a number is read."""

from __future__ import annotations

import datetime
from typing import Any

from sim.pipeline.answers import Answer
from sim.pipeline.experiment import Finding
from sim.replay.words import listed
from sim.report.cautions import cautions
from sim.wording import day_text, definition_text, parameters_text


def date_text(day: str) -> str:
    """Write an ISO date as prose does."""
    return day_text(datetime.date.fromisoformat(day[:10]))


def known_until(answer: Answer[Any]) -> str | None:
    """The last day that the parameters are informed of, in words; None where no record informs them."""
    days = _fitted_to(answer.finding) if answer.finding.fits else _known(answer)
    return date_text(max(days)) if days else None


def _known(answer: Answer[Any]) -> list[str]:
    return [one["known_until"] for one in answer.manifest.get("basis", []) if one.get("known_until")]


def _fitted_to(finding: Finding) -> list[str]:
    """Last days that a question fits to by itself, one after the other."""
    days = getattr(finding, "as_of", None) or getattr(finding, "until", None) or []
    return [str(day) for day in (days if isinstance(days, list) else [days])]


def given_text(answer: Answer[Any]) -> str:
    """Say where the parameters come from, to begin a sentence with: `With parameters fitted to ...`."""
    own = bool(answer.scenario.priors)
    known, parameters = known_until(answer), str(answer.manifest["parameters"])
    if answer.finding.fits:
        record = getattr(answer.finding, "record", "")
        named = f" {record}" if record else ""
        dates = listed([date_text(day) for day in _fitted_to(answer.finding)])
        turn = " in turn" if len(_fitted_to(answer.finding)) > 1 else ""
        return f"With parameters fitted here to the record{named}" + (
            f" up to {dates}{turn}" if dates else ""
        )
    if known is not None:
        return f"With parameters fitted to what was reported up to {known}"
    if parameters == "default":
        return "With every parameter at its default"
    if answer.manifest.get("draws"):
        return f"With parameters {parameters_text(parameters, own)}; nothing here has been fitted to a record"
    return f"With parameters {parameters_text(parameters, own)}, which no record has informed"


def warnings(answer: Answer[Any]) -> tuple[str, ...]:
    """What must be known before the numbers are read, a line each."""
    made = answer.manifest
    basis = made.get("basis", [])
    lines = [
        f"{one['scenario']}: {line}" if len(basis) > 1 else line for one in basis for line in one["told"]
    ]
    if changes := made.get("changes"):
        lines.insert(0, f"This is {answer.scenario.name} with {', '.join(changes)}.")
    told = cautions(answer.kind, made, answer.finding)
    lines.extend(f"{line[:1].upper()}{line[1:]}." for line in told)
    return tuple(lines)


def key_text(answer: Answer[Any]) -> str:
    """Say what is counted, and what the two intervals are that stand beside a probability."""
    scenario = answer.scenario
    counted = f"A {scenario.headline} exchange is {definition_text(scenario.headline, scenario)}."
    chance = "By chance: the 95% interval of the Monte Carlo error, which more runs narrow."
    if answer.manifest["parameters"] == "default" and not answer.finding.fits:
        return (
            f"{counted} {chance} What is not known of the parameters is left out: all are at their defaults."
        )
    return (
        f"{counted} {chance} With the parameters unknown: the central 90% of the risk over all parameters "
        "that the evidence "
        "leaves open, which no number of runs narrows. A probability is a mean, and may lie outside that range."
    )


def not_a_forecast(answer: Answer[Any]) -> str:
    """What the answer is conditional on, as something that must not be said of it."""
    known = known_until(answer)
    record = (
        f"its parameters are fitted to what was reported up to {known}, and some of its priors and of the pressures "
        "from outside rest on later articles"
        if known
        else "no record has informed it"
    )
    return (
        "That it is a forecast of events. It is what a model comes to, conditional on its actors, its "
        "mechanisms and what it "
        f"assumes of the time to come; {record}."
    )


TWO_KINDS = (
    "That the two intervals are of one kind. The one by chance narrows with more runs; the one with the parameters "
    "unknown does not. They are not to be added, nor quoted one for the other."
)
NO_CAUSE = (
    "That it proves a cause. What reactions made is told by taking them out of the model, run by run, and "
    "is as good as "
    "the model's mechanisms."
)
BEYOND = (
    "Anything about a war that may follow. Beyond a direct exchange the model is not meant to be believed."
)
