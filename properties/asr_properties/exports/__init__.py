"""The model in the languages of other tools, so that they can read it, draw it, and judge it by themselves.

Each format has a file of its own; what they share is the machine as it is exported and the printing of expressions.
"""
