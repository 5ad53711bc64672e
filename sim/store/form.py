"""What a manifest may say: text that may come from anywhere, read within limits and checked key by key."""

from __future__ import annotations

import datetime
import json
import math
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

LARGEST = 20_000_000
"""Bytes of a manifest: one of 1,000,000,000 runs has some 17 MB."""

FREE_PARTS, BYTES_A_PART = 20_000, 40
"""Brackets and commas that any manifest may have, and how many bytes there are at least to each of the others."""

DEEPEST, LONGEST = 12, 20_000
"""Levels that JSON may be nested, and characters of a text in a manifest."""

Test = Callable[[Any], bool]


def plain_json(data: bytes, largest: int = LARGEST, sparse: bool = False) -> Any:
    """Read JSON of the kind that a run writes: not too large, not too deep, every number finite.

    Parameters
    ----------
    data : bytes
    largest : most bytes
    sparse : whether it is mostly names and checksums, as a manifest, so that a crafted one takes no more memory

    Raises
    ------
    ValueError
        When it is none.
    """
    if len(data) > largest or (sparse and _parts(data) > FREE_PARTS + len(data) // BYTES_A_PART):
        raise ValueError("is too large")
    try:
        found = json.loads(data, parse_constant=_refused, parse_float=_finite)
    except RecursionError as error:
        raise ValueError("is nested too deep") from error
    if not _within(found, DEEPEST):
        raise ValueError("is nested too deep")
    return found


def _parts(data: bytes) -> int:
    return sum(map(data.count, (b"[", b"{", b",")))


def _refused(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is beyond all numbers")
    return number


def _within(value: Any, levels: int) -> bool:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_within(part, levels - 1) for part in parts)


def check_form(manifest: Mapping[str, Any]) -> None:
    """Check every key of a manifest that anybody reads.

    Raises
    ------
    ValueError
        For the first that a run would not have written.
    """
    for name, test in _FORMS.items():
        if name in manifest and not test(manifest[name]):
            raise ValueError(f"{name} makes no sense")


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST and "\0" not in value and _is_unicode(value)


def _is_unicode(value: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _word(value: Any) -> bool:
    return _text(value) and len(value) <= 200 and value.isprintable()


def _command(value: Any) -> bool:
    try:
        return _text(value) and isinstance(shlex.split(value), list)
    except ValueError:  # quotes that do not end
        return False


def _count(value: Any) -> bool:
    return type(value) is int and 0 <= value < 2**63


def _number(value: Any) -> bool:
    return type(value) in (int, float) and 0 <= value < 1e18


def _moment(value: Any) -> bool:
    try:
        return bool(_word(value) and datetime.datetime.fromisoformat(value))
    except ValueError:
        return False


def _day(value: Any) -> bool:
    try:
        return bool(_word(value) and datetime.date.fromisoformat(value))
    except ValueError:
        return False


def _maybe(test: Test) -> Test:
    return lambda value: value is None or test(value)


def _list(test: Test) -> Test:
    return lambda value: isinstance(value, list) and all(map(test, value))


def _map(test: Test) -> Test:
    return lambda value: isinstance(value, dict) and all(map(_text, value)) and all(map(test, value.values()))


def _anything(_: Any) -> bool:
    return True


def _basis(value: Any) -> bool:
    tests = {"scenario": _word, "parameters": _word, "past": lambda past: isinstance(past, bool)}
    tests |= {"told": _list(_text), "imposed": _map(_anything), "known_until": _maybe(_day)}
    return isinstance(value, dict) and all(
        name in value and test(value[name]) for name, test in tests.items()
    )


def _job(value: Any) -> bool:
    return _map(_anything)(value) and _map(_anything)(value.get("made_by", {}))


def _draws(value: Any) -> bool:
    tests = {"file": _word, "sha256": _word, "rows": _count, "columns": _list(_word), "others": _count}
    return _map(_anything)(value) and all(name in value and test(value[name]) for name, test in tests.items())


_FORMS: dict[str, Test] = {
    **dict.fromkeys(("kind", "version", "python", "machine", "parameters", "engine", "sha256"), _word),
    "command": _command,
    **dict.fromkeys(("began", "finished"), _moment),
    **dict.fromkeys(("runs", "blocks", "rows", "runs_per_row", "altered_worlds_runs", "random_seed"), _count),
    "seconds": _number,
    "precision": _maybe(_number),
    "runs_needed": _maybe(_count),
    "changes": _list(_text),
    "replaces": _list(_text),
    "libraries": _map(_word),
    "tables": _map(_map(_word)),
    "basis": _list(_basis),
    "draws": _draws,
    "job": _job,
    "files": _map(_map(_anything)),
}


CLUSTER, HERE = "--cluster", re.compile(r"local:\d{1,4}")
"""The option that names a scheduler, and what starts workers on this machine alone."""


def offered(command: str, kind: str) -> str:
    """A command out of a folder as it may be shown to be typed.

    Only if it is `spiral` and asks the folder's own question, in one plain line, quoted anew, and without the address
    of a cluster: who answers there can run code on the machine that calls.

    Parameters
    ----------
    command : as the manifest has it
    kind : the question that the folder answers, such as `run`

    Returns
    -------
    str
        Empty where it is anything else.
    """
    words = _words(command)
    if words[:2] != ["spiral", kind] or not all(map(str.isprintable, words)):
        return ""
    return shlex.join(word for word, address in _with_addresses(words) if address is None)


def cluster_of(command: str) -> str:
    """The address of a cluster that `offered` leaves out of a command; empty where there is none."""
    found = [address for _, address in _with_addresses(_words(command)) if address]
    return found[-1] if found else ""


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError:
        return []


def _with_addresses(words: list[str]) -> Iterator[tuple[str, str | None]]:
    """Every word, and of those that name a cluster elsewhere its address."""
    for place, word in enumerate(words):
        option, equals, value = word.partition("=")
        address: str | None = None
        if option == CLUSTER:
            address = value if equals else "".join(words[place + 1 : place + 2])
        elif place and words[place - 1] == CLUSTER:
            address = word
        yield word, None if address is None or HERE.fullmatch(address) else address
