"""One spider a kind of source; SPIDERS is the one table."""
