"""The oracle: which states of the model agree with all that was seen so far."""
