"""Branches of a game keep what was seen, and nothing else."""

import math

import numpy as np
import pytest

from sim.play import Game, new_game, offered, order_of, weigh
from sim.play.consequences import FIRST_BRANCH, finish_day, paired
from sim.play.options import Option
from sim.play.seats import seat_of
from sim.scenario import load_scenario
from sim.simulate.job import make_job, simulate
from tests.play.games import ACTORS, content, on

# Branches


def evening_finished(game: Game, order) -> bytes:
    worlds = game.moment().copy()
    today = np.asarray([game.day_with(order)], game.played.timeline.dtype)
    finish_day(game.played, worlds, today, seat_of(game.actor).stage)
    return content(worlds)


@pytest.mark.parametrize("actor", ["us", "iran"])
def test_a_day_finished_from_the_decision_is_the_day(actor):
    """With the game's own luck, the second half of a day and the whole day come to the same bytes."""
    game = new_game(load_scenario("october-2023", ["us.readiness=4", "us.ceiling=4"]), actor, 12)
    for day in range(60):
        order = [*offered(game)][day % len(offered(game))].action
        evening = evening_finished(game, order)
        game.live(order)
        assert content(game.played.mornings[game.day : game.day + 1]) == evening, day
    assert game.played.mornings["outcome"]["strikes"][game.day].sum() > 0


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
