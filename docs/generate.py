"""The generated pages of the documentation: `python -m docs.generate` writes them anew.

The page of parameters comes from the registry and the ledger, those of outcomes and of questions from theirs, so that
they cannot say anything else. A test holds the committed pages to what this file makes.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from sim.evidence import Evidence, load_evidence
from sim.outcomes import COLUMNS, COMPARED, EVENTS, OUTCOMES, ROW_EVENTS, ROW_SUMS, SERIES, TOTALS
from sim.parameters import GROUPS, LAST_STEP, PACKS, REGISTRY, Parameter
from sim.parameters.blind import blind_text
from sim.scenario.questions import KINDS, LEAST_MET, Entry
from sim.scenario.questions.windows import FORMS
from sim.wording import LEVEL_MEANINGS

DOCS = Path(__file__).resolve().parent
HEADINGS = {
    "militia": "Militias",
    "engagement": "Engagement: what an attack does",
    "us": "Washington",
    "iraq": "Baghdad",
    "iran": "Tehran",
}
HEAD = """<!-- Made by `python -m docs.generate` from sim/parameters/ and seeds/: do not edit by hand. -->

# Parameters

Every number of the model, in the order of the registry: {count} parameters, {constants} of them
constants. By basis: {bases}. `spiral evidence` prints the same, and `spiral evidence us.readiness` follows one
parameter down to its sources.

How to read an entry:

- **unit**: *log rate ratio* is added to the logarithm of a rate: 0.7 doubles it. *log odds* are added to the
  logarithm of odds. *logits* are Washington's pressure to act and the thresholds that it is held against.
- **default**: the prior's median, or the constant. `--parameters default` holds every parameter there.
- **prior**: LN(median, sd of the logarithm), N(mean, sd) or Beta(a, b), each cut off at the range. The central 90%
  is that of the prior after the cut. These are priors: nothing here has been fitted. A prior that rests on the last
  article has a second form that is blind to it, under which the model is scored on what that article tells.
- **range**: a scenario that asks for a value outside of it is refused.
- **basis**: *derived* from facts, or *assumed*; an assumed one says what it rests on.
- **mechanism**: the coupling that the parameter is a weight of, and the value at which that coupling is absent. In the
  world with its couplings off every parameter with a mechanism has that value. Beside it, which way the reaction works:
  *amplifying*, *damping*, one or the other by its sign, or a *conduit*, which is left in where reactions are taken out;
  see [what is a spiral](../explanation/spiral.md).
- **facts**: identifiers in the [evidence ledger](../../seeds/facts.yaml); the [codebook](../../seeds/codebook.md) says
  how they are coded.

A scenario fixes a parameter of Washington, Baghdad or Tehran under `actors.us`, `actors.iraq` or `actors.iran`, and one
of the others under `parameters.militia` or `parameters.engagement`; `--set us.readiness=1` does so for one run. A
parameter that is fixed is no longer drawn. For every `x_half_life` the model uses the share kept from one
day to the next, exp(-ln 2 / half-life).

## Mechanisms

{mechanisms}

Rival explanations keep some mechanisms and switch all others off:

{packs}

The step from a severe exchange to a direct one hangs on {last}, which no fact
informs.
"""


def parameters_page() -> str:
    """Give the page of parameters as Markdown."""
    ledger = load_evidence()
    return "\n".join([_head(), *(_group(group, ledger) for group in GROUPS)])


def _head() -> str:
    parameters = list(REGISTRY.values())
    return HEAD.format(
        count=len(parameters),
        constants=sum(p.prior is None for p in parameters),
        bases=", ".join(
            f"{number} {basis}" for basis, number in Counter(p.basis for p in parameters).items()
        ),
        mechanisms=_mechanisms(),
        packs="\n".join(f"- *{name}*: {', '.join(kept)}" for name, kept in PACKS.items()),
        last=" and ".join(_link(name) for name in LAST_STEP),
    )


def _mechanisms() -> str:
    weights: dict[str, list[str]] = {}
    for p in REGISTRY.values():
        if p.mechanism is not None:
            weights.setdefault(p.mechanism, []).append(_link(p.name))
    rows = [f"| {mechanism} | {', '.join(links)} |" for mechanism, links in weights.items()]
    return "\n".join(["| mechanism | weights |", "|---|---|", *rows])


def _link(name: str) -> str:
    return f"[{name}](#{re.sub(r'[^a-z0-9_-]', '', name)})"


def _group(group: str, ledger: Evidence) -> str:
    entries = [_entry(p, ledger) for p in REGISTRY.values() if p.group == group]
    return "\n".join([f"## {HEADINGS[group]}\n", *entries])


def _entry(p: Parameter, ledger: Evidence) -> str:
    unit = "" if p.unit == "1" else f" {p.unit}"
    low, high = p.interval()
    prior = f"{p.prior}, central 90% {low:.3g} to {high:.3g}" if p.prior else "none: a constant"
    lines = [
        f"### {p.name}\n",
        f"{p.meaning[0].upper()}{p.meaning[1:]}.\n",
        f"- unit: {'none' if p.unit == '1' else p.unit}; range {p.low:g} to {p.high:g}",
        f"- default: {p.default:.3g}{unit}; prior: {prior}",
        f"- basis: {p.basis}" + (f": {p.rests_on}" if p.rests_on else ""),
        *([f"- prior blind to the last article: {text}"] if (text := blind_text(p)) else []),
    ]
    if p.mechanism is not None:
        lines.append(f"- mechanism: {p.mechanism}, {_direction(p)}; off at {p.off:g}")
    if p.facts:
        sources = sorted({ledger.facts[fact].source for fact in p.facts})
        named = ", ".join(f"`{fact}`" for fact in p.facts)
        lines.append(f"- facts: {named} (source{'s' if len(sources) > 1 else ''} {', '.join(sources)})")
    return "\n".join([*lines, ""])


def _direction(p: Parameter) -> str:
    if p.direction != "signed":
        return str(p.direction)
    return f"amplifying {p.amplifies} {p.off:g} and damping on the other side"


OUTCOMES_HEAD = """<!-- Made by `python -m docs.generate` from sim/outcomes/: do not edit by hand. -->

# Outcomes

What a run comes to. Each outcome is declared once, in `sim/outcomes/entries.py`; every table below, in result folders
and from Python, is made from there. Everything is about the simulated world: what would be reported is another matter.

## The outcome table

The columns of `runs.parquet` in a [result folder](../../results/README.md), and of the table that `sim.run` gives: one
row a run. Each column carries its unit and description in the file too, as metadata of its field. A day counts from the
scenario's start, which is day 0, and is null where it never came to that. A rung's day is the first on that rung or a
higher one. Causes are explained in [the model](../explanation/model.md#spirals-and-paths).

{columns}

## Events by day

`incidence.csv` and `forecast` tell the probability that an event has come by a day, `estimates.json` that it comes at
all. `first_days`, `rows` and `short_row` in `counts.parquet` count them in this order.

{events}

## Series by day

Cumulative from the scenario's start; in `daily.csv`, and in this order in `histograms` and `sums` of `counts.parquet`.

{series}

## What questions over many worlds keep

Of each parameter draw, at each point: in how many of its runs an event came, and sums over them. `sweep` tells all
of these, `compare` those that are marked.

{rows}

## Sums

Totals over runs in `counts.parquet` (`totals.` and the name), means of a run in `estimates.json`; of the militia-days
the share at capacity.

{totals}
"""


def outcomes_page() -> str:
    """Give the page of outcomes as Markdown."""
    events = [(f"`{OUTCOMES[key].told}`", OUTCOMES[key].description) for key in EVENTS]
    kept = [(key, "yes" if key in COMPARED else "") for key in (*ROW_EVENTS, *ROW_SUMS)]
    return OUTCOMES_HEAD.format(
        columns=_table(
            ("column", "meaning", "unit"), [(f"`{c.name}`", c.description, c.unit) for c in COLUMNS]
        ),
        events=_table(("event", "meaning"), events),
        series=_table(("series", "meaning", "unit"), [_described(key) for key in SERIES]),
        rows=_table(
            ("name", "meaning", "unit of the mean", "compared"),
            [(*_described(key)[:2], OUTCOMES[key].per_run, compared) for key, compared in kept],
        ),
        totals=_table(("name", "meaning", "unit"), [_described(key) for key in TOTALS]),
    )


def _described(key: str) -> tuple[str, str, str]:
    return f"`{key}`", OUTCOMES[key].description, OUTCOMES[key].unit


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, *rows]
    made = [f"| {' | '.join(cells)} |" for cells in lines]
    return "\n".join([made[0], f"|{'---|' * len(heads)}", *made[1:]])


QUESTIONS_HEAD = """<!-- Made by `python -m docs.generate` from sim/scenario/questions/: do not edit by hand. -->

# Questions

What [`spiral ask`](../howto/ask-a-question.md) understands. A question is an **event** with **dates** and, where it has
one, a **condition**: `us killed from 2023-11-21 to 2023-12-31 given none before`. Capitals, commas and articles (`a`,
`the`) say nothing. What cannot be read is refused with the column of the word, and the nearest that could stand there.

## Events

{events}

`N` is a whole number. `at least N` and `N` say the same, and both can be left out: that is 1. `in all` is what a count
is without `in a day`. Lengths are in days or weeks. `of level 3` is that level alone, `of level 3 or more` it and those
above; the [levels](../explanation/model.md) are {levels}.

Several events are joined by `and`, `or`, `not` (or `no`) and brackets; `and` binds closer than `or`. All parts have
come on the day of the last, one of several on the day of the first, and the opposite of an event on the last day on
which that could have come.

## Dates

{dates}

Both ends count. What is left open is the scenario's first or last day, and a date outside of these is refused. Dates
that are written last hold for all events before them that have none; after a bracket for what stands in it. Of what
comes once (rungs, exchanges, a withdrawal) only its first coming counts: it is in the dates, or not at all.

## Conditions

After `given` stands an event, or several. Only runs count in which it comes. Without dates it takes those of the
question. `given none before` is that the question's own event has not come from the scenario's first day to the day
before the question's first. Fewer than {least} runs that meet a condition are no answer.

## In files

Under the key `questions` of a scenario, or of a file of its own; under each name either the words alone, or

{keys}

`given` and `event` can name other questions of the same file, that have no condition of their own.

```yaml
# questions-of-mine.yaml
questions:
  killed: us killed by 2023-12-31
  strike-after-a-death:
    title: If a US service member is killed in 2023, will US forces strike inside Iraq by the end of January 2024?
    event: us strike in iraq
    to: 2024-01-31
    given: killed
```
"""


def questions_page() -> str:
    """Give the page of the language of questions as Markdown."""
    kinds = [(f"`{kind.form}`", kind.rule) for kind in KINDS.values()]
    keys = [
        (f"`{field.alias or name}`", str(field.description)) for name, field in Entry.model_fields.items()
    ]
    return QUESTIONS_HEAD.format(
        events=_table(("written", "the day on which it has come"), kinds),
        levels="; ".join(f"{level}: {meaning}" for level, meaning in LEVEL_MEANINGS.items()),
        dates=", ".join(f"`{form}`" for form in FORMS) + ".",
        least=LEAST_MET,
        keys=_table(("key", "meaning"), keys),
    )


PAGES = {
    "reference/parameters.md": parameters_page,
    "reference/outcomes.md": outcomes_page,
    "reference/questions.md": questions_page,
}


def main() -> None:
    """Write every generated page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
        print(f"docs/{name}")


if __name__ == "__main__":
    main()
