"""The command that finds the conditions under which spirals gather."""
