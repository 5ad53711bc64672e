"""The words that a mark's expression can use.

Jobs go by their names, with `_` for `-`: `baseline.risk()`; those of a group by label: `scenarios["tower-22"].risk()`.
"""

from __future__ import annotations

import functools
import itertools
import json
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from docs.numbers.jobs import JOBS, RESULTS, WIDE, Job
from sim.experiments.sensitivity.words import share_text
from sim.parameters import REGISTRY
from sim.wording import change_with_chance, number_text, percent, percent_interval, percent_with_chance

Row = Any
"""A mapping from columns to values: a row of a table."""


class Found:
    """What a job left."""

    def __init__(self, job: Job) -> None:
        self.job, self.folder = job, RESULTS / job.name

    @functools.cached_property
    def lines(self) -> list[str]:
        """What was printed."""
        return (self.folder / "printed.txt").read_text(encoding="utf-8").splitlines()

    @property
    def text(self) -> str:
        """What a program printed that writes Markdown."""
        return "\n".join(self.lines)

    @functools.cached_property
    def sentences(self) -> list[str]:
        """What was printed, each wrapped line put together again."""
        return re.sub(r"\n {4}(?=\S)", " ", "\n".join(self.lines)).splitlines()

    def said(self, words: str) -> str:
        """The first printed sentence with these words."""
        return next(line for line in self.sentences if words in line).strip()

    @property
    def answer_lines(self) -> list[str]:
        """The sentences of the short answer."""
        told = "\n".join(self.sentences).strip().splitlines()
        return told[: next((i for i, line in enumerate(told) if not line), len(told))]

    def answer(self, columns: int = 80) -> str:
        """A block of them."""
        return block(self.answer_lines, columns)

    def printed(self, first: str, last: str = "", more: int = 0, columns: int = 80) -> str:
        """A block of what was printed, from the line with some words to the first one with others, and more lines."""
        lines = self.lines if self.job.columns != WIDE else self.sentences
        begin = next(i for i, line in enumerate(lines) if first in line)
        end = next(i for i in range(begin, len(lines)) if (last or first) in lines[i]) + more
        return block(lines[begin : end + 1], columns)

    def excerpt(self, words: str) -> str:
        """A block of the entry, of a line and those indented under it, in which some words come first."""
        at = next(i for i, line in enumerate(self.lines) if words in line)
        begin = max(i for i in range(at + 1) if not self.lines[i].startswith(" "))
        end = next(i for i in range(at + 1, len(self.lines)) if not self.lines[i].startswith(" "))
        return block(self.lines[begin:end])

    @functools.cached_property
    def tables(self) -> list[pd.DataFrame]:
        """The printed tables, in order, all cells as text."""
        found: list[list[list[str]]] = []
        for before, line in itertools.pairwise(["", *self.lines]):
            if line[:1] not in ("┃", "│"):
                continue
            cells = [cell.strip() for cell in line.strip("┃│").split(line[0])]
            if line[0] == "│":
                found[-1].append(cells)
            elif before.startswith("┃"):  # a heading of two lines
                found[-1][0] = [" ".join(both).strip() for both in zip(found[-1][0], cells, strict=True)]
            else:
                found.append([cells])
        return [pd.DataFrame(rows, columns=heads) for heads, *rows in found]

    def table(self, head: str, number: int = 0) -> str:
        """The printed table whose first column is headed so, in Markdown; of several the one with that number."""
        of = [table for table in self.tables if table.columns[0] == head][number]
        return markdown(of, *((name, name) for name in of.columns))

    def cell(self, row: str, column: str) -> str:
        """A cell of a printed table, by what stands first in its row."""
        of = next(t for t in self.tables if column in t and row in set(t.iloc[:, 0]))
        return str(of.loc[of.iloc[:, 0] == row, column].iloc[0])

    @property
    def runs(self) -> str:
        """How many runs it took in all."""
        return re.search(r"([\d,]+) runs in all", "\n".join(self.lines))[1]  # type: ignore[index]

    def csv(self, name: str) -> pd.DataFrame:
        """A kept table."""
        return pd.read_csv(self.folder / f"{name}.csv")

    def row(self, name: str, query: str) -> Row:
        """The one row of a kept table for which a query of pandas holds."""
        return _one(self.csv(name).query(query))

    def value(self, path: str) -> Any:
        """A value of `estimates.json`, by its path."""
        found = json.loads((self.folder / "estimates.json").read_bytes())
        return functools.reduce(
            lambda of, key: of[int(key) if isinstance(of, list) else key], path.split("/"), found
        )

    def risk(self, path: str = "headline") -> str:
        """A probability and its interval by chance."""
        of = self.value(path)
        return percent_with_chance(of["probability"], *of["chance"])

    def unknown(self, path: str = "headline") -> str:
        """The range of a probability with the parameters unknown."""
        return percent_interval(*self.value(path)["ignorance"])

    def percent(self, path: str) -> str:
        """A share."""
        return percent(self.value(path))

    def span(self, path: str) -> str:
        """From the least to the greatest of some probabilities."""
        values = [
            of["probability"] if isinstance(of, dict) else of for of in (self.value(path) or {}).values()
        ]
        return f"{percent(min(values))} to {percent(max(values))}" if values else ""

    def pairs(self, outcome: str = "direct") -> pd.DataFrame:
        """Of a comparison: each scenario's row for an outcome, with the parameter draws that are more or fewer."""
        found = self.csv("outcomes").query("outcome == @outcome")
        tips = self.csv("tips").rename(columns={"definition": "outcome"}).drop(columns="against")
        return found.merge(tips, on=["scenario", "outcome"], how="left")

    def targets(self) -> pd.DataFrame:
        """Of a fit: the attacks on record, and what each kind of run would have reported."""
        of = self.csv("targets").query("series == 'attacks'")
        spread = [f"{r['mean']:.0f} [{r['q05']:.0f}, {r['q95']:.0f}]" for _, r in of.iterrows()]
        wide = (
            of.assign(told=spread)
            .pivot(index=["date", "recorded"], columns="kind", values="told")
            .reset_index()
        )
        return wide.assign(told="attacks to " + wide["date"])

    def compared(self, of: str | None = None, outcome: str = "direct") -> Row:
        """Of a comparison: one scenario's row."""
        found = self.pairs(outcome)
        return _one(found if of is None else found.query("scenario == @of"))

    def here(self, of: str | None = None, outcome: str = "direct") -> str:
        """Of a comparison: the probability in the scenario."""
        return share(self.compared(of, outcome), "value")

    def there(self, of: str | None = None, outcome: str = "direct") -> str:
        """Of a comparison: the probability in the one that it is held against."""
        return share(self.compared(of, outcome), "first")

    def moved(self, of: str | None = None, outcome: str = "direct") -> str:
        """Of a comparison: the difference in words."""
        return moved(self.compared(of, outcome))

    def rows(self, of: str | None = None) -> str:
        """Of a comparison: in how many draws of the parameters the risk is higher, and in how many lower."""
        more, fewer = shares(self.compared(of), "rows").split(" / ")
        return f"higher in {more} of the draws of the parameters and lower in {fewer}"


def _one(found: pd.DataFrame) -> Row:
    if len(found) != 1:
        raise ValueError(f"{len(found)} rows, not one")
    return found.iloc[0]


def _with_ends(
    write: Callable[..., str], low: str = "{}_low", high: str = "{}_high"
) -> Callable[[Row, str], str]:
    """Write a column of a row with the columns that hold its ends."""
    return lambda row, column: write(row.get(column), row[low.format(column)], row[high.format(column)])


def _alone(write: Callable[[Any], str]) -> Callable[[Row, str], str]:
    return lambda row, column: write(row[column])


share = _with_ends(percent_with_chance)
share_here = _with_ends(percent_with_chance, "low", "high")
points = _with_ends(change_with_chance)
plain = _with_ends("{:.2f} [{:.2f}, {:.2f}]".format)
counted = _with_ends("{:+.1f} [{:+.1f}, {:+.1f}]".format)
reach = _with_ends("{1:.2g} to {2:.2g}".format)
reach_here = _with_ends("{1:.2g} to {2:.2g}".format, "low", "high")
variance = share_text
number, part, code = _alone(number_text), _alone(percent), _alone("`{}`".format)


def moved(row: Row, column: str = "difference") -> str:
    """A difference of probabilities in words: `0.9 points less [-1.3, -0.5]`, or that it cannot be told from none."""
    text, (low, high) = points(row, column), (row[column + end] for end in ("_low", "_high"))
    if low <= 0 <= high:
        return f"no change that can be told from none ({text} points)"
    size, ends = text.split(" ", 1)
    return f"{size.lstrip('+-')} points {'more' if low > 0 else 'less'} {ends}"


def shares(row: Row, column: str) -> str:
    """In what share of the draws of the parameters a comparison comes to more, and to fewer."""
    return " / ".join(percent(row[f"{column}_{way}"] / row[column]) for way in ("more", "fewer"))


def worth(estimate: Mapping[str, Any]) -> float:
    """How many independent runs would leave a probability open by so much."""
    p, (low, high) = estimate["probability"], estimate["chance"]
    return float(p * (1 - p) * (2 * 1.96 / (high - low)) ** 2)


def fitted(group: Mapping[str, Found]) -> str:
    """The table of scenarios with the parameters that were fitted."""
    heads = ("scenario", "direct exchange, fitted", "parameters unknown", "last step", "rivals")
    rows = [
        (f"`{label}`", of.risk(), of.unknown(), of.span("last_step"), of.span("mechanisms"))
        for label, of in group.items()
    ]
    return markdown(pd.DataFrame(rows, columns=heads), *((head, head) for head in heads))


def markdown(table: pd.DataFrame, *columns: tuple[Any, ...]) -> str:
    """A table in Markdown: for each column its heading, the name of what it shows, and how that is written."""
    heads = [column[0] for column in columns]
    body = [[_cell(row, *column[1:]) for column in columns] for _, row in table.iterrows()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [heads, ["---"] * len(heads), *body])


def _cell(row: Row, column: str, write: Callable[[Row, str], str] | None = None) -> str:
    value = row.get(column, "")
    text = "" if isinstance(value, float) and value != value else write(row, column) if write else str(value)
    return re.sub(r"^([a-z]+\.[a-z0-9_]+)$", r"`\1`", text.replace("|", "/"))


def block(lines: Sequence[str], columns: int = 80) -> str:
    """Lines as a block of printed output, wrapped as on a terminal."""
    body = "\n".join(part for line in lines for part in _wrapped(line, columns)).strip("\n")
    return f"```text\n{body}\n```"


def _wrapped(line: str, columns: int) -> list[str]:
    plain = not line or line[0] in " ┏┃┡│└┌├╇"
    return [line] if plain else textwrap.wrap(line, columns, subsequent_indent="    ")


def registered(basis: str = "") -> int:
    """How many parameters the model has, or those with a basis."""
    return sum(basis in ("", p.basis) for p in REGISTRY.values())


@functools.cache
def _vocabulary() -> dict[str, Any]:
    found: dict[str, Any] = {word: globals()[word] for word in WORDS}
    for job in JOBS.values():
        group, _, label = job.name.partition("/")
        called = group.replace("-", "_")
        if label:
            found.setdefault(called, {})[label] = Found(job)
        else:
            found[called] = Found(job)
    return found


WORDS = (
    "share", "share_here", "points", "plain", "counted", "reach", "reach_here", "number", "part", "code", "moved",
    "shares", "variance", "worth", "fitted", "markdown", "block", "registered", "percent", "number_text",
)  # fmt: skip


def evaluate(expression: str) -> str:
    """What a mark's expression comes to."""
    known = {"len": len, "str": str, "any": any}
    return str(eval(" ".join(expression.split()), {"__builtins__": known}, _vocabulary()))
