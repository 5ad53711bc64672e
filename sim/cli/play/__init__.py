"""Taking an actor's seat in the terminal."""
