"""Starter kits: for each language a small working adapter with its instructions, which `new-adapter` copies.

The kits are programs of their own, of which the suite imports nothing. The one for Python stands on the contract's base
class, as adapters in Python do; the others import nothing of the suite.
"""
