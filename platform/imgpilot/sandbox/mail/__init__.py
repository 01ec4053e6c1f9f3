"""The mail catcher: what the product sends is kept here to be read, and goes no further."""
