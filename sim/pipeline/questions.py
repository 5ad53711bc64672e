"""Which questions are asked: those of a scenario, of files, by name, or in words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from os import fspath
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.errors import InputError, QuestionError
from sim.paths import data_folder
from sim.scenario import Scenario
from sim.scenario.complaints import first_complaint
from sim.scenario.errors import did_you_mean, show
from sim.scenario.fields import is_name
from sim.scenario.questions import (
    Entry,
    Question,
    QuestionFile,
    TextError,
    asked_of,
    read_condition,
    read_text,
)
from sim.scenario.reading import read_file

FOLDER = "questions"
SUFFIXES = (".yaml", ".yml")
MOST = 200
"""Questions that are asked at once."""


def chosen(scenario: Scenario, wanted: Sequence[str], given: str | None) -> tuple[Question, ...]:
    """Read the questions that are wanted.

    Parameters
    ----------
    scenario : that they are asked of
    wanted : each the name of a question of the scenario, the path of a file of questions, the name of one in
        ./scenarios/questions or of a shipped one, or a question in words; all of the scenario's own where there is none
    given : a condition for those that have none

    Raises
    ------
    InputError
        For what cannot be read, or is asked twice.
    """
    own = dict(scenario.questions or {})
    if not wanted and not own:
        raise QuestionError(
            f"{scenario.name} has no questions of its own: ask one in words, such as 'us killed by {scenario.end}', or "
            f"name a file of them{_files()}"
        )
    found: list[Question] = []
    with asked_of(scenario.countries):
        for text in wanted or own:
            found += _read(text, own)
    names = [question.name for question in found]
    for name in names:
        if names.count(name) > 1:
            raise QuestionError(f"{name}: is asked twice")
    if len(found) > MOST:
        raise QuestionError(f"{len(found)} questions; at most {MOST} are asked at once")
    with asked_of(scenario.countries):
        return tuple(_conditioned(question, given) for question in found)


def one_question(scenario: Scenario, text: str, option: str) -> Question:
    """The one question that an option names, by its name or in words.

    Raises
    ------
    InputError
        For what cannot be read, or is more than one.
    """
    try:
        with asked_of(scenario.countries):
            found = _read(text, dict(scenario.questions or {}))
    except InputError as error:
        raise QuestionError(f"{option}: {error}") from error
    if len(found) != 1:
        raise QuestionError(f"{option}: {text} holds {len(found)} questions; name one of them")
    return found[0]


def _read(text: str, own: dict[str, Entry]) -> list[Question]:
    if text in own:
        return [own[text].question(text, own)]
    if text.endswith(SUFFIXES) or Path(text).is_file():
        return _of_file(Path(text))
    if found := _named(text):
        return found
    names = frozenset(own)
    try:
        return [read_text(text, names=names, named=lambda name: own[name].question(name, own))]
    except TextError as error:
        near = did_you_mean(text, [*own, *_known()]) if is_name(text) else ""
        raise InputError(f"question {show(text)}: {error}{near}") from None


def _named(text: str) -> list[Question]:
    """Questions of the file of a name, or the one question of a name in such a file; none where there is neither."""
    if not is_name(text):
        return []
    files = [file for folder in _folders() for file in sorted(folder.glob("*.yaml"))]
    file = next((file for file in files if file.stem == text), None)
    whole = file is not None
    file = file or next((file for file in files if text in _names_in(file)), None)
    if file is None:
        return []
    try:
        found = _of_file(file)
    except InputError as error:
        raise InputError(
            f"question {show(text)}: its file cannot be asked of this scenario: {error}"
        ) from None
    return found if whole else [question for question in found if question.name == text]


def _names_in(path: Path) -> Collection[object]:
    """Names of the questions of a file, whether or not they can be asked of the scenario."""
    plain = read_file(path, fspath(path)).plain()
    listed = plain.get("questions") if isinstance(plain, Mapping) else None
    return listed.keys() if isinstance(listed, Mapping) else ()


def _of_file(path: Path) -> list[Question]:
    tree = read_file(path, fspath(path))
    try:
        file = QuestionFile.model_validate(tree.plain())
    except ValidationError as error:
        raise first_complaint(error, tree, QuestionFile) from None
    return [entry.question(name, file.questions) for name, entry in file.questions.items()]


def _conditioned(question: Question, given: str | None) -> Question:
    if given is None:
        return question
    if question.given is not None:
        raise QuestionError(f"--given: {question.name} has a condition of its own")
    try:
        condition: Any = read_condition(given, question.event)
    except TextError as error:
        raise InputError(f"--given {show(given)}: {error}") from None
    return Question(question.name, question.event, condition, question.title, question.resolves)


def _folders() -> list[Path]:
    return [
        folder
        for folder in (Path("scenarios") / FOLDER, data_folder("scenarios") / FOLDER)
        if folder.is_dir()
    ]


def _known() -> list[str]:
    return sorted({file.stem for folder in _folders() for file in folder.glob("*.yaml")})


def _files() -> str:
    return f": {', '.join(names)}" if (names := _known()) else ""
