"""The declared lifecycles: one file a profile, put together from the parts that profiles share.

The package imports the requirements, the vocabulary, the state and python-statemachine. It imports nothing that is
derived from a lifecycle.
"""
