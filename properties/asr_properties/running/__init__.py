"""Whole runs: a budget spent on an implementation, what it covered, the verdict for every requirement."""
