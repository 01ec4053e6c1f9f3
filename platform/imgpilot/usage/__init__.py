"""The usage log (policy P05): who used what, when, from where; kept for a short time."""
