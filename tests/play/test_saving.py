"""Saved games go on in the same world."""

import pytest

from sim.play import GameError, load_game, new_game, save_game
from sim.scenario import load_scenario
from sim.simulate.parameter_draws import RUNS_PER_ROW
from tests.play.games import ACTORS, content, play, scenario_of

# Saving


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize("name", ["october-2023", "tower-22", "busy"])
def test_a_saved_game_goes_on_in_the_same_world(name, actor, tmp_path, request):
    game = new_game(scenario_of(name, request), actor, RUNS_PER_ROW + 2)
    play(game, 25, 3)
    save_game(game, tmp_path / "game.yaml")
    again = load_game(tmp_path / "game.yaml")
    assert (again.day, again.actor, again.orders) == (game.day, game.actor, game.orders)
    assert again.scenario == game.scenario
    for one, other in ((game, again), (game.played, again.played), (game.free, again.free)):
        for field in ("mornings", "timeline", "setting", "row"):
            if hasattr(one, field):
                assert content(getattr(one, field)) == content(getattr(other, field)), field
    play(game, 10, 4)
    play(again, 10, 4)
    assert content(game.played.mornings) == content(again.played.mornings)
    save_game(game, tmp_path / "one.yaml")
    save_game(again, tmp_path / "other.yaml")
    assert (tmp_path / "one.yaml").read_bytes() == (tmp_path / "other.yaml").read_bytes()


def test_a_save_that_fails_leaves_what_stood_there(tmp_path, monkeypatch):
    import os

    game = new_game(load_scenario("october-2023"), "us", 0)
    file = tmp_path / "game.yaml"
    save_game(game, file)
    before = file.read_bytes()
    game.live(None)

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(GameError, match="No space left on device"):
        save_game(game, file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["game.yaml"]


def test_a_game_over_can_be_saved_and_opened(tmp_path):
    game = new_game(load_scenario("october-2023", ["end=2023-10-20"]), "us", 0)
    play(game, 4, 0)
    save_game(game, tmp_path / "game.yaml")
    assert load_game(tmp_path / "game.yaml").over
