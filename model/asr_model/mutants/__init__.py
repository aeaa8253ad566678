"""Mutants of a lifecycle: every way to make one small mistake in its extended finite state machine.

`mutant.py` says what a mutant is, and one file each what an operator makes; `every_mutant` has them all.
"""
