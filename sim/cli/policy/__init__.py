"""The command that searches for policies."""
