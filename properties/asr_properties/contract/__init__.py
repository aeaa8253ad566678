"""The adapter contract, protocol 1: how an implementation is reached and what it may answer."""
