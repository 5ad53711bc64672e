"""The model held against closed forms, and against a second telling of its day."""
