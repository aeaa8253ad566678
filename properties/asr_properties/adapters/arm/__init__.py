"""`arm:URL`: the ARM API as an implementation of the contract, through the official SDK."""
