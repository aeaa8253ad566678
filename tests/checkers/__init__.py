"""Independent checkers, run on what is exported to them."""
