"""The reference class: what earlier lethal or avowed episodes between Iran or its partners and the US brought.

`seeds/reference-class.yaml` read and checked, counted, and made into priors of how far Washington goes. It is kept
apart from the ledger of facts: its episodes were chosen by whoever built the model, and nothing is counted from them
but this. What is in it and why is told in docs/explanation/reference-class.md.
"""

from sim.reference.classes import (
    CLASSES,
    DEFAULT_CLASS,
    DEFAULT_WEIGHT,
    PARAMETERS,
    ClassName,
)
from sim.reference.episodes import Citation, Episode, load_episodes

__all__ = [
    "CLASSES",
    "DEFAULT_CLASS",
    "DEFAULT_WEIGHT",
    "PARAMETERS",
    "Citation",
    "ClassName",
    "Episode",
    "load_episodes",
]
