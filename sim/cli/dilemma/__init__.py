"""The command that draws Washington's dilemma."""
