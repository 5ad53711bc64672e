"""Spirals by hand, and how a run is lived with changes."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.replay.replay import Change, Replay, impose, replay
from sim.scenario import Scenario, load_scenario

ATTACK_DAY = 24
FIRST, EVE, DAY, MORROW, LAST = "2023-10-17", "2023-11-09", "2023-11-10", "2023-11-11", "2023-12-31"
HELD = f"""
  - {{from: {FIRST}, to: {LAST}, actor: harakat-al-nujaba, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: asaib-ahl-al-haq, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: badr, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: iraq, action: keep-quiet}}
  - {{from: {FIRST}, to: {LAST}, actor: iran, action: no-answer}}
  - {{from: {FIRST}, to: {EVE}, actor: us, action: hold}}
  - {{from: {MORROW}, to: {LAST}, actor: us, action: hold}}"""
ALONE = f"""extends: october-2023
question: Does the one attack that is let through lead to direct conflict?
end: {LAST}
actors:
  us: {{threshold_first: 12, gap_third: 0, gap_fourth: 0.5, pressure_killed: 20}}
interventions:{HELD}
"""
ATTACK = f"""  - {{from: {FIRST}, to: {EVE}, actor: kataib-hizbollah, action: hold}}
  - {{date: {DAY}, actor: kataib-hizbollah, action: attack, site: tower-22, killed: 3, wounded: 0}}
  - {{from: {MORROW}, to: {LAST}, actor: kataib-hizbollah, action: hold}}
"""
QUIET = f"  - {{from: {FIRST}, to: {LAST}, actor: kataib-hizbollah, action: hold}}\n"


def written(text: str, name: str, folder: Path) -> Scenario:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


def lived(played: Replay, *changes: Change) -> np.ndarray:
    """The whole run from its first day on a changed timeline, by the ordinary way to simulate; mornings and the end."""
    segment = played.job.segments[-1]
    days = np.asarray(segment.timeline).copy()
    for change in changes:
        impose(days, change)
    job = replace(played.job, segments=(*played.job.segments[:-1], replace(segment, timeline=days)))
    return replay(job, played.run).mornings


def bits(records: np.ndarray) -> bytes:
    """The bytes of all fields, without what pads a record between them."""
    if records.dtype.names is None:
        return records.tobytes()
    return b"".join(bits(records[name]) for name in records.dtype.names)
