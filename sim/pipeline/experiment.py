"""An experiment: a question asked of a scenario, declared by its options, its runs, and what it concludes from them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pandas as pd
from pydantic import BaseModel, ConfigDict

from sim.pipeline.options import check_choices
from sim.scenario import Scenario

if TYPE_CHECKING:
    from pathlib import Path

    from sim.pipeline.cost import Cost
    from sim.pipeline.request import Request
    from sim.pipeline.runner import Runner
    from sim.simulate.job import Parameters


class Part(BaseModel):
    """A part of a finding: plain values under their names, as they stand in estimates.json."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Finding(Part):
    """What came out of an experiment; terminal, figures, JSON and the API read it and compute nothing else.

    Fields that are tables are kept as CSV, each under its name; all others as estimates.json, in order. What was not
    given is left out of both. `attrs["units"]` of a table names the unit of each column that has one.
    """

    fits: ClassVar[bool] = False
    """Whether the experiment fits the parameters itself, whatever it starts from."""

    @classmethod
    def table_names(cls) -> dict[str, str]:
        """What each table is called, by its field: as the field, or as `Annotated[DataFrame, "name"]` has it."""
        return {
            name: str(next(iter(field.metadata), name))
            for name, field in cls.model_fields.items()
            if "DataFrame" in str(field.annotation)
        }

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables that there are, by name."""
        found = {called: getattr(self, name) for name, called in self.table_names().items()}
        return {called: table for called, table in found.items() if table is not None}

    @property
    def estimates(self) -> dict[str, Any]:
        """All that is no table, as plain values for JSON."""
        return self.model_dump(exclude=set(self.table_names()), exclude_unset=True)

    @classmethod
    def read(cls, estimates: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> Self:
        """The finding that was kept so.

        Raises
        ------
        ValueError
            When it is of another form.
        """
        named = {name: tables[called] for name, called in cls.table_names().items() if called in tables}
        return cls(**estimates, **named)


@dataclass(frozen=True)
class Experiment(ABC):
    """A question asked of a scenario, checked and ready.

    Attributes
    ----------
    kind : the command that asks it, and the name of its module in `sim.experiments` and `sim.report`
    finding : the form of its answer
    choices : where its parameters may come from, the usual one first; where that is `posterior` they are drawn from
        their priors unless they have been fitted for such a scenario
    scenario : that is asked about
    parameters : where the parameters come from
    """

    kind: ClassVar[str]
    finding: ClassVar[type[Finding]]
    choices: ClassVar[Sequence[Parameters]] = ("posterior", "prior", "default")
    many: ClassVar[bool] = False
    """Whether it takes several scenarios."""

    settings: ClassVar[tuple[str, ...]] = ("random_seed",)
    """Settings of the scenario that have an option of their own."""

    scenario: Scenario
    parameters: Parameters

    def __post_init__(self) -> None:
        """Check the options by themselves."""
        check_choices(self)

    @classmethod
    def prepare(cls, request: Request, **options: Any) -> Self:
        """The experiment that was asked for: scenario loaded, options read, parameters chosen.

        Raises
        ------
        InputError
            When what was asked for makes no sense.
        """
        scenario = request.scenario
        return cls(scenario, request.parameters_for([scenario], cls.choices), **options)

    @property
    @abstractmethod
    def identity(self) -> Mapping[str, Any]:
        """All that the answer hangs on besides scenario and parameters, as plain values for JSON."""

    @property
    @abstractmethod
    def total(self) -> int:
        """Runs of it all."""

    @property
    @abstractmethod
    def task_count(self) -> int:
        """Tasks that are kept one by one."""

    @property
    def told_runs(self) -> int:
        """Runs that the manifest tells of."""
        return self.total

    @property
    def provenance(self) -> Mapping[str, Any]:
        """What the manifest says besides of how the answer was made."""
        return {}

    @property
    def share_of_days(self) -> float:
        """Share of the scenario's days that its runs are simulated for, on average; for the plan of its time."""
        return 1.0

    @property
    def is_sized(self) -> bool:
        """Whether its runs were chosen by a pilot, and nobody knows yet how many they are."""
        return False

    def cost(self, threads: int, place: Path) -> Cost:
        """What it takes with so many threads, its result in this place."""
        from sim.pipeline.cost import Size, cost_of

        size = Size(self.scenario, self.parameters, self.total, self.task_count, self.share_of_days)
        return cost_of(size, threads, place)

    @property
    def title(self) -> str:
        """What a long job is called when somebody is asked whether to start it."""
        return f"The {self.kind}"

    @property
    def folder(self) -> str:
        """Name of its result folder, unless another is named."""
        return f"{self.scenario.name}-{self.kind}"

    @property
    def drawn(self) -> bool:
        """Whether parameters are drawn, a row for every few runs."""
        return self.parameters != "default"

    @property
    def basis(self) -> list[dict[str, Any]]:
        """What the answer rests on, a scenario each, see `sim.simulate.basis`; nothing where it fits them itself."""
        from sim.simulate.basis import basis_of

        if self.finding.fits:
            return []
        asked = {scenario.name: scenario for scenario in getattr(self, "scenarios", (self.scenario,))}
        return [basis_of(scenario, self.parameters) for scenario in asked.values()]

    @abstractmethod
    def answer(self, runner: Runner) -> Finding:
        """Simulate what it takes, and conclude."""
