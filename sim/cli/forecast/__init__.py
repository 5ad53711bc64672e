"""The command that conditions runs on a record and shows the risk from there on."""
