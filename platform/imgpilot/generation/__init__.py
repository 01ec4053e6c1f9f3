"""From a prompt to a stored picture."""
