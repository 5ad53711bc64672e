"""One run opened, as it is printed."""
