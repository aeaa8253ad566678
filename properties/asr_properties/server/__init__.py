"""`serve`: an implementation of the contract behind the face of the ARM API, over HTTP.

Imports the model, `arm` and `contract`, and no particular implementation: it is given the factory of one.
"""
