"""Break the model one place at a time, and see whether a test fails: `make mutants`, or `python -m tests.mutants`.

A mutant is the source with one operator, comparison, sign, constant or statement changed, in a copy of the checkout.
The tests of its part run there until one fails, in a process that has all else imported and forks: first those of
plain Python, which need not be compiled. Every fate is kept as it is known, so that a run that was stopped goes on.
"""
