"""Input made of what ships: texts with stretches replaced, trees of values with entries replaced, and rows of traps."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

TOKENS = [
    *("[", "]", "{", "}", ":", ": ", "- ", "? ", "&a ", "*a", "!!str ", "!x ", "<<: ", "|", ">-", "\n", "  ", "\t"),
    *("---\n", "...\n", "%YAML 1.1\n", "#", "'", '"', '"\\ud800"', "\\x00", "\x00", "\ufeff", "\u2028", "é", "😀"),
    *("null", "~", "no", "true", ".inf", "1e999", "1e12", "0123", "-1", "9" * 500, "2023-02-30", "2203-01-01"),
    *("2023-10-17", "extends: october-2023\n", "past: ", "name: x\n", "interventions: [{}]\n", "history: {}\n"),
    *("\x1b[31m", "\u202e", "\r", "\r\n", "=1+1", ",", ";", "1,5", "-0.0", "0x10", "1_000", "12:30", "e" * 300),
]  # fmt: skip
SCALARS: list[Any] = [
    None, True, False, 0, 1, -1, 2, 0.5, -0.0, 1e-320, 1e308, math.inf, -math.inf, math.nan, 2**63, -(2**70), 10**400,
    "", " ", "x", "no", "2023-10-17", "2023-02-30", "october-2023", "us", "iraq", "iran", "assumed", "a" * 400,
    "\x1b[2J", "\u202e", "é", "us.readiness", "first\nsecond", datetime.date(2023, 10, 17), datetime.date(2023, 12, 1),
    datetime.date(1, 1, 1), datetime.date(9999, 12, 31), [], {}, [1, 2], [None], {"x": 1}, [[]], {"from": 0, "to": 1},
]  # fmt: skip
Path = tuple[str | int, ...]
TRAPS = [token.encode(errors="surrogatepass") for token in TOKENS]


@st.composite
def mutated(draw: st.DrawFn, bases: Sequence[bytes]) -> bytes:
    """One of some texts with one to four stretches replaced by traps, by stretches of their own, or by any bytes."""
    content = draw(st.sampled_from(bases))
    for _ in range(draw(st.integers(1, 4))):
        first = draw(st.integers(0, len(content)))
        last = first + draw(st.sampled_from([0, 0, 1, 5, 30, 200]))
        how = draw(st.integers(0, 3))
        if how < 2:
            piece = draw(st.sampled_from(TRAPS))
        elif how == 2:
            start = draw(st.integers(0, len(content)))
            piece = content[start : start + draw(st.integers(1, 80))]
        else:
            piece = draw(st.binary(max_size=4))
        content = content[:first] + piece + content[last:]
    return content


def rows_of_traps(start: str = "") -> st.SearchStrategy[bytes]:
    """Traps in a row after a beginning."""
    return st.lists(st.sampled_from(TRAPS), max_size=12).map(lambda found: start.encode() + b"".join(found))


def paths_of(tree: Any, path: Path = ()) -> list[Path]:
    """Every entry of a tree of values, from its top down."""
    parts = (
        tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list | tuple) else ()
    )
    return [path, *(found for key, part in parts for found in paths_of(part, (*path, key)))]


def value_at(tree: Any, path: Path) -> Any:
    """The entry at a path."""
    for key in path:
        tree = tree[key]
    return tree


def changed(tree: Any, path: Path, change: Any) -> Any:
    """A copy of a tree in which the parent of an entry, as a list of pairs, is what a function makes of it."""
    pairs = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree))
    if len(path) > 1:
        pairs = [(k, changed(part, path[1:], change) if k == path[0] else part) for k, part in pairs]
    else:
        pairs = change(pairs)
    return dict(pairs) if isinstance(tree, dict) else [part for _, part in pairs]


@st.composite
def edited(draw: st.DrawFn, bases: Sequence[Any], names: Sequence[str]) -> Any:
    """One of some trees with one to three entries replaced, left out, doubled, renamed or put elsewhere."""
    tree = draw(st.sampled_from(bases))
    for _ in range(draw(st.integers(1, 3))):
        paths = paths_of(tree)[1:]
        if not paths:
            return tree
        path = draw(st.sampled_from(paths))
        how = draw(st.integers(0, 5))
        if how < 3:
            new = draw(st.sampled_from(SCALARS))
        elif how == 3:
            new = value_at(tree, draw(st.sampled_from(paths)))
        else:
            new = draw(st.sampled_from(names))
        tree = changed(
            tree, path, lambda pairs, path=path, how=how, new=new: _edit(pairs, path[-1], how, new)
        )
    return tree


def _edit(pairs: list[tuple[Any, Any]], key: Any, how: int, new: Any) -> list[tuple[Any, Any]]:
    """Replace an entry's value, or rename, leave out or double it."""
    if how in (0, 1, 3):
        return [(k, new if k == key else part) for k, part in pairs]
    if how == 2:
        return [(k, part) for k, part in pairs if k != key]
    if how == 4:
        return [(new if k == key else k, part) for k, part in pairs]
    return [*pairs, (new, dict(pairs)[key])]


def written(tree: Any) -> str:
    """A tree as YAML in flow style, with words that need no quotes unquoted."""
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{written(key)}: {written(part)}" for key, part in tree.items()) + "}"
    if isinstance(tree, list | tuple):
        return "[" + ", ".join(map(written, tree)) + "]"
    if tree is None or isinstance(tree, bool):
        return {None: "null", True: "true", False: "false"}[tree]
    if isinstance(tree, float) and not math.isfinite(tree):
        return ".nan" if math.isnan(tree) else ".inf" if tree > 0 else "-.inf"
    if isinstance(tree, int | float):
        return str(tree)
    return tree.isoformat() if isinstance(tree, datetime.date) else _quoted(str(tree))


def _quoted(text: str) -> str:
    """Text in quotes; a character that JSON would write as two halves as YAML writes it."""
    return f'"{"".join(json.dumps(c)[1:-1] if ord(c) < 2**16 else f"{chr(92)}U{ord(c):08x}" for c in text)}"'


def file_of(tree: Any) -> bytes:
    """A tree as a file: its top in block style, an entry a line."""
    if not isinstance(tree, dict):
        return written(tree).encode()
    return "".join(f"{written(key)}: {written(part)}\n" for key, part in tree.items()).encode()


def dated(tree: Any) -> Any:
    """A tree whose texts that are days are days."""
    if isinstance(tree, dict):
        return {key: dated(part) for key, part in tree.items()}
    if isinstance(tree, list):
        return [dated(part) for part in tree]
    is_day = isinstance(tree, str) and len(tree) == 10 and tree[:2] == "20" and tree[4] == tree[7] == "-"
    return datetime.date.fromisoformat(tree) if is_day else tree
