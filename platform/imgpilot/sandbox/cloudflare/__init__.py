"""Cloudflare, as far as the product speaks to it: the purge of its cache."""
