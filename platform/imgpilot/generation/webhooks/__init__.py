"""Where providers knock: the addresses, and the signatures that say who it is."""
