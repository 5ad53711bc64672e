"""The command that holds scenarios against each other, run by run with the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.cli.analysing import Common, agree_to, asked, conclude, number_of
from sim.cli.failures import BadInput
from sim.cli.places import place_for
from sim.cli.running import changes_of, load, parameters_for
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.experiments.compare import Plan

OF_THE_QUESTION = ("random_seed", "end", "headline", "runs")
"""Settings that apply to a scenario as it stands too: it would have nothing to be held against without them."""

LONGEST_FOLDER = 80  # characters


@dataclass(frozen=True)
class Compared:
    """Scenarios by label, in order, and the settings that apply to all of them."""

    scenarios: dict[str, Scenario]
    shared: tuple[str, ...]


def compare_command(names: Sequence[str], common: Common, *, runs: str | None) -> None:
    """Hold scenarios against the first, or go on with it, and print what came out."""
    from sim.cli.compare.report import tell
    from sim.experiments.compare import RUNS, CompareError, plan_compare, run_compare
    from sim.store.naming import folder_name

    if common.cluster is not None and common.threads is not None:
        raise BadInput("--threads is of this machine, and --cluster has workers of its own: give one of them")
    each = number_of("--runs", runs, RUNS, least=2)
    compared = _altered(names[0], common) if len(names) == 1 else _several(names, common)
    labels = list(compared.scenarios)
    try:
        plan = plan_compare(list(compared.scenarios.values()), each, labels)
    except CompareError as error:
        raise BadInput(str(error)) from error
    common = replace(common, parameters=parameters_for(plan.scenarios, common.parameters))
    place = place_for(common.out, folder_name(plan.scenarios[0].name, _kind(plan)))
    what = f"{len(labels)} scenarios"
    if not agree_to(plan.total(common.parameters != "default"), what, common):
        return
    shared = replace(common, settings=compared.shared)
    with asked(shared) as how:
        analysis = run_compare(plan, how, place)
    conclude(analysis, shared, tell)


def _several(names: Sequence[str], common: Common) -> Compared:
    """Load scenarios, to all of which the options apply."""
    for place, name in enumerate(names):
        if name in names[:place]:
            raise BadInput(f"{name}: is named twice; a scenario has nothing to be held against in itself")
    loaded = [load(name, common.settings, common.priors) for name in names]
    called = [scenario.name for scenario in loaded]
    labels = names if len(set(called)) < len(called) else called
    return Compared(dict(zip(labels, loaded, strict=True)), common.settings)


def _altered(name: str, common: Common) -> Compared:
    """Load a scenario as it stands, and what --set and --priors make of it."""
    shared = tuple(text for text in common.settings if _key(text) in OF_THE_QUESTION)
    changes = [text for text in changes_of(common.settings) if text not in shared]
    if not changes and common.priors is None:
        raise BadInput(
            f"{name} alone has nothing to be held against: name another scenario, or give --set or --priors to hold it "
            "against what they make of it (random_seed, end, headline and runs change both)"
        )
    first = load(name, shared)
    made = [*changes, *([common.priors.name] if common.priors else [])]
    label = f"{first.name} with {', '.join(made)}"
    return Compared({first.name: first, label: load(name, common.settings, common.priors)}, shared)


def _key(setting: str) -> str:
    return setting.partition("=")[0].strip()


def _kind(plan: Plan) -> str:
    """What a result folder is called beside the first scenario: by the others, if that is not too long."""
    first, *others = (scenario.name for scenario in plan.scenarios)
    named = "compare-" + "-".join(others)
    return named if others != [first] and len(first + named) < LONGEST_FOLDER else "compare"
