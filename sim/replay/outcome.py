"""What a run came to: as plain values, and as a summary in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.outcomes import LEVELS, OUTCOMES, spirals_of
from sim.replay.events import Event
from sim.replay.replay import Replay
from sim.replay.words import date_of, listed, on_day, short_day, times
from sim.scenario.countries import by_role
from sim.simulate.outcome_table import mover_names
from sim.wording import LEVEL_MEANINGS, RUNG_NAMES, definition_text

if TYPE_CHECKING:
    from sim.scenario import Scenario


def outcome_json(played: Replay) -> dict[str, Any]:
    """Outcome of a run: dates (null where it never came to that), counts and names."""
    outcome, scenario = played.outcome, played.job.scenario
    single = [one for one in OUTCOMES.values() if one.field and not one.size and not one.lived_again]
    days = [one for one in single if one.kind == "event"]
    entry: dict[str, Any] = {
        one.field.removesuffix("_day"): _date(int(one.of(outcome)), scenario) for one in days
    }
    entry["rungs"] = {
        str(rung): _date(int(day), scenario) for rung, day in enumerate(outcome["rung_day"]) if rung > 0
    }
    entry |= {one.key: int(one.of(outcome)) for one in single if one.kind in ("count", "level")}
    entry["strikes"] = {str(level): int(outcome["strikes"][level]) for level in range(1, LEVELS)}
    named = {"first_mover": mover_names(scenario)}
    for one in single:
        if one.kind == "category":
            entry[one.key] = named.get(one.key, one.names)[int(one.of(outcome))]
    return entry


def _date(day: int, scenario: Scenario) -> str | None:
    return None if day < 0 else date_of(day, scenario).isoformat()


def summary_lines(log: Sequence[Event], scenario: Scenario) -> list[str]:
    """Sum up a log: rungs, attacks and harm, strikes, bargains and answers, spirals."""
    return [
        _rung_path(log, scenario),
        _attacks(log, scenario),
        _deeds(log),
        _spirals(log, scenario),
    ]


def footnotes(log: Sequence[Event], scenario: Scenario) -> list[str]:
    """Say what the levels of strikes and the spirals mean that occur in a log."""
    levels = "; ".join(f"{level} {meaning}" for level, meaning in LEVEL_MEANINGS.items())
    lines = [f"Levels of strikes: {levels}."] if of_kind(log, "strike") else []
    reached = [event.about["spiral"] for event in of_kind(log, "spiral")]
    return lines + [f"{name.capitalize()} exchange: {definition_text(name, scenario)}." for name in reached]


def of_kind(log: Sequence[Event], *kinds: str) -> list[Event]:
    """Events of some kinds, in order."""
    return [event for event in log if event.kind in kinds]


def harm_of(log: Sequence[Event], harm: str) -> int:
    """US wounded or killed by fire in all, or killed in false alarms."""
    if harm == "alarm":
        return sum(event.about["killed"] for event in of_kind(log, "false alarm"))
    return sum(int(event.about[harm]) for event in of_kind(log, "attacks", "answer"))


def attacks_in(log: Sequence[Event]) -> dict[str, int]:
    """Attacks by country."""
    countries = [event.about["country"] for event in of_kind(log, "attack")]
    return {country: countries.count(country) for country in ("iraq", "syria", "jordan")}


def _rung_path(log: Sequence[Event], scenario: Scenario) -> str:
    changes = of_kind(log, "rung")
    if not changes:
        return "Rungs: no change."
    steps = [f"{event.about['to']} on {short_day(event.day, scenario)}" for event in changes]
    top = max(max(event.about["from"], event.about["to"]) for event in changes)
    return (
        f"Rungs: {changes[0].about['from']} at first, {', '.join(steps)}. Highest: {top} ({RUNG_NAMES[top]})."
    )


def _attacks(log: Sequence[Event], scenario: Scenario) -> str:
    there_are = by_role(scenario.countries)
    by_country = {role: count for role, count in attacks_in(log).items() if role in there_are}
    where = ", ".join(f"{count:,} in {name.capitalize()}" for name, count in by_country.items())
    harm = f"{harm_of(log, 'wounded'):,} US wounded, {harm_of(log, 'killed'):,} killed by fire"
    return f"Attacks: {sum(by_country.values()):,} ({where}). {harm}, {harm_of(log, 'alarm'):,} killed in false alarms."


def _deeds(log: Sequence[Event]) -> str:
    strikes = of_kind(log, "strike")
    levels = [event.about["level"] for event in strikes]
    inside = sum(event.about["place"] == "iraq" for event in strikes)
    commanders = sum(event.about["what"] == "commander" for event in strikes)
    split = ", ".join(
        f"{levels.count(level)} of level {level}" for level in range(1, LEVELS) if level in levels
    )
    text = f"US strikes: {len(strikes):,}" + (
        f" ({split}; {inside:,} in Iraq, {commanders:,} on a commander)" if strikes else ""
    )
    pressed, broken, answers = (len(of_kind(log, kind)) for kind in ("pressing", "breach", "answer"))
    baghdad = f"Baghdad pressed: {times(pressed)}; bargains broken: {broken:,}"
    declared, revoked = (len(of_kind(log, kind)) for kind in ("pause", "return"))
    return f"{text}. {baghdad}. Tehran's open answers: {answers:,}. Pauses: {declared:,} declared, {revoked:,} revoked."


def _spirals(log: Sequence[Event], scenario: Scenario) -> str:
    reached = {event.about["spiral"]: event.day for event in of_kind(log, "spiral")}
    if not reached:
        return "Spirals: none."
    in_order = sorted(reached, key=lambda name: reached[name])
    texts = [f"{name} on {on_day(reached[name], scenario)}" for name in in_order]
    missed = [name for name in spirals_of(scenario.headline) if name not in reached]
    return f"Spirals: {listed(texts)}" + (f"; no {' or '.join(missed)} one." if missed else ".")
