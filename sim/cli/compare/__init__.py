"""The command that holds scenarios against each other."""
