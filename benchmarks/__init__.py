"""Benchmarks of the simulator, each a comparison within one run: `python -m benchmarks` or `make bench`."""
