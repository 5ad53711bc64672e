"""Exit codes and one-line errors: 0 done, 1 failed, 2 bad input, 130 interrupted."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import click

from sim.cli.environment import check_environment, room_text
from sim.cli.plain import plain_output
from sim.cli.waiting import WAITS
from sim.errors import BAD_INPUT, FAILED, INTERRUPTED, SpiralError

LONGEST, LONGEST_WORD = 2_000, 400  # characters of a message, and of a word in it


class Interrupted(SpiralError):
    """Whoever waits has had enough; the message says what is kept."""

    exit_code = INTERRUPTED


class Commands(click.Group):
    """A group of commands whose every failure is one line on stderr.

    Attributes
    ----------
    words : the command line as it was given, without the program's name
    """

    words: Sequence[str] = ()

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and end quietly where nobody reads on."""
        check_environment()
        try:
            code = super().invoke(ctx)
            sys.stdout.flush()
            return code
        except BrokenPipeError:
            _silence()
            return 0

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; returns the exit code."""
        with plain_output():
            return self._main(*args, **kwargs)

    def _main(self, *args: Any, **kwargs: Any) -> int:
        kwargs["standalone_mode"] = False
        given = args[0] if args else kwargs.get("args")
        self.words = list(sys.argv[1:] if given is None else given)
        try:
            return int(super().main(*args, **kwargs) or 0)
        except click.exceptions.Abort:
            WAITS.say("interrupted")
            return INTERRUPTED
        except click.exceptions.Exit as leaving:
            return leaving.exit_code
        except click.exceptions.NoArgsIsHelpError as error:
            error.show()
            return BAD_INPUT
        except click.UsageError as error:
            WAITS.say(_one_line(error))
            return BAD_INPUT
        except SpiralError as error:
            WAITS.say(_lines_joined(error))
            return error.exit_code
        except OSError as error:
            _silence()
            WAITS.say(_lines_joined(error))
            return FAILED
        except Exception as error:
            if not (told := room_text(error)):
                raise
            WAITS.say(told)
            return FAILED


def _short(text: str) -> str:
    """A message with what was given cut short where it is very long, and all that is wrong with it whole."""
    cut = re.sub(rf"\S{{{LONGEST_WORD},}}", lambda found: f"{found[0][: LONGEST_WORD // 4]}…", text)
    return cut if len(cut) <= LONGEST else f"{cut[: LONGEST // 2]} … {cut[-LONGEST // 2 :]}"


def _lines_joined(error: Exception) -> str:
    """The message of an error, of which a name may hold the ends of lines."""
    return _short(str(error).replace("\n", "\\n").replace("\t", "\\t"))


def _one_line(error: click.UsageError) -> str:
    """What is wrong with the command line, and where its options are told."""
    where = error.ctx.command_path if error.ctx else "spiral"
    return f"{_short(' '.join(error.format_message().split()))} See '{where} --help'."


def _silence() -> None:
    """Let what is left of the output go nowhere, now that it cannot go where it should."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
