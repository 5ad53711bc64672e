"""What `help` says: what can be typed in a seat, and what the words of an order mean."""

from __future__ import annotations

from sim.cli.play.layout import glossary, wrapped
from sim.cli.play.orders import usage
from sim.play import Game, seat_of
from sim.play.occasions import OCCASIONS
from sim.scenario.countries import SHIPPED, role_id
from sim.wording import LEVEL_MEANINGS


def help_text(game: Game) -> list[str]:
    """Say what can be typed."""
    kind = seat_of(game.actor).kind
    inaction = {"us": "hold", "iraq": "quiet", "iran": "no answer", "militia": "hold"}[kind]
    rows = [
        ("today", usage(game)),
        *((f"level {n}", meaning) for n, meaning in LEVEL_MEANINGS.items() if kind == "us"),
        ("model", "let the model decide for you today"),
        ("?", "what each option would bring, by simulation; ? ORDER for one that is not listed"),
        ("next", f"let the model decide for you, today too, until {OCCASIONS[kind]}"),
        (f"next {inaction}", f"the same, but every day is ordered: {inaction}"),
        ("look", "see the situation again"),
        ("save FILE", "save the game, now and after every move"),
        ("export FILE", "write the game so far as a scenario, such as my-game.yaml"),
        ("quit", "leave; you see how the game would end"),
    ]
    return [*glossary(rows), *(_sites(game) if kind == "militia" else [])]


def _sites(game: Game) -> list[str]:
    names = ", ".join(
        f"{name} ({SHIPPED[role_id(game.scenario.countries, site.country)].title})"
        for name, site in game.scenario.sites.items()
    )
    return wrapped([f"  Sites: {names}"])
