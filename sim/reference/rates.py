"""How often the episodes of a class brought a strike on Iran, counted by how many they killed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sim.reference.episodes import Episode

MASS = 0.9
SOON = 14
"""Days within which a strike on Iran counts as the answer to an episode, as in the ladder's window."""


@dataclass(frozen=True)
class Bin:
    """A range of killed, both ends included; `avowed` is asked only of episodes that killed nobody."""

    label: str
    low: int
    high: int
    avowed: bool | None = None

    def holds(self, episode: Episode) -> bool:
        """Whether an episode falls into it."""
        return self.low <= episode.killed <= self.high and self.avowed in (None, episode.avowed)


MOST = 10**6
BINS = (
    Bin("none, avowed by Iran", 0, 0, True),
    Bin("none, by Iran's own hand, not avowed", 0, 0, False),
    Bin("1", 1, 1),
    Bin("2 to 4", 2, 4),
    Bin("5 or more", 5, MOST),
)
LETHAL = Bin("1 or more", 1, MOST)


@dataclass(frozen=True)
class Rate:
    """How many of the episodes of a bin came to something, and the interval of the chance of it.

    Attributes
    ----------
    label : of the bin
    episodes : how many it holds
    came : how many of them came to it
    low, high : ends of the central 90% interval of the probability; 0 and 1 where there are no episodes
    """

    label: str
    episodes: int
    came: int
    low: float
    high: float


def level_4(episodes: Iterable[Episode], bins: Iterable[Bin] = BINS, days: int = SOON) -> tuple[Rate, ...]:
    """Rates of a strike on Iran within so many days, bin by bin."""
    return _rates(episodes, bins, lambda e: e.answer == 4 and e.days is not None and e.days <= days)


def direct(episodes: Iterable[Episode], bins: Iterable[Bin] = BINS[2:]) -> tuple[Rate, ...]:
    """Rates of a direct exchange within 14 days; by default of lethal episodes: an avowed one is direct by itself."""
    return _rates(episodes, bins, lambda e: e.direct_14)


def jeffreys(came: int, of: int, mass: float = MASS) -> tuple[float, float]:
    """Central interval of a probability by Jeffreys' prior, Beta(1/2, 1/2), open to 0 and to 1 at the ends.

    Where none (or all) came, the lower (upper) end is 0 (1), so that the interval covers there too (Brown, Cai and
    DasGupta, 2001, "Interval estimation for a binomial proportion", Statistical Science 16).

    Parameters
    ----------
    came, of : int
        0 <= came <= of.
    mass : float
        In (0, 1).

    Raises
    ------
    ValueError
        For counts that cannot be.
    """
    from scipy import special

    if not 0 <= came <= of:
        raise ValueError(f"came = {came}: must be from 0 to {of}, the number of episodes")
    tail = (1.0 - mass) / 2.0
    a, b = came + 0.5, of - came + 0.5
    low = 0.0 if came == 0 else float(special.betaincinv(a, b, tail))
    high = 1.0 if came == of else float(special.betaincinv(a, b, 1.0 - tail))
    return low, high


def _rates(
    episodes: Iterable[Episode], bins: Iterable[Bin], came: Callable[[Episode], bool]
) -> tuple[Rate, ...]:
    given = tuple(episodes)
    found = []
    for one in bins:
        inside = [episode for episode in given if one.holds(episode)]
        count = sum(came(episode) for episode in inside)
        found.append(Rate(one.label, len(inside), count, *jeffreys(count, len(inside))))
    return tuple(found)
