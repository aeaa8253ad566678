"""Starter kits: for each language a small working adapter with its instructions, which `new-adapter` copies.

The kits are programs of their own: they import nothing of the suite, and the suite imports nothing of them.
"""
