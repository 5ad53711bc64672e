"""Runs that are replayed."""

from pathlib import Path

import pytest

from sim.replay.events import Event
from sim.replay.log import log_of
from sim.replay.replay import Replay
from tests.replay.replayed import FORBIDDEN, IMPOSED, ODD, ONE_DAY, ONE_MILITIA, SHIPPED, WAR, played_run


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    texts = {
        "one-day": ONE_DAY,
        "one-militia": ONE_MILITIA,
        "imposed": IMPOSED,
        "forbidden": FORBIDDEN,
        "war": WAR,
    }
    for name, text in texts.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=[*SHIPPED, *ODD], ids=str)
def run(request, desk) -> tuple[Replay, list[Event]]:
    played = played_run(*request.param, desk)
    return played, log_of(played)
