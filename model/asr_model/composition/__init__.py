"""Several items at once: the lifecycle composed N times, and three ways to explore the product."""
