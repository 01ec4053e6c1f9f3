"""The outside world on loopback: mail that is caught, and an image provider that draws its own pictures."""
