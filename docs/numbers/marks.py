"""The marks: places on a page that are filled in from what the jobs left.

`<!-- number: EXPRESSION -->…<!-- /number -->` stands in a line of text or in a table's cell, never at the beginning
of a line, where Markdown would take the rest of the line for HTML. `<!-- table: … -->` and `<!-- printed: … -->` stand
on lines of their own. The expression is Python over the names in `docs/numbers/words.py`.
"""

from __future__ import annotations

import re
from pathlib import Path

from docs.numbers.jobs import DOCS, ROOT
from docs.numbers.words import evaluate

MARK = re.compile(r"<!-- (number|table|printed): (.*?) -->(.*?)<!-- /\1 -->", re.DOTALL)
PAGES = [ROOT / "README.md", ROOT / "scenarios" / "README.md", *sorted(DOCS.rglob("*.md"))]


def filled(text: str, page: str) -> tuple[str, list[str]]:
    """A page's text with every mark filled in, and what could not be: those are left as they stand."""
    faults = []

    def one(found: re.Match[str]) -> str:
        kind, expression, was = found.groups()
        try:
            made = evaluate(expression)
        except Exception as error:
            line = text.count("\n", 0, found.start()) + 1
            faults.append(f"{page}:{line}: {' '.join(expression.split())}: {type(error).__name__}: {error}")
            made = was.strip() or "…"
        body = made if kind == "number" else f"\n\n{made}\n\n"
        return f"<!-- {kind}: {expression} -->{body}<!-- /{kind} -->"

    return MARK.sub(one, text), faults


def fill(page: Path) -> list[str]:
    """Fill in a page's marks; say which could not be."""
    text = page.read_text(encoding="utf-8")
    made, faults = filled(text, page.relative_to(ROOT).as_posix())
    if made != text:
        page.write_text(made, encoding="utf-8")
    return faults
