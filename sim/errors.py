"""What Spiral refuses or fails at: one root, whose message is one line and whose exit code the command line gives."""

from __future__ import annotations

import re

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
"""Exit codes; 0 is done."""


STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Characters that are not shown but steer what shows them, such as those that begin a terminal's escape codes or turn
the direction of writing; and halves of characters. Tabs and ends of lines are none."""


def written_out(text: str) -> str:
    """Text with all that would steer a terminal written as Python writes it."""
    return STEERS.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class SpiralError(Exception):
    """Something could not be done; the message is one line."""

    exit_code = FAILED


class InputError(SpiralError, ValueError):
    """What was given cannot be used."""

    exit_code = BAD_INPUT


class QuestionError(InputError):
    """A question that makes no sense of the scenario, or of what else was given."""


class MissingExtra(SpiralError):
    """A library of an extra is not installed."""
