"""How an answer was made, and how it is made again."""

from __future__ import annotations

from typing import Any

from sim.pipeline.answers import Answer
from sim.report.html.basis import date_text
from sim.report.html.page import Cell, Listing, Section, Table, words
from sim.scenario import dump_resolved
from sim.store.answer import left_out
from sim.store.form import offered
from sim.wording import duration_text, parameters_text

LONGEST = 200_000
"""Characters of a resolved scenario that a report holds, at most."""


def making(answer: Answer[Any]) -> Section:
    """Command, seed, version and all else that the answer hangs on; and the scenario with all that it inherits."""
    command = str(answer.manifest.get("command", ""))
    text = dump_resolved(answer.scenario)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\n# cut short here; the whole is in {answer.scenario.name}.yaml in the result folder"
    return Section(
        "again",
        "How to make it again",
        (
            Listing(
                offered(command, answer.kind),
                f"The same command, with the same version, gives the same numbers{left_out(command, answer.kind)}:",
            ),
            Table("What made it", ("what", "value"), tuple(_facts(answer))),
            Listing(text, "The scenario, with all that it inherits", folded=True),
        ),
        apart=True,
    )


def _facts(answer: Answer[Any]) -> list[tuple[Cell, ...]]:
    made = answer.manifest
    job = made.get("job", {})
    parameters = parameters_text(answer.parameters, bool(answer.scenario.priors))
    libraries = ", ".join(f"{name} {version}" for name, version in made.get("libraries", {}).items())
    told = {
        "Scenario": answer.scenario.name,
        "Question": answer.kind,
        "Runs": f"{made['runs']:,}",
        "Parameters": parameters,
        "Seed": str(made["random_seed"]),
        "Spiral": str(made["version"]),
        "Python and libraries": f"Python {made['python']}, {libraries}",
        "Machine": str(made["machine"]),
        "Made": f"{date_text(made['finished'])}, in {duration_text(made['seconds'])}",
        "Scenario's checksum": str(job.get("scenario", "")),
        "Model's checksum": str(job.get("made_by", {}).get("arithmetic", "")),
    }
    return [(words(name), words(value)) for name, value in told.items() if value]
