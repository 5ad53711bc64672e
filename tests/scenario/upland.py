"""The baseline in wholly other words: countries, governments, drivers and titles of a crisis that never was."""

import re
from functools import cache
from itertools import count
from pathlib import Path

from sim.scenario import dump_resolved, load_scenario

NAME = "upland-crisis"
SHIPPED = re.compile(
    r"\b(Iraqi?s?|Syrian?|Jordan|Jordanian|Iran|Iranians?|Tehran|Baghdad|Washington|Gaza|Lebanon|Hizbollah|IRGC|US)\b"
)
"""Words of the shipped crisis; identifiers of parameters and of outcomes are in lower case."""

COUNTRIES = """
countries:
  ruritania: {title: Ruritania, adjective: Ruritanian, role: host}
  freedonia: {title: Freedonia, adjective: Freedonian, role: neighbour}
  borduria: {title: Borduria, adjective: Bordurian, role: neighbour}
  sylvania: {title: Sylvania, adjective: Sylvanian, role: sponsor}
"""
DRIVERS = """
drivers:
  upland-war:
    title: intensity of the upland war
    short: upland war
    will: militia.gaza
    press: iraq.press_gaza
    stance: iran.stance_gaza
    basis: assumed
    rests_on: as in the shipped crisis
  coast-front:
    title: intensity of the coast front
    short: coast front
    will: militia.lebanon
    basis: assumed
    rests_on: as in the shipped crisis
"""
GOVERNMENTS = {
    "us": "{title: Grand Fenwick, adjective: Fenwickian}",
    "iraq": "{title: Strelsau}",
    "iran": "{title: Klopstok}",
}
QUESTION = "Do the attacks on garrisons in Ruritania spiral into direct conflict with Sylvania?"


@cache
def upland_text() -> str:
    """The file of the scenario."""
    text = dump_resolved(load_scenario("october-2023"))
    text = re.sub(r"^name: .*", f"name: {NAME}", text, flags=re.MULTILINE)
    text = re.sub(r"^question: .*", f"question: {QUESTION}", text, flags=re.MULTILINE)
    text = re.sub(r"^ +note: .*\n", "", text, flags=re.MULTILINE)
    number = count(1)
    text = re.sub(r"title: .*", lambda _: f"title: a place or a company, the {next(number)}", text)
    for shipped, own in (("iraq", "ruritania"), ("syria", "freedonia"), ("jordan", "borduria")):
        text = text.replace(f"country: {shipped}\n", f"country: {own}\n")
    for shipped, own in (("gaza", "upland-war"), ("lebanon", "coast-front")):
        text = text.replace(f"  {shipped}:", f"  {own}:")
    for group, titles in GOVERNMENTS.items():
        text = text.replace(f"  {group}: {{}}", f"  {group}: {titles}")
    return text + COUNTRIES + DRIVERS


def write_upland() -> str:
    """Write the file into the working folder; its path."""
    path = Path(f"{NAME}.yaml")
    path.write_text(upland_text(), encoding="utf-8")
    return str(path)
