"""Sign-in, sessions, settings: who a person is to us."""
