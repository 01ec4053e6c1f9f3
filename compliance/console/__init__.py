"""The staff console, built on Flask-AppBuilder."""
