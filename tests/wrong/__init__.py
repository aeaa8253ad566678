"""Deliberately wrong implementations."""
