"""Driving an implementation step by step, with the oracle and all properties in lockstep."""
