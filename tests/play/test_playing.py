"""Games: what is played is what a scenario imposes, branches keep what was seen, and saves go on from there."""

import datetime
import math
from pathlib import Path

import numpy as np
import pytest

from sim.play import (
    Game,
    GameError,
    check_order,
    export_game,
    load_game,
    new_game,
    occasion,
    offered,
    order_of,
    save_game,
    weigh,
)
from sim.play import game as game_module
from sim.play.consequences import FIRST_BRANCH, finish_day, paired
from sim.play.merging import merged, single_days
from sim.play.options import Option, most_attacks
from sim.play.seats import seat_of
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import make_job, simulate
from sim.simulate.parameter_draws import RUNS_PER_ROW

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


@pytest.fixture
def busy(tmp_path: Path) -> Scenario:
    (tmp_path / "busy.yaml").write_text(BUSY, encoding="utf-8")
    return load_scenario(tmp_path / "busy.yaml")


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


def world_of_run(file: Path, game: Game) -> bytes:
    job = make_job(load_scenario(file), game.played.job.parameters)
    return content(simulate(job, np.array([game.played.run], np.uint64)))


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
    game = new_game(load_scenario("october-2023", ["start=2023-11-20"]), "us", 26)  # it would have a past
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


# What can be ordered


def on(game: Game, date: str) -> Game:
    while game.date_of(game.day).isoformat() < date:
        game.live(None)
    return game


@pytest.mark.parametrize(
    ("actor", "imposed", "free"),
    [
        ("us", ("2023-10-17", "2023-10-24", "2023-11-01"), ("2023-10-25", "2023-11-02", "2023-11-20")),
        ("iraq", ("2023-10-17", "2023-11-10", "2023-11-12"), ("2023-10-25", "2023-11-13")),
        ("iran", ("2023-10-17", "2023-11-14"), ("2023-10-25", "2023-11-15")),
        ("kataib-hizbollah", ("2023-10-22", "2023-11-16", "2023-11-18"), ("2023-10-17", "2023-11-19")),
    ],
)
def test_there_is_no_choice_where_the_scenario_has_made_it(busy, actor, imposed, free):
    for date in imposed:
        game = on(new_game(busy, actor, 0), date)
        assert game.imposed(), date
        assert not occasion(game)
        with pytest.raises(GameError, match="itself fixes"):
            game.live(order_of(game, seat_of(actor).inaction))
    for date in free:
        assert not on(new_game(busy, actor, 0), date).imposed(), date


def labels(game: Game) -> list[str]:
    return [option.label for option in offered(game)]


def test_what_is_forbidden_is_not_offered(busy):
    usual = ["hold", "strike 1 syria", "strike 2 iraq", "strike 3 syria", "strike 3 iraq", "strike 4 iran"]
    assert labels(on(new_game(busy, "us", 0), "2023-11-02")) == [*usual, "let the model decide"]
    assert labels(on(new_game(busy, "us", 0), "2023-11-06")) == [*usual[:2], "let the model decide"]
    game = on(new_game(busy, "us", 0), "2023-11-26")
    assert labels(game) == [*usual[:3], "let the model decide"]
    for level, place in ((3, "syria"), (4, "iran")):
        with pytest.raises(GameError, match="forbids strikes above level 2 that day"):
            check_order(game, order_of(game, "strike", level=level, place=place))
    game = on(new_game(busy, "us", 0), "2023-11-06")
    check_order(game, order_of(game, "strike", level=1, place="iraq"))
    with pytest.raises(GameError, match="above level 1 inside Iraq"):
        check_order(game, order_of(game, "strike", level=2, place="iraq"))


@pytest.mark.parametrize(
    ("actor", "action", "details"),
    [
        ("us", "strike", {"level": 3, "place": "iran"}),
        ("us", "strike", {"level": 1}),
        ("us", "strike", {"place": "syria"}),
        ("us", "strike", {"level": 1, "place": "syria", "forbid": True}),
        ("us", "hold", {"level": 1}),
        ("us", "press", {}),
        ("iraq", "hold", {}),
        ("iran", "strike", {"level": 1, "place": "syria"}),
        ("kataib-hizbollah", "attack", {"attacks": 7}),
        ("kataib-hizbollah", "attack", {"site": "nowhere"}),
        ("kataib-hizbollah", "attack", {"killed": 3}),
    ],
)
def test_an_order_that_cannot_be_given_is_refused_in_one_line(actor, action, details):
    game = new_game(load_scenario("october-2023"), actor, 0)
    with pytest.raises(GameError) as caught:
        check_order(game, order_of(game, action, **details))
    assert "\n" not in str(caught.value)


def test_a_militia_attacks_within_its_stocks():
    scenario = load_scenario("october-2023", ["militia.arsenal=12", "militia.destruction=0", "iran.supply=0"])
    game = new_game(scenario, "kataib-hizbollah", 0)  # 40% of 12 munitions, of which 4 are whole
    assert most_attacks(game) == 4
    assert labels(game) == ["hold", "attack 1", "attack 2", "attack 3", "attack 4", "let the model decide"]
    game.live(order_of(game, "attack", attacks=4))
    assert labels(game) == ["hold", "let the model decide"]
    assert game.played.mornings["outcome"]["attacks_iraq"][1] >= 0


def test_an_unknown_actor_is_told_who_there_is():
    with pytest.raises(GameError, match=r"usa is no actor of october-2023; .*did you mean 'us'\?$"):
        new_game(load_scenario("october-2023"), "usa", 0)


# Branches


def evening_finished(game: Game, order) -> bytes:
    worlds = game.moment().copy()
    today = np.asarray([game.day_with(order)], game.played.timeline.dtype)
    finish_day(game.played, worlds, today, seat_of(game.actor).stage)
    return content(worlds)


@pytest.mark.parametrize("actor", ["us", "iran"])
def test_a_day_finished_from_the_decision_is_the_day(actor):
    """With the game's own luck, the second half of a day and the whole day come to the same bytes."""
    game = new_game(load_scenario("october-2023", ["us.readiness=2", "us.ceiling=4"]), actor, 12)
    for day in range(60):
        order = [*offered(game)][day % len(offered(game))].action
        evening = evening_finished(game, order)
        game.live(order)
        assert content(game.played.mornings[game.day : game.day + 1]) == evening, day
    assert game.played.mornings["outcome"]["strikes"][game.day].sum() > 5


@pytest.mark.parametrize("actor", ACTORS)
def test_branches_come_after_what_was_seen_and_have_numbers_of_their_own(actor, monkeypatch):
    from sim.play import consequences

    made = []
    to_the_end = consequences._to_the_end

    def spy(game, worlds, timeline, first):
        made.append((worlds.copy(), timeline.copy(), first))
        return to_the_end(game, worlds, timeline, first)

    monkeypatch.setattr(consequences, "_to_the_end", spy)
    game = on(new_game(load_scenario("october-2023"), actor, 1), "2023-11-08")
    before = content(game.played.mornings), content(game.played.timeline), game.day
    weigh(game, offered(game), branches=50, threads=1)
    assert (content(game.played.mornings), content(game.played.timeline), game.day) == before
    for worlds, timeline, first in made:
        assert worlds["run"].tolist() == list(range(FIRST_BRANCH, FIRST_BRANCH + 50))
        seen = np.delete(np.arange(game.played.days), game.day)
        assert content(timeline[seen]) == content(game.played.timeline[seen])
        if actor in ("us", "iran"):
            assert first == game.day + 1
            for field in ("attacks_iraq", "attacks_syria", "attacks_jordan"):
                assert set(worlds["outcome"][field]) == {game.moment()["outcome"][field][0]}
            attacks = game.moment()["militias"]["attacks"][0]
            assert (worlds["militias"]["attacks"] == attacks).all()
        else:
            assert first == game.day


def test_branches_of_a_militia_keep_the_pressing_of_the_morning(monkeypatch):
    from sim.play import consequences

    kept = []
    monkeypatch.setattr(
        consequences, "_to_the_end", lambda game, worlds, timeline, first: kept.append(timeline) or 1 / 0
    )
    game = new_game(load_scenario("october-2023"), "badr", 5)
    seen = set()
    while not game.over:
        pressed = (
            int(game.stages().pressed["outcome"]["bargains"][0])
            > game.played.mornings["outcome"]["bargains"][game.day]
        )
        if pressed or game.day == 0:
            with pytest.raises(ZeroDivisionError):
                weigh(game, offered(game)[:1], branches=2, threads=1)
            assert kept[-1]["press"][game.day] == pressed
            seen.add(pressed)
        game.live(None)
    assert seen == {True, False}


def test_the_rest_of_the_day_is_as_open_as_tomorrow():
    """After a strike of level 3, whether Tehran answers today is not foretold by the game's own luck."""
    settings = ["iran.answer=0", "iran.answer_grievance=0", "iran.answer_fear=0"]  # answers half of all
    game = new_game(load_scenario("october-2023", [*settings, "end=2023-10-17"]), "us", 0, "default")
    hold, strike = offered(game)[0], Option("strike 3", order_of(game, "strike", level=3, place="syria"))
    for run in range(4):
        game = new_game(game.scenario, "us", run, "default")
        weighed = weigh(game, [hold, strike])
        assert weighed[0].headline.seen == 0
        # 2,000 fair draws: a standard error of 0.0112, five of them; false alarm 6e-7 each
        assert weighed[1].headline.probability == pytest.approx(0.5, abs=5 * 0.0112)


def test_branches_are_as_likely_to_spiral_as_ordinary_runs():
    scenario = load_scenario("october-2023", ["us.readiness=2", "us.ceiling=2"])
    game = new_game(scenario, "iraq", 0, "default")
    (weighed,) = weigh(game, [Option("model", None)])
    job = make_job(scenario, "default")
    outcome = np.asarray(simulate(job, np.arange(10_000, dtype=np.uint64)))["outcome"]
    share = float((outcome["direct_day"] >= 0).mean())
    assert 0.05 < share < 0.95
    # two independent shares, 4.5 standard errors of their difference: false alarm 7e-6
    error = math.sqrt(share * (1 - share) * (1 / 2_000 + 1 / 10_000))
    assert weighed.headline.probability == pytest.approx(share, abs=4.5 * error)
    attacks = sum(outcome[f"attacks_{country}"].astype(float) for country in ("iraq", "syria", "jordan"))
    error = attacks.std() * math.sqrt(1 / 2_000 + 1 / 10_000)
    assert weighed.attacks.mean == pytest.approx(attacks.mean(), abs=4.5 * error)
    error = outcome["killed"].std() * math.sqrt(1 / 2_000 + 1 / 10_000)
    assert weighed.killed.mean == pytest.approx(outcome["killed"].mean(), abs=4.5 * error)


def test_luck_is_shared_and_threads_and_company_change_nothing():
    game = on(new_game(load_scenario("october-2023", ["end=2023-12-31"]), "us", 9), "2023-11-01")
    hold, *others = offered(game)
    all_at_once = weigh(game, [hold, *others], branches=300, threads=2)
    for option, found in zip([hold, *others], all_at_once, strict=True):
        alone = weigh(game, [hold, option], branches=300, threads=1)[1]
        assert (alone.headline, alone.killed, alone.soon, alone.attacks) == (
            found.headline, found.killed, found.soon, found.attacks,
        )  # fmt: skip
    same = weigh(game, [hold, hold], branches=300)[1].difference
    assert same is not None
    assert same.value == 0
    assert all_at_once[0].difference is None


def test_dead_that_were_seen_are_not_to_come():
    scenario = load_scenario("tower-22", ["end=2024-01-28"])
    hold = weigh(new_game(scenario, "us", 0), [Option("model", None)], branches=40)[0]
    assert (hold.killed.mean, hold.attacks.mean) == (
        0,
        0,
    )  # the three dead and the attack of the day came before


def test_the_paired_interval_is_that_of_agresti_and_min():
    come = np.repeat([True, True, False, False], [10, 30, 12, 48])
    first = np.repeat([True, False, True, False], [10, 30, 12, 48])
    found = paired(come, first)
    centre = 18 / 102
    half = 1.959964 * math.sqrt((30 + 12 + 1) / 102 - centre**2) / math.sqrt(102)
    assert found.value == pytest.approx(0.18)
    assert (found.low, found.high) == pytest.approx((centre - half, centre + half))
    none = paired(first, first)
    assert none.low < 0 == none.value < none.high


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
