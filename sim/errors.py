"""What Spiral refuses or fails at: one root, whose message is one line and whose exit code the command line gives."""

from __future__ import annotations

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130
"""Exit codes; 0 is done."""


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
