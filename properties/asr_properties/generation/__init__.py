"""Making walks: a tour that the model steers to what was not covered yet, and walks that Hypothesis draws.

Imports the session, counterexamples and everything below them; nothing here counts failures or spends a budget.
"""
