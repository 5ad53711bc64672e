"""What is played is what a scenario imposes: a game, exported, is the run that was played."""

import datetime
from pathlib import Path

import numpy as np
import pytest

from sim.play import Game, GameError, export_game, exporting, new_game, order_of
from sim.play import game as game_module
from sim.play.merging import merged, single_days
from sim.scenario import load_scenario
from sim.simulate.job import lived, make_job
from tests.play.games import ACTORS, content, play, scenario_of


def world_of_run(file: Path, game: Game) -> bytes:
    job = make_job(load_scenario(file), game.played.job.parameters)
    return content(lived(job, np.array([game.played.run], np.uint64)))


# A game is a scenario


@pytest.mark.parametrize("actor", ACTORS)
@pytest.mark.parametrize(
    ("name", "parameters"), [("october-2023", "prior"), ("tower-22", "default"), ("busy", "prior")]
)
def test_an_exported_game_is_the_run_that_was_played(name, actor, parameters, tmp_path, request):
    game = new_game(scenario_of(name, request), actor, 31, parameters)
    play(game, min(60, game.played.days), 5)
    assert len(game.orders) > 20
    file = tmp_path / "my-game.yaml"
    assert export_game(game, file)
    assert world_of_run(file, game) == content(game.ending())
    again = make_job(load_scenario(file), parameters).segments[-1].timeline
    assert content(again) == content(game.played.timeline)
    assert content(game.played.mornings[game.day]) != content(game.free.mornings[game.day])


def test_a_game_played_to_the_end_is_the_run_of_its_scenario(busy, tmp_path):
    game = new_game(busy, "us", 3)
    play(game, game.played.days, 1)
    assert game.over
    export_game(game, tmp_path / "my-game.yaml")
    assert world_of_run(tmp_path / "my-game.yaml", game) == content(game.played.mornings[-1:])
    assert content(game.ending()) == content(game.played.mornings[-1:])


def test_a_game_without_orders_is_the_free_run():
    game = new_game(load_scenario("october-2023"), "iraq", 40)
    for _ in range(game.played.days):
        game.live(None)
    assert content(game.played.mornings) == content(game.free.mornings)


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (("us.readiness=1",), "october-2023 (actors.us.readiness = 1.0)"),
        (
            ("us.readiness=1", "end=2023-11-30", "random_seed=4"),
            "end = 2023-11-30, random_seed = 4, actors.us.re",
        ),
        (
            ("actors.militias.badr.capacity=9", "sites.al-tanf.weight=0.3"),
            "actors.militias.badr.capacity = 9",
        ),
        (("us.readiness=1", "us.relief=0.2", "iran.answer=1", "runs=50"), "october-2023 (with 4 changes)"),
        ((), "How does october-2023 end when"),
    ],
)
def test_settings_are_written_below_extends_and_named(tmp_path, settings, named):
    game = new_game(load_scenario("october-2023", list(settings)), "us", 26)
    play(game, 20, 2)
    file = tmp_path / "my-game.yaml"
    assert export_game(game, file)
    assert named in load_scenario(file).question
    assert len(file.read_text().partition("interventions:")[0].splitlines()) <= 12
    assert world_of_run(file, game) == content(game.ending())
    assert game.scenario == load_scenario(file).model_copy(
        update={key: getattr(game.scenario, key) for key in ("name", "question", "interventions")}
    )


def test_settings_that_an_extension_cannot_say_are_written_out_in_full(tmp_path):
    fresh = load_scenario("october-2023").model_copy(update={"start": datetime.date(2023, 11, 20)})
    game = new_game(fresh, "us", 26)  # a file that extends it would have a past
    play(game, 20, 2)
    assert not export_game(game, tmp_path / "my-game.yaml")
    text = (tmp_path / "my-game.yaml").read_text()
    assert text.startswith("# october-2023 with: start = 2023-11-20\n")
    assert "extends" not in text
    assert world_of_run(tmp_path / "my-game.yaml", game) == content(game.ending())


def test_another_seed_alone_is_written_into_an_extension(tmp_path):
    game = new_game(load_scenario("october-2023", ["random_seed=4"]), "us", 26)
    play(game, 20, 2)
    assert export_game(game, tmp_path / "my-game.yaml")
    assert world_of_run(tmp_path / "my-game.yaml", game) == content(game.ending())


def test_a_scenario_that_is_not_found_from_the_file_is_written_out(busy, tmp_path):
    game = new_game(busy, "iran", 0)
    play(game, 10, 2)
    (tmp_path / "elsewhere").mkdir()
    assert not export_game(game, tmp_path / "elsewhere" / "my-game.yaml")
    assert world_of_run(tmp_path / "elsewhere" / "my-game.yaml", game) == content(game.ending())
    (tmp_path / "elsewhere" / "busy.yaml").write_text("extends: october-2023\nend: 2023-12-15\n")
    export_game(game, tmp_path / "elsewhere" / "other-game.yaml")  # another scenario of that name
    assert world_of_run(tmp_path / "elsewhere" / "other-game.yaml", game) == content(game.ending())


@pytest.mark.parametrize(
    "name", ["My Game.yaml", "my-game.yml", "my-game", "october-2023.yaml", "no/folder.yaml"]
)
def test_an_export_needs_a_scenario_name_and_a_place(name, tmp_path):
    game = new_game(load_scenario("october-2023"), "us", 0)
    with pytest.raises(GameError) as caught:
        export_game(game, tmp_path / name)
    assert "\n" not in str(caught.value)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("e_us.yaml", "its words joined by hyphens, not '_': try {}/e-us.yaml"),
        ("Game.yaml", "in lower-case letters, not 'G': try {}/game.yaml"),
        ("my game", "ending in .yaml: try {}/my-game.yaml"),
        ("my--game.yaml", "its words joined by single hyphens: try {}/my-game.yaml"),
        ("7-days.yaml", "beginning with a letter: try {}/days.yaml"),
        ("october_2023.yaml", "not '_': try {}/october-2023-game.yaml"),
        ("9.yaml", "beginning with a letter: try {}/my-game.yaml"),
        (f"{'x' * 61}.yaml", f"in at most 60 letters: try {{}}/{'x' * 60}.yaml"),
        ("no/game.yaml", "cannot be written: there is no folder {}/no"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest_right_one(tmp_path, name, said):
    with pytest.raises(GameError) as caught:
        export_game(new_game(load_scenario("october-2023"), "us", 0), tmp_path / name)
    assert str(caught.value).endswith(said.format(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_an_export_replaces_nothing(tmp_path):
    (tmp_path / "my-game.yaml").write_text("mine")
    with pytest.raises(GameError, match="is there already"):
        export_game(new_game(load_scenario("october-2023"), "us", 0), tmp_path / "my-game.yaml")
    assert (tmp_path / "my-game.yaml").read_text() == "mine"


def test_equal_orders_on_consecutive_days_are_one_action():
    game = new_game(load_scenario("october-2023"), "us", 0)
    for order in ("hold", "hold", "hold", None, "hold", "strike", "strike"):
        details = {"level": 1, "place": "syria"} if order == "strike" else {}
        game.live(order_of(game, order, **details) if order else None)
    spans = merged(list(game.orders.values()))
    first = datetime.date(2023, 10, 17)
    days = [((a.span[0] - first).days, (a.span[1] - first).days, a.action) for a in spans]
    assert days == [(0, 2, "hold"), (4, 4, "hold"), (5, 6, "strike")]
    assert [day for span in spans for day in single_days(span)] == list(game.orders.values())


def test_more_actions_than_a_scenario_holds_are_refused(monkeypatch):
    monkeypatch.setattr(game_module, "MOST_ACTIONS", 2)
    game = new_game(load_scenario("october-2023"), "us", 0)
    for _ in range(4):
        game.live(order_of(game, "hold"))
    game.live(order_of(game, "strike", level=1, place="syria"))
    before = content(game.played.mornings)
    with pytest.raises(GameError, match="at most 2 actions"):
        game.live(order_of(game, "hold"))
    assert (game.day, len(game.orders), content(game.played.mornings)) == (5, 5, before)
    game.live(None)


# What is exported loads back


@pytest.mark.parametrize(
    "title", ["T" * 490, "T" * 500, "戦" * 500, "a 'quote' # and: a \\ in it " + "T" * 470]
)
def test_a_long_title_makes_no_file_that_check_refuses(title, tmp_path):
    settings = {"actors.militias.kataib-hizbollah.title": title}
    game = new_game(load_scenario("october-2023", settings), "kataib-hizbollah", 3)
    play(game, 3, 1)
    export_game(game, tmp_path / "my-game.yaml")
    assert load_scenario(tmp_path / "my-game.yaml").actors.militias["kataib-hizbollah"].title == title
    assert world_of_run(tmp_path / "my-game.yaml", game) == content(game.ending())


def test_what_would_not_load_back_is_refused_and_not_left_there(tmp_path, monkeypatch):
    game = new_game(load_scenario("october-2023"), "us", 3)
    play(game, 2, 1)
    straight = exporting.dump_resolved
    monkeypatch.setattr(
        exporting,
        "dump_resolved",
        lambda scenario: straight(scenario).replace("question:", "qu: x\nquestion:"),
    )
    monkeypatch.setattr(exporting, "block_of", lambda resolved, key: f"{key}: [\n")
    with pytest.raises(
        GameError, match=r"my-game.yaml: cannot be written: it would not be read as this game$"
    ):
        export_game(game, tmp_path / "my-game.yaml")
    assert not list(tmp_path.iterdir())
