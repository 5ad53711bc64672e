"""The command that weighs rival explanations."""
