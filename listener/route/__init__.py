"""Deciding whose desk an item goes to, and until when."""
