"""The command that tells which signs foretell a spiral."""
