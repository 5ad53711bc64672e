"""Who sees what: everything of a world is changed in turn, and only those who may see it notice."""

import numpy as np
import pytest

from sim.play import new_game, news_of, occasion, order_of, seen_by
from sim.play.sights import Moment, moment_of
from sim.scenario import load_scenario

ACTORS = ("us", "iraq", "iran", "kataib-hizbollah")
OWN = 1  # the index of the militia that is played, set in `moment`

PUBLIC = {
    "us.troops", "us.level", "iraq.status", "iraq.talks", "ladder.rung", "today.wounded", "today.killed",
    "outcome.attacks_iraq", "outcome.attacks_syria", "outcome.attacks_jordan", "outcome.wounded", "outcome.killed",
    "outcome.strikes", "outcome.avowed",
}  # fmt: skip
"""What everybody may learn by looking at the state of a world."""

PRIVATE = {
    "us": {
        "us.pressure", "us.credibility", "us.commitment", "today.attacks", "us.unanswered", "us.step", "us.provoked",
        "us.provoked_day", "us.undeterred", "us.defiance",
    },
    "iraq": {"iraq.capital", "iraq.strain", "iraq.bargain", "us.step"},
    "iran": {"iran.stance", "iran.war_fear", "iran.grievance", "us.step"},
    "militia": {
        *(f"own.{name}" for name in ("anger", "fear", "arsenal", "autonomy", "restraint", "standing_down")),
        "pause.by", "pause.day",
    },
}  # fmt: skip
"""What each seat learns besides; a militia's will is weighed from its reasons of today."""

THROUGH_WILL = {"us.credibility", "us.posture", "iran.stance", "iran.stance_start", "iraq.capital"}
"""What a militia feels in its own will without seeing it for itself."""


@pytest.fixture(scope="module")
def moments() -> dict[str, Moment]:
    found = {}
    for actor in ACTORS:
        game = new_game(load_scenario("october-2023"), actor, 3)
        for _ in range(25):
            game.live(None)
        found[actor] = moment_of(game)
    return found


def fields(moment: Moment) -> list[tuple[str, ...]]:
    world = moment.world.dtype
    groups = ("us", "iraq", "iran", "today", "ladder", "outcome")
    return [(group, name) for group in groups for name in world[group].names]


def changed(moment: Moment, *path: str, militia: int | None = None) -> Moment:
    world = moment.world.copy()
    if militia is not None:
        values = world["militias"][path[0]]
        values[0, militia] = values[0, militia] + 1
    else:
        values = world[path[0]][path[1]]
        if path == ("iraq", "bargain"):  # that one stands is public, how strong it is is not
            values[...] = 0.7
            moment = Moment(
                _with_bargain(moment, 0.3), moment.today, moment.setting, moment.row, moment.militia
            )
        else:
            values[...] = values + 1
    return Moment(world, moment.today, moment.setting, moment.row, moment.militia)


def _with_bargain(moment: Moment, strength: float) -> np.ndarray:
    world = moment.world.copy()
    world["iraq"]["bargain"] = strength
    return world


@pytest.mark.parametrize("actor", ACTORS)
def test_only_what_a_seat_may_see_shows_on_its_screen(actor, moments):
    kind = actor if actor in PRIVATE else "militia"
    moment = moments[actor]
    moment = Moment(_with_bargain(moment, 0.3), moment.today, moment.setting, moment.row, moment.militia)
    before = seen_by(actor, moment)
    noticed = {}
    for path in fields(moment):
        after = seen_by(actor, changed(moment, *path))
        noticed[".".join(path)] = {name for name in before if before[name] != after[name]}
    for militia in range(4):
        for name in moment.world.dtype["militias"].base.names:
            after = seen_by(actor, changed(moment, name, militia=militia))
            whose = "own" if militia == moment.militia else "other"
            noticed.setdefault(f"{whose}.{name}", set()).update(n for n in before if before[n] != after[n])
    by_will = {path for path, names in noticed.items() if names == {"will"}}
    assert by_will <= (THROUGH_WILL if kind == "militia" else set())
    learned = {path for path, names in noticed.items() if names} - by_will
    assert learned - PUBLIC <= PRIVATE[kind], "sees too much"
    assert {path for path in PUBLIC | PRIVATE[kind]} - learned <= {"today.attacks"}, "sees too little"
    assert not any(path.startswith("other.") for path in learned)


def test_the_drivers_are_seen_by_everybody(moments):
    for actor in ACTORS:
        seen = seen_by(actor, moments[actor])
        for driver in ("gaza", "lebanon", "diplomacy", "posture"):
            assert seen[driver] == moments[actor].today[driver][0]


def test_washingtons_pressure_holds_todays_harm():
    """What is shown is what holding would leave in the evening, before it fades."""
    game = new_game(load_scenario("tower-22"), "us", 2, "default")
    assert game.moment()["today"]["killed"][0] == 3
    assert game.played.mornings["us"]["level"][1] > 0  # the model would strike
    shown = seen_by("us", moment_of(game))["pressure"]
    assert shown > game.moment()["us"]["pressure"][0]
    game.live(order_of(game, "hold"))
    evening = game.played.mornings["us"]["pressure"][game.day]
    assert shown * game.played.row["us"]["pressure_keep"][0] == pytest.approx(evening, rel=1e-12)


@pytest.mark.parametrize(
    ("actor", "attacks", "strike"),
    [("us", True, False), ("iraq", False, False), ("iran", True, True), ("kataib-hizbollah", False, False)],
)
def test_of_today_only_what_comes_before_the_decision_is_known(actor, attacks, strike):
    scenario = load_scenario("tower-22", ["us.readiness=5", "us.ceiling=5"])
    game = new_game(scenario, actor, 0, "default")
    today = news_of(game, 0)
    assert game.played.mornings["us"]["level"][1] >= 3  # there is a strike to be seen
    assert (bool(today.hits), bool(today.level)) == (attacks, strike)
    assert (today.answered, today.rung, today.spiral) == (False, None, False)
    game.live(None)
    past = news_of(game, 0)
    assert past.level >= 3
    assert any(hit.killed == 3 and hit.site == "Tower 22" for hit in past.hits)
    assert {hit.own for hit in past.hits if hit.killed == 3} == {actor == "kataib-hizbollah"}
    assert past.first_reached == (5 if past.level == 4 else 4)


def test_news_add_up_to_what_happened():
    game = new_game(load_scenario("october-2023"), "us", 5)
    for _ in range(120):
        game.live(None)
    news, outcome = [news_of(game, day) for day in range(120)], game.played.mornings["outcome"][120]
    assert sum(len(item.hits) for item in news) == sum(
        outcome[f"attacks_{c}"] for c in ("iraq", "syria", "jordan")
    )
    assert sum(hit.wounded for item in news for hit in item.hits) == outcome["wounded"]
    assert sum(hit.killed for item in news for hit in item.hits) == outcome["killed"]
    assert sum(item.level > 0 for item in news) == outcome["strikes"].sum() > 0
    assert sum(item.pressed for item in news) == outcome["bargains"] > 0
    assert not any(hit.own for item in news for hit in item.hits)


# Days that call for a decision


def occasions(actor: str, run: int, *settings: str) -> tuple:
    game = new_game(load_scenario("october-2023", settings), actor, run)
    called = []
    while not game.over:
        called.append(bool(occasion(game)))
        game.live(None)
    return game.played.mornings, np.array(called)


def test_washington_is_called_when_americans_are_hurt():
    mornings, called = occasions("us", 5)
    hurt = (
        mornings["today"]["wounded"][1:]
        + mornings["today"]["killed"][1:]
        - mornings["today"]["avowed_harm"][1:]
    )
    assert np.array_equal(called, hurt > 0)
    assert 0 < called.sum() < len(called)


def test_tehran_is_called_by_hard_strikes():
    mornings, called = occasions("iran", 5, "us.readiness=3", "us.ceiling=4")
    assert np.array_equal(called, mornings["us"]["level"][1:] >= 3)
    assert 0 < called.sum() < len(called)


def test_a_militia_is_called_by_strikes_and_by_baghdad():
    mornings, called = occasions("kataib-hizbollah", 5)
    pressed = np.diff(mornings["outcome"]["bargains"]) > 0
    assert np.array_equal(called, (mornings["us"]["level"][:-1] > 0) | pressed)
    assert pressed.sum() > 0


def test_baghdad_is_called_by_strikes_breaches_and_diplomacy():
    mornings, called = occasions("iraq", 5)
    assert called[mornings["us"]["level"][:-1] > 0].all()
    stood = mornings["iraq"]["bargain"] > 0
    assert called[1:][stood[:-2] & ~stood[1:-1]].all()
    assert called[16]  # 2 November 2023, when diplomacy begins to rise
    assert not called[:16][mornings["us"]["level"][:16] == 0].any() or stood[:16].any()
