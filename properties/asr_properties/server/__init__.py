"""`serve`: an implementation of the contract behind the face of the ARM API (facts 7), over HTTP."""
