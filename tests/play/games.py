"""Games played by themselves."""

import numpy as np
import pytest

from sim.play import Game, offered
from sim.play.options import Option
from sim.scenario import Scenario, load_scenario

ACTORS = ("us", "iraq", "iran", "kataib-hizbollah")
BUSY = """
extends: october-2023
question: What if much is imposed already?
start: 2023-10-17
end: 2023-12-15
random_seed: 7
history:
  release: 2023-10-25
  actions:
    - {date: 2023-10-20, actor: us, action: strike, level: 1, place: syria}
    - {date: 2023-10-22, actor: kataib-hizbollah, action: attack, attacks: 2, site: al-asad}
interventions:
  - {date: 2023-11-01, actor: us, action: strike, level: 2, place: iraq, note: imposed}
  - {from: 2023-11-05, to: 2023-12-15, actor: us, action: strike, level: 3, forbid: true}
  - {from: 2023-11-05, to: 2023-11-25, actor: us, action: strike, level: 2, place: iraq, forbid: true}
  - {from: 2023-11-10, to: 2023-11-12, actor: iraq, action: press, forbid: true}
  - {date: 2023-11-14, actor: iran, action: answer}
  - {from: 2023-11-16, to: 2023-11-18, actor: kataib-hizbollah, action: attack, forbid: true}
"""


def scenario_of(name: str, request: pytest.FixtureRequest) -> Scenario:
    return request.getfixturevalue("busy") if name == "busy" else load_scenario(name)


def play(game: Game, days: int, seed: int) -> None:
    """Play days with orders at random, some of which repeat the one before."""
    rng = np.random.default_rng(seed)
    for _ in range(days):
        options = [Option("model", None)] if game.imposed() else offered(game)
        game.live(options[int(rng.integers(len(options)))].action)


def content(records: np.ndarray) -> bytes:
    """The bytes of all fields, without those that lie between them and mean nothing."""
    records = np.asarray(records)
    if records.dtype.names is None:
        return records.tobytes()
    return b"".join(content(records[name]) for name in records.dtype.names)


# What can be ordered


def on(game: Game, date: str) -> Game:
    while game.date_of(game.day).isoformat() < date:
        game.live(None)
    return game
