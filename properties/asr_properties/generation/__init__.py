"""Making walks: a tour that the model steers to what was not covered yet, and walks that Hypothesis draws.

Imports the session and everything below it; nothing here repeats, shortens or counts failures.
"""
