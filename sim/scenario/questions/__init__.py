"""Questions as data: events, dates and conditions, in words or in files, read into trees that reducers count."""

from sim.scenario.questions.entries import Entries, Entry, QuestionFile, Questions, entry_problems
from sim.scenario.questions.kinds import KINDS, Kind
from sim.scenario.questions.places import asked_of
from sim.scenario.questions.said import said, tree_said
from sim.scenario.questions.text import TextError, read_condition, read_text
from sim.scenario.questions.tree import (
    LEAST_MET,
    Both,
    Either,
    Event,
    Opposite,
    Question,
    Tree,
    events_of,
    span_of,
    within,
)

__all__ = [
    "KINDS",
    "LEAST_MET",
    "Both",
    "Either",
    "Entries",
    "Entry",
    "Event",
    "Kind",
    "Opposite",
    "Question",
    "QuestionFile",
    "Questions",
    "TextError",
    "Tree",
    "asked_of",
    "entry_problems",
    "events_of",
    "read_condition",
    "read_text",
    "said",
    "span_of",
    "tree_said",
    "within",
]
