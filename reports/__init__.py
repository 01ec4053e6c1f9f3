"""Documents as PDF. Knows nothing of the rest of the project."""
