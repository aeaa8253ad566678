"""Learning the machine that an implementation is, and telling where it differs from the model."""
