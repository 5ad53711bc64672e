"""Calibration: the posterior of a scenario's uncertain parameters, given a record up to a date."""
