"""The record of one world, of what is counted in it, and of what its scenario fixes.

`WORLD` is what changes from day to day, `OUTCOME` (nested in it) what a run leaves behind, and `SETTING` what a
scenario fixes for all its runs. An array of worlds is a batch, a copy is a snapshot, `worlds[indices]` is a
resampling.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.outcomes import blank_outcome, outcome_dtype

MAX_MILITIAS = 8
MAX_SITES = 12
MAX_STAGES = 24  # of a past that was fitted to a record
NEVER = -1_000_000

COUNTRIES = ("iraq", "syria", "jordan")
IRAQ_PLACE, SYRIA_PLACE, IRAN_PLACE = 0, 1, 3
DRIVERS = ("gaza", "lebanon", "diplomacy", "talks", "posture", "troops")
OTHERS = ("others_will", "others_press", "others_stance")
"""What drivers whose weights are fixed add, all together, on a day: to the militias' will as log rate ratio, 0 on the
reference day; against Baghdad's pressing and for Tehran's urging as log odds."""
TALKS, ORDERED = 1, 2
IDLE, PREPARED, HARD_ONE_PREPARED = 0, 2, 4
"""Steps of Washington's decision: none is under way; a strike, or a hard one, is prepared and follows on the next."""
NOBODY, GROUPS, TEHRAN, BAGHDAD = 0, 1, 2, 3
"""Who has declared the pause that stands."""


def for_records(dtype: np.dtype) -> np.dtype:
    """The same dtype, whose elements have their fields as attributes.

    One object for all arrays: the compiler looks a dtype up by identity, and compares field by field when that fails.
    """
    return np.dtype((np.record, dtype))


def _record(*groups: tuple[type, str]) -> np.dtype:
    return np.dtype([(name, kind) for kind, names in groups for name in names.split()], align=True)


DRIVER_LEVELS = _record((np.float64, " ".join(DRIVERS)))

MILITIA = _record(
    (np.float64, "anger fear arsenal autonomy restraint guilt will rate none luck syria"),
    (np.int64, "actor_id standing_down attacks deadly wounding"),
)
US = _record(
    (np.float64, "pressure unanswered commitment credibility posture troops met anger chance luck stopping"),
    (np.float64, "first second third fourth"),
    (np.int64, "level place kind irgc culprit step done provoked provoked_day hard_day undeterred defiance"),
)
"""`first` to `fourth`: in a world that is led along a record, the probability that Washington is at that step of its
decision, given that it has not struck; see `sim.core.conditioned`."""
PAUSE = _record((np.float64, "will talks share joining"), (np.int64, "by day due"))
IRAQ = _record((np.float64, "capital strain bargain talks"), (np.int64, "status talks_day order_day"))
IRAN = _record((np.float64, "stance stance_start grievance war_fear"))
EVENTS = _record(
    (
        np.int64,
        "attacks attacks_iraq wounded killed meant killer iraqis_killed avowed avowed_harm alarm_deaths",
    )
)
LADDER = _record(
    (
        np.int64,
        "attack strike border killed severe direct avowed rung quiet start war called_off",
    )
)
OUTCOME = outcome_dtype()
"""What a run leaves behind. Days count from the scenario's start (0); -1 where it never came to that."""

PAST = np.dtype(
    [
        ("seed", np.uint64),
        ("until", np.int64),
        ("ends", np.int32, (MAX_STAGES,)),
        ("runs", np.uint64, (MAX_STAGES,)),
    ],
    align=True,
)
"""The luck of a past that was fitted to a record: before the date `until` a world lives under `seed`, and before the
date `ends[s]` under run number `runs[s]`. Worlds without one have `until` 0."""

WORLD = for_records(
    np.dtype(
        [
            ("run", np.uint64),
            ("luck", np.uint64),
            ("past", PAST),
            ("date", np.int64),
            ("day", np.int64),
            ("shock", np.float64),
            ("moved", np.float64),
            ("militias", MILITIA, (MAX_MILITIAS,)),
            ("us", US),
            ("iraq", IRAQ),
            ("iran", IRAN),
            ("pause", PAUSE),
            ("today", EVENTS),
            ("ladder", LADDER),
            ("outcome", OUTCOME),
            ("filled", np.int32),  # up to a multiple of eight bytes: padding holds whatever lay there before
        ],
        align=True,
    )
)

FIXED_MILITIA = _record((np.float64, "share autonomy stake reach"), (np.int64, "actor_id capacity"))
FIXED_SITE = _record((np.float64, "share defence"), (np.int64, "country"))
SETTING = for_records(
    np.dtype(
        [
            ("militia_count", np.int64),
            ("site_count", np.int64),
            ("militias", FIXED_MILITIA, (MAX_MILITIAS,)),
            ("sites", FIXED_SITE, (MAX_SITES,)),
            ("stops", np.float64, (MAX_SITES,)),
            ("host_up_to", np.float64, (MAX_SITES,)),
            ("others_up_to", np.float64, (MAX_SITES,)),
            ("reference", DRIVER_LEVELS),
            ("others_stance", np.float64),
            ("window", np.int64),
            ("direct_rung", np.int64),
            ("reciprocal_rung", np.int64),
            ("war_days", np.int64),
        ],
        align=True,
    )
)
"""What follows from the sites, for the engine: `stops` is the factor by which a site's defence multiplies the odds of
being stopped; `host_up_to` and `others_up_to` are the shares of all sites up to one, with it, in the attacks on the
host and in those on the other countries; above 1 for the last site and beyond."""


FREE = -1  # the model decides

ORDER = np.dtype([(n, np.int64) for n in ("attacks", "site", "killed", "wounded", "spared")], align=True)
DAY = for_records(
    np.dtype(
        [
            ("date", np.int64),
            *[(driver, np.float64) for driver in (*DRIVERS, *OTHERS)],
            ("level", np.int64),
            ("place", np.int64),
            ("level_limit", np.int64),
            ("iraq_limit", np.int64),
            ("press", np.int64),
            ("answer", np.int64),
            ("deaths", np.int64),
            ("called_off", np.int64),
            ("orders", ORDER, (MAX_MILITIAS,)),
        ],
        align=True,
    )
)
"""One day: drivers, and what is ordered of each actor (-1: the model decides).

`level_limit` and `iraq_limit` are the highest level allowed anywhere and inside Iraq; `deaths` is 0 on a day
on which nobody is killed by fire but as ordered.

Two fields are for questions of cause, and no scenario sets them. `called_off` is 1 on a day on which the strike that
Washington would make is not made, though its impulse is spent. `spared` has bit k set where a militia's attack k of the
day is not launched; the others keep their luck.
"""


def new_worlds(runs: npt.NDArray[np.uint64]) -> np.ndarray:
    """Blank worlds, one a run number; `sim.core.day.begin` gives them their state on the first day.

    Parameters
    ----------
    runs : ndarray of uint64, shape (n,)

    Returns
    -------
    recarray of WORLD, shape (n,)
    """
    worlds = np.zeros(len(runs), WORLD)
    worlds["run"] = worlds["luck"] = runs
    for field in ("attack", "strike", "border", "killed", "severe", "direct", "avowed", "war", "called_off"):
        worlds["ladder"][field] = NEVER
    worlds["us"]["provoked_day"] = worlds["us"]["hard_day"] = NEVER
    worlds["outcome"] = blank_outcome()
    return worlds.view(np.recarray)


def reseat(worlds: np.ndarray, before: np.ndarray, after: np.ndarray) -> None:
    """Move worlds, in place, from one scenario's setting to that of a scenario that continues it.

    Militias keep their state by identifier; new ones start with `actor_id` 0, which `sim.core.day.begin_militias`
    takes as the sign to give them their state of a first day. Outcomes are counted anew.
    """
    old_ids = [int(m["actor_id"]) for m in before[0]["militias"][: before[0]["militia_count"]]]
    new_ids = [int(m["actor_id"]) for m in after[0]["militias"][: after[0]["militia_count"]]]
    kept = worlds["militias"].copy()
    worlds["militias"] = np.zeros((), MILITIA)
    for place, actor_id in enumerate(new_ids):
        if actor_id in old_ids:
            worlds["militias"][:, place] = kept[:, old_ids.index(actor_id)]
    worlds["outcome"] = blank_outcome()
    worlds["ladder"]["quiet"] = 0
    worlds["ladder"]["start"] = worlds["day"]
