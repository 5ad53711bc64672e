"""Files of entries by id, in YAML: read strictly, and refused by the name of entry and field."""

from __future__ import annotations

import datetime as dt
import math
import re
import reprlib
from collections.abc import Callable, Collection
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn

from sim.errors import InputError


class EvidenceError(InputError):
    """The ledger holds something that the codebook does not allow."""


class Entry:
    """The fields of one entry; refuses by name what is missing, wrong or unknown."""

    def __init__(self, where: str, id: str, content: Any, known: tuple[str, ...]) -> None:
        self.where, self.id = where, id
        self.content: dict[Any, Any] = content if isinstance(content, dict) else {"entry": content}
        if not isinstance(content, dict):
            self.refuse("entry", "must be a mapping of fields")
        for field in content:
            if field not in known:
                self.refuse(field, f"unknown field, must be one of {', '.join(known)}")

    def refuse(self, field: Any, allowed: str) -> NoReturn:
        """Raise the error that names the field, what it holds and what is allowed."""
        shown = reprlib.repr(self.content[field]) if field in self.content else "(missing)"
        raise EvidenceError(f"{self.where}: {field} = {shown}: {allowed}")

    def need(self, field: str, fits: Callable[[Any], bool], allowed: str) -> Any:
        """Give what a field holds, if it fits."""
        if not fits(self.content.get(field)):
            self.refuse(field, allowed)
        return self.content.get(field)

    def text(self, field: str) -> str:
        """Give a text that is not empty."""
        allowed = "must be a text, not empty"
        return str(self.need(field, lambda v: isinstance(v, str) and bool(v.strip()), allowed))

    def choice(self, field: str, allowed: Collection[str]) -> str:
        """Give one of the texts that are allowed."""
        fits = f"must be one of {', '.join(allowed)}"
        return str(self.need(field, lambda v: isinstance(v, str) and v in allowed, fits))

    def flag(self, field: str) -> bool:
        """Give true or false; false for what is left out."""
        return bool(self.need(field, lambda v: v is None or isinstance(v, bool), "must be true or false"))

    def number(self, field: str) -> Any:
        """Give a number, 0 or more."""
        allowed = "must be a number, 0 or more"
        return self.need(field, lambda v: type(v) in (int, float) and 0 <= v < math.inf, allowed)

    def parts(self, field: str) -> list[Any]:
        """Give a list; an empty one for what is left out."""
        return self.need(field, lambda v: v is None or isinstance(v, list), "must be a list") or []

    def day(self, field: str, latest: dt.date = dt.date.max) -> dt.date:
        """Give a day of the calendar, not after `latest`."""
        text = self.content.get(field)
        try:
            day = dt.date.fromisoformat(text if isinstance(text, str) else "")
        except ValueError:
            day = None
        if day is None or day.isoformat() != text:
            self.refuse(field, "must be a day of the calendar, as YYYY-MM-DD")
        if day > latest:
            self.refuse(field, f"must not be after its source was published, {latest}")
        return day


def field_names(record: type) -> tuple[str, ...]:
    """Fields that an entry may have: those of a record, `start` and `end` written as `from` and `to`."""
    in_file = {"start": "from", "end": "to"}
    return tuple(in_file.get(field.name, field.name) for field in fields(record) if field.name != "id")


def parsed(path: Path, where: str, kind: str) -> Any:
    """Read a YAML file, its dates kept as text.

    Parameters
    ----------
    path : the file
    where : how errors call it
    kind : what an entry is, for errors

    Raises
    ------
    EvidenceError
        For what is not YAML in UTF-8, or gives an entry or a field twice.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import DuplicateKeyError, SafeConstructor
    from ruamel.yaml.error import YAMLError

    class DatesAsText(SafeConstructor):
        """An impossible day must reach our own check, which can name the fact."""

    DatesAsText.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = DatesAsText
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text)
    except DuplicateKeyError as error:
        raise EvidenceError(f"{where}: {_repeated(error, text, kind)}") from None
    except (OSError, UnicodeError, YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())
        raise EvidenceError(f"{where}: file = unreadable: must be YAML in UTF-8 ({reason})") from None


def _repeated(error: Any, text: str, kind: str) -> str:
    """Name the entry and the field that a file gives twice: the parser knows only the line."""
    line = error.problem_mark.line
    above = text.splitlines()[line::-1]
    owner = next((part.split(":")[0].strip("'\"") for part in above if re.match(r"[^\s#].*:", part)), "?")
    field = "id" if error.problem_mark.column == 0 else above[0].split(":")[0].strip(" -")
    return f"{kind} {owner!r}: {field} = given again on line {line + 1}: must be given once"
