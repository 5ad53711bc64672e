"""From a name or a path to a resolved scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from sim.scenario.complaints import find, first_complaint
from sim.scenario.composing import Node
from sim.scenario.dropping import check_dropped
from sim.scenario.errors import Place, ScenarioError, complaint, show
from sim.scenario.fields import is_name
from sim.scenario.finding import ScenarioFile, find_file, find_named, find_parent, known_names
from sim.scenario.lineage import Lineage, Replaced, replaced_lists
from sim.scenario.merging import SET, Override, apply, merge, read_overrides
from sim.scenario.past import dropped_actions, laid_over, past_of, without_the_past
from sim.scenario.reading import read_file
from sim.scenario.schema import Scenario
from sim.scenario.shipped import with_shipped

LONGEST_CHAIN = 10


class AvailableScenario(NamedTuple):
    """A scenario that can be run by its name; for one that cannot be read, `question` says why."""

    name: str
    question: str
    path: Path


def load_scenario(
    name_or_path: str | PathLike[str],
    overrides: Mapping[str, object] | Sequence[str] = (),
    priors: str | PathLike[str] | None = None,
) -> Scenario:
    """Load a scenario by path or by bare name, with overrides laid over it.

    Parameters
    ----------
    name_or_path : a path, or a name looked up in ./scenarios and among the shipped scenarios
    overrides : texts ``path=value`` as for ``--set``, or a mapping of paths to values; a path is one of the
        scenario, such as ``actors.us.readiness``, or a parameter's own name, such as ``us.readiness``
    priors : a file of ranges that take the place of shipped priors, in the form of a scenario's key ``priors``

    Returns
    -------
    Scenario
        The resolved scenario, frozen.

    Raises
    ------
    ScenarioError
        At the first thing that is wrong, in one line that says where.
    """
    changes = read_overrides(overrides)
    if priors is not None:
        changes.append(Override(("priors",), read_file(priors, kind="file of ranges")))
    file = find_file(name_or_path)
    if any(change.path == ("start",) for change in changes):
        return _started_later(file, changes)
    return _resolve(file, changes, ())[1]


def load_parent(name_or_path: str | PathLike[str]) -> Scenario | None:
    """Load the scenario that another extends; None where it extends none.

    Raises
    ------
    ScenarioError
        At the first thing that is wrong with either.
    """
    file = find_file(name_or_path)
    parent = _parent(read_file(file.path, file.shown), file, ())
    return parent and parent[1]


def available_scenarios() -> list[AvailableScenario]:
    """List the scenarios that can be run by name: those in ./scenarios and the shipped ones."""
    return [_described(find_named(name)) for name in known_names()]


def _described(file: ScenarioFile) -> AvailableScenario:
    try:
        question = load_scenario(file.path).question
    except ScenarioError as error:
        question = f"(cannot be read) {error}"
    return AvailableScenario(file.name, question, file.path)


def _resolve(
    file: ScenarioFile, overrides: Sequence[Override], below: tuple[Path, ...]
) -> tuple[Node, Scenario]:
    """Give the merged tree and the scenario of a file; `below` are the files that extend it."""
    tree = read_file(file.path, file.shown)
    _check_name(tree, file)
    parent = _parent(tree, file, below)
    if parent is None:
        tree = with_shipped(merge(None, tree), {change.path[0] for change in overrides})
        tree, replaced = _overlaid(tree, overrides)
        check_dropped({}, overrides, tree)
        scenario = _validated(tree, file, None)
    else:
        own = tuple(replaced_lists(parent[0], tree))
        assert isinstance(tree.value, dict)
        written = tree.value
        said = {*tree.value, *(change.path[0] for change in overrides)}
        tree = merge(with_shipped(_inheritable(parent[0]), said), tree)
        assert isinstance(tree.value, dict)
        del tree.value["extends"]
        tree, replaced = _overlaid(tree, overrides)
        check_dropped(written, overrides, tree)
        tree, scenario = _continued(tree, file, parent[1], own, (file.shown, SET))
    if replaced:
        _note_lineage(scenario, _resolve(file, (), below)[1], replaced)
    return tree, scenario


def _started_later(file: ScenarioFile, overrides: Sequence[Override]) -> Scenario:
    """Give the scenario that a file would hold which extends this one and says what the overrides say."""
    below, parent = _resolve(file, (), ())
    kept = _inheritable(below)
    assert isinstance(kept.value, dict)
    kept.value["name"] = Node(parent.name, below.place)
    kept = with_shipped(kept, {change.path[0] for change in overrides})
    tree, replaced = _overlaid(kept, overrides)
    check_dropped({}, overrides, tree)
    return _continued(tree, file, parent, replaced, (SET,))[1]


def _overlaid(tree: Node, overrides: Sequence[Override]) -> tuple[Node, tuple[Replaced, ...]]:
    """Give the tree with overrides laid over it, and the lists that these replace."""
    replaced: list[Replaced] = []
    for override in overrides:
        inherited, depth = find(tree, override.path)
        if depth == len(override.path):
            replaced += replaced_lists(inherited, override.node, override.path)
        tree = apply(tree, override)
    return tree, tuple(replaced)


def _continued(
    tree: Node, file: ScenarioFile, parent: Scenario, replaced: tuple[Replaced, ...], own: tuple[str, ...]
) -> tuple[Node, Scenario]:
    """Give the tree and the scenario of what was laid over a parent: where it starts later, it goes on from there.

    `own` are the places, as errors name them, of what it says itself.
    """
    _check_no_past(tree)
    past = past_of(parent, tree)
    tree = without_the_past(tree, past, own)
    scenario = _validated(tree, file, past)
    _note_lineage(scenario, parent, replaced)
    return tree, scenario


def _note_lineage(scenario: Scenario, before: Scenario, replaced: tuple[Replaced, ...]) -> None:
    """Note what a scenario was laid over, and which lists of that it replaces, besides what is noted already."""
    known = scenario.lineage
    dropped = dropped_actions(before, scenario, replaced)
    scenario.came_from(Lineage((*known.replaced, *replaced), (*known.dropped, *dropped)))


def _parent(tree: Node, file: ScenarioFile, below: tuple[Path, ...]) -> tuple[Node, Scenario] | None:
    assert isinstance(tree.value, dict)
    extends = tree.value.get("extends")
    if extends is None:
        return None
    found = find_parent(file, extends)
    chain = (*below, file.path.resolve())
    if found.path.resolve() in chain:
        names = " -> ".join((*(path.stem for path in chain), found.name))
        raise complaint(extends.place, f"extends itself: {names}", ("extends",), show(extends.value))
    if len(chain) > LONGEST_CHAIN:
        problem = f"is the end of a chain of more than {LONGEST_CHAIN} scenarios"
        raise complaint(extends.place, problem, ("extends",), show(extends.value))
    return _resolve(found, (), chain)


def _check_no_past(tree: Node) -> None:
    assert isinstance(tree.value, dict)
    written = tree.value.get("past")
    if written:
        problem = "must be left out of a scenario that extends another: the past follows from its start"
        raise complaint(written.key or tree.place, problem, ("past",))


def _inheritable(tree: Node) -> Node:
    assert isinstance(tree.value, dict)
    kept = {key: node for key, node in tree.value.items() if key not in ("name", "past")}
    return Node(kept, tree.place, tree.key)


def _check_name(tree: Node, file: ScenarioFile) -> None:
    assert isinstance(tree.value, dict)
    if not is_name(file.name):
        problem = "has a name that is not lower-case words joined by hyphens, such as tower-22.yaml"
        raise complaint(Place(file.shown), problem)
    name = tree.value.setdefault("name", Node(file.name, tree.place))
    if name.value != file.name:
        raise complaint(name.place, f"must be the file's name, {file.name}", ("name",), show(name.plain()))


def _validated(tree: Node, file: ScenarioFile, past: Scenario | None) -> Scenario:
    content = tree.plain()
    if past:
        content["past"] = past
    try:
        scenario = Scenario.model_validate(content)
    except ValidationError as error:
        raise first_complaint(error, tree) from None
    if scenario.past:
        scenario = scenario.model_copy(update={"past": laid_over(scenario.past, scenario)})
    return scenario
