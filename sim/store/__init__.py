"""Result folders: a job at work in one, what it holds when it is whole, and whether it still does."""

from sim.store.answer import Stored, kind_of, load_stored, showing, write_answer, write_extras
from sim.store.files import RefusedPlace, StoreError
from sim.store.manifest import COUNTS, MANIFEST, OWN_DRAWS, PARTS, RUN, TABLES, TRAJECTORIES, read_manifest
from sim.store.places import check_place
from sim.store.work import Work, open_work

__all__ = [
    "COUNTS",
    "MANIFEST",
    "OWN_DRAWS",
    "PARTS",
    "RUN",
    "TABLES",
    "TRAJECTORIES",
    "RefusedPlace",
    "StoreError",
    "Stored",
    "Work",
    "check_place",
    "kind_of",
    "load_stored",
    "open_work",
    "read_manifest",
    "showing",
    "write_answer",
    "write_extras",
]
