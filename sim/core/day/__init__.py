"""The day: its order, phase by phase, each phase reading the world, asking the rules and writing the world."""

from sim.core.day.beginning import begin, begin_militias
from sim.core.day.order import live_day

__all__ = ["begin", "begin_militias", "live_day"]
