"""The privacy centre, mounted on the site."""
