"""A report put into one file: templates filled in, with all that comes from elsewhere escaped, and a strict policy."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.report.html.page import Explorer, Page, printable
from sim.version import VERSION


def render(page: Page) -> str:
    """The report as HTML; every lone surrogate and control character in it is replaced."""
    blocks = [block for section in page.sections for block in section.blocks]
    style = _source("report.css")
    scripts = [_source("tables.js")]
    if any(isinstance(block, Explorer) for block in blocks):
        scripts.append(_source("explorer.js"))
    template = _environment().get_template("report.html")
    return template.render(
        page=page, style=Markup(style), scripts=[Markup(script) for script in scripts],
        policy=_policy(style, scripts), version=VERSION,
    )  # fmt: skip


def _policy(style: str, scripts: list[str]) -> str:
    """Nothing from anywhere, no styles and scripts but these very ones, and nothing sent."""
    styles, own = _digest(style), " ".join(_digest(script) for script in scripts)
    return (
        f"default-src 'none'; style-src {styles}; script-src {own}; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sim.report.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _source(name: str) -> str:
    """A file that goes into the page as it is."""
    environment = _environment()
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def _finalized(value: Any) -> Any:
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value
