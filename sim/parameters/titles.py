"""Which parameters a reader is shown first, and what they are called in plain words."""

from __future__ import annotations

SHOWN = ("us.readiness", "us.ceiling", "iran.supply", "iran.restraint")
"""Levers that are there from the start: those choices of governments by which the answer moves most. Baghdad's pressing
hardly moves it, see docs/explanation/robust-policy.md."""

TITLES = {
    "us.readiness": "How soon Washington strikes",
    "us.ceiling": "How near Washington's red lines are",
    "iran.supply": "How much Tehran supplies",
    "iraq.pressing": "How often Baghdad presses the militias",
    "iran.restraint": "How far Tehran restrains the militias",
}
