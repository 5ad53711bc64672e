"""Any question put from Python, by the name and with the options of its command."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.api.answers import Shown
from sim.api.asking import CHOICES, Given, in_python
from sim.errors import InputError
from sim.experiments import experiment_of, open_answer
from sim.pipeline.answers import Answer, carry_out
from sim.pipeline.request import Request
from sim.pipeline.runner import Execution
from sim.scenario import Scenario
from sim.scenario.errors import did_you_mean
from sim.scenario.fields import Within
from sim.scenario.past import laid_over

if TYPE_CHECKING:
    from sim.pipeline.experiment import Experiment
    from sim.simulate.job import Parameters


@dataclass(frozen=True)
class _Loaded(Request):
    """A request some of whose scenarios are there already, by the names that stand for them."""

    loaded: Mapping[str, Scenario] = field(default_factory=dict)

    def load(self, name: str, settings: Sequence[str], priors: Path | None) -> Scenario:
        """A scenario that is there, with its seed or runs as set, or one loaded by its name."""
        if name not in self.loaded:
            return super().load(name, settings, priors)
        return _with_numbers(self.loaded[name], settings)


def ask(
    kind: str,
    scenario: Given,
    *others: Given,
    settings: Sequence[str] = (),
    parameters: Parameters | None = None,
    out: str | PathLike[str] | None = None,
    threads: int | None = None,
    **options: Any,
) -> Shown[Any]:
    """Ask any question of the command line, and get an answer that shows itself in a notebook.

    Parameters
    ----------
    kind : the command: 'run', 'sweep', 'compare', 'forecast', 'dilemma', 'sensitivity', ...
    scenario, *others : Scenario, or the name or path of one; others are for 'compare'
    settings : as for `--set`, such as `["us.readiness=1"]`; of scenarios that are named
    parameters : 'posterior', 'last-article', 'prior' or 'default', optional
        Fitted by default, where they have been for such a scenario.
    out : path, optional
        A result folder to keep the answer in, which the commands can read and go on with; by default nothing is kept.
    threads : int, optional
        All processors by default; changes no number.
    **options
        Those of the command, with underscores: `runs=2000`, `vary={"us.readiness": "-2:2:9"}`, `as_of="2023-10-30"`.

    Returns
    -------
    Shown
        `finding` (typed values), `tables` (of pandas, by name), `text` (as the command prints it), `plot()` (its
        figures); a notebook shows text and tables.

    Raises
    ------
    ValueError
        For bad input, with a message of one line.
    """
    with in_python():
        return _asked(kind, (scenario, *others), settings, parameters, out, threads, options)


def _asked(
    kind: str,
    scenarios: Sequence[Given],
    settings: Sequence[str],
    parameters: Parameters | None,
    out: str | PathLike[str] | None,
    threads: int | None,
    options: dict[str, Any],
) -> Shown[Any]:
    """The answer to a question; what is refused is told as on the command line."""
    experiment = experiment_of(kind)
    if len(scenarios) > 1 and not experiment.many:
        raise InputError(f"{kind} takes one scenario; compare takes several")
    if parameters is not None and parameters not in CHOICES["parameters"]:
        raise InputError(f"parameters = {parameters!r}: must be one of {', '.join(CHOICES['parameters'])}")
    numbers = {name: options.pop(name) for name in experiment.settings if name in options}
    request = _request(scenarios, settings, numbers, parameters)
    asked = experiment.prepare(request, **_options(experiment, options))
    execution = Execution(threads=threads, changes=request.changes)
    if out is not None:
        return _shown(carry_out(asked, Path(out), execution))
    with tempfile.TemporaryDirectory(prefix="spiral-") as place:
        return dataclasses.replace(_shown(carry_out(asked, Path(place) / "answer", execution)), folder=Path())


def open_result(folder: str | PathLike[str]) -> Shown[Any]:
    """Open the result folder of a command, as an answer that shows itself in a notebook.

    Raises
    ------
    ValueError
        When it holds no finished result, or one that is damaged, with a message of one line.
    """
    from sim.store import StoreError

    try:
        return _shown(open_answer(Path(folder)))
    except StoreError as error:
        raise InputError(str(error)) from error


def _shown(answer: Answer[Any]) -> Shown[Any]:
    return Shown(**{one.name: getattr(answer, one.name) for one in dataclasses.fields(Answer)})


def _request(
    given: Sequence[Given], settings: Sequence[str], numbers: Mapping[str, Any], parameters: Parameters | None
) -> _Loaded:
    """What is asked for: scenarios by name, those that are there already under names of their own."""
    if isinstance(settings, str):
        settings = (settings,)
    if settings and any(isinstance(one, Scenario) for one in given):
        raise InputError("settings go with scenarios that are named; give them to load_scenario")
    loaded = {one.name: one for one in given if isinstance(one, Scenario)}
    if len(loaded) < sum(isinstance(one, Scenario) for one in given):
        loaded = {f"{i} {one.name}": one for i, one in enumerate(given) if isinstance(one, Scenario)}
    names = tuple(
        next(name for name, there in loaded.items() if there is one)
        if isinstance(one, Scenario)
        else str(one)
        for one in given
    )
    whole = (*settings, *(f"{name}={value}" for name, value in numbers.items()))
    return _Loaded(names, whole, parameters, None, loaded)


def _with_numbers(scenario: Scenario, settings: Sequence[str]) -> Scenario:
    """A scenario with another seed or number of runs, checked as when it is read."""
    changed = {}
    for text in settings:
        name, _, value = text.partition("=")
        within = next(m for m in Scenario.model_fields[name].metadata if isinstance(m, Within))
        try:
            changed[name] = within.check(float(value) if "." in value or "e" in value else int(value))
        except ValueError:
            raise InputError(f"{name} = {value}: must be {within}") from None
    made = scenario.model_copy(update=changed)
    return made if made.past is None else made.model_copy(update={"past": laid_over(made.past, made)})


def _options(experiment: type[Experiment], given: Mapping[str, Any]) -> dict[str, Any]:
    """Options by their names, read as on the command line where they are text."""
    declared = {
        f.name: f.metadata["option"] for f in dataclasses.fields(experiment) if f.metadata.get("option")
    }
    for name in given:
        if name not in declared:
            known = [*experiment.settings, *declared]
            raise InputError(
                f"{name}: {experiment.kind} has no such option; it has {', '.join(known)}{did_you_mean(name, known)}"
            )
    return {name: _read(name, declared[name], value) for name, value in given.items() if value is not None}


def _read(name: str, told: Mapping[str, Any], value: Any) -> Any:
    """The value of an option, from what was given for it."""
    if told["multiple"]:
        if isinstance(value, Mapping):
            return tuple(f"{path}={_spec(values)}" for path, values in value.items())
        return (value,) if isinstance(value, str) else tuple(value)
    kind = told["type"]
    if kind is None or not isinstance(value, str | PathLike):
        return value
    try:
        return kind.convert(value, None, None)
    except InputError as error:
        raise InputError(f"{name} = {value!r}: {str(error).removeprefix('value: ')}") from error
    except click.UsageError as error:
        raise InputError(f"{name} = {value!r}: {error.message}") from error


def _spec(values: Any) -> str:
    """Values of a number that is varied, as the command line writes them."""
    if isinstance(values, Mapping):
        return ":".join(str(values[name]) for name in ("from", "to", "points") if name in values)
    return values if isinstance(values, str) else ",".join(str(float(value)) for value in values)
