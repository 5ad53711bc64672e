"""The dialogue of a game: lines typed in, screens printed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from shlex import quote

import click

from sim.cli.play.ending import closing
from sim.cli.play.helping import help_text
from sim.cli.play.layout import wrapped
from sim.cli.play.orders import read_order
from sim.cli.play.seat import opening, told, turn
from sim.cli.play.weighing import weighing
from sim.play import (
    Game,
    GameError,
    check_order,
    check_save_place,
    export_game,
    occasion,
    offered,
    save_game,
    seat_of,
    weigh,
)
from sim.play.options import Option, label_of, order_of
from sim.replay.words import counted
from sim.scenario import Action
from sim.scenario.errors import did_you_mean, printable
from sim.scenario.schema import ONE_DAY
from sim.scenario.titles import told as words
from sim.wording import day_text

PLAYING = ("help", "?", "consequences", "look", "model", "next", "save", "export", "quit")


class Dialogue:
    """A person in front of a game.

    Attributes
    ----------
    game : the game
    place : where it is saved after every move, if anywhere
    told : index of the first day of which nothing has been told yet
    """

    def __init__(self, game: Game, place: Path | None, resumed: bool) -> None:
        self.game, self.place, self.resumed = game, place, resumed
        self.told = max(0, game.day - 5) if resumed else 0

    def play(self) -> None:
        """Go through the days until the last is over or the person leaves."""
        _print(opening(self.game, self.resumed, self.place))
        while True:
            self._live_what_is_imposed()
            if self.game.over:
                break
            self._look()
            if self._decide_today():
                break
        self._close()

    def leave(self) -> None:
        """Say what became of the game, where nothing more can be asked."""
        click.echo()
        if self.place is None:
            click.echo("The game was not saved.")
        elif self._save():
            click.echo(f"The game is saved: spiral play --resume {quote(str(self.place))}")

    def _look(self) -> None:
        _print(turn(self.game, self.told))
        self.told = self.game.day

    def _decide_today(self) -> bool:
        """Take lines until a day is over; True when the person leaves."""
        day = self.game.day
        while self.game.day == day:
            line = _ask(f"{self.game.actor}, {day_text(self.game.date_of(day))}> ")
            if line.lower() in ("quit", "q", "exit"):
                return True
            self._attempt(lambda line=line: self._obey(line))  # type: ignore[misc]
        return False

    def _attempt(self, do: Callable[[], None]) -> bool:
        """Do something, or say in one line why not."""
        try:
            do()
        except GameError as error:
            _refuse(str(error))
            return False
        return True

    def _obey(self, line: str) -> None:
        head, _, rest = line.partition(" ")
        head, rest = head.lower(), rest.strip()
        if line.startswith("?"):
            head, rest = "?", line[1:].strip()
        match head:
            case "":
                raise GameError("nothing was typed; help lists what you can do")
            case "help":
                _print(help_text(self.game))
            case "?" | "consequences":
                self._weigh(rest)
            case "look":
                _print(turn(self.game, max(0, self.game.day - 5)))
            case "model":
                self._live(None)
            case "next":
                self._go_on(rest)
            case "save" | "export":
                self._write(head, rest)
            case _:
                self._order(line)

    def _order(self, line: str) -> None:
        order = read_order(self.game, line, PLAYING)
        check_order(self.game, order)
        self._live(order)

    def _live(self, order: Action | None) -> None:
        date = day_text(self.game.date_of(self.game.day))
        self.game.live(order)
        self._save()
        click.echo(f"  {date}: {label_of(order) if order else 'the model decides'}.")

    def _go_on(self, how: str) -> None:
        """Let today and the days after it go, until one calls for a decision."""
        game, seat = self.game, seat_of(self.game.actor)
        inaction = {seat.inaction, label_of(order_of(game, seat.inaction)), "hold"}
        if how.lower() not in ("", "model", *inaction):
            given = printable(how)
            raise GameError(f"'{given}' does not go with next; it is next, or next {sorted(inaction)[0]}")
        first, ordered = game.day, how.lower() in inaction
        try:
            while not game.over and (game.day == first or not occasion(game)):
                free = ordered and not game.imposed()
                game.live(order_of(game, seat.inaction) if free else None)
        finally:
            self._save()
            self._tell_of_days(first, label_of(order_of_any(game, seat.inaction)) if ordered else "")

    def _tell_of_days(self, first: int, order: str) -> None:
        days = self.game.day - first
        what = f"{order}, ordered" if order else "the model decides"
        if days:
            click.echo(
                words(f"  {self._days_from(first)} ({counted(days, 'day')}): {what} for {self.game.actor}.")
            )

    def _days_from(self, first: int) -> str:
        """Name the days from one to yesterday."""
        last = day_text(self.game.date_of(self.game.day) - ONE_DAY)
        return last if self.game.day == first + 1 else f"{day_text(self.game.date_of(first))} to {last}"

    def _live_what_is_imposed(self) -> None:
        first, why = self.game.day, ""
        while not self.game.over and self.game.imposed():
            why = self.game.settled()
            self.game.live(None)
        if self.game.day > first:
            click.echo(words(f"  {self._days_from(first)}: {why}."))
            self._save()

    def _weigh(self, rest: str) -> None:
        options = offered(self.game)
        if rest:
            order = read_order(self.game, rest, PLAYING)
            check_order(self.game, order)
            options = [options[0], Option(label_of(order), order)]
        _print(weighing(self.game, weigh(self.game, options)))

    def _save(self) -> bool:
        """Save where the game is saved, if anywhere; a place that fails is told of, and the game goes on."""
        place = self.place
        return place is not None and self._attempt(lambda: save_game(self.game, place))

    def _write(self, what: str, rest: str) -> None:
        if not rest:
            raise GameError(f"{what} needs the name of a file, such as {what} my-game.yaml")
        file = Path(rest)
        if what == "export":
            self._export(file)
            return
        if self.place is None or file != self.place:
            check_save_place(file)
        save_game(self.game, file)
        self.place = file
        click.echo(
            f"  Saved, and again after every move. Go on later: spiral play --resume {quote(str(file))}"
        )

    def _export(self, file: Path) -> None:
        extends = export_game(self.game, file)
        name, job = self.game.scenario.name, self.game.played.job
        default = " --parameters default" if job.parameters == "default" else ""
        how = f"It extends {name}" if extends else f"It holds all of {name}"
        click.echo(f"  {how}, your orders as interventions; its run {self.game.played.run} is this game.")
        click.echo(f"  Run it: spiral run {quote(str(file))}{default}")

    def _close(self) -> None:
        _print(wrapped(told(self.game, self.told)))
        _print(closing(self.game))
        while True:
            line = _ask("done> ")
            head, _, rest = line.partition(" ")
            if head.lower() in ("", "quit", "q", "exit"):
                break
            if head.lower() in ("save", "export"):
                self._attempt(lambda head=head, rest=rest: self._write(head.lower(), rest.strip()))  # type: ignore[misc]
            else:
                known = head.lower() in PLAYING
                hint = "" if known else did_you_mean(head.lower(), ("save", "export", "quit"))
                _refuse(f"the game is done; it is save FILE, export FILE or quit{hint}")
        self.leave()


def order_of_any(game: Game, action: str) -> Action:
    """An order that needs no day of its own, to be named by its label."""
    return Action.model_validate({"date": game.scenario.start, "actor": game.actor, "action": action})


def _ask(prompt: str) -> str:
    """Ask for a line; where it is not typed at a terminal, show it, so that the transcript reads."""
    try:
        line = input(prompt)
    except UnicodeDecodeError:
        line = "(not text)"
    if not sys.stdin.isatty():
        click.echo(printable(line, 200))
    return line.strip()


def _refuse(why: str) -> None:
    click.echo(words(f"  No: {why}{'' if why.endswith('?') else '.'}"))


def _print(lines: list[str]) -> None:
    for line in lines:
        click.echo(line)
