"""What people read: the state graph drawn in several formats, what a word means, and the matrix of requirements.

Works from the model and from plain data that callers hand over. Imports `asr_model` only; adapters, properties and
the command line are not known here.
"""
