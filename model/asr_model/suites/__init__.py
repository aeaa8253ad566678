"""Complete test suites of Mealy machines: pure algorithms, which know nothing of the lifecycle."""
