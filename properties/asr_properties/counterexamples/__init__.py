"""Counterexamples: made minimal, stored, replayed, and turned into tests; also walks that are flaky.

Imports sessions, the properties and what these stand on; `generation`, `running` and the command line import it.
"""
