"""The JSON interface, call by call; the messages it sends; and whoever should not get in."""
