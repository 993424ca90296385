"""People's labels as a data set, and training on them."""
