"""Reading items with the served models."""
