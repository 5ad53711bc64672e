"""Which scenarios are held against each other, what they are called, and whether their runs can be paired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.errors import QuestionError
from sim.pipeline.request import Request
from sim.scenario import Scenario

OF_THE_QUESTION = ("random_seed", "end", "headline", "runs")
"""Settings that apply to a scenario as it stands too: it would have nothing to be held against without them."""

LONGEST_FOLDER = 80  # characters


@dataclass(frozen=True)
class Chosen:
    """Scenarios by label, the first one first, and what was set on top of all of them."""

    scenarios: Mapping[str, Scenario]
    shared: tuple[str, ...]


def several(request: Request) -> Chosen:
    """Load scenarios, to all of which the settings apply."""
    for place, name in enumerate(request.names):
        if name in request.names[:place]:
            raise QuestionError(
                f"{name}: is named twice; a scenario has nothing to be held against in itself"
            )
    loaded = [request.load(name, request.settings, request.priors) for name in request.names]
    called = [scenario.name for scenario in loaded]
    labels = request.names if len(set(called)) < len(called) else called
    return Chosen(dict(zip(labels, loaded, strict=True)), request.changes)


def altered(request: Request) -> Chosen:
    """Load a scenario as it stands, and what settings and ranges of one's own make of it."""
    shared = tuple(text for text in request.settings if text.partition("=")[0].strip() in OF_THE_QUESTION)
    changes = [text for text in request.changes if text not in shared]
    (name,) = request.names
    if not changes and request.priors is None:
        raise QuestionError(
            f"{name} alone has nothing to be held against: name another scenario, or give --set or --priors to hold it "
            "against what they make of it (random_seed, end, headline and runs change both)"
        )
    first = request.load(name, shared, None)
    made = [*changes, *([request.priors.name] if request.priors else [])]
    scenarios = {first.name: first, f"{first.name} with {', '.join(made)}": request.scenario}
    return Chosen(scenarios, tuple(text for text in shared if text in request.changes))


def numbered(names: Sequence[str]) -> tuple[str, ...]:
    """Names, each with its number where it comes again."""
    counts = [names[: place + 1].count(name) for place, name in enumerate(names)]
    return tuple(
        name if count == 1 else f"{name} ({count})" for name, count in zip(names, counts, strict=True)
    )


def check_pair(first: Scenario, other: Scenario, labels: tuple[str, str]) -> None:
    """Refuse two scenarios of another luck, or of another length."""
    if first.random_seed != other.random_seed:
        raise QuestionError(
            f"{labels[0]} has random_seed {first.random_seed} and {labels[1]} {other.random_seed}: runs are paired by "
            "their luck, so that both need the same; --random-seed gives all one"
        )
    if first.end != other.end:
        raise QuestionError(
            f"{labels[0]} ends on {first.end} and {labels[1]} on {other.end}: what happens in a longer time is more; "
            f"--set end={max(first.end, other.end)} gives all one end"
        )
