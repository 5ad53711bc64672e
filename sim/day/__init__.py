"""The day: its order, phase by phase, each phase reading the world, asking the rules and writing the world."""

from sim.day.beginning import begin, begin_militias
from sim.day.order import live_day

__all__ = ["begin", "begin_militias", "live_day"]
