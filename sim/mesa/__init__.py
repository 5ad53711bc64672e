"""One run as a Mesa model: the same day as the compiled engine, to watch and to extend."""
