"""What can be ordered in a game, and what is refused."""

import datetime

import pytest

from sim.play import Game, GameError, check_order, new_game, occasion, offered, order_of
from sim.play.options import most_attacks
from sim.play.seats import seat_of
from sim.scenario import load_scenario
from tests.play.games import on


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


def test_in_a_war_that_has_been_followed_to_its_end_nothing_is_decided():
    day = datetime.date(2023, 10, 20)
    war = [
        {"date": day, "actor": "us", "action": "strike", "level": 4, "place": "iran"},
        {"date": day, "actor": "iran", "action": "answer"},
    ]
    changes = {
        "interventions": war,
        "ladder.war_days": 5,
        "us.call_off": 0.0,
        "end": datetime.date(2023, 11, 5),
    }
    game = new_game(load_scenario("october-2023", changes), "iraq", 0)
    while not game.at_an_end():
        assert not game.imposed()
        game.live(None)
    assert game.day == 3 + 5 + 1 == game.played.outcome["censored_day"]
    with pytest.raises(GameError, match="a war is followed no further"):
        game.live(order_of(game, "press"))
    while not game.over:
        assert game.imposed()
        assert occasion(game) == ""
        game.live(None)
    assert not game.at_an_end()
