"""The names of places in questions: those of the countries of the scenario that is asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sim.scenario.countries import SHIPPED, SPONSOR, Named, by_role

_ASKED: ContextVar[Named] = ContextVar("countries of the scenario that is asked about", default=SHIPPED)
_WRITTEN = re.compile(r"\b(iraq|syria|jordan|iranian|iran)\b")


@contextmanager
def asked_of(countries: Named | None) -> Iterator[None]:
    """Read questions within as of a scenario with these countries."""
    token = _ASKED.set(SHIPPED if countries is None else countries)
    try:
        yield
    finally:
        _ASKED.reset(token)


def names() -> dict[str, str]:
    """Names of countries by the identifier of their role; those of the shipped crisis outside of `asked_of`."""
    return by_role(_ASKED.get())


def adjective() -> str:
    """The sponsor's adjective in lower case, as one word."""
    own = next(one for one in _ASKED.get().values() if one.role == SPONSOR)
    return "-".join((own.adjective or own.title).lower().split())


def roles(places: tuple[str, ...]) -> dict[str, str]:
    """Identifiers of the roles of some places by their names, of those that there are."""
    known = names()
    return {known[place]: place for place in places if place in known}


def as_written(form: str) -> str:
    """What can be written of an event, with the names of the countries that there are.

    Examples
    --------
    >>> as_written("us strikes in iran")
    'us strikes in iran'
    """
    own = {**names(), "iranian": adjective()}
    return _WRITTEN.sub(lambda found: own.get(found[0], "another neighbour"), form)
