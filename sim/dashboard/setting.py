"""What a reader has set: a scenario, parameters held at values, acts imposed; and how that stands in an address."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, SpiralError
from sim.scenario import Action, Scenario, ScenarioError, Variations, dump_resolved, load_scenario
from sim.scenario.actions import contradiction
from sim.scenario.errors import printable

MOST_VALUES, MOST_ACTS, LONGEST_ADDRESS = 137, 20, 8_000
"""Parameters and acts of a setting, and characters of its address, at most."""

WRONG = (SpiralError, ValueError, OSError)
"""What is raised for a setting that cannot be asked about: its scenario cannot be read, or cannot hold it."""


@dataclass(frozen=True)
class Setting:
    """Something to be asked about.

    Attributes
    ----------
    scenario : name of a scenario in the catalogue
    values : parameters held at a value, by registry name, in order of name; all others are as in the scenario
    acts : what is imposed besides, in order of time
    """

    scenario: str
    values: tuple[tuple[str, float], ...] = ()
    acts: tuple[Action, ...] = ()

    def with_values(self, values: Mapping[str, float]) -> Setting:
        """The same with parameters held at these values, and no others."""
        return Setting(self.scenario, tuple(sorted((n, float(v)) for n, v in values.items())), self.acts)

    def with_acts(self, acts: tuple[Action, ...]) -> Setting:
        """The same with these acts imposed, and no others."""
        return Setting(self.scenario, self.values, tuple(sorted(acts, key=lambda act: act.span[0])))

    @property
    def key(self) -> str:
        """All of it as one line, by which equal settings are known."""
        return json.dumps([self.scenario, self.values, [_plain(act) for act in self.acts]])

    @property
    def changes(self) -> list[str]:
        """What is set, as `--set` has it; acts in short."""
        return [f"{n}={v:.12g}" for n, v in self.values] + [act_text(act) for act in self.acts]

    def as_query(self, prefix: str = "") -> dict[str, str]:
        """Keys and values for an address."""
        found = {f"{prefix}scenario": self.scenario}
        if self.values:
            found[f"{prefix}set"] = ",".join(f"{name}:{value!r}" for name, value in self.values)
        if self.acts:
            found[f"{prefix}acts"] = json.dumps([_plain(act) for act in self.acts], separators=(",", ":"))
        return found


@dataclass
class Base:
    """A scenario as it stands in the catalogue, and what was made of it so far."""

    scenario: Scenario
    variations: Variations = field(init=False)

    def __post_init__(self) -> None:
        """Make it ready to be varied."""
        self.variations = Variations(self.scenario, "the address")

    def at(self, setting: Setting) -> Scenario:
        """The scenario of a setting, checked as a file is.

        Raises
        ------
        InputError
            In one line, for what no scenario can hold.
        """
        held = dict(setting.values)
        for name, value in held.items():
            self.variations.check(name, value)
        scenario = self.variations.at(held) if held else self.scenario
        return with_acts(scenario, setting.acts) if setting.acts else scenario


def with_acts(scenario: Scenario, acts: tuple[Action, ...]) -> Scenario:
    """A scenario with acts imposed besides its own interventions, but for those that they contradict."""
    kept = [own for own in scenario.interventions if not any(contradiction(own, act) for act in acts)]
    changed = scenario.model_copy(update={"interventions": (*kept, *acts)})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{scenario.name}.yaml")
        file.write_text(dump_resolved(changed), encoding="utf-8")
        try:
            return load_scenario(file)
        except ScenarioError as error:
            raise InputError(str(error).replace(f"{folder}/", "")) from error


def from_query(query: Mapping[str, str], scenario: str, prefix: str = "") -> Setting:
    """Read the setting of an address.

    Parameters
    ----------
    query : keys and values, not to be trusted
    scenario : the one that is meant where none is named

    Raises
    ------
    InputError
        In one line, for what cannot be read.
    """
    if sum(map(len, query.values())) > LONGEST_ADDRESS:
        raise InputError(f"the address is longer than {LONGEST_ADDRESS:,} characters")
    name = query.get(f"{prefix}scenario", scenario)
    values = dict(_value(part) for part in query.get(f"{prefix}set", "").split(",") if part)
    if len(values) > MOST_VALUES:
        raise InputError(f"the address sets more than {MOST_VALUES} parameters")
    return Setting(name).with_values(values).with_acts(_acts(query.get(f"{prefix}acts", "")))


def _value(part: str) -> tuple[str, float]:
    name, _, text = part.partition(":")
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{printable(part, 80)}: is not of the form us.readiness:1")
    return name, value


def _acts(text: str) -> tuple[Action, ...]:
    if not text:
        return ()
    try:
        given = json.loads(text)
        if not isinstance(given, list) or len(given) > MOST_ACTS:
            raise ValueError
        return tuple(Action.model_validate(_read(one)) for one in given)
    except (ValueError, TypeError, AttributeError, RecursionError, ValidationError) as error:
        raise InputError(
            f"acts={printable(text, 80)}: are not up to {MOST_ACTS} acts of a scenario"
        ) from error


def _read(one: Any) -> dict[str, Any]:
    import datetime

    return {
        key: datetime.date.fromisoformat(value) if key in ("date", "from", "to") else value
        for key, value in one.items()
    }


def _plain(act: Action) -> dict[str, Any]:
    return act.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_defaults=True)


def act_text(act: Action) -> str:
    """An act in short: `2023-11-20: us strike level 2 iraq`."""
    first, last = act.span
    days = f"{first}" if first == last else f"{first} to {last}"
    words = [act.actor, *["may not"] * act.forbid, act.action]
    if act.level is not None:
        words += [f"level {act.level}", *["or more"] * act.forbid]
    if act.attacks > 1:
        words.append(f"{act.attacks} times")
    words += [text for text in (act.place, act.site) if text]
    words += [
        f"{name} {n}" for name, n in (("killed", act.killed), ("wounded", act.wounded)) if n is not None
    ]
    return f"{days}: {' '.join(words)}"


def displaced(scenario: Scenario, act: Action) -> list[Action]:
    """A scenario's own interventions that an act contradicts, and takes the place of."""
    return [own for own in scenario.interventions if contradiction(own, act)]
