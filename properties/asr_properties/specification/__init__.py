"""What must hold: properties as specification patterns, relations between concrete values, and their monitors.

Imports the contract's types; who judges, and on what evidence, is not known here.
"""
