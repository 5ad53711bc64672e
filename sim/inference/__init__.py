"""What officials would have reported of a world, records of what they did, and the filter that fits the two."""
