"""What the search for conditions prints at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from sim.experiments.discover.words import prior_words, risk_words
from sim.wording import change_with_chance, number_text, percent

if TYPE_CHECKING:
    from sim.experiments.discover import Box, DiscoverFinding
    from sim.pipeline.answers import Answer
    from sim.report.terminal.screen import Screen


def brief(screen: Screen, answer: Answer[DiscoverFinding]) -> None:
    """Print what was found, and the limits of the first box."""
    of = answer.finding
    screen.say(of.warning or f"{of.finding}.", "bold")
    if of.boxes:
        box = of.boxes[0]
        screen.say(f"Box {box.box} of {len(of.boxes)}{_doubt(box)}: {box.words}.")
    screen.say(
        f"All numbers are of {of.rows.judged:,} draws of the parameters that had no part in the search. A box tells "
        "where the model puts exchanges, not why; the prior decides how large it is."
    )


def tell(screen: Screen, answer: Answer[DiscoverFinding]) -> None:
    """Print the boxes."""
    of = answer.finding
    limits = of.limits
    for box in of.boxes:
        mine = limits[limits["box"] == box.box].to_dict("records")
        _tell_box(screen, box)
        screen.print(_table(mine))
    _explain(screen, of)


def _doubt(box: Box) -> str:
    return "" if box.holds_up else ", WHICH DOES NOT HOLD UP: its risk is not above that of everything"


def _tell_box(screen: Screen, box: Box) -> None:
    screen.print()
    screen.say(f"Box {box.box}{_doubt(box)}: {box.words}.", "bold")
    flatters = ", which flatters" if box.searched_density > (box.density or 0.0) else ""
    left = ", of what the boxes before it leave" if box.box > 1 else ""
    screen.say(
        f"{risk_words(box, 'density')} of runs inside come to the exchange (density), {risk_words(box, 'outside')} "
        f"outside, {risk_words(box, 'base')} everywhere. It holds {risk_words(box, 'coverage')} of all exchanges "
        "(coverage) in "
        f"{risk_words(box, 'mass')} of the prior (mass){left}. On the rows where it was found: "
        f"{percent(box.searched_density)}{flatters}."
    )


def _table(limits: list[dict[str, Any]]) -> Table:
    found = Table(title_justify="left")
    found.add_column("parameter", no_wrap=True)
    for heading in ("limit", "of its prior", "basis", "risk it adds", "beyond chance"):
        found.add_column(heading)
    for limit in limits:
        unit = f" {limit['unit']}" if isinstance(limit["unit"], str) else ""
        gap = (limit[f"difference{end}"] for end in ("", "_low", "_high"))
        found.add_row(
            limit["factor"],
            f"{limit['side']} {number_text(limit['value'])}{unit}",
            prior_words(limit),
            limit["basis"],
            change_with_chance(*gap),
            "yes" if limit["more_than_chance"] else "not shown",
        )
    return found


def _explain(screen: Screen, of: DiscoverFinding) -> None:
    rows = of.rows
    screen.print()
    screen.say(
        f"Found by PRIM on {rows.searched:,} draws of the parameters, by the share of each row's {of.runs_per_row} "
        f"runs that come to the exchange, among {of.factors} parameters that are drawn; the box is taken that holds "
        f"most exchanges beyond its share of the prior. All numbers are of {rows.judged:,} other rows, which "
        "had no part in it. In "
        "brackets: 95% by chance, with rows as units."
    )
    screen.say(
        "Risk it adds: how much more risk is inside than among the rows that this limit alone keeps out, in percentage "
        "points. Narrower and wider boxes on the way are in trajectory.csv. A box tells where the model puts "
        "exchanges, not why; the prior decides how large it is."
    )
