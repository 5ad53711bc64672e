"""What a run prints at its end: the answer, and what it can be compared with."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.outcomes import OUTCOMES, SERIES
from sim.parameters import LAST_STEP
from sim.report.terminal import answer_parameters
from sim.report.terminal.reactions import headline_lines, ignorance_text, prevented_table
from sim.scenario.given import fixed_by
from sim.scenario.imposed import imposed_spirals
from sim.wording import (
    IN_SHORT,
    RUNG_NAMES,
    day_text,
    definition_text,
    ending_text,
    exchange_sentence,
    number_text,
    percent,
    percent_with_chance,
    points_text,
    probability_text,
)

if TYPE_CHECKING:
    import datetime

    from sim.experiments.run.finding import OwnRange, RunFinding
    from sim.pipeline.answers import Answer
    from sim.pipeline.parts import Probability
    from sim.report.terminal.screen import Screen
    from sim.scenario import Scenario

SHOWN = {name: OUTCOMES[name].label for name in SERIES if name != "attacks"}


def brief(screen: Screen, answer: Answer[RunFinding]) -> None:
    """Print the headline in its parts, what it is to be compared with, and a middling run."""
    of, scenario = answer.finding, answer.scenario
    if scenario.headline in imposed_spirals(scenario):
        screen.say(exchange_sentence(of.headline.model_dump(), scenario), "bold")
    else:
        spiral, *others = headline_lines(of, scenario, answer_parameters(answer))
        screen.say(spiral, "bold")
        for line in (*others, *_in_brief(answer), *_own_priors(of, answer.manifest["altered_worlds_runs"])):
            screen.say(line)
    screen.say(_middling(of))


def _in_brief(answer: Answer[RunFinding]) -> list[str]:
    """What the exchange is; its risk by other knowledge, explanations and last steps; and earlier episodes."""
    of, kind = answer.finding, answer.finding.headline.definition
    meant = IN_SHORT[getattr(answer.scenario.spirals, kind).rung]
    parts = []
    if of.last_article is not None:
        parts.append(f"{percent(of.last_article.probability)} with the last article")
    if of.mechanisms:
        averaged = f" (averaged {percent(of.averaged.probability)})" if of.averaged else ""
        parts.append(f"{_span(of.mechanisms)} under rival explanations{averaged}")
    if of.last_step and (varied := _last_step(answer.scenario)):
        parts.append(f"{_span(of.last_step)} over {varied}")
    lines = [f"{kind.capitalize()}: {meant}."]
    if parts:
        whole = percent_with_chance(of.headline.probability, *of.headline.chance).partition(" ")[0]
        lines.append(f"The {whole} in all become {', '.join(parts)}.")
    reference = of.reference.partition("; by class")[0]
    return [*lines, f"{reference[:1].upper()}{reference[1:]}."] if reference else lines


def _span(values: Mapping[str, float]) -> str:
    return f"{percent(min(values.values()))} to {percent(max(values.values()))}"


def _last_step(scenario: Scenario) -> str:
    """Which priors are varied for the last step, in words: of what the scenario sets nothing varies."""
    left = [name for name in LAST_STEP if name not in fixed_by(scenario)]
    if not left:
        return ""
    return "the last step's prior" if len(left) == len(LAST_STEP) else f"the prior of {' and '.join(left)}"


def _middling(of: RunFinding) -> str:
    """Medians of what is counted in a run: some counts have heavy tails, which make means of little use."""
    attacks, wounded, killed, strikes = (
        number_text(of.outcomes[name]["q50"]) for name in ("attacks", "wounded", "killed", "strikes")
    )
    return (
        f"Medians of a run: {attacks} attacks, {wounded} US wounded, {killed} killed, {strikes} US strikes."
    )


def tell(screen: Screen, answer: Answer[RunFinding]) -> None:
    """Print what the answer can be compared with, and every table."""
    of, scenario, made = answer.finding, answer.scenario, answer.manifest
    imposed = imposed_spirals(scenario)
    if scenario.headline not in imposed:
        for line in (*_later(of), *_shares(of), *_compared(of)):
            screen.say(line)
    screen.print()
    screen.print(_spirals(of, imposed))
    for name in of.spirals:
        screen.say(f"{name}: {definition_text(name, scenario)}")
    off = "Washington still answers attacks, and no answer changes what others do next"
    screen.say(
        f"couplings off: {off}; in brackets the same {made['altered_worlds_runs']:,} runs with them on"
    )
    if of.prevented is not None:
        screen.print(prevented_table(of.prevented))
    screen.print(_ladder(of))
    if (kind := made["parameters"]) != "default":
        drawn = kind.removesuffix("-default")
        screen.say(f"A probability is the mean over the {drawn}, and may lie outside its middle 90%.")
    screen.print(_outcomes(of))
    limit = percent(of.outcomes["days_at_capacity"])
    for line in (
        *_path(of, scenario.start),
        f"Launch capacity or stocks set the limit on {limit} of militia-days in campaign.",
    ):
        screen.say(line)


def _later(of: RunFinding) -> list[str]:
    """The same with parameters that know more, where these know less."""
    later = of.last_article
    if later is None:
        return []
    return [
        f"As of the last article, a {of.headline.definition} exchange: {probability_text(later.model_dump())}"
    ]


def _shares(of: RunFinding) -> list[str]:
    """How much of the doubt about one run is ignorance, and how much luck."""
    share = of.headline.ignorance_share
    if share is None:
        return []
    return [
        f"Whether a run comes to it is {percent(share)} a matter of parameters not known, and {percent(1.0 - share)} "
        "of chance (shares of variance)"
    ]


def _compared(of: RunFinding) -> list[str]:
    last, packs = of.last_step, of.mechanisms
    lines = [of.reference[:1].upper() + of.reference[1:]] if of.reference else []
    if last:
        low, high = sorted(last.values())
        lines.append(
            f"{percent(low)} to {percent(high)} over the last step's prior (rung 4 to 5), which no article informs"
        )
    if packs:
        each = ", ".join(f"{name} {percent(p)}" for name, p in packs.items())
        lines.append(
            f"{percent(min(packs.values()))} to {percent(max(packs.values()))} over rival explanations: {each}"
        )
    if averaged := of.averaged:
        weights = ", ".join(f"{name} {w:.2f}" for name, w in averaged.weights.items())
        lines.append(
            f"{percent(averaged.probability)} averaged over them and all together, each weighed by how well it "
            f"explains the record so far, which hardly tells them apart (weights: {weights})"
        )
    return lines


def _own_priors(of: RunFinding, runs: int) -> list[str]:
    """What ranges of the scenario's own move, or its reference class, compared with what is shipped."""
    found = of.own_priors
    if found is None:
        return []
    shipped, own = (percent(risk) for risk in (found.with_shipped, found.with_own))
    named = ["your own"] if found.ranges else []
    if found.reference_class:
        named.append(f"those of the reference class {found.reference_class}")
    lines = [
        f"With the shipped priors the same {runs:,} runs give {shipped}, with {' and '.join(named)} {own}; `spiral "
        "compare` says how sure the difference is"
    ]
    if found.ranges:
        lines.append(f"Your own ranges: {_ranges_text(found.ranges)}")
    if found.of_class:
        lines.append(f"Ranges by the reference class {found.reference_class}: {_ranges_text(found.of_class)}")
    return lines


def _ranges_text(ranges: Mapping[str, OwnRange]) -> str:
    return "; ".join(
        f"{name} {number_text(one.own.low)} to {number_text(one.own.high)} (shipped {number_text(one.shipped.low)} to "
        f"{number_text(one.shipped.high)})"
        for name, one in ranges.items()
    )


def _spirals(of: RunFinding, imposed: Collection[str] = ()) -> Table:
    table = Table(title="Exchanges", title_justify="left")
    table.add_column("definition")
    table.add_column("probability [95% by chance]", justify="right")
    table.add_column("parameters unknown (90%)", justify="right")
    table.add_column("couplings off (on)", justify="right")
    for name, entry in of.spirals.items():
        if name in imposed:
            table.add_row(name, "imposed", "", "")
            continue
        off = entry.couplings_off
        table.add_row(
            name,
            _with_chance(entry),
            ignorance_text(entry),
            "" if off is None else f"{percent(off.probability)} ({percent(entry.same_runs)})",
        )
    return table


def _ladder(of: RunFinding) -> Table:
    table = Table(title="Escalation ladder: ever reached", title_justify="left")
    table.add_column("rung")
    table.add_column("probability [95% by chance]", justify="right")
    table.add_column("parameters unknown (90%)", justify="right")
    for name, entry in of.rungs.items():
        number = int(name.split()[1])
        table.add_row(f"{number} {RUNG_NAMES[number]}", _with_chance(entry), ignorance_text(entry))
    given = of.chain["rung 5 given rung 4"]
    if given is not None:
        table.add_row("5, given 4", _with_chance(given), "")
    return table


def _outcomes(of: RunFinding) -> Table:
    table = Table(title="Outcomes of a run", title_justify="left")
    for heading in ("", "mean", "median", "90% of runs"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, label in SHOWN.items():
        entry = of.outcomes[name]
        spread = f"{number_text(entry['q05'])} to {number_text(entry['q95'])}"
        table.add_row(label, number_text(entry["mean"]), number_text(entry["q50"]), spread)
    return table


def _with_chance(entry: Probability) -> str:
    if entry.seen == 0:
        return f"none seen; below {percent(entry.chance[1])}"
    return percent_with_chance(entry.probability, *entry.chance)


def _path(of: RunFinding, start: datetime.date) -> list[str]:
    import datetime

    path, endings = of.path, of.endings
    causes = {k: v for k, v in path.first_severe_event.items() if v > 0}
    movers = sorted(path.first_mover.items(), key=lambda item: -item[1])
    lines = [
        "First escalatory event: " + ", ".join(f"{name} {percent(share)}" for name, share in causes.items()),
        "First mover: " + ", ".join(f"{name} {percent(share)}" for name, share in movers if share > 0),
        "Endings: "
        + "; ".join(f"{ending_text(name)}: {percent(share)}" for name, share in endings.items() if share > 0),
    ]
    median = path.median_day_of_spiral
    if median is not None:
        when = start + datetime.timedelta(days=median)
        lines.append(f"Median day of the exchange, where one came: {day_text(when)}")
    return lines


def closing(answer: Answer[RunFinding], full: bool) -> list[str]:
    """What the answer was made from, and whether a precision was reached."""
    made, of = answer.manifest, answer.finding
    drawn = f"{made['rows']:,} draws of the parameters, " if made["parameters"] != "default" else ""
    all_of_it = f"{made['runs']:,} runs, {drawn}seed {made['random_seed']}, {made['seconds']:.1f} s."
    lines = [all_of_it] if full else []
    precision = made["precision"]
    if precision is not None:
        low, high = of.headline.chance
        lines.append(f"Precision of {points_text(precision)} {_reached((high - low) / 2, made)}.")
    return lines


def _reached(half_width: float, manifest: Mapping[str, Any]) -> str:
    """Whether a precision was reached, and what to do where it was not."""
    if half_width <= manifest["precision"]:
        return "reached"
    if (needed := manifest["runs_needed"]) > manifest["runs"]:
        return f"not reached: it needs {needed:,} runs, and --runs held it to fewer"
    return "narrowly missed, as happens in at most 5 of 100 jobs: ask for a tenth less"
