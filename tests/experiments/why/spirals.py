"""Spirals by hand, and how a run is lived with changes."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from sim.replay.replay import Change, Replay, impose, replay
from sim.scenario import Scenario, load_scenario

ATTACK_DAY, STRIKE_DAY = 24, 28
"""Decided on, half ready, ready and made a hard one, half ready again, struck: a step a day."""
FIRST, EVE, DAY, MORROW, LAST = "2023-10-17", "2023-11-09", "2023-11-10", "2023-11-11", "2023-12-31"
THEN = "2023-11-15"
HELD = f"""
  - {{from: {FIRST}, to: {LAST}, actor: harakat-al-nujaba, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: asaib-ahl-al-haq, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: badr, action: hold}}
  - {{from: {FIRST}, to: {LAST}, actor: iraq, action: keep-quiet}}
  - {{from: {FIRST}, to: {LAST}, actor: iran, action: no-answer}}
  - {{from: {FIRST}, to: {EVE}, actor: us, action: hold}}
  - {{from: {THEN}, to: {LAST}, actor: us, action: hold}}"""
ALONE = f"""extends: october-2023
question: Does the one attack that is let through lead to direct conflict?
end: {LAST}
actors:
  us:
    {{
      threshold_first: 12, pressure_killed: 20, lag: 2, lag_hard: 2, level_3_base: 2, level_3_killed: 8,
      level_4_base: 6, level_4_killed: 6, soil: 1
    }}
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
