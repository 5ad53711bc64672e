"""How many runs were tipped, and in how many rows of parameters the risk moves, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.experiments.compare.signs import LEVEL
from sim.wording import percent, percent_with_chance


def tip_lines(tips: Mapping[str, Any]) -> list[str]:
    """Say which runs are tipped, and in which of the rows of parameters the risk moves which way.

    Parameters
    ----------
    tips : mapping
        A row of `sim.experiments.compare.tables.tip_table`.
    """
    name = tips["definition"]
    lines = [
        f"Of {tips['runs']:,} runs {tips['into']:,} are tipped into a {name} spiral and {tips['out']:,} out of one; "
        f"the others spiral, or do not, as in {tips['against']}."
    ]
    if tips["rows"]:
        more, fewer = (percent(tips[f"rows_{way}"] / tips["rows"]) for way in ("more", "fewer"))
        lines.append(
            f"Spirals are more frequent in {more} of the {tips['rows']:,} rows of parameters and rarer in {fewer}, "
            "luck included."
        )
    return [*lines, sign_line(tips)] if tips["sign_rows"] else lines


def sign_line(tips: Mapping[str, Any]) -> str:
    """Say in how many rows of parameters the risk is seen to rise and to fall, luck taken out."""
    rises, falls = (_seen(tips, way) for way in ("rises", "falls"))
    return (
        f"Beyond luck the {tips['definition']} risk {rises} of the rows of parameters and {falls}: seen with "
        f"{tips['sign_runs']:,} more runs in each of {tips['sign_rows']:,} rows of parameters; luck alone says so in "
        f"at most {percent(LEVEL)} of them."
    )


def _seen(tips: Mapping[str, Any], way: str) -> str:
    ends = tuple(tips[f"{way}{end}"] for end in ("", "_low", "_high"))
    where = f"at least {percent_with_chance(*ends)}" if ends[0] else f"none (below {percent(ends[2])})"
    return f"{way} in {where}"
