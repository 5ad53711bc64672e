"""Engines that move worlds through time; all call the same day."""
