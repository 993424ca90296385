"""Pages and the REST interface."""
