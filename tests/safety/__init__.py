"""Prompt guard, local refusals and appeals (policy P04)."""
