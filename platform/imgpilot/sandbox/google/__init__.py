"""Google's sign-in, played: an OpenID provider on loopback."""
