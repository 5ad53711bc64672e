"""The kinds of event that a question can be about, each declared once: how it is written, and when it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Kind:
    """A kind of event.

    Attributes
    ----------
    key : its name in code
    names : how it is written, the usual way first
    form : the whole of what can be written, for the reference
    rule : when it has come, as the model tells it
    takes : what can be said of it besides: 'count', 'daily', 'commander', 'level', 'length', 'again', 'rung'
    places : where it can be
    outcome : the outcome whose first day tells it, of those that come once; '' where it is told from every day
    said : a verb phrase for sentences, in place of its first name
    """

    key: str
    names: tuple[str, ...]
    form: str
    rule: str
    takes: frozenset[str] = field(default_factory=frozenset)
    places: tuple[str, ...] = ()
    outcome: str = ""
    said: str = ""

    @property
    def name(self) -> str:
        """How it is usually written."""
        return self.names[0]


COUNTED = frozenset({"count", "daily"})
BASES = ("iraq", "syria", "jordan")

_ALL = (
    Kind(
        "killed",
        ("us killed",),
        "[at least N] us killed [in a day]",
        "The day on which US killed by fire, by a militia or by Iran, reach N since `from`; or N on that day. Deaths "
        "in a shelter on a false alarm do not count.",
        COUNTED,
    ),
    Kind(
        "wounded",
        ("us wounded",),
        "[at least N] us wounded [in a day]",
        "The day on which US wounded by fire reach N since `from`; or N on that day.",
        COUNTED,
    ),
    Kind(
        "attacks",
        ("attacks", "attack"),
        "[at least N] attacks [in iraq, syria or jordan] [in a day]",
        "The day on which attacks by militias reach N since `from`; or N on that day. One that is stopped counts.",
        COUNTED,
        BASES,
    ),
    Kind(
        "strikes",
        ("us strikes", "us strike"),
        "[at least N] us strikes [in iraq, syria or iran] [on a commander, on an iranian commander] [of level N [or "
        "more]]",
        "The day on which declared US strikes of this kind reach N since `from`; there is one a day at most. In Iran "
        "is on Iranian soil. An Iranian commander is one who is struck outside of Iran, at level 4.",
        frozenset({"count", "commander", "level"}),
        ("iraq", "syria", "iran"),
    ),
    Kind(
        "avowed",
        ("iran attacks openly", "iran attack openly", "avowed attacks", "avowed attack"),
        "[at least N] avowed attacks, or: iran attacks openly",
        "The day on which attacks on US forces that Iran avows reach N since `from`.",
        frozenset({"count"}),
        said="Iran attacks openly",
    ),
    Kind(
        "quiet",
        ("quiet",),
        "quiet of N days",
        "The last of N days in a row without any attack, those that Iran avows included; all N within the dates.",
        frozenset({"length"}),
    ),
    Kind(
        "pause",
        ("pause",),
        "pause of N days",
        "The last of N days in a row on which a pause stands that somebody has declared; all N within the dates. "
        "Single militias may attack during it.",
        frozenset({"length"}),
    ),
    Kind(
        "again",
        ("attacks again", "attack again", "attacks return"),
        "attacks again within N days of a quiet (or pause) of N days",
        "The first attack by a militia on one of the N days after the day on which a quiet or a pause had lasted so "
        "long, as above.",
        frozenset({"again"}),
    ),
    Kind(
        "withdrawal",
        ("withdrawal ordered",),
        "withdrawal ordered",
        "The day on which Baghdad orders US forces to leave.",
        outcome="withdrawal_ordered",
        said="a withdrawal ordered",
    ),
    Kind(
        "rung",
        ("rung",),
        "rung N",
        "The day on which a rung of the ladder, 1 to 6, or a higher one is first come to.",
        frozenset({"rung"}),
    ),
    Kind(
        "severe",
        ("severe exchange",),
        "severe exchange",
        "The day on which rung 4 is first come to.",
        outcome="severe",
    ),
    Kind(
        "direct",
        ("direct exchange",),
        "direct exchange",
        "The day of the first direct exchange, as the scenario defines it.",
        outcome="direct",
    ),
    Kind(
        "reciprocal",
        ("reciprocal exchange",),
        "reciprocal exchange",
        "The day of the first reciprocal exchange, as the scenario defines it.",
        outcome="reciprocal",
    ),
    Kind(
        "spiral",
        ("spiral",),
        "spiral",
        "The day of the scenario's headline, in a run that does not come to it without the amplifying reactions.",
        outcome="spiral",
        said="spiral by reactions",
    ),
    Kind(
        "anyway",
        ("exchange anyway",),
        "exchange anyway",
        "The day of the scenario's headline, in a run that comes to it without the amplifying reactions too.",
        outcome="anyway",
        said="an exchange that comes anyway",
    ),
)

KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _ALL}
"""Every kind of event by its key."""

WRITTEN: Mapping[tuple[str, ...], Kind] = {
    tuple(name.split()): kind
    for name, kind in sorted(
        ((name, kind) for kind in _ALL for name in kind.names), key=lambda item: -len(item[0].split())
    )
}
"""Kinds by the words that they are written in, longest first."""
