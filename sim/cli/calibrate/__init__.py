"""The command that fits the parameters to a record."""
