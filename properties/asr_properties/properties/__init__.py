"""What must hold: properties as specification patterns, their monitors, and the judgement on the model."""
