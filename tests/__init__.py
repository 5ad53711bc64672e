"""Tests: `make test` runs them; folders mirror those of sim/."""
