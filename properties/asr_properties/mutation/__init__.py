"""Mutants of the model: each is run as an implementation and judged, and the product with what the oracle believes
tells which of them nobody can tell from the model.

Imports runs, the chart as an implementation, and what these stand on; only the command line imports it.
"""
