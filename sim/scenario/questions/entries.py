"""Questions in files: the entries of a scenario's key `questions`, or of a file of questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.scenario.fields import Day, Problem, Record, is_name, refuse
from sim.scenario.questions.text import TextError, read_text
from sim.scenario.questions.tree import Question, dated

MOST = 500
LONGEST = 1_500  # characters of a rule


def _words(value: Any) -> Any:
    if not isinstance(value, str) or not value.strip():
        refuse(Problem("must be text, such as us killed by 2023-12-31"))
    return " ".join(value.split())


def _prose(value: Any) -> Any:
    told = " ".join(value.split()) if isinstance(value, str) else ""
    if not told or len(told) > LONGEST or not told.isprintable():
        refuse(Problem(f"must be a text of 1 to {LONGEST:,} characters"))
    return told


Words = Annotated[str, BeforeValidator(_words)]
Prose = Annotated[str, BeforeValidator(_prose)]


class Entry(Record):
    """A question as it is written in a file."""

    title: Annotated[
        Prose | None, Field(description="the question as a forecasting platform would word it")
    ] = None
    resolves: Annotated[
        Prose | None, Field(description="how it is told from what is reported, in plain words")
    ] = None
    event: Annotated[Words, Field(description="the event, such as us killed, or several with and, or, not")]
    from_: Annotated[Day | None, Field(alias="from", description="first day on which it counts")] = None
    to: Annotated[Day | None, Field(description="last day on which it counts")] = None
    given: Annotated[
        Words | None,
        Field(description="only runs count in which this comes: an event, another question, or none before"),
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _of_words(cls, value: Any) -> Any:
        return {"event": value} if isinstance(value, str) else value

    def question(self, name: str, entries: Entries, asking: tuple[str, ...] = ()) -> Question:
        """The question that it is, others by name among its neighbours.

        Raises
        ------
        TextError
            At the first word that does not fit, with the key that it stands under.
        """
        if name in asking:
            raise TextError(f"asks about itself: {' -> '.join((*asking, name))}", 1)

        def named(other: str) -> Question:
            return entries[other].question(other, entries, (*asking, name))

        others = frozenset(entries) - {name}
        found = read_text(self.event, name, names=others, named=named)
        event = dated(found.event, self.from_, self.to)
        if self.from_ or self.to:
            if event == found.event:
                raise TextError("has dates of its own; write them there, or under from and to", 1)
            if found.given is not None:
                raise TextError("has a condition of its own; write it under given, beside from and to", 1)
        if self.given is not None:
            if found.given is not None:
                raise TextError("gives a condition, although given stands beside it", 1)
            found = _conditioned(self.given, event, others, named)
        return Question(name, event, found.given, self.title or "", self.resolves or "")


def _conditioned(given: str, event: Any, others: frozenset[str], named: Any) -> Question:
    from sim.scenario.questions.text import read_condition

    try:
        return Question("", event, read_condition(given, event, others, named))
    except TextError as error:
        error.at = "given"  # type: ignore[attr-defined]
        raise


Entries = Mapping[str, Entry]


def check_entries(value: Any) -> Any:
    """Check the names of questions, and that there are not too many."""
    if not isinstance(value, Mapping):
        refuse(Problem("must be a mapping of questions by name"))
    if not 1 <= len(value) <= MOST:
        refuse(Problem(f"must hold 1 to {MOST} questions"))
    text = "must be a name in lower-case words joined by hyphens, such as us-killed"
    problems = [Problem(text, (key,), of_key=True) for key in value if not is_name(key)]
    if problems:
        refuse(*problems)
    return value


def entry_problems(entries: Entries) -> list[Problem]:
    """What is wrong with the words of questions, by the place of each."""
    found = []
    for name, entry in entries.items():
        try:
            entry.question(name, entries)
        except TextError as error:
            alone = entry.model_fields_set == {"event"}  # perhaps words without a key
            found.append(Problem(str(error), (name,) if alone else (name, getattr(error, "at", "event"))))
    return found


Questions = Annotated[dict[str, Entry], BeforeValidator(check_entries)]


class QuestionFile(Record):
    """A file of questions."""

    questions: Annotated[Questions, Field(description="questions by name")]

    @model_validator(mode="after")
    def _read(self) -> QuestionFile:
        if problems := entry_problems(self.questions):
            refuse(*(Problem(p.text, ("questions", *p.at)) for p in problems))
        return self
