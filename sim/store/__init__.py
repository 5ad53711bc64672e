"""Result folders: a job at work in one, what it holds when it is whole, and whether it still does."""

from sim.store.analysis import Analysis, Findings, is_analysis, load_analysis, parameters_of, write_findings
from sim.store.files import RefusedPlace, StoreError
from sim.store.manifest import COUNTS, MANIFEST, PARTS, TABLES, TRAJECTORIES, read_manifest
from sim.store.places import check_place
from sim.store.result import Result, load_result, write_result
from sim.store.work import Work, open_work

__all__ = [
    "COUNTS",
    "MANIFEST",
    "PARTS",
    "TABLES",
    "TRAJECTORIES",
    "Analysis",
    "Findings",
    "RefusedPlace",
    "Result",
    "StoreError",
    "Work",
    "check_place",
    "is_analysis",
    "load_analysis",
    "load_result",
    "open_work",
    "parameters_of",
    "read_manifest",
    "write_findings",
    "write_result",
]
