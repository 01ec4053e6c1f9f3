"""The mark that a picture was made by AI."""
