"""The command that varies numbers of a scenario."""
