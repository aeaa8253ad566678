"""A whole run: engines spend the budget on an implementation, failures become counterexamples, verdicts are given.

Imports everything below it; only the command line and the pytest plugin import it.
"""
