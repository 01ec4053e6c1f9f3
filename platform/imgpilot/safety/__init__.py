"""What is checked before a prompt leaves: private facts in it, and pictures that we do not make."""
