"""Counterexamples: made minimal, stored, replayed, turned into tests."""
