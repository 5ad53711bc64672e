"""What a plain scalar means: the YAML 1.2 core schema in decimals, and dates; anything else is text."""

from __future__ import annotations

import datetime
import math
import re

Scalar = None | bool | int | float | str | datetime.date

MOST_DIGITS = 400

_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LOOSE_DATE = re.compile(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}")
_DATE_AND_TIME = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt]|[ \t]+)[0-9]{1,2}:.*")


def meaning(text: str) -> Scalar:
    """Give the value that an unquoted scalar stands for.

    Raises
    ------
    ValueError
        For what YAML would read as a number or a date, but which is none that a scenario can hold.
    """
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isdigit() and text[0] not in "+-.":
        return text
    if _DECIMAL.fullmatch(text):
        return _number(text)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("is not a finite number")
    return _date_or_text(text)


def _number(text: str) -> int | float:
    if len(text) > MOST_DIGITS:
        raise ValueError(f"is a number of more than {MOST_DIGITS} digits")
    if _WHOLE.fullmatch(text):
        return int(text)
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("is not a finite number")
    return number


def _date_or_text(text: str) -> str | datetime.date:
    if _DATE_AND_TIME.fullmatch(text):
        raise ValueError("has a time of day; a date is written as YYYY-MM-DD")
    if _DATE.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise ValueError("is no day of the calendar; a date is written as YYYY-MM-DD") from None
    if _LOOSE_DATE.fullmatch(text):
        raise ValueError("is not a date as a scenario writes it, YYYY-MM-DD")
    return text
