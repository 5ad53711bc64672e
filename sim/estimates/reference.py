"""The reference class's own answer in one line, to stand beside the model's."""

from __future__ import annotations

from collections.abc import Iterable

from sim.reference import CLASSES, DEFAULT_CLASS, Episode
from sim.reference.classes import lethal
from sim.reference.rates import LETHAL, SOON, Bin, level_4
from sim.wording import percent


def reference_line(
    episodes: Iterable[Episode], name: str = DEFAULT_CLASS, bins: Iterable[Bin] = (), others: bool = True
) -> str:
    """Say how often lethal episodes of a class brought a strike on Iran, and how that hangs on the class.

    Parameters
    ----------
    episodes : iterable of Episode
        All of them, as `sim.reference.load_episodes` gives them.
    name : key of `sim.reference.CLASSES`
        The class that the scenario takes.
    bins : iterable of Bin
        Numbers of killed to give besides, such as `sim.reference.rates.BINS[2:]`; those without episodes are left out.
    others : bool
        Whether to give the other classes.

    Returns
    -------
    str
        Without a full stop; empty for the class `none`.
    """
    given = tuple(episodes)
    chosen = lethal(given, name)
    if not chosen:
        return ""
    (rate,) = level_4(chosen, (LETHAL,))
    parts = [
        f"reference class: {percent(rate.low)} to {percent(rate.high)} of lethal episodes brought a strike on Iran "
        f"within {SOON} days ({rate.came} of {rate.episodes} did, class {name}; 90% interval)"
    ]
    told = [
        f"{of.label} killed {percent(of.low)} to {percent(of.high)} ({of.came} of {of.episodes})"
        for of in level_4(chosen, tuple(bins))
        if of.episodes
    ]
    parts += [", ".join(told)] if told else []
    if others:
        parts.append(f"by class: {_by_class(given)}")
    return "; ".join(parts)


def _by_class(episodes: tuple[Episode, ...]) -> str:
    rates = [(name, level_4(lethal(episodes, name), (LETHAL,))[0]) for name in CLASSES]
    return ", ".join(
        f"{name} {percent(rate.low)} to {percent(rate.high)} ({rate.came} of {rate.episodes})"
        for name, rate in rates
        if rate.episodes
    )
