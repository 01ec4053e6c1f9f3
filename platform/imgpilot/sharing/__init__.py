"""Public pages of pictures that people chose to show."""
