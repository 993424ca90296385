"""Incoming webhooks: other platforms tell of what people wrote to the city there."""
