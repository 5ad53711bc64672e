"""The timeline of one run."""
