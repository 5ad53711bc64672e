"""Runs that are replayed, shipped and odd."""

import datetime as dt
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.replay.replay import Replay, replay
from sim.scenario import Scenario, load_scenario
from sim.simulate.job import make_job
from sim.wording import MONTHS

ONE_DAY = """
extends: october-2023
question: Does anything happen on one day?
end: 2023-10-17
"""
ONE_MILITIA = """
extends: october-2023
question: What would a single militia do?
end: 2024-03-31
actors:
  militias:
    kataib-hizbollah: null
    harakat-al-nujaba: null
    asaib-ahl-al-haq: null
    badr: {title: A militia whose name is a good deal longer than any lane is wide, share: 1.0, capacity: 30}
"""
IMPOSED = """
extends: october-2023
question: What if much of it is imposed?
end: 2024-01-31
history:
  release: 2023-11-18
  actions:
    - {date: 2023-10-27, actor: us, action: strike, level: 1, place: syria}
    - {date: 2023-11-05, actor: iraq, action: press}
interventions:
  - {from: 2023-10-17, to: 2023-11-30, actor: us, action: strike, level: 4, forbid: true}
  - {date: 2023-12-01, actor: us, action: strike, level: 3, place: iraq}
  - {date: 2023-12-02, actor: iran, action: answer}
  - {date: 2023-12-03, actor: badr, action: attack, attacks: 3, site: tower-22, killed: 2, wounded: 5}
  - {from: 2023-12-05, to: 2023-12-20, actor: kataib-hizbollah, action: hold}
"""
FORBIDDEN = """
extends: october-2023
question: What if Washington never strikes?
end: 2024-01-31
interventions:
  - {from: 2023-10-17, to: 2024-01-31, actor: us, action: strike, level: 1, forbid: true}
"""
SHIPPED = [
    ("october-2023", 41), ("october-2023", 483), ("october-2023", 683), ("tower-22", 25), ("decisive-doctrine", 3),
    ("restraint-doctrine", 3),
]  # fmt: skip


def played_run(name: str, run: int, desk: Path) -> Replay:
    own = desk / f"{name}.yaml"
    return replay(make_job(load_scenario(own if own.exists() else name)), run)


WAR = """
extends: october-2023
question: What if it came to a war, and that were told to its end?
end: 2024-01-31
ladder: {war_days: 20}
actors:
  us: {call_off: 0}
interventions:
  - {date: 2023-12-01, actor: us, action: strike, level: 4, place: iran}
  - {date: 2023-12-01, actor: iran, action: answer}
"""
ODD = [("one-day", 0), ("one-militia", 3), ("imposed", 3), ("war", 5)]


LONG_WAR = """
extends: october-2023
question: What if a war went on for two months?
end: 2024-02-29
ladder: {war_days: 60}
actors:
  us: {call_off: 0}
  iran: {answer_lethal: 0.9}
parameters:
  engagement: {gets_through: 0.9}
interventions:
  - {from: 2023-12-01, to: 2024-01-20, actor: us, action: strike, level: 4, place: iran}
  - {from: 2023-12-01, to: 2023-12-20, actor: iran, action: answer}
"""


def in_war(text: str = WAR) -> Replay:
    """A run of a war that is followed to its end."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "war.yaml"
        file.write_text(text, encoding="utf-8")
        return replay(make_job(load_scenario(file)), 5)


# The story

DATE = r"\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"


def day_of(text: str, scenario: Scenario) -> int:
    day, month, year = text.split()
    return (dt.date(int(year), MONTHS.index(month) + 1, int(day)) - scenario.start).days


def number(text: str) -> int:
    named = {"once": 1, "twice": 2, "none": 0, "no": 0}
    return named.get(text) if text in named else int(text.replace(" times", "").replace(",", ""))
