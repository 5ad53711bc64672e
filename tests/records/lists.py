"""The same 200 made-up events in three layouts, and what they come to."""

import csv
import datetime
import random
from pathlib import Path

DAY = datetime.date(2023, 10, 17)
US, MILITIA, OTHER = "Government of the United States", "Brigade of Examples", "Somebody Else"
ACTORS = {US: "us", MILITIA: "militia"}
MAPS = {
    "plain": {"kinds": {"drone": "attack", "raid": "strike"}},
    "acled": {"actors": ACTORS, "acts": "first"},
    "ucdp": {"actors": ACTORS, "acts": "first"},
}


def events() -> list[tuple[datetime.date, str, str, int]]:
    """Day, kind, country and dead of 200 events: 60 attacks, of which one kills two, 4 strikes, 136 others."""
    chance = random.Random(7)
    found = [(chance.randrange(32), "drone", chance.choice(("Iraq", "Syria")), 0) for _ in range(59)]
    found += [(20, "drone", "Syria", 2)]
    found += [(day, "raid", "Syria", 3) for day in (10, 22, 22)] + [(22, "raid", "Iraq", 0)]
    found += [(chance.randrange(32), "else", chance.choice(("Iraq", "Lebanon")), 1) for _ in range(136)]
    return [(DAY + datetime.timedelta(days=day), *rest) for day, *rest in sorted(found)]


def _cells(layout: str, number: int, date: datetime.date, kind: str, country: str, dead: int) -> tuple:
    who = {"drone": (MILITIA, US), "raid": (US, MILITIA), "else": (OTHER, OTHER)}[kind]
    if layout == "plain":
        return date, country, dead, kind
    if layout == "acled":
        sort = "Explosions/Remote violence" if kind != "else" else "Protests"
        day = f"{date:%d} {('October', 'November')[date.month - 10]} {date.year}"
        return f"X{number}", day, sort, "Air/drone strike", *who, country, dead, "a note, with\na line more"
    return number, f"{date} 00:00:00.000", f"{date} 00:00:00.000", 1, country, *who, dead, dead, dead


HEADERS = {
    "plain": "date,country,killed,kind",
    "acled": "event_id_cnty,event_date,event_type,sub_event_type,actor1,actor2,country,fatalities,notes",
    "ucdp": "id,date_start,date_end,date_prec,country,side_a,side_b,best,low,high",
}


def write_list(layout: str, folder: Path) -> Path:
    """Write the events in a layout; gives the file."""
    file = folder / f"{layout}.csv"
    with file.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(HEADERS[layout].split(","))
        writer.writerows(_cells(layout, number, *event) for number, event in enumerate(events()))
    return file
