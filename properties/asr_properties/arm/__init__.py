"""The ARM API in the suite's words: operations, request bodies, item bodies, addresses.

The adapter, the server and the readers of recordings share it. It imports the model and `contract`, nothing above them.
"""
