"""The screens of a game: what the person in the seat is told, and no more than that actor sees."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.cli.play.layout import width, wrapped
from sim.cli.play.standing import OWN, world_lines
from sim.play import Game, News, news_of, occasion, seat_of, seen_by
from sim.play.sights import moment_of
from sim.replay.words import actor_name, counted
from sim.scenario.countries import by_role
from sim.scenario.errors import printable
from sim.scenario.outside import short_title
from sim.simulate.timeline import levels_of
from sim.version import VERSION
from sim.wording import RUNG_NAMES, day_text, definition_text

MOST_DAYS_TOLD = 8
WHEN = {
    "us": "You decide in the evening of each day, after its attacks.",
    "iraq": "You decide in the morning, before the militias do.",
    "iran": (
        "You decide at the end of each day, after Washington's response, whether Iran attacks openly. The stance that "
        "Tehran takes towards the militias in the morning cannot be ordered: it follows its reasons."
    ),
    "militia": "You decide in the morning, after Baghdad and at the same time as the other militias.",
}


def opening(game: Game, resumed: bool, place: Path | None) -> list[str]:
    """Say which game this is."""
    scenario, run = game.scenario, game.played.run
    drawn = game.played.job.parameters == "prior"
    lines = [
        *([scenario.caution] if scenario.caution else []),
        f"{scenario.name}, run {run}: you are {actor_name(game.actor, scenario)} ({game.actor}).",
        scenario.question,
        f"{day_text(scenario.start)} to {day_text(scenario.end)}, {scenario.days} days. A {scenario.headline} exchange "
        f"is {definition_text(scenario.headline, scenario)}.",
        WHEN[seat_of(game.actor).kind],
        f"Luck is that of run {run}, and the parameters too{', drawn from the prior' if drawn else ' (the defaults)'}.",
    ]
    if resumed:
        given = f"after {counted(len(game.orders), 'order')}" if game.orders else "no order given so far"
        lines.append(f"The game goes on where it was left, {given}.")
    if game.saved_by not in ("", VERSION):
        lines.append(
            f"It was saved by version {printable(game.saved_by)}, and this is {VERSION}; the days played come "
            "out as they did then, but the days to come may differ."
        )
    if place is not None:
        lines.append(f"Saved after every move: {place}")
    lines.append("Type help for what you can do, ? for what each option would bring.")
    return wrapped(lines)


def turn(game: Game, since: int) -> list[str]:
    """The situation on the day to be decided: news since a day, the world, and the actor's own state."""
    day = game.day
    seen = seen_by(game.actor, moment_of(game))
    head = f"-- {day_text(game.date_of(day))}, day {day + 1} of {game.played.days} "
    lines = ["", head + "-" * max(0, width() - len(head))]
    lines += told(game, since)
    today = _phrases(news_of(game, day), game)
    if seat_of(game.actor).kind in ("us", "iran") or today:
        lines.append(f"  Today: {'; '.join(today) or 'no attack'}")
    reason = occasion(game)
    lines += [f"  To decide: {reason}"] if reason else []
    countries = by_role(game.scenario.countries)
    lines += [*world_lines(seen, _outside(game), countries), *OWN[seat_of(game.actor).kind](seen)]
    return wrapped(lines)


def _outside(game: Game) -> dict[str, float]:
    """Today's levels of the outside drivers, by what they are called."""
    scenario = game.scenario
    names = ("gaza", "lebanon") if scenario.drivers is None else tuple(scenario.drivers)
    return {
        name.capitalize() if scenario.drivers is None else short_title(scenario.drivers, name): float(
            levels_of(scenario, name)[game.day]
        )
        for name in names
    }


def told(game: Game, since: int) -> list[str]:
    """Days until yesterday on which something happened, the last ones one by one, those before in sum."""
    news = [news_of(game, past) for past in range(since, game.day)]
    eventful = [item for item in news if not item.quiet]
    if game.over and not eventful:
        return []
    if news and not eventful:
        return [f"  Since {day_text(news[0].date)}: nothing happened."]
    early, late = eventful[:-MOST_DAYS_TOLD], eventful[-MOST_DAYS_TOLD:]
    lines = []
    if early:
        first, last = day_text(early[0].date), day_text(early[-1].date)
        lines.append(f"  {first} to {last}: {_summed(early)}")
    return lines + [f"  {day_text(item.date)}: {'; '.join(_phrases(item, game))}" for item in late]


def _summed(news: Sequence[News]) -> str:
    hits = [hit for item in news for hit in item.hits]
    strikes = [item.level for item in news if item.level]
    parts = [counted(len(hits), "attack"), _harm(sum(h.wounded for h in hits), sum(h.killed for h in hits))]
    if strikes:
        parts.append(f"{counted(len(strikes), 'US strike')}, the hardest of level {max(strikes)}")
    answers = sum(item.answered for item in news)
    return "; ".join([*parts, *([counted(answers, "open answer") + " by Iran"] if answers else [])])


def _phrases(news: News, game: Game) -> list[str]:
    """What happened on a day, in the order of the day."""
    said = _turns(news)
    if news.hits:
        said.append(_attacks(news))
    if news.alarm_deaths:
        said.append("a death in a false alarm")
    if news.level:
        said.append(_strike(news))
    if news.broke:
        said.append("the bargain is broken")
    if news.answered:
        harm = counted(news.answer_harm, "American") + " hurt" if news.answer_harm else "nobody hurt"
        said.append(f"Iran attacks openly, {harm}")
    if news.first_reached is not None:
        said.append(f"rung {news.first_reached} ({RUNG_NAMES[news.first_reached]}) for the first time")
    if news.spiral:
        said.append(f"with this the {game.scenario.headline} exchange has come")
    return said


def _turns(news: News) -> list[str]:
    """What was said and agreed before anybody acted."""
    turns = {
        "Baghdad presses the militias: a bargain": news.pressed,
        "the militias declare a pause": news.paused,
        "the militias revoke their pause": news.returned,
    }
    return [text for text, happened in turns.items() if happened]


def _strike(news: News) -> str:
    target = f", on {news.struck}" if news.struck else ""
    if news.commander:
        target = f", killing a commander{target}"
        if news.level == 4:
            target = f", on an Iranian commander or unit, and {news.struck} hit"
    iraqis = "; Iraqis killed by it" if news.iraqis_killed else ""
    return f"US strike of level {news.level} in {news.place.capitalize()}{target}{iraqis}"


def _attacks(news: News) -> str:
    places: dict[str, list[int]] = {}
    for hit in news.hits:
        count = places.setdefault(hit.site, [0, 0, 0])
        for i, more in enumerate((1, hit.wounded, hit.killed)):
            count[i] += more
    each = [
        f"{site}{f' {n}' if n > 1 else ''}{f' ({_harm(w, k)})' if w + k else ''}"
        for site, (n, w, k) in places.items()
    ]
    own = sum(hit.own for hit in news.hits)
    mine = "" if not own else ", yours" if own == len(news.hits) else f", {own} of them yours"
    return f"{counted(len(news.hits), 'attack')}{mine}: {', '.join(each)}"


def _harm(wounded: int, killed: int) -> str:
    parts = [f"{wounded} wounded"] if wounded else []
    return ", ".join([*parts, *([f"{killed} killed"] if killed else [])]) or "nobody hurt"
