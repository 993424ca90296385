"""Finding copies and joining items about the same happening."""
