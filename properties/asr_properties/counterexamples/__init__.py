"""Counterexamples: made minimal, stored, replayed, and turned into tests; also walks that are flaky.

Imports sessions, walks (`generation`), the properties and what these stand on; `running` and the command line import
it.
"""
