"""The command `spiral`."""

from sim.cli.main import main

__all__ = ["main"]
