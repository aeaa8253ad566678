"""Examples, each run by our tests: a simulator with a planted mistake, workflows, and a rehearsal of the ARM API."""
