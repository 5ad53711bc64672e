"""The command that tells which parameters the answer rests on."""
