"""Refinement: an implementation with all its choices, beside the model, state by state, in both directions."""
