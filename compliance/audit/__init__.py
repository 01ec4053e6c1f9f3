"""The audit log: append-only, sealed, and provable."""
