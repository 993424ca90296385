"""Search, trends and the weekly report."""
