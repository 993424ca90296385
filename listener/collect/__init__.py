"""Bringing posts and files home from their sources."""
