"""Learning the machine that an implementation is, and telling where it differs from the model.

Imports sessions, the oracle and what these stand on; only the command line imports it.
"""
