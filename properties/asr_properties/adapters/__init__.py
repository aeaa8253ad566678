"""How the text after `--adapter` becomes what is judged: a Python object, a program, the ARM API, or a chart.

Imports the model, `arm` and `contract`. It never imports the reference implementation: that is loaded by its name.
"""
