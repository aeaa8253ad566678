"""The parts that lifecycles are put together from: each declares the events of one operation and its job.

A part is a function of the states it speaks of; `chart.replicated_item` unites the parts of a profile. Parts import
`chart` and `phrases`, never one another nor a profile.
"""
