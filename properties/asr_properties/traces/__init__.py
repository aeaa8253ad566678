"""Recordings of real or simulated services, read into events and judged against the model."""
