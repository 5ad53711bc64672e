"""What `spiral why` prints of one run: what its spiral hung on, or what would have tipped it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from sim.experiments.why.changes import HOLDS, Alteration, smallest_stops
from sim.experiments.why.deeds import NO_SPIRAL, Removal, day_without, removals_of, spiral_day
from sim.experiments.why.snippet import snippet
from sim.experiments.why.tipping import smallest_tip, tippings
from sim.replay.deeds import deed_text
from sim.replay.replay import Replay
from sim.replay.words import on_day
from sim.report.terminal.screen import Screen
from sim.scenario import Scenario
from sim.wording import day_text, definition_text

RUNNERS_UP = 4
STEPS = (
    "A step is one level of a strike, its place, one US soldier killed, one attack launched, one pressing, or one open "
    "answer. Of equal sizes the later comes first: it leaves more of the history as it was."
)


# One run


def print_run(played: Replay) -> None:
    """Print what a run's spiral hung on, or where there was none, what would have tipped it."""
    scenario = played.job.scenario
    if spiral_day(played.outcome, scenario) == NO_SPIRAL:
        _print_tippings(Screen(), played)
    else:
        _print_spiral(Screen(), played)


def _print_spiral(screen: Screen, played: Replay) -> None:
    scenario = played.job.scenario
    day, removals = spiral_day(played.outcome, scenario), removals_of(played)
    kind = definition_text(scenario.headline, scenario)
    screen.say(
        f"Run {played.run:,} came to a {scenario.headline} exchange on {on_day(day, scenario)}: {kind}."
    )
    for removal in removals:
        if removal.last_step:
            deed = deed_text(removal.deed, scenario)
            then = "never comes" if removal.necessary else f"comes {_when(removal, scenario)}"
            screen.say(f"Its last step, which makes it one: {deed}. Without it the spiral {then}.")
    if not any(removal.last_step for removal in removals):
        screen.say(f"Its last step lies before the scenario's start, {day_text(scenario.start)}.")
    screen.print()
    _print_removals(screen, [removal for removal in removals if not removal.last_step], played)
    screen.print()
    _print_stops(screen, smallest_stops(played), played)
    screen.say(
        f"All this is of run {played.run:,} alone; `spiral why {scenario.name} --runs 500` counts over many."
    )


def _print_removals(screen: Screen, removals: Sequence[Removal], played: Replay) -> None:
    scenario = played.job.scenario
    if not removals:
        screen.say("No other strike, lethal attack, open answer or pressing came before it.")
        return
    told = [removal for removal in removals if removal.necessary or removal.delay]
    if not any(removal.necessary for removal in removals):
        others = ": take out any one, and others still bring it about" if len(removals) > 1 else ""
        screen.say(f"Before that it hung on no single deed{others}.")
    if told:
        necessary = any(removal.necessary for removal in told)
        parts = ["What it hung on"] * necessary + ["what moved its day"] * any(
            removal.delay for removal in told
        )
        title = ", and ".join(parts)
        title = title[0].upper() + title[1:]
        table = new_table(
            title, "date", "deed", "days before", "without it the spiral comes", right=("days before",)
        )
        for removal in told:
            deed = deed_text(removal.deed, scenario)
            table.add_row(
                on_day(removal.deed.day, scenario), deed, str(removal.lead), _when(removal, scenario)
            )
        screen.print(table)
    same = len(removals) - len(told)
    also = f" Without {_any_other(same, bool(told))} it comes on the same day." if same else ""
    tried = "1 deed was tried" if len(removals) == 1 else f"{len(removals)} deeds were tried, each by itself"
    if not any(removal.necessary for removal in removals):
        screen.say(_all_at_once(played, removals))
    screen.say(
        "Hung on an act: without it, and with the same luck in all else, this run comes to no such spiral by "
        f"{day_text(scenario.end)}. Before the last step {tried}: US strikes, lethal attacks, Tehran's open "
        f"answers, Baghdad's pressings.{also}"
    )


def _all_at_once(played: Replay, removals: Sequence[Removal]) -> str:
    scenario = played.job.scenario
    day = day_without(played, [removal.deed for removal in removals])
    if day == NO_SPIRAL:
        return "With all of them taken out at once it never comes: any of several would have done."
    gone = "all of them" if len(removals) > 1 else "it"
    before = f" from before {day_text(scenario.start)}" if scenario.past else ""
    return (
        f"Even with {gone} taken out it comes, on {on_day(day, scenario)}: what Washington carries{before}, and "
        "what other attacks add to it, suffice."
    )


def _any_other(number: int, some: bool) -> str:
    if number == 1:
        return "the other" if some else "it,"
    return f"any one of the {'other ' if some else ''}{number}"


def _when(removal: Removal, scenario: Scenario) -> str:
    """When the spiral comes without a deed."""
    if removal.necessary:
        return "never"
    if removal.delay == 0:
        return "on the same day"
    days = f"{abs(removal.delay)} day{'' if abs(removal.delay) == 1 else 's'}"
    return f"{days} {'later' if removal.delay > 0 else 'sooner'}, on {on_day(removal.otherwise, scenario)}"


def _print_stops(screen: Screen, stops: Sequence[Alteration], played: Replay) -> None:
    if not stops:
        screen.say(
            "No single change stops it, of those tried: less of a deed, none of it, or one pressing more."
        )
        return
    scenario = played.job.scenario
    table = new_table("Smallest single changes that stop it", "steps", "date", "change", right=("steps",))
    for text, alike in list(_by_text(stops).items())[: 1 + RUNNERS_UP]:
        first = alike[0]
        others = len(alike) - 1
        also = f" (or on {others} other day{'s' if others > 1 else ''})" if others else ""
        last = " (the last step itself)" if first.last_step else ""
        table.add_row(str(first.size), on_day(first.day, scenario), text + last + also)
    screen.print(table)
    screen.say(STEPS)
    if any(HOLDS in each.text for each in stops):
        screen.say(
            "Washington that holds keeps its pressure, and may strike on another day; a strike that is taken out, as "
            "in the table above, has spent it."
        )
    _print_snippet(screen, stops, played, "does not spiral")


def _by_text(alterations: Sequence[Alteration]) -> dict[str, list[Alteration]]:
    """The same change on other days goes with the first, which is the best."""
    found: dict[str, list[Alteration]] = {}
    for each in alterations:
        found.setdefault(each.text, []).append(each)
    return found


def _print_snippet(screen: Screen, changes: Sequence[Alteration], played: Replay, then: str) -> None:
    """Print the first change that interventions can say; `then` is what the run does with it."""
    scenario = played.job.scenario
    texts = [snippet(each.action, scenario) for each in changes]
    screen.print()
    first = next((number for number, text in enumerate(texts) if text is not None), None)
    if first is None:
        screen.say("No intervention of a scenario can say it.")
        return
    also = (
        "; the list replaces the inherited one, whose other items are repeated"
        if scenario.interventions
        else ""
    )
    what = "it" if len(changes) == 1 else "the first change"
    if first > 0:
        what = f"the first change that interventions can say ({changes[first].text})"
    screen.say(f"With {what}, in a scenario that extends {scenario.name}, run {played.run:,} {then}{also}:")
    screen.print(Text(f"\n{texts[first]}\n"))


def _print_tippings(screen: Screen, played: Replay) -> None:
    scenario = played.job.scenario
    found = tippings(played)
    screen.say(
        f"Run {played.run:,} did not come to a {scenario.headline} exchange by {day_text(scenario.end)}."
    )
    screen.print()
    smallest = smallest_tip(found)
    tried = f"Each was tried alone on each of {played.days:,} days, with the same luck in all else"
    left_out = "what is the spiral by definition, such as a strike on Iran or an open answer, is left out"
    if smallest is None:
        kinds = ", ".join(kind.kind for kind in found if kind.tried)
        screen.say(f"Nothing tried would have tipped it: {kinds}.")
        screen.say(f"{tried}; {left_out}.")
        return
    columns = ("one action more", "days on which it tips the run", "earliest", "latest")
    table = new_table("What would have tipped it", *columns, right=columns[1:2])
    for kind in found:
        days = [tip.day for tip in kind.tips]
        ends = [on_day(day, scenario) for day in (days[0], days[-1])] if days else ["", ""]
        table.add_row(kind.kind, f"{len(days) or 'none'} of {kind.tried}", *ends)
    screen.print(table)
    screen.say(f"{tried}; {left_out}.")
    then = next(
        day for kind in found for tip, day in zip(kind.tips, kind.spirals, strict=True) if tip is smallest
    )
    when = "on the same day" if then == smallest.day else f"on {on_day(then, scenario)}"
    screen.say(
        f"Smallest, {smallest.size} step{'s' if smallest.size > 1 else ''}: {smallest.text}, on "
        f"{on_day(smallest.day, scenario)}; the spiral then comes {when}."
    )
    screen.say(STEPS)
    _print_snippet(screen, [smallest], played, "spirals")


# For all that `why` prints


def new_table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """An empty table; the columns in `right` hold numbers."""
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left")
    return table
