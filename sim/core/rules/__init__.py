"""Rules: pure functions of plain numbers, one file an actor.

Each says in one sentence what it claims, then its equation, units and range, and the facts of the evidence
ledger that it rests on. None holds state, draws chance, or sees an array. They use + - * /, sqrt, exp and log
only, so that compiled and interpreted results are equal to the last bit.
"""
