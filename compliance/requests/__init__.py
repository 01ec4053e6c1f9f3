"""A person's privacy request, from asking to answer."""
