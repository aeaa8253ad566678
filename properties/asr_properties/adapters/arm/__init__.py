"""`arm:URL`: the ARM API as an implementation of the contract, through the official SDK.

Imports the SDK, which the extra `arm` installs; so it is itself imported only when an `arm:URL` is asked for.
"""
