"""Spiral: an escalation-risk simulator of crises between armed actors."""

__version__ = "0.1.0"
