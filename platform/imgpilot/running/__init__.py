"""Running the whole platform on one machine: what runs, in which order, watched and stopped cleanly."""
