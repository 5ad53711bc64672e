"""A game: one run in which a person decides for one actor, and the model for all others."""

from sim.play.consequences import Consequences, weigh
from sim.play.exporting import as_scenario, export_game
from sim.play.game import Game, GameError, new_game
from sim.play.news import News, news_of
from sim.play.occasions import occasion
from sim.play.options import Option, check_order, offered, order_of
from sim.play.saving import check_save_place, load_game, save_game
from sim.play.seats import seat_of
from sim.play.sights import SIGHTS, seen_by

__all__ = [
    "SIGHTS",
    "Consequences",
    "Game",
    "GameError",
    "News",
    "Option",
    "as_scenario",
    "check_order",
    "check_save_place",
    "export_game",
    "load_game",
    "new_game",
    "news_of",
    "occasion",
    "offered",
    "order_of",
    "save_game",
    "seat_of",
    "seen_by",
    "weigh",
]
