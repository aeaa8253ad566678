"""What people read: diagrams and tables, from the model and from run records. Knows no adapter."""
