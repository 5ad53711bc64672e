"""What came out of a result in a few words, for a list of results: each kind by what it was asked for.

Read from the few files that say it, so that a list of many results is there at once.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.store.files import read_at_most
from sim.store.form import plain_json
from sim.store.standing import READ_ALWAYS
from sim.wording import change_with_chance, day_text, percent, percent_with_chance

LONGEST = 200  # characters
Json = Mapping[str, Any]


def brief(folder: Path, kind: str) -> str:
    """Say what a whole result came to; empty where its files do not say it, or it is of no known kind.

    Its files are not held against their checksums here: see `sim.store.standing.look_at`.

    Parameters
    ----------
    folder : of the result
    kind : of its question; empty for a run
    """
    with suppress(
        OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError, csv.Error
    ):
        found = plain_json(read_at_most(folder / "estimates.json", READ_ALWAYS), READ_ALWAYS)
        return _KINDS[kind or "run"](found, folder)[:LONGEST]
    return ""


def _run(of: Json, folder: Path) -> str:
    whole = f"{_exchange(of['headline'])} {_risk(of['headline'])}"
    return f"{whole}; a spiral {_risk(of['spiral'])}" if "spiral" in of else whole


def _forecast(of: Json, folder: Path) -> str:
    return f"as of {_day(of['as_of'])}: {_exchange(of['headline'])} {_risk(of['headline'])}"


def _compare(of: Json, folder: Path) -> str:
    rows = [row for row in _table(folder, "outcomes") if row["outcome"] == of["definition"]]
    told = []
    for row in rows:
        change, low, high = (float(row[f"difference{end}"]) for end in ("", "_low", "_high"))
        told.append(f"{row['scenario']} {change_with_chance(change, low, high)} points")
    more = f" and {len(told) - 2} more" if len(told) > 2 else ""
    return f"{_exchange(of)}, against {of['first']}: {'; '.join(told[:2])}{more}"


def _sweep(of: Json, folder: Path) -> str:
    asked = of.get("outcome")
    risks = [float(row["outcome" if asked else of["definition"]]) for row in _table(folder, "sweep")]
    levers = ", ".join(lever["path"] for lever in of["levers"][:2])
    more = f" and {len(of['levers']) - 2} more" if len(of["levers"]) > 2 else ""
    return f"{asked or _exchange(of)} {_range(risks)} over {len(risks):,} points of {levers}{more}"


def _dilemma(of: Json, folder: Path) -> str:
    rows = [row for row in _table(folder, "curve") if row["pack"] == "all together"]
    rows = sorted((r for r in rows if r["lever"] == "us.readiness"), key=lambda row: float(row["value"]))
    first, last = (percent(float(row[of["definition"]])) for row in (rows[0], rows[-1]))
    return f"{_exchange(of)} {first} where Washington is least ready to answer, {last} where it is most"


def _sensitivity(of: Json, folder: Path) -> str:
    return f"{of.get('outcome') or _exchange(of)} rests most on {', '.join(of['strongest'][:3])}"


def _discover(of: Json, folder: Path) -> str:
    return _sentence(of["finding"])


def _policy(of: Json, folder: Path) -> str:
    least = of["least_largest_regret"]["risk"]
    return f"{_exchange(of)}: least largest regret under {least['policy']}, of {of['policies_tried']:,} policies tried"


def _warnings(of: Json, folder: Path) -> str:
    return _sentence(of["verdict"])


def _calibrate(of: Json, folder: Path) -> str:
    told = ", ".join(f"{count} {verdict}" for verdict, count in of["verdicts"].items())
    return f"parameters by the record up to {_day(of['until'])}: {told}"


def _validate(of: Json, folder: Path) -> str:
    scores = sorted(of["log_scores"].items(), key=lambda item: -float(item[1]))
    return "log scores: " + ", ".join(f"{name} {float(score):.1f}" for name, score in scores[:2])


def _rivals(of: Json, folder: Path) -> str:
    return (
        f"{_exchange(of)} {_range([of['least'], of['most']])} over rivals, {percent(of['averaged'])} averaged"
    )


def _ask(of: Json, folder: Path) -> str:
    told = [f"{one['question']}: {_asked(one)}" for one in of["answers"]]
    return "; ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")


def _asked(one: Json) -> str:
    return "too few runs met the condition" if one["estimate"] is None else _risk(one["estimate"])


_KINDS: Mapping[str, Callable[[Json, Path], str]] = {
    "run": _run,
    "forecast": _forecast,
    "compare": _compare,
    "sweep": _sweep,
    "dilemma": _dilemma,
    "sensitivity": _sensitivity,
    "discover": _discover,
    "policy": _policy,
    "warnings": _warnings,
    "calibrate": _calibrate,
    "validate": _validate,
    "rivals": _rivals,
    "ask": _ask,
}


def _sentence(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("is no sentence")
    return value


def _exchange(of: Json) -> str:
    return f"{of['definition']} exchange"


def _risk(estimate: Json) -> str:
    low, high = estimate["chance"]
    return percent_with_chance(estimate["probability"], low, high)


def _range(risks: list[float]) -> str:
    return f"{percent(min(risks))} to {percent(max(risks))}"


def _day(text: str) -> str:
    return day_text(datetime.date.fromisoformat(text))


def _table(folder: Path, name: str) -> list[dict[str, str]]:
    data = read_at_most(folder / f"{name}.csv", READ_ALWAYS)
    if len(data) > READ_ALWAYS:
        raise ValueError("is too large to be looked into")
    return list(csv.DictReader(io.StringIO(data.decode(), newline="")))
