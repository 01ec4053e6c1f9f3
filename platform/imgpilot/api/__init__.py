"""The JSON interface for people's own programs, and the calls it makes to them."""
