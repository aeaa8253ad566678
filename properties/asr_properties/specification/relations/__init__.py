"""Monitors that remember concrete values: ids, records, instants. What views cannot hold is judged here."""
