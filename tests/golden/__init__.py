"""Every question asked small, and hashes of all that came out: whether a rebuilt house is still the same house."""
