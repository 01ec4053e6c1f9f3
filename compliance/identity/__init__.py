"""How we know who asks: links to an address, what staff check, and requests that come in without either."""
