"""Rules about concrete values (ids, records, instants), which monitors judge that remember them from step to step.

Imports the evidence, the contract's messages and the rules of `specification`; no session and no oracle.
"""
