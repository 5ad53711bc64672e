"""What happened in one run, and why: its stages, its deeds, their reasons, its log and its story."""
