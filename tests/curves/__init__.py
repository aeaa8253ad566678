"""What it costs to find mistakes, by the way in which tests are made: `make curves` measures it."""
