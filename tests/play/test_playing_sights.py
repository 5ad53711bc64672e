"""Who sees what: everything of a world is changed in turn, and only those who may see it notice."""

from dataclasses import replace

import numpy as np
import pytest

from sim.play import new_game, news_of, occasion, order_of, seen_by
from sim.play.sights import Moment, moment_of
from sim.scenario import Action, load_scenario

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
        "us.provoked_day",
    },
    "iraq": {"iraq.capital", "iraq.strain", "iraq.bargain", "us.step"},
    "iran": {"iran.stance", "iran.war_fear", "iran.grievance", "us.step"},
    "militia": {
        *(f"own.{name}" for name in ("anger", "fear", "arsenal", "autonomy", "restraint", "standing_down")),
        "pause.by", "pause.day",
    },
}  # fmt: skip
"""What each seat learns besides; see also `FEELINGS`."""

UNSEEN_THAT_DAY = {"today.attacks", "us.provoked", "us.provoked_day"}
"""What the world that is looked at may hide: an attack of today provokes, whatever came before."""

FEELINGS = {"us": {"next_step", "would_be_hard", "would_hit_iran"}, "militia": {"will"}}
"""What a seat is told of what it would do by itself, which is weighed from more than it sees."""

FELT = {
    "us": {"iraq.bargain", "other.anger", "us.undeterred", "us.defiance"},
    "militia": {"us.credibility", "us.posture", "iran.stance", "iran.stance_start", "iraq.capital"},
}
"""What a seat feels in that without seeing it for itself."""


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
    groups = ("us", "iraq", "iran", "pause", "today", "ladder", "outcome")
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
        elif path == (
            "us",
            "step",
        ):  # that a hard strike is prepared can be seen, what comes before it cannot
            values[...] = 3
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
    moment.world["pause"]["by"], moment.world["us"]["step"] = 1, 0
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
    felt = {path for path, names in noticed.items() if names and names <= FEELINGS.get(kind, set())}
    assert felt <= FELT.get(kind, set())
    learned = {path for path, names in noticed.items() if names} - felt
    assert learned - PUBLIC <= PRIVATE[kind], "sees too much"
    assert {path for path in PUBLIC | PRIVATE[kind]} - learned <= UNSEEN_THAT_DAY, "sees too little"
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
    seen = seen_by("us", moment_of(game))
    assert (seen["provoked"], seen["step"]) == (1.0, game.moment()["us"]["step"][0])
    assert seen["next_step"] > 0.5  # the model would decide on a strike
    assert seen["unanswered"] == game.moment()["us"]["unanswered"][0] + 3
    shown = seen["pressure"]
    assert shown > game.moment()["us"]["pressure"][0]
    game.live(order_of(game, "hold"))
    evening = game.played.mornings["us"]["pressure"][game.day]
    assert shown * game.played.row["us"]["pressure_keep"][0] == pytest.approx(evening, rel=1e-12)


def test_without_a_provocation_washington_would_take_no_step(moments):
    moment = replace(moments["us"], world=moments["us"].world.copy())
    for provoked, attacks, days, expected in ((0, 0, 0, 0), (1, 0, 5, 1), (1, 0, 1_000, 0), (0, 3, 0, 1)):
        us, today = moment.world["us"], moment.world["today"]
        today["wounded"] = today["killed"] = 0
        us["provoked"], today["attacks"], us["provoked_day"] = provoked, attacks, moment.world["day"] - days
        seen = seen_by("us", moment)
        assert (seen["provoked"], seen["next_step"] > 0) == (expected, bool(expected))


@pytest.mark.parametrize("actor", ["iraq", "iran"])
def test_a_hard_strike_that_is_prepared_is_seen_and_a_lesser_one_is_not(actor, moments):
    moment = replace(moments[actor], world=moments[actor].world.copy())
    for step in range(5):
        moment.world["us"]["step"] = step
        assert seen_by(actor, moment)["threat"] == (step >= 3)


@pytest.mark.parametrize(
    ("actor", "attacks", "strike_seen"),
    [("us", True, False), ("iraq", False, False), ("iran", True, True), ("kataib-hizbollah", False, False)],
)
def test_of_today_only_what_comes_before_the_decision_is_known(actor, attacks, strike_seen):
    scenario = load_scenario("tower-22")
    strike = Action(date=scenario.start, actor="us", action="strike", level=3, place="iraq")
    scenario = scenario.model_copy(update={"interventions": (*scenario.interventions, strike)})
    game = new_game(scenario, actor, 0, "default")
    today = news_of(game, 0)
    assert game.played.mornings["us"]["level"][1] >= 3  # there is a strike to be seen
    assert (bool(today.hits), bool(today.level)) == (attacks, strike_seen)
    assert (today.answered, today.rung, today.spiral) == (False, None, False)
    game.live(None)
    past = news_of(game, 0)
    assert past.level >= 3
    assert any(hit.killed == 3 and hit.site == "Tower 22" for hit in past.hits)
    assert {hit.own for hit in past.hits if hit.killed == 3} == {actor == "kataib-hizbollah"}
    assert past.first_reached == 4


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
    assert sum(item.paused for item in news) == outcome["pauses"] > 0
    assert sum(item.returned for item in news) == outcome["returns"]
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


def test_a_militia_is_called_by_strikes_pauses_and_baghdad():
    mornings, called = occasions("kataib-hizbollah", 5)
    pressed = np.diff(mornings["outcome"]["bargains"]) > 0
    turned = np.concatenate([[False], np.diff(mornings["pause"]["by"][:-1]) != 0])
    assert np.array_equal(called, (mornings["us"]["level"][:-1] > 0) | pressed | turned)
    assert turned.sum() > 0
    assert pressed.sum() > 0


def test_baghdad_is_called_by_strikes_breaches_and_diplomacy():
    mornings, called = occasions("iraq", 5)
    assert called[mornings["us"]["level"][:-1] > 0].all()
    stood = mornings["iraq"]["bargain"] > 0
    assert called[1:][stood[:-2] & ~stood[1:-1]].all()
    steps = mornings["us"]["step"]
    assert called[1:][(steps[:-2] < 3) & (steps[1:-1] >= 3)].all()
    assert called[16]  # 2 November 2023, when diplomacy begins to rise
    assert not called[:16][mornings["us"]["level"][:16] == 0].any() or stood[:16].any()
