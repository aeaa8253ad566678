"""Proofs beyond the bounds: properties of the extended machine by k-induction, for counters of any size."""
