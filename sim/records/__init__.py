"""Lists of events made into record files: read strictly, sorted by the user's map, counted by day and country.

Who is American, a militia or Iranian, and who acted, is never guessed: see docs/howto/make-a-record-from-events.md.
"""

from sim.records.made import MadeRecord
from sim.records.making import record_from_csv

__all__ = ["MadeRecord", "record_from_csv"]
