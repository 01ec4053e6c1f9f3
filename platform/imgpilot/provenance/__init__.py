"""The mark that a picture was made by AI: the provider's, untouched, or else ours, without a pixel changed."""
