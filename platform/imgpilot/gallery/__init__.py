"""A person's own pictures."""
