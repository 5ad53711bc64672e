"""What `spiral why --runs` prints of chains and cascades, and gives as JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sim.cli.why.many_runs import share_text
from sim.experiments.why.cascades import QUANTILES, Cascades
from sim.experiments.why.chains import LEAST, Chains, Link
from sim.report.terminal.screen import Screen
from sim.simulate.setting import militias_in_order
from sim.wording import day_text, number_text, percent

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.simulate.job import Job

MEANING = (
    f"A chain: at least {LEAST} acts after its root, sides alternating, none less grave than the one before, and none "
    "that comes when the one before is taken out, with the same luck in all else."
)
GROUPS = {"all": "runs with an escalatory act", "spiralled": "runs that spiralled"}


def print_chains(found: Chains, job: Job) -> None:
    """Print what came out, in a dozen lines at most."""
    screen, scenario = Screen(), job.scenario
    screen.print()
    for line in lines_of(found, scenario):
        screen.say(line)


def lines_of(found: Chains, scenario: Scenario) -> list[str]:
    """Sentences on chains and on cascades."""
    said = []
    if found.given is not None:
        sample = "all" if found.searched == found.reached else f"{found.searched:,} drawn at random"
        said.append(
            f"{scenario.headline.capitalize()} exchange at the end of a chain: {share_text(found.chain)} of all runs, "
            f"{share_text(found.given)} of those that spiral ({sample} of {found.reached:,} searched). {MEANING}"
        )
        each = [f"{n}: {percent(runs / found.searched)}" for n, runs in enumerate(found.lengths) if runs]
        said.append(f"Acts after the root of the longest such chain: {', '.join(each)}.")
    if found.example is not None:
        run, links = found.example
        said.append(f"Run {run:,}: {', then '.join(_link(link, scenario) for link in links)}.")
    said += [_cascade(name, cascades) for name, cascades in found.cascades.items()]
    return said


def _link(link: Link, scenario: Scenario) -> str:
    by = ""
    if link.militia >= 0:
        names = list(militias_in_order(scenario).values())
        by = f" by {names[link.militia].title}"
    return f"{link.kind}{by} on {day_text(scenario.start + dt.timedelta(days=link.day))}"


def _cascade(name: str, of: Cascades) -> str:
    low, middle, high = (of.quantiles[QUANTILES.index(q)] for q in (0.05, 0.5, 0.95))
    assert of.fewer is not None
    assert of.more is not None
    head = (
        "Cascade, later escalatory acts with a run's first escalatory act less those without it"
        if name == "all"
        else "The same"
    )
    return (
        f"{head}, of {of.runs:,} {GROUPS[name]}: mean {_signed(of.mean)} [{_signed(of.chance[0])}, "
        f"{_signed(of.chance[1])}], median {_signed(middle)}, 90% {_signed(low)} to {_signed(high)}; more in "
        f"{share_text(of.more)}, fewer in {share_text(of.fewer)}."
    )


def _signed(value: float) -> str:
    text = number_text(abs(value), 2)
    return text if text == "0" else f"{'+' if value > 0 else '-'}{text}"


def chains_dict(found: Chains, job: Job) -> dict[str, Any]:
    """Plain values: the chain's probability, lengths, an example, and the cascades."""
    example = None
    if found.example is not None:
        run, links = found.example
        start = job.scenario.start
        example = {
            "run": run,
            "acts": [
                {"date": (start + dt.timedelta(days=link.day)).isoformat(), "act": _what(link, job.scenario)}
                for link in links
            ],
        }
    return {
        "spiralled": found.reached,
        "searched": found.searched,
        "least_acts_after_the_root": LEAST,
        "probability": found.chain.as_dict(),
        "share_of_spirals": None if found.given is None else found.given.as_dict(),
        "runs_by_acts_after_the_root": list(found.lengths),
        "example": example,
        "cascades": {name: _cascade_dict(of) for name, of in found.cascades.items()},
    }


def _what(link: Link, scenario: Scenario) -> dict[str, Any]:
    actor = None if link.militia < 0 else list(militias_in_order(scenario))[link.militia]
    return {"kind": link.kind, "militia": actor}


def _cascade_dict(of: Cascades) -> dict[str, Any]:
    return asdict(of) | {
        "quantiles": {f"{q:.2f}": value for q, value in zip(QUANTILES, of.quantiles, strict=True)},
        "chance": list(of.chance),
        "fewer": None if of.fewer is None else of.fewer.as_dict(),
        "more": None if of.more is None else of.more.as_dict(),
    }
