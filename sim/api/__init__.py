"""Spiral from Python: the questions of the command line, answered as tables of pandas and kept nowhere.

`ask` puts any of them and gives the whole answer, which shows and plots itself. Every function takes a scenario, or the
name or path of one; `record_from_csv` makes a record of a list of events. Tables carry in `attrs["units"]` the unit of
each column that has one. Bad input is a `ScenarioError` or another ValueError with a message of one line.
"""

from sim.api.any_question import ask, open_result
from sim.api.draws import discover, policy, sensitivity, warnings
from sim.api.runs import chains, feeding, prevented, questions, run
from sim.api.variants import compare, dilemma, sweep
from sim.records import record_from_csv

__all__ = [
    "ask",
    "chains",
    "compare",
    "dilemma",
    "discover",
    "feeding",
    "open_result",
    "policy",
    "prevented",
    "questions",
    "record_from_csv",
    "run",
    "sensitivity",
    "sweep",
    "warnings",
]
