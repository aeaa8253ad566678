"""Recordings of real or simulated services, read into events of items and judged against the model.

Imports the oracle, the properties, `evidence`, the words of ARM and the contract, and whatever these stand on; only the
command line imports it.
"""
