"""All that is compiled: the record of a world, chance, the rules, the order of the day, the loops over worlds.

Nothing outside this folder is compiled, and its contents are the key of the cache of compiled code.
"""
