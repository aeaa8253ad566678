"""A plan: the tests that put most to the test in a given time, where an operation takes minutes or hours.

Walks are rehearsed on the reference, counted by recorded durations, and chosen by what they add to one another.
"""
