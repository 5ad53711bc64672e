"""The command that holds the fitted model against a record."""
