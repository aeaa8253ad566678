"""The adapter contract, protocol 1: the methods of an implementation, what they take, and what they may answer.

Everything that talks to an implementation imports it. It imports the model, for the words of the domain, and no more.
"""
