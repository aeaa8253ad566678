"""What is judged, the same for runs, recordings and the model: observations, and the steps between them.

Imports the contract's types and the model; properties, relations and the oracle read what is declared here.
"""
