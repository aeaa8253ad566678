"""How the text after `--adapter` becomes an implementation to judge: a Python object, a program, or the ARM API.

Imports the model, `arm` and `contract`. It never imports the reference implementation: that is loaded by its name.
"""
