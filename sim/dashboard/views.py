"""What a page says in HTML: all text that is not ours is escaped, and nothing here knows of Panel."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from sim.outcomes import OUTCOMES
from sim.scenario.errors import printable
from sim.wording import (
    RUNG_NAMES,
    change_with_chance,
    day_text,
    definition_text,
    number_text,
    parameters_text,
    percent,
    percent_interval,
    percent_with_chance,
)

if TYPE_CHECKING:
    from sim.dashboard.course import Course
    from sim.dashboard.rivals import Rivals
    from sim.experiments.run.finding import RunFinding
    from sim.pipeline.parts import Probability
    from sim.scenario import Scenario

LONGEST = 600
"""Characters of a text that is not ours, at most."""


def text(value: object) -> str:
    """A text that is not ours, as HTML: escaped, without what cannot be printed, and not longer than a paragraph."""
    return escape(printable(str(value), LONGEST))


def paragraph(value: str, kind: str = "") -> str:
    """A paragraph of text."""
    return f'<p class="{kind}">{text(value)}</p>' if kind else f"<p>{text(value)}</p>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """A table whose first column names its rows."""
    top = "".join(f'<th scope="col">{text(one)}</th>' for one in head)
    body = "".join(
        f'<tr><th scope="row">{text(first)}</th>{"".join(f"<td>{text(cell)}</td>" for cell in others)}</tr>'
        for first, *others in rows
    )
    named = f"<caption>{text(caption)}</caption>" if caption else ""
    return f'<div class="wide"><table>{named}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def question_view(scenario: Scenario) -> str:
    """What the scenario asks, and until when."""
    span = f"{day_text(scenario.start)} to {day_text(scenario.end)}"
    return f'<p class="question">{text(scenario.question)} <span>{span}</span></p>'


def key_view(key: Iterable[tuple[str, str, str, float]], title: str = "") -> str:
    """How things are drawn: text, kind, colour and opacity of each; it wraps where the drawing is narrow."""
    items = "".join(
        f'<li><span class="{kind}" style="--of: {colour}; opacity: {opacity}"></span>{text(label)}</li>'
        for label, kind, colour, opacity in key
    )
    return (f"<h3>{text(title)}</h3>" if title else "") + f'<ul class="key">{items}</ul>'


def note_view(value: str) -> str:
    """Something to be known of the page, for the moment."""
    return f'<div class="about" role="status">{paragraph(value)}</div>'


def refused_view(value: str, scenario: str) -> str:
    """Why something could not be asked about, and what is shown all the same."""
    still = paragraph(f"What stands below is of {scenario}.", "note")
    return f'<div class="about refused" role="alert">{paragraph(value)}{still}</div>'


def answer_view(course: Course, key: str, changes: Sequence[str], pinned: str, change: str) -> str:
    """The answer in words, what it changes of the pinned one, and what it was told from."""
    told = course.told
    if course.error:
        return f'<div class="answer" role="alert">{paragraph(course.error, "lead")}</div>'
    if told is None:
        waiting = paragraph("Simulating the first runs…", "lead")
        return f'<div class="answer" data-key="" aria-busy="true">{waiting}</div>'
    lead, *others = told.lines
    said = [*(paragraph(one, "warning") for one in told.warnings), paragraph(_set(changes), "set")]
    said += [paragraph(lead, "lead"), *map(paragraph, others)]
    if change:
        said.append(
            f'<p class="change"><strong>Against the pinned setting</strong> ({text(pinned)}): {text(change)}.</p>'
        )
    said.append(paragraph(_status(course), "status"))
    said.append(f'<p class="mini" aria-hidden="true">{text(_mini(told.finding, change))}</p>')
    at = f'data-key="{escape(key)}" data-runs="{told.runs}" data-rest="{int(course.at_rest)}"'
    return f'<div class="answer" role="status" {at}>{"".join(said)}</div>'


def _mini(finding: RunFinding, change: str) -> str:
    """The answer in one line, for a window in which levers and answer have no room beside one another."""
    spiral, whole = finding.spiral, finding.headline
    moved = f" ({change.split(';')[0].removeprefix('in all ')} points)" if change else ""
    of_all = percent_with_chance(whole.probability, whole.chance[0], whole.chance[1])
    return f"Spiral {chance_text(spiral)}; in all {of_all}{moved}"


def _set(changes: Sequence[str]) -> str:
    return f"With {', '.join(changes)}:" if changes else "As the scenario has it:"


def _status(course: Course) -> str:
    told = course.told
    assert told is not None
    seed, made = course.job.random_seed, parameters_text(course.parameters)
    on = "" if course.at_rest else f"; on the way to {course.most:,}"
    fitted = course.job.posterior
    until = "" if fitted is None else f" (known up to {day_text(fitted.known_until)})"
    return f"{told.runs:,} runs{on}; seed {seed}; parameters {made}{until}."


def risk_view(course: Course) -> str:
    """The curve as a table, a row a month, for whoever does not see it."""
    told = course.told
    if told is None:
        return ""
    days = told.risk
    monthly = days.groupby([days["date"].dt.year, days["date"].dt.month]).tail(1)
    rows = [
        (
            day_text(row.date.date()),
            percent(row.probability),
            _interval(row.low, row.high),
            _interval(row.unknown_low, row.unknown_high),
        )
        for row in monthly.itertuples()
    ]
    head = ("by", "has come", "95% by chance", "90%, parameters unknown")
    return f"<details><summary>The same as a table</summary>{table(head, rows)}</details>"


def _interval(low: float, high: float) -> str:
    return "-" if math.isnan(low) else percent_interval(low, high)


def rungs_view(finding: RunFinding, scenario: Scenario) -> str:
    """How often each rung is reached, with both intervals."""
    rows = [
        (f"{name.split()[1]} {RUNG_NAMES[int(name.split()[1])]}", chance_text(one), unknown_text(one))
        for name, one in finding.rungs.items()
    ]
    meant = paragraph(f"{scenario.headline}: {definition_text(scenario.headline, scenario)}", "note")
    return table(("ever reached", "probability [95% by chance]", "parameters unknown (90%)"), rows) + meant


def outcomes_view(finding: RunFinding) -> str:
    """Mean, median and middle 90% of what is counted in a run."""
    rows = []
    for name, entry in finding.outcomes.items():
        if isinstance(entry, dict) and "q50" in entry:
            spread = f"{number_text(entry['q05'])} to {number_text(entry['q95'])}"
            rows.append((OUTCOMES[name].label, number_text(entry["q50"]), spread, number_text(entry["mean"])))
    return table(("of a run", "median", "90% of runs", "mean"), rows)


def rivals_view(rivals: Rivals | None) -> str:
    """The headline in all under each rival explanation."""
    if rivals is None:
        said = (
            "Each explanation keeps some of the mechanisms and has all others off. They take a while, and are counted "
            "when asked for."
        )
        return paragraph(said, "note")
    if not rivals.worlds:
        return paragraph(f"Counting: {rivals.done:,} of {rivals.total:,} runs.", "note")
    first = rivals.worlds[0].estimate
    rows = [
        (
            world.name,
            percent_with_chance(world.estimate.probability, *world.estimate.chance),
            change_with_chance(world.change.value, world.change.low, world.change.high) if number else "",
        )
        for number, world in enumerate(rivals.worlds)
    ]
    head = ("explanation", "headline in all [95% by chance]", "points more or less [95% by chance]")
    caption = f"{first.runs:,} runs of each, with the same luck"
    return table(head, rows, caption)


def chance_text(one: Probability) -> str:
    """A probability with its interval by chance."""
    if one.seen == 0:
        return f"none seen; below {percent(one.chance[1])}"
    return percent_with_chance(one.probability, one.chance[0], one.chance[1])


def unknown_text(one: Probability) -> str:
    """The range with the parameters unknown."""
    return f"{percent(one.ignorance[0])} to {percent(one.ignorance[1])}" if one.ignorance else "-"


def life_view(lines: Sequence[str], story: Sequence[str], picture: str, alt: str) -> str:
    """A run: what it came to, its timeline as a picture, and its story."""
    told = "".join(paragraph(line) for line in lines)
    image = f'<div class="wide"><img src="{escape(picture)}" alt="{text(alt)}"></div>' if picture else ""
    said = "".join(f"<p>{escape(printable(part, 5_000))}</p>" for part in story)
    return f'<div class="life">{told}{image}<details open><summary>Its story</summary>{said}</details></div>'


def lives_view(said: str, rows: Sequence[tuple[str, list[str], list[str]]], done: str) -> str:
    """Two lives of a run, the days on which they differ side by side."""
    body = "".join(
        f'<tr><th scope="row">{text(day)}</th><td>{_items(one)}</td><td>{_items(two)}</td></tr>'
        for day, one, two in rows
    )
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in ("day", "as it was", done))
    none = paragraph("No day differs in what was done.") if not rows else ""
    return (
        f'<div class="lives" role="status"><p class="lead">{text(said)}</p>{none}'
        f'<div class="wide tall" tabindex="0" role="region" aria-label="{text(done)}"><table><thead><tr>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div></div>"
    )


def _items(said: Sequence[str]) -> str:
    return "".join(f"<div>{text(one)}</div>" for one in said) or '<span class="note">nothing</span>'
