"""Properties judged exhaustively on the model: the product of its reachable states and each property's monitor.

Imports the specification, and nothing that knows of implementations or recordings.
"""
