"""Driving an implementation step by step: what is asked of it, what is seen of it, and how each step is judged.

Imports the oracle, the properties and everything below them; who chooses the actions is not known here.
"""
