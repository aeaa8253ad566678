"""Making walks: steered by the model towards what was not covered yet, and drawn by Hypothesis."""
